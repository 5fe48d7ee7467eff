import { appendFile, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { evict } from './cache-upkeep.ts'

/** 64 KiB: unit in which added bytes are noted, rounded up. */
const NOTED = 64 << 10
/** Share of the bound that may be added before the cache checks its size. */
const LOOK_EVERY = 1 / 16
/** Milliseconds until this process checks again, when too much was in use. */
const LOOK_AGAIN_MS = 10_000

/** Keeps the copies of all processes within a bound, without a look at each of them whenever one is added. */
export interface CacheBound {
  /**
   * Notes added bytes, and evicts copies above the bound. Bytes added meanwhile are handled in the same pass
   * or in their own.
   */
  noteAdded(size: number): Promise<void>
  /** Checks again, when too much was in use and copies may no longer be. */
  lookAgain(): void
}

/** @param isInUse whether this process itself uses copies */
export function cacheBound(folder: string, bound: number, isInUse: () => boolean): CacheBound {
  let lookFrom = 0

  async function noteAdded(size: number): Promise<void> {
    const added = join(folder, 'added')
    const note = (units: number) => appendFile(added, '.'.repeat(units), { mode: 0o600 })
    await note(Math.ceil(size / NOTED))
    if (Date.now() < lookFrom) return
    while ((await stat(added)).size * NOTED > bound * LOOK_EVERY) {
      lookFrom = Date.now() + LOOK_AGAIN_MS
      await truncate(added, 0)
      // When too much is in use, the note stays, so that the next caller checks at once.
      if (!(await evict(join(folder, 'files'), bound * (1 - 2 * LOOK_EVERY))))
        return await note(Math.ceil((bound * LOOK_EVERY) / NOTED) + 1)
      lookFrom = 0
    }
  }

  return {
    noteAdded,
    lookAgain() {
      if (lookFrom === 0 || isInUse()) return
      lookFrom = 0
      noteAdded(0).catch(() => undefined)
    },
  }
}

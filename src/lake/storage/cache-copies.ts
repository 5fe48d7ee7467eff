import { randomUUID } from 'node:crypto'
import { link, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { LakeError, sentence, systemCode } from '../../lib/errors.ts'
import type { CacheBound } from './cache-bound.ts'
import { ALIVE_MS, clearAfterDead, leaveBehind } from './cache-upkeep.ts'
import { makeFolders } from './folders.ts'
import { sync } from './sync.ts'

/** Writes the key's bytes to a path that does not exist yet, completely, or throws. */
export type Fetch = (path: string) => Promise<void>

/** Uses a copy under one of its names; undefined when the copy must not be used. */
type Use<T> = (copy: string) => Promise<T>

/** The copies that all processes share: they are fetched, get their names, and may be evicted at any time. */
interface SharedCopies {
  sharedPath(key: string): string
  /** Creates the folders, and removes those of dead processes. */
  open(): Promise<void>
  /**
   * Fetches a copy, and uses it. While the draft exists, the copy has two names and is not evicted: even
   * under the smallest bound it is used once. It is synced first, so that after a power cut no name stands
   * for half a file.
   */
  bring<T>(key: string, fetch: Fetch, work: Use<T>): Promise<T>
  /**
   * Uses the copy, which may be evicted at any time before, or fetches it, once for all concurrent callers.
   */
  use<T>(key: string, fetch: Fetch, work: Use<T | undefined>): Promise<T>
  /** Whether copies are being fetched. */
  isBringing(): boolean
}

interface CopiesOptions {
  folder: string
  /** Names this process. */
  own: string
  heldFolder: string
  drafts: string
  afresh: boolean
}

export function sharedCopies(
  { folder, own, heldFolder, drafts, afresh }: CopiesOptions,
  bound: CacheBound,
): SharedCopies {
  const sharedPath = (key: string) => join(folder, 'files', key.slice(key.lastIndexOf('/') + 1))
  const fetching = new Map<string, Promise<unknown>>()
  const fetchedHere = new Set<string>()
  let opened: Promise<void> | undefined
  let bringing = 0

  function open(): Promise<void> {
    opened ??= attempt(folder, async () => {
      for (const place of [heldFolder, drafts, join(folder, 'files')]) await makeFolders(place, 0o700)
      const alive = setInterval(() => touch(heldFolder), ALIVE_MS)
      alive.unref()
      leaveBehind(heldFolder, drafts)
      await clearAfterDead(folder, own)
      await bound.noteAdded(0)
    })
    opened.catch(() => {
      opened = undefined
    })
    return opened
  }

  async function bring<T>(key: string, fetch: Fetch, work: Use<T>): Promise<T> {
    const draft = join(drafts, randomUUID())
    bringing++
    try {
      await fetch(draft)
      return await attempt(draft, async () => {
        await sync(draft)
        if (afresh) await rm(sharedPath(key), { force: true })
        // When another process was first, its copy is used.
        await link(draft, sharedPath(key)).catch(ignoreExisting)
        if (afresh) fetchedHere.add(key)
        await bound.noteAdded((await stat(draft)).size)
        return await work(draft)
      })
    } finally {
      await rm(draft, { force: true })
      bringing--
      bound.lookAgain()
    }
  }

  async function use<T>(key: string, fetch: Fetch, work: Use<T | undefined>): Promise<T> {
    await open()
    for (;;) {
      await fetching.get(key)
      if (!afresh || fetchedHere.has(key)) {
        const used = await attempt(sharedPath(key), () => work(sharedPath(key))).catch(undefinedIfMissing)
        if (used !== undefined) return used
      }
      if (fetching.has(key)) continue
      const brought = bring(key, fetch, work)
      fetching.set(key, brought)
      try {
        return (await brought) as T
      } finally {
        fetching.delete(key)
      }
    }
  }

  return { sharedPath, open, bring, use, isBringing: () => bringing > 0 }
}

/** A missing copy is the caller's case; any other error is a fault of the disk. */
export async function attempt<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    if (systemCode(thrown) === undefined || systemCode(thrown) === 'ENOENT') throw thrown
    throw new LakeError(`the cache cannot be used: ${sentence(thrown)}`, {
      file,
      remedy:
        'make room there, or choose another folder with `storage.cache.folder` in loglake.yaml; its files are copies, and may be deleted while no loglake runs',
      cause: thrown,
    })
  }
}

function undefinedIfMissing(thrown: unknown): undefined {
  if (systemCode(thrown) !== 'ENOENT') throw thrown
}

export function ignoreExisting(thrown: unknown): void {
  if (systemCode(thrown) !== 'EEXIST') throw thrown
}

export async function touch(path: string): Promise<void> {
  const now = new Date()
  await utimes(path, now, now).catch(() => undefined)
}

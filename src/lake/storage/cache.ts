import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { link, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { LakeError, sentence, systemCode } from '../../lib/errors.ts'
import { cacheBound } from './cache-bound.ts'
import { ALIVE_MS, clearAfterDead, leaveBehind } from './cache-upkeep.ts'
import { makeFolders } from './folders.ts'
import { sync } from './sync.ts'

/**
 * Copies of a lake's immutable files on this machine. Processes share them, and each has a folder of its own
 * with hard links to the copies that it uses: evicting a copy removes one name, and never a file that another
 * process is using.
 *
 *     files/     complete copies: a copy is written elsewhere, synced, and then gets its name
 *     held/      a folder for each process, with links to the copies that it uses
 *     drafts/    copies that are being fetched
 *     work/      files that are being made for the lake
 *     added      one byte for each 64 KiB added since a process last checked the total size
 */
export interface FileCache {
  /** This process's own folder, which contains every path that `hold` returns. */
  readonly heldFolder: string
  /**
   * A path to a copy of the key, fetched when there is none, or none of that size. It stays until it is
   * released once for every `hold`.
   */
  hold(key: string, fetch: Fetch, bytes?: number): Promise<string>
  release(paths: Iterable<string>): void
  /** A copy of a key that may change, for this process alone; fetched each time. */
  place(key: string, fetch: Fetch): Promise<string>
  /** The bytes of a copy, fetched when there is none. */
  read(key: string, fetch: Fetch): Promise<Uint8Array>
  /** Keeps bytes that have just been written to the lake. */
  keep(key: string, bytes: Uint8Array): Promise<void>
  /** Takes a complete file from a folder of `workplace` as the copy of a key that was just written. */
  take(file: string, key: string): Promise<void>
  /** Removes the shared copy; processes that hold it keep their link. */
  forget(key: string): Promise<void>
  workplace(): Promise<string>
}

/** Writes the key's bytes to a path that does not exist yet, completely, or throws. */
export type Fetch = (path: string) => Promise<void>

export interface CacheOptions {
  /** A folder for this lake alone. */
  folder: string
  /** Most bytes of the copies that no process uses. */
  bytes: number
  /** Ignores copies of earlier processes, for a caller that checks what the lake itself holds. */
  afresh?: boolean | undefined
}

export function fileCache({ folder, bytes: most, afresh = false }: CacheOptions): FileCache {
  const own = `${hostname()}~${process.pid}~${randomUUID()}`
  const heldFolder = join(folder, 'held', own)
  const drafts = join(folder, 'drafts', own)
  const sharedPath = (key: string) => join(folder, 'files', key.slice(key.lastIndexOf('/') + 1))
  const heldPath = (key: string) => join(heldFolder, ...key.split('/'))
  const holds = new Map<string, number>()
  const fetching = new Map<string, Promise<unknown>>()
  const fetchedHere = new Set<string>()
  let opened: Promise<void> | undefined
  /** Copies being fetched. */
  let bringing = 0
  const bound = cacheBound(folder, most, () => holds.size > 0 || bringing > 0)

  /** Creates the folders, and removes those of dead processes. */
  function openFolders(): Promise<void> {
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

  /**
   * Fetches a copy, and uses it. While the draft exists, the copy has two names and is not evicted: even
   * under the smallest bound it is used once. It is synced first, so that after a power cut no name stands
   * for half a file.
   */
  async function bring<T>(key: string, fetch: Fetch, use: Use<T>): Promise<T> {
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
        return await use(draft)
      })
    } finally {
      await rm(draft, { force: true })
      bringing--
      bound.lookAgain()
    }
  }

  /**
   * Uses the copy, which may be evicted at any time before, or fetches it, once for all concurrent callers.
   */
  async function withCopy<T>(key: string, fetch: Fetch, use: Use<T | undefined>): Promise<T> {
    await openFolders()
    for (;;) {
      await fetching.get(key)
      if (!afresh || fetchedHere.has(key)) {
        const used = await attempt(sharedPath(key), () => use(sharedPath(key))).catch(undefinedIfMissing)
        if (used !== undefined) return used
      }
      if (fetching.has(key)) continue
      const brought = bring(key, fetch, use)
      fetching.set(key, brought)
      try {
        return (await brought) as T
      } finally {
        fetching.delete(key)
      }
    }
  }

  return {
    heldFolder,

    async hold(key, fetch, bytes) {
      const path = heldPath(key)
      holds.set(path, (holds.get(path) ?? 0) + 1)
      try {
        return await withCopy(key, fetch, async (copy) => {
          if (bytes !== undefined && copy === sharedPath(key) && (await stat(copy)).size !== bytes) {
            await rm(copy, { force: true })
            return undefined
          }
          await makeFolders(dirname(path))
          await link(copy, path).catch(ignoreExisting)
          await touch(path)
          return path
        })
      } catch (thrown) {
        this.release([path])
        throw thrown
      }
    },

    release(paths) {
      for (const path of paths) {
        const left = (holds.get(path) ?? 0) - 1
        if (left > 0) holds.set(path, left)
        else if (holds.delete(path)) letGo(path)
      }
      bound.lookAgain()
    },

    async place(key, fetch) {
      await openFolders()
      const draft = join(drafts, randomUUID())
      await fetch(draft)
      return await attempt(draft, async () => {
        await makeFolders(dirname(heldPath(key)))
        await rename(draft, heldPath(key))
        return heldPath(key)
      })
    },

    read: (key, fetch) =>
      withCopy(key, fetch, async (copy) => {
        const bytes = await readFile(copy)
        await touch(copy)
        return bytes
      }),

    async keep(key, bytes) {
      await openFolders()
      await bring(
        key,
        (draft) => writeNew(draft, bytes),
        async () => undefined,
      )
    },

    async take(file, key) {
      await openFolders()
      await bring(
        key,
        (draft) => rename(file, draft),
        async () => undefined,
      )
    },

    forget: (key) => attempt(sharedPath(key), () => rm(sharedPath(key), { force: true })),

    async workplace() {
      await openFolders()
      const place = join(folder, 'work', own, randomUUID())
      await attempt(place, () => makeFolders(place, 0o700))
      leaveBehind(join(folder, 'work', own))
      return place
    },
  }
}

/** Links that cannot be removed now are removed when the process ends. */
function letGo(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {}
}

/** Uses a copy under one of its names; undefined when the copy must not be used. */
type Use<T> = (copy: string) => Promise<T>

/** A missing copy is the caller's case; any other error is a fault of the disk. */
async function attempt<T>(file: string, work: () => Promise<T>): Promise<T> {
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

function ignoreExisting(thrown: unknown): void {
  if (systemCode(thrown) !== 'EEXIST') throw thrown
}

export async function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
  } finally {
    await file.close()
  }
}

async function touch(path: string): Promise<void> {
  const now = new Date()
  await utimes(path, now, now).catch(() => undefined)
}

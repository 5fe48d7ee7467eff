import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { link, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { cacheBound } from './cache-bound.ts'
import { attempt, type Fetch, ignoreExisting, sharedCopies, touch } from './cache-copies.ts'
import { leaveBehind } from './cache-upkeep.ts'
import { makeFolders } from './folders.ts'

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
  const heldPath = (key: string) => join(heldFolder, ...key.split('/'))
  const holds = new Map<string, number>()
  const bound = cacheBound(folder, most, () => holds.size > 0 || copies.isBringing())
  const copies = sharedCopies({ folder, own, heldFolder, drafts, afresh }, bound)
  const { sharedPath } = copies

  return {
    heldFolder,

    async hold(key, fetch, bytes) {
      const path = heldPath(key)
      holds.set(path, (holds.get(path) ?? 0) + 1)
      try {
        return await copies.use(key, fetch, async (copy) => {
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
      await copies.open()
      const draft = join(drafts, randomUUID())
      await fetch(draft)
      return await attempt(draft, async () => {
        await makeFolders(dirname(heldPath(key)))
        await rename(draft, heldPath(key))
        return heldPath(key)
      })
    },

    read: (key, fetch) =>
      copies.use(key, fetch, async (copy) => {
        const bytes = await readFile(copy)
        await touch(copy)
        return bytes
      }),

    async keep(key, bytes) {
      await copies.open()
      await copies.bring(
        key,
        (draft) => writeNew(draft, bytes),
        async () => undefined,
      )
    },

    async take(file, key) {
      await copies.open()
      await copies.bring(
        key,
        (draft) => rename(file, draft),
        async () => undefined,
      )
    },

    forget: (key) => attempt(sharedPath(key), () => rm(sharedPath(key), { force: true })),

    async workplace() {
      await copies.open()
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

export async function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
  } finally {
    await file.close()
  }
}

import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import {
  access,
  link,
  open,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
  unlink,
  writeFile,
} from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { LakeError, systemCode } from '../../lib/errors.ts'
import type { Storage, StoredFile } from './contract.ts'
import { fileError } from './file-error.ts'
import { makeFolders } from './folders.ts'
import { sync } from './sync.ts'

/**
 * A lake on a disk. `create` hard-links a complete, synced file: the only POSIX operation that makes a whole
 * file appear under a name that must not exist.
 */
export function localStorage(folder: string): Storage {
  const base = resolve(folder)
  const path = (key: string) => join(base, ...key.split('/'))
  /** Folders known to exist: many files go into few of them. */
  const made = new Set<string>()
  /** The topmost folder that was made for a workplace. */
  const madeFor = new Map<string, string>()

  /**
   * Does work that needs a folder. A known folder may have been removed: then it is created, and the work
   * done again.
   */
  async function within<T>(folder: string, work: () => Promise<T>): Promise<T> {
    if (made.has(folder)) {
      try {
        return await work()
      } catch (thrown) {
        if (systemCode(thrown) !== 'ENOENT') throw thrown
      }
    }
    await makeFolder(folder)
    if (made.size >= MAX_FOLDERS) made.clear()
    made.add(folder)
    return await work()
  }

  async function attempt<T>(action: string, key: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (thrown) {
      if (systemCode(thrown) === 'ENOENT' && action === 'read') {
        throw new LakeError('a file of the lake is missing', {
          file: path(key),
          remedy:
            'restore that file from a backup; `loglake verify` lists every file that is missing or damaged',
          cause: thrown,
        })
      }
      throw fileError(action, path(key), thrown)
    }
  }

  return {
    localFolder: base,

    root: `file://${base.startsWith('/') ? '' : '/'}${base.split(sep).join('/')}`.replace(/\/$/, ''),

    read: (key) => attempt('read', key, () => readFile(path(key))),

    async find(key) {
      return await attempt('look up', key, () => readFile(path(key)).catch(undefinedIfMissing))
    },

    readPart: (key, from, bytes) => attempt('read', key, () => partOf(path(key), from, bytes)),

    async size(key) {
      const found = await attempt('look up', key, () => stat(path(key)).catch(undefinedIfMissing))
      return found?.size
    },

    write: (key, bytes) =>
      attempt('write', key, async () => {
        await within(dirname(path(key)), () => writeDurably(path(key), bytes))
        await syncFolder(dirname(path(key)))
      }),

    create: (key, bytes) =>
      attempt('write', key, async () => {
        const draft = join(dirname(path(key)), `.draft-${randomUUID()}`)
        await within(dirname(draft), () => writeDurably(draft, bytes))
        try {
          await link(draft, path(key))
          await syncFolder(dirname(path(key)))
          return true
        } catch (thrown) {
          if (systemCode(thrown) === 'EEXIST') return false
          throw thrown
        } finally {
          await unlink(draft).catch(() => undefined)
        }
      }),

    hint: (key, bytes) =>
      attempt('write', key, async () => {
        const draft = join(dirname(path(key)), `.draft-${randomUUID()}`)
        await makeFolders(dirname(draft))
        await writeFile(draft, bytes)
        await rename(draft, path(key))
      }),

    adopt: (file, key) =>
      attempt('write', key, async () => {
        await sync(file)
        await within(dirname(path(key)), () => rename(file, path(key)))
        await syncFolder(dirname(path(key)))
      }),

    async local(key) {
      await attempt('read', key, () => stat(path(key)))
      return path(key)
    },

    // `local` returns the lake's own files, so there is nothing to release.
    release: () => undefined,

    list: (prefix) => walk(base, path(prefix)),

    remove: (key) => attempt('remove', key, () => rm(path(key), { force: true })),

    // A disk has no unfinished uploads: everything that was begun is a file.
    removeUnfinished: async () => undefined,

    now: () =>
      attempt('write', 'staging', async () => {
        const clock = join(base, 'staging', `${process.pid}-${randomUUID()}`)
        await makeFolders(dirname(clock))
        try {
          await writeFile(clock, '', { flag: 'wx' })
          return (await stat(clock)).mtimeMs
        } finally {
          await rm(clock, { force: true })
        }
      }),

    workplace: () =>
      attempt('write', 'staging', async () => {
        const place = join(base, 'staging', `${process.pid}-${randomUUID()}`)
        const first = await makeFolders(place)
        if (first !== undefined && first !== place) madeFor.set(place, first)
        await access(place, constants.W_OK)
        return place
      }),

    async removeWorkplace(place) {
      await rm(place, { recursive: true, force: true })
      const first = madeFor.get(place)
      madeFor.delete(place)
      if (first === undefined || (await stat(path('catalog')).catch(() => undefined))) return
      for (let above = dirname(place); above.length >= first.length; above = dirname(above)) {
        // One that is not empty stays, and with it those above.
        if (
          !(await rmdir(above).then(
            () => true,
            () => false,
          ))
        )
          return
      }
    },
  }
}

/** Folder names kept. */
const MAX_FOLDERS = 10_000

async function partOf(path: string, from: number, bytes: number): Promise<Uint8Array> {
  const file = await open(path, 'r')
  try {
    const part = Buffer.alloc(bytes)
    const { bytesRead } = await file.read(part, 0, bytes, from)
    return part.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

function undefinedIfMissing(thrown: unknown): undefined {
  const code = systemCode(thrown)
  if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
  throw thrown
}

/** Syncs the bytes to the disk, because a message is acknowledged once they are written. */
async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx')
  try {
    await file.writeFile(bytes)
    await file.datasync()
  } catch (thrown) {
    await unlink(path).catch(() => undefined)
    throw thrown
  } finally {
    await file.close()
  }
}

/** Creates a folder and its missing parents, synced to the disk. */
async function makeFolder(path: string): Promise<void> {
  const first = await makeFolders(path)
  if (first === undefined) return
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made))
}

async function syncFolder(path: string): Promise<void> {
  // Windows cannot sync a folder; there, syncing the file itself must do.
  if (process.platform !== 'win32') await sync(path)
}

async function* walk(base: string, folder: string): AsyncGenerator<StoredFile> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(undefinedIfMissing)
  for (const entry of entries ?? []) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* walk(base, path)
    else {
      const found = await stat(path).catch(undefinedIfMissing)
      if (found)
        yield { key: relative(base, path).split(sep).join('/'), bytes: found.size, writtenMs: found.mtimeMs }
    }
  }
}

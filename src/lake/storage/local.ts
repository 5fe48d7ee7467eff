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
  const path: PathOf = (key) => join(base, ...key.split('/'))
  const attempt = attempts(path)
  return {
    localFolder: base,
    root: `file://${base.startsWith('/') ? '' : '/'}${base.split(sep).join('/')}`.replace(/\/$/, ''),
    ...readingOf(path, attempt),
    ...writingOf(path, attempt),
    ...stagingOf(path, attempt),
    list: (prefix) => walk(base, path(prefix)),
    remove: (key) => attempt('remove', key, () => rm(path(key), { force: true })),
    // A disk has no unfinished uploads: everything that was begun is a file.
    removeUnfinished: async () => undefined,
  }
}

type PathOf = (key: string) => string
type Attempt = <T>(action: string, key: string, work: () => Promise<T>) => Promise<T>

/** Does work on a file; its errors name the file, and what to do where the lake lacks it. */
function attempts(path: PathOf): Attempt {
  return async (action, key, work) => {
    try {
      return await work()
    } catch (thrown) {
      if (systemCode(thrown) !== 'ENOENT' || action !== 'read') throw fileError(action, path(key), thrown)
      throw new LakeError('a file of the lake is missing', {
        file: path(key),
        remedy:
          'restore that file from a backup; `loglake verify` lists every file that is missing or damaged',
        cause: thrown,
      })
    }
  }
}

type Reading = Pick<Storage, 'read' | 'find' | 'readPart' | 'size' | 'local' | 'release'>

function readingOf(path: PathOf, attempt: Attempt): Reading {
  return {
    read: (key) => attempt('read', key, () => readFile(path(key))),

    find: (key) => attempt('look up', key, () => readFile(path(key)).catch(undefinedIfMissing)),

    readPart: (key, from, bytes) => attempt('read', key, () => partOf(path(key), from, bytes)),

    async size(key) {
      const found = await attempt('look up', key, () => stat(path(key)).catch(undefinedIfMissing))
      return found?.size
    },

    async local(key) {
      await attempt('read', key, () => stat(path(key)))
      return path(key)
    },

    // `local` returns the lake's own files, so there is nothing to release.
    release: () => undefined,
  }
}

type Writing = Pick<Storage, 'write' | 'create' | 'hint' | 'adopt'>

function writingOf(path: PathOf, attempt: Attempt): Writing {
  const within = knownFolders()
  const draftOf = (key: string) => join(dirname(path(key)), `.draft-${randomUUID()}`)
  return {
    write: (key, bytes) =>
      attempt('write', key, async () => {
        await within(dirname(path(key)), () => writeDurably(path(key), bytes))
        await syncFolder(dirname(path(key)))
      }),

    create: (key, bytes) =>
      attempt('write', key, async () => {
        const draft = draftOf(key)
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
        const draft = draftOf(key)
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
  }
}

/**
 * Does work that needs a folder, of which many need the same. A known folder may have been removed: then it
 * is created, and the work done again.
 */
function knownFolders(): <T>(folder: string, work: () => Promise<T>) => Promise<T> {
  const made = new Set<string>()
  return async (folder, work) => {
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
}

type Staging = Pick<Storage, 'now' | 'workplace' | 'removeWorkplace'>

function stagingOf(path: PathOf, attempt: Attempt): Staging {
  /** The topmost folder that was made for a workplace. */
  const madeFor = new Map<string, string>()
  const ownPlace = () => path(`staging/${process.pid}-${randomUUID()}`)
  return {
    now: () =>
      attempt('write', 'staging', async () => {
        const clock = ownPlace()
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
        const place = ownPlace()
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
      await removeEmpty(dirname(place), first)
    },
  }
}

/** Removes a folder and those above it up to `last`; one that is not empty stays, and with it those above. */
async function removeEmpty(folder: string, last: string): Promise<void> {
  for (let above = folder; above.length >= last.length; above = dirname(above)) {
    try {
      await rmdir(above)
    } catch {
      return
    }
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

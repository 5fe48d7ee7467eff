import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { S3 } from '../../aws/clients.ts'
import type { Identity } from '../../aws/identity.ts'
import { readPart } from '../../aws/object.ts'
import { LakeError } from '../../lib/errors.ts'
import { type FileCache, fileCache, writeNew } from './cache.ts'
import type { Storage } from './contract.ts'
import { limit } from './lanes.ts'
import { MISSING, s3Objects } from './s3-objects.ts'
import { listObjects, readBytes, saveFile, sizeOf } from './s3-read.ts'
import { abortUploads, type Bucket, createObject, type Protection, putFile, putObject } from './s3-write.ts'

export interface S3StorageOptions extends Protection {
  identity?: Identity
  cache?: {
    /** The folder for the copies of all lakes. */
    folder?: string | undefined
    /** Most bytes of this lake's copies that no process uses. */
    bytes?: number
    /** Ignores copies of earlier processes. */
    afresh?: boolean | undefined
  }
}

/** Written to read the storage's clock. */
const CLOCK = 'catalog/clock'
const CACHED_BYTES = 10 * 2 ** 30
/** Files fetched from S3 at once. */
const FETCHES = 16
/**
 * 256 KiB: a small part is fetched with the whole block around it, which is kept. Filters of small tables are
 * then complete after one request, and for large ones a block costs little more than its latency.
 */
const BLOCK = 256 << 10
/** Bodies sent to S3 at once; each is held in memory, up to the size of a part. */
const BODIES = 8

/**
 * A lake on S3. `create` is a conditional write, which S3 and compatible stores do atomically. Files whose
 * names hold a UUID never change, so they are read through a cache on this machine. The client is created on
 * first use.
 */
export function s3Storage(place: string, options: S3StorageOptions = {}): Storage {
  const { identity = {}, cache: { folder = cacheFolder(), bytes = CACHED_BYTES, afresh } = {} } = options
  const objects = s3Objects(place, identity)
  const { root, bucket, prefix, keyOf, attempt } = objects
  const cache: FileCache = fileCache({ folder: join(folder, folderName(root, identity)), bytes, afresh })
  const fetches = limit(FETCHES)
  const lanes = limit(BODIES)

  function to(s3: S3): Bucket {
    return { s3, bucket, protection: options, lanes, md5: identity.endpoint !== undefined }
  }

  async function read(key: string): Promise<Uint8Array> {
    if (!isImmutable(key)) return await readBytes(objects, key)
    return await cache.read(key, async (path) => await writeNew(path, await readBytes(objects, key)))
  }

  async function create(key: string, bytes: Uint8Array): Promise<boolean> {
    const created = await attempt('write', key, (s3) => createObject(to(s3), keyOf(key), bytes))
    if (created && isImmutable(key)) await cache.keep(key, bytes)
    return created
  }

  return {
    root,

    localFolder: cache.heldFolder,

    read,

    async find(key) {
      return await read(key).catch((thrown) => {
        if (thrown instanceof LakeError && thrown.what === MISSING) return undefined
        throw thrown
      })
    },

    async readPart(key, from, length) {
      const fetchPart = (at: number, bytes: number) =>
        attempt('read', key, (client) => readPart(client, { bucket, key: keyOf(key) }, at, bytes))
      if (length > BLOCK) return await fetchPart(from, length)
      const first = Math.floor(from / BLOCK)
      const count = Math.floor((from + length - 1) / BLOCK) - first + 1
      const blocks = Array.from({ length: count }, (_, nth) =>
        cache.read(`${key}.${first + nth}`, async (path) =>
          writeNew(path, await fetchPart((first + nth) * BLOCK, BLOCK)),
        ),
      )
      const at = from - first * BLOCK
      return Buffer.concat(await Promise.all(blocks)).subarray(at, at + length)
    },

    size: (key) => sizeOf(objects, key),

    async write(key, bytes) {
      if (await create(key, bytes)) return
      throw new LakeError('cannot write: it is there already', {
        file: objects.nameOf(key),
        remedy: 'another program wrote to this lake: `loglake verify` lists the damage',
      })
    },

    create,

    async hint(key, bytes) {
      await attempt('write', key, (s3) => putObject(to(s3), keyOf(key), bytes))
    },

    async adopt(file, key) {
      await attempt('write', key, (s3) => putFile(to(s3), keyOf(key), file))
      await cache.take(file, key)
    },

    local(key, bytes) {
      const fetch = (path: string) => fetches(() => saveFile(objects, key, path))
      return isImmutable(key) ? cache.hold(key, fetch, bytes) : cache.place(key, fetch)
    },

    release: (paths) => cache.release(paths),

    list: (folderKey) => listObjects(objects, folderKey),

    async remove(key) {
      await attempt('remove', key, (client) => client.deleteObject({ Bucket: bucket, Key: keyOf(key) }))
      await cache.forget(key)
    },

    removeUnfinished: (below, beforeMs, isOurs) =>
      attempt('remove', below, (s3) =>
        abortUploads(to(s3), keyOf(`${below}/`), beforeMs, (key) => isOurs(key.slice(prefix.length))),
      ),

    now: () =>
      attempt('write', CLOCK, async (client) => {
        await putObject(
          to(client),
          keyOf(CLOCK),
          Buffer.from('the time of this object is what is asked for\n'),
        )
        const { LastModified } = await client.headObject({ Bucket: bucket, Key: keyOf(CLOCK) })
        return LastModified?.getTime() ?? Date.now()
      }),

    workplace: () => cache.workplace(),

    removeWorkplace: (place) => rm(place, { recursive: true, force: true }),
  }
}

/** A name with a UUID in it is never reused. */
function isImmutable(key: string): boolean {
  return /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}[^/]*$/.test(key)
}

/** Lakes of the same name in different stores have separate copies. */
function folderName(root: string, { endpoint = '' }: Identity): string {
  const plain = root.slice('s3://'.length).replace(/[^\w.-]+/g, '-')
  const digest = createHash('sha256').update(`${endpoint} ${root}`).digest('hex')
  return `${plain.slice(0, 80)}-${digest.slice(0, 12)}`
}

/** Where programs of the user keep files that they can fetch again. */
function cacheFolder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env
  if (process.platform === 'win32' && LOCALAPPDATA) return join(LOCALAPPDATA, 'loglake', 'cache')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'loglake')
  return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'loglake')
}

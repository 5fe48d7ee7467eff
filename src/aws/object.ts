import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import type { GetObjectCommandOutput } from '@aws-sdk/client-s3'
import type { S3 } from './clients.ts'
import { mayPass, troubleOf } from './errors.ts'

export interface ObjectLocation {
  bucket: string
  key: string
  versionId?: string | undefined
  /** ETag and size from a notice or a listing: bytes with that ETag cannot be fewer. */
  announced?: { etag: string; bytes: number } | undefined
}

/** S3's facts about an object with its bytes. */
export interface ObjectFacts {
  etag: string
  versionId: string | undefined
  /** When it was last written, in milliseconds since 1970. */
  writtenMs: number | undefined
  /** Its user metadata. */
  metadata: Record<string, string>
}

export interface ReadObject extends ObjectFacts {
  bytes: Uint8Array
}

export interface SavedObject extends ObjectFacts {
  /** SHA-256 of the received bytes, in hex. */
  sha256: string
}

export interface HashedObject extends ObjectFacts {
  sha256: string | undefined
}

/** Attempts to fetch a body that is cut off, as many as the SDK's own, which end where the body begins. */
const BODIES = 8
const PAUSE_MS = 100

/**
 * Reads a whole object: a body that is cut off or shorter than promised is fetched again. Throws the SDK's
 * errors, which `troubleOf` and `awsError` classify.
 *
 * @param max bytes that it may have
 * @throws LargerThanWanted when it has more, before any are in memory
 */
export async function readObject(
  s3: S3,
  place: ObjectLocation,
  signal?: AbortSignal,
  max = Number.POSITIVE_INFINITY,
): Promise<ReadObject> {
  const take = async (found: GetObjectCommandOutput) => {
    const { ContentLength: size = 0 } = found
    if (size > max) {
      const body = found.Body as Readable
      // Destroying it causes an error, which is expected.
      body.once('error', () => undefined).destroy()
      throw new LargerThanWanted(size)
    }
    const bytes = (await found.Body?.transformToByteArray()) ?? new Uint8Array()
    return { length: bytes.length, result: { bytes, ...factsOf(found) } }
  }
  return await fetchWhole(s3, place, take, { signal })
}

/** Some bytes of an object, in one request unless it is cut off; fewer where the object ends earlier. */
export async function readPart(
  s3: S3,
  place: ObjectLocation,
  from: number,
  bytes: number,
): Promise<Uint8Array> {
  const take = async (found: GetObjectCommandOutput) => {
    const result = (await found.Body?.transformToByteArray()) ?? new Uint8Array()
    return { length: result.length, result }
  }
  try {
    return await fetchWhole(s3, place, take, { range: `bytes=${from}-${from + bytes - 1}` })
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === 'InvalidRange') return new Uint8Array()
    throw thrown
  }
}

/** Like `readObject`, but into a file that must not exist yet: for objects of any size. */
export async function saveObject(s3: S3, place: ObjectLocation, path: string): Promise<SavedObject> {
  return await fetchWhole(s3, place, async (found) => {
    const hash = createHash('sha256')
    let length = 0
    async function* watched(body: AsyncIterable<Uint8Array>) {
      for await (const chunk of body) {
        hash.update(chunk)
        length += chunk.length
        yield chunk
      }
    }
    const file = createWriteStream(path, { flags: 'wx', mode: 0o600 })
    const closed = new Promise<void>((done) => file.once('close', done))
    try {
      await pipeline(found.Body as Readable, watched, file)
    } catch (thrown) {
      // A body may be cut off before the file is open; if it were removed before that, it would be created
      // afterwards.
      await closed
      await rm(path, { force: true })
      throw thrown
    }
    if (length !== found.ContentLength) await rm(path, { force: true })
    return { length, result: { sha256: hash.digest('hex'), ...factsOf(found) } }
  })
}

/**
 * Like `readObject`, but keeps only the SHA-256; undefined, without reading it, for a version that is not
 * wanted.
 */
export async function hashObject(
  s3: S3,
  place: ObjectLocation,
  wanted: (etag: string) => boolean,
): Promise<HashedObject> {
  return await fetchWhole<HashedObject>(s3, place, async (found) => {
    const body = found.Body as Readable
    const facts = factsOf(found)
    if (!wanted(facts.etag)) {
      body.destroy()
      return { length: found.ContentLength ?? 0, result: { ...facts, sha256: undefined } }
    }
    const hash = createHash('sha256')
    let length = 0
    for await (const chunk of body) {
      hash.update(chunk as Uint8Array)
      length += (chunk as Uint8Array).length
    }
    return { length, result: { ...facts, sha256: hash.digest('hex') } }
  })
}

/** Like `readObject`, but keeps only the first bytes and the size: for objects of any size. */
export async function headOfObject(
  s3: S3,
  place: ObjectLocation,
  max: number,
  signal?: AbortSignal,
): Promise<ReadObject & { size: number; sha256: string }> {
  return await fetchWhole(
    s3,
    place,
    async (found) => {
      const hash = createHash('sha256')
      const head: Uint8Array[] = []
      let size = 0
      for await (const chunk of found.Body as Readable) {
        const bytes = chunk as Uint8Array
        hash.update(bytes)
        if (size < max) head.push(Buffer.from(bytes.subarray(0, max - size)))
        size += bytes.length
      }
      const bytes = new Uint8Array(Buffer.concat(head))
      return { length: size, result: { bytes, size, sha256: hash.digest('hex'), ...factsOf(found) } }
    },
    { signal },
  )
}

async function fetchWhole<Result>(
  s3: S3,
  { bucket, key, versionId, announced }: ObjectLocation,
  take: (found: GetObjectCommandOutput) => Promise<{ length: number; result: Result }>,
  { signal, range }: { signal?: AbortSignal | undefined; range?: string } = {},
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    const found = await s3.getObject(
      {
        ...{ Bucket: bucket, Key: key },
        ...(versionId === undefined ? {} : { VersionId: versionId }),
        ...(range === undefined ? {} : { Range: range }),
      },
      signal ? { abortSignal: signal } : {},
    )
    try {
      const { length, result } = await take(found)
      if (found.ContentLength !== undefined && length !== found.ContentLength)
        throw new IncompleteBody(`${length} bytes came of ${found.ContentLength} that were promised`)
      // The length in the header may be as wrong as the body: a proxy or a store in between may have cut
      // both.
      if (announced && announced.etag === plainEtag(found.ETag ?? '') && length < announced.bytes)
        throw new IncompleteBody(
          `${length} bytes came, and this version of the object has ${announced.bytes}`,
        )
      return result
    } catch (thrown) {
      if (thrown instanceof LargerThanWanted) throw thrown
      if (attempt === BODIES || signal?.aborted || !mayPass(troubleOf(thrown))) throw thrown
      await pause(attempt)
    }
  }
}

function factsOf({ ETag, VersionId, LastModified, Metadata }: GetObjectCommandOutput): ObjectFacts {
  return {
    etag: ETag ?? '',
    versionId: VersionId,
    writtenMs: LastModified?.getTime(),
    metadata: Metadata ?? {},
  }
}

/**
 * A pause that doubles with each attempt, times a random factor, so that clients do not all return at once.
 */
export async function pause(attempt: number): Promise<void> {
  await wait(Math.random() * PAUSE_MS * 2 ** attempt)
}

/** `"abc-2"` → `abc-2`, as notices have it. */
export function plainEtag(etag: string): string {
  return etag.replaceAll('"', '')
}

/** An object has more bytes than its reader can take. */
export class LargerThanWanted extends Error {
  override name = 'LargerThanWanted'
  readonly size: number

  constructor(size: number) {
    super(`it has ${size} bytes`)
    this.size = size
  }
}

class IncompleteBody extends Error {
  override name = 'IncompleteBody'
}

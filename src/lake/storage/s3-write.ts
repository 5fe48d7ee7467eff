import { createHash, randomUUID } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import type { S3 } from '../../aws/clients.ts'
import { mayPass, troubleOf } from '../../aws/errors.ts'
import { pause } from '../../aws/object.ts'
import { DAY_MS } from '../../lib/day.ts'
import { allDone, type Lanes } from './lanes.ts'

/** Settings with which every object of the lake is written. */
export interface Protection {
  /** A KMS key by id, alias or ARN; without one, the bucket's own encryption applies. */
  kmsKey?: string | undefined
  objectLock?: { mode: 'governance' | 'compliance'; days: number } | undefined
}

export interface Bucket {
  s3: S3
  bucket: string
  protection: Protection
  /** Queues bodies of at most one part's size. */
  lanes: Lanes
  /** Whether requests carry an MD5: stores other than AWS may support no other checksum. */
  md5: boolean
}

/** Metadata keys of ours: a SHA-256 of the bytes, checked by every reader; and the writer. */
export const SHA256 = 'loglake-sha256'
const WRITER = 'loglake-writer'

/** 8 MiB: larger files are uploaded in parts of this size. */
const PART = 8 << 20
const MAX_PARTS = 10_000
/** Attempts of a create whose outcome is unknown, on top of the SDK's own retries. */
const ATTEMPTS = 6

function protect({ protection: { kmsKey, objectLock } }: Bucket) {
  return {
    ...(kmsKey === undefined
      ? {}
      : { ServerSideEncryption: 'aws:kms' as const, SSEKMSKeyId: kmsKey, BucketKeyEnabled: true }),
    ...(objectLock === undefined
      ? {}
      : {
          ObjectLockMode:
            objectLock.mode === 'compliance' ? ('COMPLIANCE' as const) : ('GOVERNANCE' as const),
          ObjectLockRetainUntilDate: new Date(Date.now() + objectLock.days * DAY_MS),
        }),
  }
}

function checksum({ md5, protection }: Bucket, bytes: Uint8Array): { ContentMD5?: string } {
  // S3 requires a checksum with object lock.
  return md5 || protection.objectLock ? { ContentMD5: createHash('md5').update(bytes).digest('base64') } : {}
}

/** Writes an object, replacing any other. */
export async function putObject(to: Bucket, key: string, bytes: Uint8Array): Promise<void> {
  await put(to, key, bytes, randomUUID())
}

async function put(
  to: Bucket,
  key: string,
  bytes: Uint8Array,
  writer: string,
  condition: { IfNoneMatch?: '*' } = {},
): Promise<void> {
  await to.s3.putObject({
    Bucket: to.bucket,
    Key: key,
    Body: bytes,
    ContentLength: bytes.length,
    Metadata: { [SHA256]: createHash('sha256').update(bytes).digest('hex'), [WRITER]: writer },
    ...checksum(to, bytes),
    ...protect(to),
    ...condition,
  })
}

/**
 * Writes an object only if the key does not exist: false when another writer was first. When an answer was
 * lost, our own write may have succeeded even if a second attempt reports that the key exists; so the
 * object's metadata is read to see who wrote it. Throws when that stays unknown; the bytes may then still
 * appear later.
 */
export async function createObject(to: Bucket, key: string, bytes: Uint8Array): Promise<boolean> {
  const writer = randomUUID()
  for (let attempt = 1; ; attempt++) {
    try {
      await put(to, key, bytes, writer, { IfNoneMatch: '*' })
      return true
    } catch (thrown) {
      const trouble = troubleOf(thrown)
      // Another write or removal of the key is under way, and S3 asks to retry.
      const again = mayPass(trouble) || trouble === 'missing'
      if (trouble !== 'exists' && !again) throw thrown
      const there = await writerOf(to, key).catch((other) => {
        throw again ? thrown : other
      })
      if (there !== undefined) return there === writer
      if (attempt >= ATTEMPTS) throw thrown
      await pause(attempt)
    }
  }
}

/** The writer named in an object's metadata; undefined when there is no object. */
async function writerOf({ s3, bucket }: Bucket, key: string): Promise<string | undefined> {
  try {
    const found = await s3.headObject({ Bucket: bucket, Key: key })
    return found.Metadata?.[WRITER] ?? 'another program'
  } catch (thrown) {
    if (troubleOf(thrown) === 'missing') return undefined
    throw thrown
  }
}

/** Uploads a local file as an object: a large one in parts, all of which are removed when it fails. */
export async function putFile(to: Bucket, key: string, path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    if (size > PART) await putParts(to, key, file, size)
    else await to.lanes(async () => putObject(to, key, await file.readFile()))
  } finally {
    await file.close()
  }
}

async function putParts(to: Bucket, key: string, file: FileHandle, size: number): Promise<void> {
  const { s3, bucket: Bucket } = to
  const writer = randomUUID()
  const Metadata = { [SHA256]: await hashOf(file, size), [WRITER]: writer }
  const { UploadId } = await s3.createMultipartUpload({ Bucket, Key: key, Metadata, ...protect(to) })
  const upload = { Bucket, Key: key, UploadId }
  const partSize = Math.max(PART, Math.ceil(size / MAX_PARTS))
  let failed = false

  async function putPart(PartNumber: number): Promise<{ PartNumber: number; ETag: string | undefined }> {
    const start = (PartNumber - 1) * partSize
    const bytes = await readPart(file, start, Math.min(partSize, size - start))
    const { ETag } = await s3.uploadPart({
      ...upload,
      PartNumber,
      Body: bytes,
      ContentLength: bytes.length,
      ...checksum(to, bytes),
    })
    return { PartNumber, ETag }
  }

  try {
    const numbers = Array.from({ length: Math.ceil(size / partSize) }, (_, index) => index + 1)
    const sent = numbers.map((number) =>
      to.lanes(async () => {
        // The first failure is thrown; parts that have not begun are skipped.
        if (failed) return { PartNumber: number, ETag: undefined }
        return await putPart(number).catch((thrown) => {
          failed = true
          throw thrown
        })
      }),
    )
    const Parts = await allDone(sent)
    await s3.completeMultipartUpload({ ...upload, MultipartUpload: { Parts } }).catch(async (thrown) => {
      // A second completion is reported as missing when the first answer got lost.
      if ((await writerOf(to, key).catch(() => undefined)) !== writer) throw thrown
    })
  } catch (thrown) {
    await s3.abortMultipartUpload(upload).catch(() => undefined)
    throw thrown
  }
}

async function readPart(file: FileHandle, start: number, length: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafe(length)
  const { bytesRead } = await file.read(bytes, 0, length, start)
  if (bytesRead < length) throw new Error('the file got shorter while it was uploaded')
  return bytes
}

async function hashOf(file: FileHandle, size: number): Promise<string> {
  const hash = createHash('sha256')
  for (let start = 0; start < size; start += PART)
    hash.update(await readPart(file, start, Math.min(PART, size - start)))
  return hash.digest('hex')
}

/** Aborts multipart uploads of ours below a prefix that began before a given time: their writer is gone. */
export async function abortUploads(
  { s3, bucket }: Bucket,
  prefix: string,
  beforeMs: number,
  isOurs: (key: string) => boolean,
): Promise<void> {
  let KeyMarker: string | undefined
  let UploadIdMarker: string | undefined
  do {
    const page = await s3.listMultipartUploads({
      Bucket: bucket,
      Prefix: prefix,
      ...(KeyMarker === undefined ? {} : { KeyMarker }),
      ...(UploadIdMarker === undefined ? {} : { UploadIdMarker }),
    })
    for (const { Key = '', UploadId, Initiated } of page.Uploads ?? []) {
      if (isOurs(Key) && (Initiated?.getTime() ?? Number.POSITIVE_INFINITY) < beforeMs)
        await s3.abortMultipartUpload({ Bucket: bucket, Key, UploadId })
    }
    KeyMarker = page.IsTruncated ? page.NextKeyMarker : undefined
    UploadIdMarker = page.IsTruncated ? page.NextUploadIdMarker : undefined
  } while (KeyMarker !== undefined)
}

import { setTimeout as wait } from 'node:timers/promises'
import type { S3 } from './clients.ts'
import { mayPass, troubleOf } from './errors.ts'

export interface ObjectPlace {
  bucket: string
  key: string
  versionId?: string | undefined
}

/** An object's bytes, and what S3 says of it. */
export interface ReadObject {
  bytes: Uint8Array
  etag: string
  versionId: string | undefined
  /** When it was last written, in milliseconds since 1970. */
  writtenMs: number | undefined
  /** The user metadata that it was written with. */
  metadata: Record<string, string>
}

/** A body that breaks off is fetched so often. The SDK's own attempts end where the body begins. */
const BODIES = 5
const PAUSE_MS = 100

/**
 * Reads an object whole: a body that breaks off or is shorter than promised is fetched again. Throws what the SDK
 * throws; `troubleOf` and `awsError` know what it means.
 */
export async function readObject(
  s3: S3,
  { bucket, key, versionId }: ObjectPlace,
  signal?: AbortSignal,
): Promise<ReadObject> {
  for (let attempt = 1; ; attempt++) {
    try {
      const found = await s3.getObject(
        { Bucket: bucket, Key: key, ...(versionId === undefined ? {} : { VersionId: versionId }) },
        signal ? { abortSignal: signal } : {},
      )
      const bytes = (await found.Body?.transformToByteArray()) ?? new Uint8Array()
      if (found.ContentLength !== undefined && bytes.length !== found.ContentLength)
        throw new ShortBody(bytes.length, found.ContentLength)
      return {
        bytes,
        etag: found.ETag ?? '',
        versionId: found.VersionId,
        writtenMs: found.LastModified?.getTime(),
        metadata: found.Metadata ?? {},
      }
    } catch (thrown) {
      if (attempt === BODIES || signal?.aborted || !mayPass(troubleOf(thrown))) throw thrown
      await pause(attempt)
    }
  }
}

/** A pause that doubles with each attempt, a random part of it, so that many who wait do not come back at once. */
export async function pause(attempt: number): Promise<void> {
  await wait(Math.random() * PAUSE_MS * 2 ** attempt)
}

class ShortBody extends Error {
  override name = 'IncompleteBody'

  constructor(came: number, promised: number) {
    super(`${came} bytes came of ${promised} that were promised`)
  }
}

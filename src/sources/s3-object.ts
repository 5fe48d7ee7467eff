import type { AwsClients, S3 } from '../aws/clients.ts'
import { awsError, type Trouble, troubleOf } from '../aws/errors.ts'
import { headOfObject, LargerThanWanted, type ObjectFacts, plainEtag, readObject } from '../aws/object.ts'
import { parseS3Uri, s3Uri } from '../aws/s3-uri.ts'
import { sentence } from '../lib/errors.ts'
import { type Failure, type FailureOutcome, type LogObject, Unreadable } from './contract.ts'
import type { Announced } from './notices/index.ts'

/** An object on S3, as a notice or a listing names it. */
export interface S3Named {
  bucket: string
  key: string
  bytes?: number | undefined
  etag?: string | undefined
  versionId?: string | undefined
  /** When it was last written, in milliseconds since 1970. */
  writtenMs?: number | undefined
}

/** Callbacks to the source that named an object. */
export interface Ending {
  /** Whether the source is stopped: then nothing more is read. */
  stopped?(): boolean
  acknowledge(): Promise<void>
  release(why: Failure): Promise<void>
}

/**
 * An object on S3. Its version is its ETag, the one identifier of an object's bytes that notices, listings
 * and answers to GET all have, so that sources recognize each other's objects. A version id is missing from
 * listings of current objects, and from notices of buckets without versioning.
 */
export function s3Object(
  clients: AwsClients,
  { bucket, key, bytes, etag, versionId, writtenMs }: S3Named,
  { stopped, ...ending }: Ending,
): LogObject {
  const announced = etag === undefined || bytes === undefined ? undefined : { etag, bytes }
  const uri = s3Uri(bucket, key)
  const namedMs = writtenMs ?? Date.now()
  const named = ({ etag: itsTag, writtenMs: itsMs = namedMs }: ObjectFacts) => ({
    version: plainEtag(itsTag),
    writtenMs: itsMs,
  })
  async function reading<Found>(signal: AbortSignal | undefined, read: (s3: S3) => Promise<Found>) {
    if (stopped?.()) throw new Unreadable('released', 'the source is stopped')
    try {
      return await read(await clients.s3For(bucket))
    } catch (thrown) {
      if (signal?.aborted) throw new Unreadable('released', 'the run ends', thrown)
      throw unreadable(uri, thrown)
    }
  }
  return {
    kind: 'object',
    uri,
    version: etag ?? '',
    bytes: bytes ?? 0,
    writtenMs: namedMs,
    read: (signal, max) =>
      reading(signal, async (s3) => {
        const found = await readObject(s3, { bucket, key, versionId, announced }, signal, max)
        return { bytes: found.bytes, ...named(found) }
      }),
    head: (max, signal) =>
      reading(signal, async (s3) => {
        const found = await headOfObject(s3, { bucket, key, versionId, announced }, max, signal)
        return { bytes: found.bytes, size: found.size, sha256: found.sha256, ...named(found) }
      }),
    async overflowBody(other, max) {
      const place = parseS3Uri(other)
      // Only this bucket: a record must not make us read from a bucket that the user has not named.
      if (place?.bucket !== bucket || place.key === '') return undefined
      try {
        return (await readObject(await clients.s3For(bucket), place, undefined, max)).bytes
      } catch (thrown) {
        if (troubleOf(thrown) === 'missing') return undefined
        throw unreadable(other, thrown)
      }
    },
    ...ending,
  }
}

const OUTCOMES: Partial<Record<Trouble, FailureOutcome>> = {
  missing: 'missing',
  'no bucket': 'missing',
  denied: 'denied',
  'KMS denied': 'key-denied',
  archived: 'archived',
  'other Region': 'other-region',
  'no Region': 'other-region',
  'slow down': 'unreachable',
  network: 'unreachable',
  service: 'unreachable',
  conflict: 'unreachable',
  unsaid: 'unreachable',
  other: 'unreachable',
}

/**
 * Why one object cannot be read. Errors that concern every object (credentials, the clock) end the run, and
 * everything is released.
 */
function unreadable(uri: string, thrown: unknown): Error {
  if (thrown instanceof Error && thrown.name === 'IncompleteBody')
    return new Unreadable('cut-short', `it comes damaged, again and again: ${thrown.message}`, thrown)
  if (thrown instanceof LargerThanWanted) return new Unreadable('too-large', thrown.message, thrown)
  const trouble = troubleOf(thrown)
  const error = awsError('read', uri, thrown)
  const outcome = OUTCOMES[trouble]
  return outcome ? new Unreadable(outcome, sentence(error).split('\n')[0] as string, error) : error
}

/** The key that exists, where a notice leaves open how it encodes keys. */
export async function existing(clients: AwsClients, { otherKey, ...named }: Announced): Promise<S3Named> {
  if (otherKey === undefined || (await isThere(clients, named))) return named
  const other = { ...named, key: otherKey }
  return (await isThere(clients, other)) ? other : named
}

async function isThere(clients: AwsClients, { bucket, key, versionId }: S3Named): Promise<boolean> {
  const s3 = await clients.s3For(bucket)
  const place = { Bucket: bucket, Key: key, ...(versionId === undefined ? {} : { VersionId: versionId }) }
  return await s3.headObject(place).then(
    () => true,
    () => false,
  )
}

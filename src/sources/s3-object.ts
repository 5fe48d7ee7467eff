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

/** What becomes of an object is told to whoever named it. */
export interface Ending {
  /** Whether its source has been stopped: then nothing is read any more. */
  stopped?(): boolean
  acknowledge(): Promise<void>
  release(why: Failure): Promise<void>
}

/**
 * An object on S3. Its version is its ETag: the one name of an object's bytes that notices, listings and the answer to GET
 * all give, so that one source knows what another has brought. A version id is in no listing of current objects, and in no
 * notice of a bucket without versioning.
 */
export function s3Object(
  clients: AwsClients,
  { bucket, key, bytes, etag, versionId, writtenMs }: S3Named,
  { stopped, ...ending }: Ending,
): LogObject {
  const told = etag === undefined || bytes === undefined ? undefined : { etag, bytes }
  const uri = s3Uri(bucket, key)
  const namedMs = writtenMs ?? Date.now()
  const named = ({ etag: itsTag, writtenMs: itsMs = namedMs }: ObjectFacts) => ({
    version: plainEtag(itsTag),
    writtenMs: itsMs,
  })
  async function reading<Found>(signal: AbortSignal | undefined, read: (s3: S3) => Promise<Found>) {
    if (stopped?.()) throw new Unreadable('given-back', 'the source is stopped')
    try {
      return await read(await clients.s3For(bucket))
    } catch (thrown) {
      if (signal?.aborted) throw new Unreadable('given-back', 'the run ends', thrown)
      throw unreadable(uri, thrown)
    }
  }
  return {
    kind: 'object',
    uri,
    version: etag ?? '',
    bytes: bytes ?? 0,
    writtenMs: namedMs,
    read: (signal, most) =>
      reading(signal, async (s3) => {
        const found = await readObject(s3, { bucket, key, versionId, told }, signal, most)
        return { bytes: found.bytes, ...named(found) }
      }),
    head: (most, signal) =>
      reading(signal, async (s3) => {
        const found = await headOfObject(s3, { bucket, key, versionId, told }, most, signal)
        return { bytes: found.bytes, size: found.size, sha256: found.sha256, ...named(found) }
      }),
    async part(other, most) {
      const place = parseS3Uri(other)
      // A record is no reason to read from a bucket that nobody has named.
      if (place?.bucket !== bucket || place.key === '') return undefined
      try {
        return (await readObject(await clients.s3For(bucket), place, undefined, most)).bytes
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
 * Why one object cannot be read. What is wrong with us (credentials, the clock) would be wrong with every object: that ends
 * the run, and everything is given back.
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

/** The key that there is, where a notice leaves open how it spells keys. */
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

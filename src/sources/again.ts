import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { type AwsClients, awsClients, type S3 } from '../aws/clients.ts'
import { awsError, type Trouble, troubleOf } from '../aws/errors.ts'
import type { Identity } from '../aws/identity.ts'
import { hashObject, plainEtag } from '../aws/object.ts'
import { parseS3Uri, s3Uri } from '../aws/s3-uri.ts'
import { sentence, systemCode } from '../lib/errors.ts'
import { locationNamed } from './entries.ts'

/** What a source still has of an object that was read once. */
type Found =
  | { state: 'read'; sha256: string; version?: string | undefined }
  | { state: 'overwritten' }
  | { state: 'gone' | 'denied' | 'archived' | 'unreadable'; reason: string }
  | { state: 'not-kept' }

export interface Again {
  /**
   * Reads an object again at its source. Throws errors that concern every object, such as missing
   * credentials.
   *
   * @param versions the versions that were read; the one of these that still exists is read
   */
  read(object: { uri: string; source: string; versions: readonly string[] }): Promise<Found>
  close(): void
}

/** @param identityOf the AWS identity for a source's objects, by the source's name in the ledger */
export function readAgain(identityOf: (source: string) => Identity): Again {
  const made = new Map<string, AwsClients>()
  function clientsOf(source: string): AwsClients {
    const clients = made.get(source) ?? awsClients(identityOf(source))
    made.set(source, clients)
    return clients
  }
  return {
    async read({ uri, source, versions }) {
      const place = parseS3Uri(uri)
      if (place) return await fromBucket(clientsOf(source), place, versions)
      return /^[\w-]+:\/\//.test(uri) ? { state: 'not-kept' } : await fromFile(uri)
    },
    close() {
      for (const clients of made.values()) clients.close()
    },
  }
}

async function fromFile(name: string): Promise<Found> {
  try {
    // A name that looks like escaped bytes may really be spelled so.
    const path = await stat(name).then(
      () => name,
      () => locationNamed(name),
    )
    await stat(path)
    const hash = createHash('sha256')
    for await (const part of createReadStream(path)) hash.update(part)
    return { state: 'read', sha256: hash.digest('hex') }
  } catch (thrown) {
    const reason = sentence(thrown)
    const code = systemCode(thrown)
    if (code === 'ENOENT' || code === 'ENOTDIR') return { state: 'gone', reason }
    return { state: code === 'EACCES' || code === 'EPERM' ? 'denied' : 'unreadable', reason }
  }
}

const STATES: Partial<Record<Trouble, 'gone' | 'denied' | 'archived'>> = {
  missing: 'gone',
  'no bucket': 'gone',
  denied: 'denied',
  'KMS denied': 'denied',
  'role denied': 'denied',
  archived: 'archived',
}

/** Troubles that concern every object. */
const OURS: readonly Trouble[] = ['no credentials', 'expired', 'unknown key', 'clock', 'no Region']

async function fromBucket(
  clients: AwsClients,
  { bucket, key }: { bucket: string; key: string },
  versions: readonly string[],
): Promise<Found> {
  const uri = s3Uri(bucket, key)
  const wanted = (etag: string) => versions.includes(plainEtag(etag))
  try {
    const s3 = await clients.s3For(bucket)
    const found = await hashObject(s3, { bucket, key }, wanted).catch((thrown) => {
      if (troubleOf(thrown) === 'missing') return undefined
      throw thrown
    })
    if (found?.sha256 !== undefined)
      return { state: 'read', sha256: found.sha256, version: plainEtag(found.etag) }
    // Overwritten or deleted: a bucket with versioning may still have a version that was read.
    const versionId = await olderVersion(s3, bucket, key, wanted)
    if (versionId === undefined)
      return found ? { state: 'overwritten' } : { state: 'gone', reason: `${uri} is not there` }
    const older = await hashObject(s3, { bucket, key, versionId }, wanted)
    if (older.sha256 === undefined) return { state: 'overwritten' }
    return { state: 'read', sha256: older.sha256, version: plainEtag(older.etag) }
  } catch (thrown) {
    const trouble = troubleOf(thrown)
    const error = awsError('read', uri, thrown)
    if (OURS.includes(trouble)) throw error
    return { state: STATES[trouble] ?? 'unreadable', reason: sentence(error).split('\n')[0] as string }
  }
}

/**
 * The newest of the wanted versions of a key; undefined where there is none, or listing versions is denied.
 */
export async function olderVersion(
  s3: S3,
  bucket: string,
  key: string,
  wanted: (etag: string) => boolean,
): Promise<string | undefined> {
  let after: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {}
  for (;;) {
    const page = await s3.listObjectVersions({ Bucket: bucket, Prefix: key, ...after }).catch(() => undefined)
    const own = page?.Versions?.filter(({ Key }) => Key === key) ?? []
    const found = own.find(({ ETag }) => wanted(ETag ?? ''))
    if (found) return found.VersionId
    // Versions are sorted by key: past this key there are no more.
    if (!page?.IsTruncated || page.NextKeyMarker !== key) return undefined
    after = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
  }
}

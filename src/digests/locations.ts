import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type AwsClients, awsClients } from '../aws/clients.ts'
import { awsError, troubleOf } from '../aws/errors.ts'
import type { Identity } from '../aws/identity.ts'
import { readObject } from '../aws/object.ts'
import { parseS3Uri, s3Uri } from '../aws/s3-uri.ts'
import { readError, systemCode } from '../lib/errors.ts'

/** An object as it is stored. */
export interface FoundObject {
  bytes: Uint8Array
  /** S3's user metadata; undefined in a folder, which has none. */
  metadata: Record<string, string> | undefined
}

/** Buckets, or folders with copies of buckets. */
export interface Location {
  /** The objects whose URI begins with `prefix`, in order of their names, after `after`. */
  list(prefix: string, after: string): AsyncIterable<string>
  /** Undefined when the object does not exist. */
  read(uri: string): Promise<FoundObject | undefined>
}

export interface Locations {
  /** The location of a source's objects. */
  of(source: string): Location
  /** The clients of a source's identity. */
  clients(source: string): AwsClients
  close(): void
}

/** @param identityOf the AWS identity for a source's objects, by the source's name in the ledger */
export function openLocations(identityOf: (source: string) => Identity): Locations {
  const made = new Map<string, AwsClients>()
  const clientsOf = (source: string) => {
    const clients = made.get(source) ?? awsClients(identityOf(source))
    made.set(source, clients)
    return clients
  }
  return {
    of: (source) => ({
      list: (prefix, after) =>
        parseS3Uri(prefix) ? listBucket(clientsOf(source), prefix, after) : listFolder(prefix, after),
      read: (uri) => (parseS3Uri(uri) ? readBucket(clientsOf(source), uri) : readFolder(uri)),
    }),
    clients: clientsOf,
    close() {
      for (const clients of made.values()) clients.close()
    },
  }
}

async function* listBucket(clients: AwsClients, prefix: string, after: string): AsyncGenerator<string> {
  const { bucket, key } = parseS3Uri(prefix) as { bucket: string; key: string }
  const s3 = await clients.s3For(bucket)
  const start = parseS3Uri(after)?.key ?? ''
  let ContinuationToken: string | undefined
  do {
    const page = await s3
      .listObjectsV2({
        Bucket: bucket,
        Prefix: key,
        ...(ContinuationToken === undefined ? {} : { ContinuationToken }),
        ...(start === '' ? {} : { StartAfter: start }),
      })
      .catch((thrown) => {
        throw awsError('list', prefix, thrown)
      })
    for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield s3Uri(bucket, Key)
    ContinuationToken = page.IsTruncated ? page.NextContinuationToken : undefined
  } while (ContinuationToken !== undefined)
}

async function readBucket(clients: AwsClients, uri: string): Promise<FoundObject | undefined> {
  const place = parseS3Uri(uri) as { bucket: string; key: string }
  try {
    const { bytes, metadata } = await readObject(await clients.s3For(place.bucket), place)
    return { bytes, metadata }
  } catch (thrown) {
    if (['missing', 'no bucket'].includes(troubleOf(thrown))) return undefined
    throw awsError('read', uri, thrown)
  }
}

async function* listFolder(prefix: string, after: string): AsyncGenerator<string> {
  for await (const file of filesBelow(prefix.replace(/\/$/, ''))) if (file > after) yield file
}

async function* filesBelow(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((thrown) => {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(thrown) ?? '')) return []
    throw readError(folder, thrown)
  })
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* filesBelow(path)
    else if (entry.isFile()) yield path
  }
}

async function readFolder(path: string): Promise<FoundObject | undefined> {
  try {
    if (!(await stat(path)).isFile()) return undefined
    return { bytes: await readFile(path), metadata: undefined }
  } catch (thrown) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(thrown) ?? '')) return undefined
    throw readError(path, thrown)
  }
}

/** Objects that were copied from `from` to `to`. Both end in a slash, or at the end of a name. */
export interface Moved {
  from: string
  to: string
}

/** The location of an object that a digest names by bucket and key. */
export function placeOf(bucket: string, key: string, moved: Moved | undefined): string {
  const uri = s3Uri(bucket, key)
  return moved && uri.startsWith(moved.from) ? moved.to + uri.slice(moved.from.length) : uri
}

/**
 * The copy that a digest lies in: as the configuration says, or by its folder, which can only be a copy. A
 * bucket without such a setting is not a copy, and its digests must lie where they say.
 *
 * @param below the part of the digest's name from `AWSLogs/` on
 */
export function movedOf(
  uri: string,
  below: string,
  { digestS3Bucket, digestS3Object }: { digestS3Bucket: string; digestS3Object: string },
  map: readonly Moved[],
): Moved | undefined {
  const told = map.find(({ to }) => uri.startsWith(to))
  if (told) return told
  if (parseS3Uri(uri) || !digestS3Object.endsWith(below)) return undefined
  const before = digestS3Object.slice(0, digestS3Object.length - below.length)
  return { from: s3Uri(digestS3Bucket, before), to: uri.slice(0, uri.length - below.length) }
}

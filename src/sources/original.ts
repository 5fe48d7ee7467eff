import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { awsClients, type S3 } from '../aws/clients.ts'
import { awsError, troubleOf } from '../aws/errors.ts'
import type { Identity } from '../aws/identity.ts'
import { plainEtag, readObject } from '../aws/object.ts'
import { parseS3Uri } from '../aws/s3-uri.ts'
import { sentence } from '../lib/errors.ts'
import { olderVersion } from './again.ts'
import { locationNamed } from './entries.ts'

/** An object that was read once, with its facts in the ledger. */
export interface KnownOriginal {
  uri: string
  versions: readonly string[]
  /** SHA-256 of each version that was read, in hex. */
  hashes: readonly string[]
}

/** An object's bytes as they were read, or why they no longer exist. */
export type Original = { kind: 'bytes'; bytes: Uint8Array } | { kind: 'gone'; reason: string }

/** Reads an object at its source, and checks that it is unchanged since it was read. */
export async function readOriginal(known: KnownOriginal, identity: Identity): Promise<Original> {
  const place = parseS3Uri(known.uri)
  if (!place && /^[\w-]+:\/\//.test(known.uri))
    return { kind: 'gone', reason: 'its place keeps no objects that could be read again' }
  try {
    const bytes = place ? await fromBucket(place, known, identity) : await fromFile(known.uri)
    if (bytes && known.hashes.includes(createHash('sha256').update(bytes).digest('hex')))
      return { kind: 'bytes', bytes }
    return { kind: 'gone', reason: 'other bytes lie in its place now' }
  } catch (thrown) {
    const told = place ? awsError('read', known.uri, thrown) : thrown
    return { kind: 'gone', reason: sentence(told).split('\n')[0] as string }
  }
}

async function fromFile(name: string): Promise<Uint8Array> {
  // A name that looks like escaped bytes may really be spelled so.
  const path = await stat(name).then(
    () => name,
    () => locationNamed(name),
  )
  return await readFile(path)
}

async function fromBucket(
  { bucket, key }: { bucket: string; key: string },
  { versions }: KnownOriginal,
  identity: Identity,
): Promise<Uint8Array | undefined> {
  const clients = awsClients(identity)
  try {
    const s3: S3 = await clients.s3For(bucket)
    const wanted = (etag: string) => versions.includes(plainEtag(etag))
    const found = await readObject(s3, { bucket, key }).catch((thrown) => {
      if (troubleOf(thrown) === 'missing') return undefined
      throw thrown
    })
    if (found && wanted(found.etag ?? '')) return found.bytes
    const versionId = await olderVersion(s3, bucket, key, wanted)
    if (versionId !== undefined) return (await readObject(s3, { bucket, key, versionId })).bytes
    if (found) return undefined
    throw new Error('the object is not there any more')
  } finally {
    clients.close()
  }
}

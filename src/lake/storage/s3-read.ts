import { createHash } from 'node:crypto'
import { troubleOf } from '../../aws/errors.ts'
import { readObject, saveObject } from '../../aws/object.ts'
import { LakeError } from '../../lib/errors.ts'
import type { StoredFile } from './contract.ts'
import type { S3Objects } from './s3-objects.ts'
import { SHA256 } from './s3-write.ts'

const at = ({ bucket, keyOf }: S3Objects, key: string) => ({ bucket, key: keyOf(key) })

/** The bytes as they were written, or an error. */
export async function readBytes(objects: S3Objects, key: string): Promise<Uint8Array> {
  return await objects.attempt('read', key, async (client) => {
    const { bytes, metadata } = await readObject(client, at(objects, key))
    check(objects.nameOf(key), metadata[SHA256], createHash('sha256').update(bytes).digest('hex'))
    return bytes
  })
}

/** Saves an object as a local file, with the bytes that were written. */
export async function saveFile(objects: S3Objects, key: string, path: string): Promise<void> {
  await objects.attempt('read', key, async (client) => {
    const { sha256, metadata } = await saveObject(client, at(objects, key), path)
    check(objects.nameOf(key), metadata[SHA256], sha256)
  })
}

/**
 * Compares the SHA-256 where the object has one; an object copied by another program may have lost our
 * metadata, and only its length was checked.
 */
function check(file: string, written: string | undefined, read: string): void {
  if (written === undefined || written === read) return
  throw new LakeError('a file of the lake is damaged: its bytes are not those that were written', {
    file,
    remedy:
      'run again; if it stays so, restore an earlier version of that object, or from a backup (`loglake verify` lists every file that is missing or damaged)',
  })
}

/** The size of an object; undefined when there is none. */
export async function sizeOf(objects: S3Objects, key: string): Promise<number | undefined> {
  return await objects.attempt('look up', key, async (client) => {
    try {
      const found = await client.headObject({ Bucket: objects.bucket, Key: objects.keyOf(key) })
      return found.ContentLength ?? 0
    } catch (thrown) {
      if (troubleOf(thrown) === 'missing') return undefined
      throw thrown
    }
  })
}

export async function* listObjects(
  { bucket, prefix, attempt }: S3Objects,
  folderKey: string,
): AsyncGenerator<StoredFile> {
  const Prefix = folderKey === '' ? prefix : `${prefix}${folderKey}/`
  let ContinuationToken: string | undefined
  do {
    const page = await attempt('list', folderKey, (client) =>
      client.listObjectsV2({
        Bucket: bucket,
        Prefix,
        ...(ContinuationToken === undefined ? {} : { ContinuationToken }),
      }),
    )
    for (const { Key = '', Size = 0, LastModified } of page.Contents ?? []) {
      // A folder created in the console is an empty object.
      if (Key.endsWith('/')) continue
      yield { key: Key.slice(prefix.length), bytes: Size, writtenMs: LastModified?.getTime() ?? Date.now() }
    }
    ContinuationToken = page.NextContinuationToken
  } while (ContinuationToken !== undefined)
}

import type { S3 } from '../../aws/clients.ts'
import { awsError } from '../../aws/errors.ts'
import { s3Uri } from '../../aws/s3-uri.ts'
import { decodeKey } from '../notices/key.ts'

/** An object in a listing. */
export interface Entry {
  key: string
  bytes: number
  etag: string
  /** When it was last written, in milliseconds since 1970. */
  writtenMs: number
  /** As in `STANDARD`, `GLACIER`. */
  storageClass: string
}

/** One page of a listing: up to a thousand names. */
export interface Page {
  files: Entry[]
  /** Prefixes, with a slash at the end; none where the listing is recursive. */
  folders: string[]
  next: string | undefined
}

/** A bucket that can be listed. */
export interface Listing {
  /** The first page of a prefix: of one folder, or recursive. */
  first(prefix: string, depth: 'folder' | 'any'): Promise<Page>
  /** A page and all pages after it. */
  from(first: Page, prefix: string, depth: 'folder' | 'any'): AsyncGenerator<Page>
  /** Number of requests so far. */
  requests(): number
}

export function listing(s3: () => Promise<S3>, bucket: string, signal?: AbortSignal): Listing {
  let requests = 0
  async function page(prefix: string, depth: 'folder' | 'any', token?: string): Promise<Page> {
    signal?.throwIfAborted()
    requests++
    try {
      const answer = await (await s3()).listObjectsV2(
        {
          Bucket: bucket,
          Prefix: prefix,
          // A key may hold characters that XML cannot.
          EncodingType: 'url',
          ...(depth === 'folder' ? { Delimiter: '/' } : {}),
          ...(token === undefined ? {} : { ContinuationToken: token }),
        },
        signal ? { abortSignal: signal } : {},
      )
      const plain = (name: string) => (answer.EncodingType === 'url' ? decodeKey(name) : name)
      const files = (answer.Contents ?? []).map(({ Key, Size, ETag, LastModified, StorageClass }) => ({
        key: plain(Key ?? ''),
        bytes: Size ?? 0,
        etag: (ETag ?? '').replaceAll('"', ''),
        writtenMs: LastModified?.getTime() ?? 0,
        storageClass: StorageClass ?? 'STANDARD',
      }))
      return {
        // A folder created in the console is an empty object.
        files: files.filter(({ key, bytes }) => bytes > 0 || !key.endsWith('/')),
        folders: (answer.CommonPrefixes ?? []).map(({ Prefix }) => plain(Prefix ?? '')),
        next: answer.IsTruncated ? answer.NextContinuationToken : undefined,
      }
    } catch (thrown) {
      signal?.throwIfAborted()
      throw awsError('list', s3Uri(bucket, prefix), thrown)
    }
  }
  return {
    first: page,
    async *from(first, prefix, depth) {
      yield first
      for (let last = first; last.next !== undefined; ) {
        last = await page(prefix, depth, last.next)
        yield last
      }
    },
    requests: () => requests,
  }
}

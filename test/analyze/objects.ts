import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** Objects by `bucket/key`. */
export interface Objects {
  get(key: string): Promise<Buffer | undefined>
  put(key: string, bytes: Buffer): Promise<void>
  list(prefix: string): Promise<string[]>
}

export function objectsInMemory(): Objects {
  const kept = new Map<string, Buffer>()
  return {
    get: async (key) => kept.get(key),
    async put(key, bytes) {
      kept.set(key, bytes)
    },
    list: async (prefix) => [...kept.keys()].filter((key) => key.startsWith(prefix)).sort(),
  }
}

/** The same in an S3 that takes requests without a signature, as moto's does. */
export function objectsAt(endpoint: string): Objects {
  const place = (key: string) => `${endpoint}/${key.split('/').map(encodeURIComponent).join('/')}`
  return {
    async get(key) {
      const found = await fetch(place(key))
      return found.ok ? Buffer.from(await found.arrayBuffer()) : undefined
    },
    async put(key, bytes) {
      const put = await fetch(place(key), { method: 'PUT', body: new Uint8Array(bytes) })
      if (!put.ok) throw new Error(`PUT ${key}: ${put.status}`)
    },
    list: async () => [],
  }
}

/** GET, PUT, HEAD and ListObjectsV2 with a path for the bucket, as far as an analysis uses them. */
export async function serveObjects(
  objects: Objects,
  { method }: IncomingMessage,
  response: ServerResponse,
  url: URL,
  body: Buffer,
): Promise<void> {
  const path = decodeURIComponent(url.pathname.slice(1))
  const answer = (status: number, bytes: Buffer | string = '', headers: Record<string, string> = {}) => {
    response.writeHead(status, { 'content-length': String(Buffer.byteLength(bytes)), ...headers })
    response.end(method === 'HEAD' ? undefined : bytes)
  }
  if (method === 'PUT') {
    await objects.put(path, unchunked(body))
    return answer(200, '', { etag: etagOf(body) })
  }
  if (url.searchParams.get('list-type') === '2') {
    const bucket = path.replace(/\/$/, '')
    const keys = await objects.list(`${bucket}/${url.searchParams.get('prefix') ?? ''}`)
    const contents = keys.map(
      (key) => `<Contents><Key>${key.slice(bucket.length + 1)}</Key><Size>1</Size></Contents>`,
    )
    return answer(
      200,
      `<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>false</IsTruncated>${contents.join('')}</ListBucketResult>`,
      { 'content-type': 'application/xml' },
    )
  }
  if (!path.replace(/\/$/, '').includes('/'))
    return answer(200, '', { 'x-amz-bucket-region': 'eu-central-1' })
  const found = await objects.get(path)
  if (!found)
    return answer(404, '<Error><Code>NoSuchKey</Code></Error>', { 'content-type': 'application/xml' })
  return answer(200, found, { etag: etagOf(found) })
}

function etagOf(bytes: Buffer): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`
}

/** A body in signed chunks, as the SDK sends one with a trailing checksum, without what stands around them. */
function unchunked(body: Buffer): Buffer {
  const head = /^([0-9a-f]+)(?:;[^\r]*)?\r\n/i.exec(body.subarray(0, 100).toString('latin1'))
  if (!head) return body
  const parts: Buffer[] = []
  let at = 0
  for (;;) {
    const line = /^([0-9a-f]+)(?:;[^\r]*)?\r\n/i.exec(body.subarray(at, at + 200).toString('latin1'))
    const size = line ? Number.parseInt(line[1] as string, 16) : 0
    if (!line || size === 0) return Buffer.concat(parts)
    at += line[0].length
    parts.push(body.subarray(at, at + size))
    at += size + 2
  }
}

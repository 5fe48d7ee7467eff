import { crc32 } from 'node:zlib'
import type { Bloom } from './bloom.ts'
import type { Storage } from './storage/contract.ts'

/**
 * A filter lies beside its data file as a Puffin file (Iceberg's container for such blobs, puffin-spec.md) with one
 * blob. Other engines ignore it. Where it is missing or damaged, the data file itself is asked: slower, never wrong.
 */
const MAGIC = Buffer.from('PFA1')
const BLOB_TYPE = 'loglake-split-block-bloom-v1'

export function bloomKeyOf(dataKey: string): string {
  return dataKey.replace(/\.parquet$/, '.bloom.puffin')
}

/** The filter as the bytes of a Puffin file. */
export function encodeBloom({ words }: Bloom): Uint8Array {
  const blob = Buffer.alloc(words.length * 4)
  for (let index = 0; index < words.length; index++) blob.writeUInt32LE(words[index] as number, index * 4)
  const payload = Buffer.from(
    JSON.stringify({
      blobs: [
        {
          type: BLOB_TYPE,
          fields: [],
          'snapshot-id': -1,
          'sequence-number': -1,
          offset: MAGIC.length,
          length: blob.length,
          // A lost bit would be a repeat not found.
          properties: { crc32: String(crc32(blob)) },
        },
      ],
    }),
  )
  const tail = Buffer.alloc(8)
  tail.writeInt32LE(payload.length, 0)
  return Buffer.concat([MAGIC, blob, MAGIC, payload, tail, MAGIC])
}

/** The filter of a Puffin file; undefined when there is none in it that we know. */
export function decodeBloom(bytes: Uint8Array): Bloom | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  if (file.length < 20 || !file.subarray(-4).equals(MAGIC) || !file.subarray(0, 4).equals(MAGIC))
    return undefined
  const length = file.readInt32LE(file.length - 12)
  const start = file.length - 12 - length
  if (length < 0 || start < 4) return undefined
  try {
    const { blobs } = JSON.parse(file.toString('utf8', start, start + length)) as {
      blobs: { type: string; offset: number; length: number; properties?: { crc32?: string } }[]
    }
    const blob = blobs.find(({ type }) => type === BLOB_TYPE)
    if (!blob || blob.length % 32 !== 0 || blob.length === 0 || blob.offset + blob.length > start)
      return undefined
    if (String(crc32(file.subarray(blob.offset, blob.offset + blob.length))) !== blob.properties?.crc32)
      return undefined
    const words = new Uint32Array(blob.length / 4)
    for (let index = 0; index < words.length; index++)
      words[index] = file.readUInt32LE(blob.offset + index * 4)
    return { words }
  } catch {
    return undefined
  }
}

export async function readBloom(storage: Storage, key: string): Promise<Bloom | undefined> {
  const bytes = await storage.find(key)
  return bytes && decodeBloom(bytes)
}

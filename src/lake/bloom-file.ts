import { crc32 } from 'node:zlib'
import type { Bloom } from './bloom.ts'
import { MAGIC, puffinBlobs, puffinFooter } from './puffin.ts'
import type { Storage } from './storage/contract.ts'

/**
 * A Bloom filter is stored next to its data file, as a Puffin file with one blob. Other engines ignore it.
 * When it is missing or damaged, or holds other columns, the data file itself is read: slower, never wrong.
 */
const BLOB_TYPE = 'loglake-split-block-bloom-v2'

export function bloomKeyOf(dataKey: string): string {
  return dataKey.replace(/\.parquet$/, '.bloom.puffin')
}

/**
 * Encodes the filter as a Puffin file.
 *
 * @param columns the names of the columns whose values it holds, as one text
 */
export function encodeBloom({ words }: Bloom, columns: string): Uint8Array {
  const blob = Buffer.alloc(words.length * 4)
  for (let index = 0; index < words.length; index++) blob.writeUInt32LE(words[index] as number, index * 4)
  // A lost bit would hide a duplicate.
  const properties = { crc32: String(crc32(blob)), columns }
  const described = { type: BLOB_TYPE, fields: [], offset: MAGIC.length, length: blob.length, properties }
  return Buffer.concat([MAGIC, blob, puffinFooter([described])])
}

/** Decodes the filter of a Puffin file; undefined when the file has none for these columns. */
export function decodeBloom(bytes: Uint8Array, columns: string): Bloom | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const blob = puffinBlobs(file)?.find(({ type }) => type === BLOB_TYPE)
  if (!blob || blob.length % 32 !== 0 || blob.length === 0) return undefined
  if (blob.properties?.columns !== columns) return undefined
  if (String(crc32(file.subarray(blob.offset, blob.offset + blob.length))) !== blob.properties.crc32)
    return undefined
  const words = new Uint32Array(blob.length / 4)
  for (let index = 0; index < words.length; index++) words[index] = file.readUInt32LE(blob.offset + index * 4)
  return { words }
}

export async function readBloom(storage: Storage, key: string, columns: string): Promise<Bloom | undefined> {
  const bytes = await storage.find(key)
  return bytes && decodeBloom(bytes, columns)
}

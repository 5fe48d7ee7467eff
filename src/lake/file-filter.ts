import { endianness } from 'node:os'
import { crc32 } from 'node:zlib'
import { type Bloom, bloomMayHold, bloomOf, type Hashes } from './bloom.ts'
import { type AskedKeys, type Fuse, fuseHolds, fuseOf } from './fuse.ts'
import { MAGIC, puffinBlobs, puffinFooter } from './puffin.ts'
import type { Storage } from './storage/contract.ts'

/**
 * The filter of a data file's keys, stored next to it as a Puffin file with one blob. Other engines ignore
 * it. When it is missing or damaged, or holds other columns, the data file itself is read: slower, never
 * wrong.
 */
export type FileFilter = Fuse | Bloom

const FUSE = 'loglake-binary-fuse-v1'
const BLOOM = 'loglake-split-block-bloom-v2'

export function filterKeyOf(dataKey: string): string {
  return dataKey.replace(/\.parquet$/, '.bloom.puffin')
}

export function filterOf(hashes: Hashes): FileFilter {
  return fuseOf(hashes) ?? bloomOf(hashes)
}

/** The keys, by number, that the file may hold; it certainly has none of the others. */
export function heldBy(filter: FileFilter, asked: AskedKeys): number[] {
  if (filter.kind === 'fuse') return fuseHolds(filter, asked)
  const { hashes } = asked
  const held: number[] = []
  for (let at = 0; at < hashes.length; at += 2)
    if (bloomMayHold(filter, hashes[at] as number, hashes[at + 1] as number)) held.push(at / 2)
  return held
}

/** The memory that a filter takes. */
export function bytesOf(filter: FileFilter): number {
  return filter.kind === 'fuse' ? filter.low.byteLength + filter.high.byteLength : filter.words.byteLength
}

/**
 * Encodes the filter as a Puffin file.
 *
 * @param columns the names of the columns whose values it holds, as one text
 */
export function encodeFilter(filter: FileFilter, columns: string): Uint8Array {
  const isFuse = filter.kind === 'fuse'
  const blob = isFuse ? encodedFuse(filter) : stored(filter.words)
  // A lost bit would hide a duplicate.
  const properties = { crc32: String(crc32(blob)), columns }
  const type = isFuse ? FUSE : BLOOM
  const described = { type, fields: [], offset: MAGIC.length, length: blob.length, properties }
  return Buffer.concat([MAGIC, blob, puffinFooter([described])])
}

/** Decodes the filter of a Puffin file; undefined when the file has none for these columns. */
export function decodeFilter(bytes: Uint8Array, columns: string): FileFilter | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const found = puffinBlobs(file)?.find(({ type }) => type === FUSE || type === BLOOM)
  if (found?.properties?.columns !== columns) return undefined
  const blob = file.subarray(found.offset, found.offset + found.length)
  if (String(crc32(blob)) !== found.properties.crc32) return undefined
  return found.type === FUSE ? decodeFuse(blob) : decodeBloom(blob)
}

/** Two numbers before the slots: segments and seed. */
const HEAD_BYTES = 8

function encodedFuse({ segments, seed, low, high }: Fuse): Buffer {
  return Buffer.concat([stored(Uint32Array.of(segments, seed)), stored(low), high])
}

function decodeFuse(blob: Buffer): Fuse | undefined {
  const slots = (blob.length - HEAD_BYTES) / 3
  if (slots < 1 || !Number.isInteger(slots)) return undefined
  const [segments = 0, seed = 0] = load(Uint32Array, blob.subarray(0, HEAD_BYTES))
  const segmentLength = slots / (segments + 2)
  if (segments === 0 || !Number.isInteger(Math.log2(segmentLength))) return undefined
  const low = load(Uint16Array, blob.subarray(HEAD_BYTES, HEAD_BYTES + slots * 2))
  const high = new Uint8Array(blob.buffer, blob.byteOffset + HEAD_BYTES + slots * 2, slots)
  return { kind: 'fuse', segmentLength, segments, seed, low, high }
}

function decodeBloom(blob: Buffer): Bloom | undefined {
  if (blob.length % 32 !== 0 || blob.length === 0) return undefined
  return { kind: 'bloom', words: load(Uint32Array, blob) }
}

const IS_LITTLE = endianness() === 'LE'

/** Numbers as they are stored, least byte first. */
function stored(numbers: Uint16Array | Uint32Array): Buffer {
  const bytes = Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength)
  return IS_LITTLE ? bytes : swapped(Buffer.from(bytes), numbers.BYTES_PER_ELEMENT)
}

/** The numbers in these bytes: the bytes themselves where they can be, since a commit reads many filters. */
function load<Numbers extends Uint16Array | Uint32Array>(
  Kind: { new (buffer: ArrayBufferLike, offset: number, length: number): Numbers; BYTES_PER_ELEMENT: number },
  blob: Buffer,
): Numbers {
  const size = Kind.BYTES_PER_ELEMENT
  const isInPlace = IS_LITTLE && blob.byteOffset % size === 0
  const bytes = isInPlace ? blob : Buffer.from(new Uint8Array(blob).buffer)
  if (!IS_LITTLE) swapped(bytes, size)
  return new Kind(bytes.buffer, bytes.byteOffset, bytes.length / size)
}

function swapped(bytes: Buffer, size: number): Buffer {
  return size === 2 ? bytes.swap16() : bytes.swap32()
}

export async function readFilter(
  storage: Storage,
  key: string,
  columns: string,
): Promise<FileFilter | undefined> {
  const bytes = await storage.find(key)
  return bytes && decodeFilter(bytes, columns)
}

import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { BLOCK_BYTES, blockNumber, putIntoBlock } from '../bloom.ts'
import type { Storage } from '../storage/contract.ts'
import { ENTRY_BYTES, isSealed, PAGE_ENTRIES, rowBytes, valuesBytes } from './group-file.ts'
import type { Group, KeyFilter } from './listing.ts'

/** Distinct values of a file up to which their hashes are kept; above it, the file has a Bloom filter. */
export const FEW = 5000
/** Least bits a value of a filter. Numbers of blocks are powers of two, so the average is a third more. */
const LEAST_BITS = 12

/** Rows of a group whose checksums are verified at once. */
const ROWS_CHECKED = 2048

/** The values of one key in one data file, while the filters of its group are made. */
export type Source =
  | { kind: 'values'; hashes: BigUint64Array }
  | {
      kind: 'bloom'
      blocks: number
      /** Reads the file's blocks `from` to `to`, without the last. */
      read(from: number, to: number): Promise<Buffer>
    }

export function blocksFor(values: number): number {
  return 2 ** Math.max(0, Math.ceil(Math.log2((values * LEAST_BITS) / (BLOCK_BYTES * 8))))
}

/**
 * A source from the hashes of a new data file. Many hashes go to a file in the workplace, so that memory does
 * not grow with the group.
 */
export async function sourceOf(hashes: BigUint64Array, place: string, name: string): Promise<Source> {
  const different = sortedOnce(hashes)
  if (different.length <= FEW) return { kind: 'values', hashes: different }
  const blocks = blocksFor(different.length)
  const bytes = Buffer.alloc(blocks * BLOCK_BYTES)
  for (const hash of different) put(bytes, 0, blocks, hash)
  const path = join(place, name)
  const file = await open(path, 'wx')
  try {
    await file.writeFile(bytes)
  } finally {
    await file.close()
  }
  return { kind: 'bloom', blocks, read: (from, to) => readFrom(path, from * BLOCK_BYTES, to * BLOCK_BYTES) }
}

function put(bytes: Buffer, first: number, blocks: number, hash: bigint): void {
  const block = blockNumber(Number(hash >> 32n), blocks) - first
  putIntoBlock(bytes, block * BLOCK_BYTES, Number(hash & 0xffffffffn))
}

function sortedOnce(hashes: BigUint64Array): BigUint64Array {
  hashes.sort()
  let count = 0
  for (let at = 0; at < hashes.length; at++)
    if (at === 0 || hashes[at] !== hashes[at - 1]) hashes[count++] = hashes[at] as bigint
  return hashes.subarray(0, count)
}

async function readFrom(path: string, from: number, to: number): Promise<Buffer> {
  let file: FileHandle | undefined
  try {
    file = await open(path, 'r')
    const bytes = Buffer.alloc(to - from)
    await file.read(bytes, 0, bytes.length, from)
    return bytes
  } finally {
    await file?.close()
  }
}

/**
 * The sources of one key for each file of an older group, so that groups are merged without reading data
 * files. Undefined when the group's file is missing or damaged anywhere.
 */
export async function sourcesIn(
  storage: Storage,
  folder: string,
  group: Group,
  filter: KeyFilter,
): Promise<Source[] | undefined> {
  const key = `${folder}/metadata/${group.file}`
  const count = group.files.length
  const read = async (from: number, length: number) => {
    if (length === 0) return Buffer.alloc(0)
    const bytes = await storage.readPart(key, filter.offset + from, length)
    if (bytes.length !== length) throw new Error(`${key} is cut`)
    return Buffer.from(bytes.buffer, bytes.byteOffset, length)
  }
  try {
    if (filter.kind === 'values') return valuesIn(await read(0, valuesBytes(filter.entries)), filter, count)
    if (!(await areSealed(read, filter.blocks, count))) return undefined
  } catch {
    return undefined
  }
  const row = rowBytes(count)
  // Blocks of many files lie together, so each range is read once for all of them.
  let last: { from: number; to: number; rows: Promise<Buffer> } | undefined
  const rowsOf = (from: number, to: number) => {
    if (last?.from !== from || last.to !== to) last = { from, to, rows: read(from * row, (to - from) * row) }
    return last.rows
  }
  return group.files.map((_, at) => ({
    kind: 'bloom',
    blocks: filter.blocks,
    async read(from, to) {
      const rows = await rowsOf(from, to)
      const own = Buffer.alloc((to - from) * BLOCK_BYTES)
      for (let block = 0; block < to - from; block++) {
        const start = block * row + at * BLOCK_BYTES
        rows.copy(own, block * BLOCK_BYTES, start, start + BLOCK_BYTES)
      }
      return own
    },
  }))
}

/** Verified first, because a lost bit would be copied under a valid checksum. */
async function areSealed(
  read: (from: number, length: number) => Promise<Buffer>,
  blocks: number,
  files: number,
): Promise<boolean> {
  const row = rowBytes(files)
  for (let from = 0; from < blocks; from += ROWS_CHECKED) {
    const to = Math.min(blocks, from + ROWS_CHECKED)
    const rows = await read(from * row, (to - from) * row)
    for (let block = from; block < to; block++)
      if (!isSealed(rows, (block - from) * row, row - 4, block)) return false
  }
  return true
}

function valuesIn(bytes: Buffer, { entries }: { entries: number }, files: number): Source[] | undefined {
  const found: bigint[][] = Array.from({ length: files }, () => [])
  let at = 0
  for (let first = 0; first < entries; first += PAGE_ENTRIES) {
    const end = at + Math.min(PAGE_ENTRIES, entries - first) * ENTRY_BYTES
    if (!isSealed(bytes, at, end - at, first / PAGE_ENTRIES)) return undefined
    for (; at < end; at += ENTRY_BYTES) {
      const hash = bytes.readBigUInt64LE(at)
      const bits = bytes.readBigUInt64LE(at + 8)
      for (let file = 0; file < files; file++)
        if ((bits >> BigInt(file)) & 1n) (found[file] as bigint[]).push(hash)
    }
    at += 4
  }
  return found.map((hashes) => ({ kind: 'values', hashes: BigUint64Array.from(hashes) }))
}

/**
 * Blocks `from` to `to` of a filter with `blocks` blocks, which are more than the source's own. Each own
 * block is repeated, so a look-up in any of its copies finds the keys that the block holds.
 */
export async function blocksAs(source: Source, blocks: number, from: number, to: number): Promise<Buffer> {
  const bytes = Buffer.alloc((to - from) * BLOCK_BYTES)
  if (source.kind === 'values') {
    for (const hash of source.hashes) {
      const block = blockNumber(Number(hash >> 32n), blocks)
      if (block >= from && block < to) put(bytes, from, blocks, hash)
    }
    return bytes
  }
  const times = blocks / source.blocks
  const first = Math.floor(from / times)
  const own = await source.read(first, Math.ceil(to / times))
  for (let block = from; block < to; block++) {
    const at = (Math.floor(block / times) - first) * BLOCK_BYTES
    own.copy(bytes, (block - from) * BLOCK_BYTES, at, at + BLOCK_BYTES)
  }
  return bytes
}

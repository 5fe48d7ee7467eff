import { crc32 } from 'node:zlib'
import { BLOCK_BYTES, blockMayHold, blockNumber } from '../bloom.ts'
import type { Storage } from '../storage/contract.ts'
import type { Group, KeyFilter } from './listing.ts'

/**
 * The layout of a group's file. One short read finds which of the group's files may have a value.
 *
 * `bloom`: filters with the same number of blocks, stored row by row: row n has block n of every file, and a
 * checksum.
 * `values`: the sorted hashes of all values, each with the files that have it, in pages with a checksum.
 * Hashes are spread evenly, so the page of a hash is known within a few pages.
 */
export const MAX_FILES = 64
export const ENTRY_BYTES = 16
export const PAGE_ENTRIES = 256
const CHECK_BYTES = 4
const PAGE_BYTES = PAGE_ENTRIES * ENTRY_BYTES + CHECK_BYTES

export function rowBytes(files: number): number {
  return files * BLOCK_BYTES + CHECK_BYTES
}

/** Bytes of all entries with the checksums of their pages. */
export function valuesBytes(entries: number): number {
  return entries * ENTRY_BYTES + Math.ceil(entries / PAGE_ENTRIES) * CHECK_BYTES
}

/**
 * Adds the checksum of a row or a page. It covers the bytes and the number, so that one page is never taken
 * for another.
 */
export function seal(bytes: Buffer, from: number, length: number, number: number): void {
  bytes.writeUInt32LE(crc32(bytes.subarray(from, from + length), number), from + length)
}

export function isSealed(bytes: Buffer, from: number, length: number, number: number): boolean {
  return bytes.readUInt32LE(from + length) === crc32(bytes.subarray(from, from + length), number)
}

/**
 * The files of a group that may hold a value, as bits; undefined when the group's file is missing, cut or
 * damaged.
 *
 * @param folder the table's folder, relative to the lake's root
 */
export async function filesThatMayHold(
  storage: Storage,
  folder: string,
  { file, files }: Group,
  filter: KeyFilter,
  hash: bigint,
): Promise<bigint | undefined> {
  const key = `${folder}/metadata/${file}`
  const read = async (from: number, length: number) => {
    const bytes = await storage.readPart(key, filter.offset + from, length)
    return bytes.length === length ? Buffer.from(bytes.buffer, bytes.byteOffset, length) : undefined
  }
  try {
    return filter.kind === 'bloom'
      ? await inRow(read, files.length, filter.blocks, hash)
      : await inValues(read, filter.entries, hash)
  } catch {
    return undefined
  }
}

type Read = (from: number, length: number) => Promise<Buffer | undefined>

async function inRow(read: Read, files: number, blocks: number, hash: bigint): Promise<bigint | undefined> {
  const row = blockNumber(Number(hash >> 32n), blocks)
  const length = rowBytes(files)
  const bytes = await read(row * length, length)
  if (!bytes || !isSealed(bytes, 0, files * BLOCK_BYTES, row)) return undefined
  const low = Number(hash & 0xffffffffn)
  let found = 0n
  for (let file = 0; file < files; file++)
    if (blockMayHold(bytes, file * BLOCK_BYTES, low)) found |= 1n << BigInt(file)
  return found
}

/** Standard deviations around the expected position of a hash that are read. */
const SPREAD = 3

async function inValues(read: Read, entries: number, hash: bigint): Promise<bigint | undefined> {
  if (entries === 0) return 0n
  const pages = Math.ceil(entries / PAGE_ENTRIES)
  const place = (Number(hash) / 2 ** 64) * entries
  const pageAt = (entry: number) => Math.min(pages - 1, Math.max(0, Math.floor(entry / PAGE_ENTRIES)))
  const [from, to] = [-1, 1].map((way) => pageAt(place + way * SPREAD * Math.sqrt(entries))) as [
    number,
    number,
  ]
  const near = await inPages(read, entries, from, to, hash)
  if (near !== 'elsewhere') return near
  const all = await inPages(read, entries, 0, pages - 1, hash)
  return all === 'elsewhere' ? undefined : all
}

async function inPages(
  read: Read,
  entries: number,
  from: number,
  to: number,
  hash: bigint,
): Promise<bigint | 'elsewhere' | undefined> {
  const last = Math.ceil(entries / PAGE_ENTRIES) - 1
  const size = (page: number) => Math.min(PAGE_ENTRIES, entries - page * PAGE_ENTRIES) * ENTRY_BYTES
  const bytes = await read(from * PAGE_BYTES, (to - from) * PAGE_BYTES + size(to) + CHECK_BYTES)
  if (!bytes) return undefined
  let found = 0n
  for (let page = from; page <= to; page++) {
    const start = (page - from) * PAGE_BYTES
    if (!isSealed(bytes, start, size(page), page)) return undefined
    for (let at = start; at < start + size(page); at += ENTRY_BYTES) {
      const value = bytes.readBigUInt64LE(at)
      if (value === hash) found |= bytes.readBigUInt64LE(at + 8)
    }
  }
  if (found !== 0n) return found
  const end = (to - from) * PAGE_BYTES + size(to) - ENTRY_BYTES
  const isBefore = from > 0 && bytes.readBigUInt64LE(0) > hash
  const isBehind = to < last && bytes.readBigUInt64LE(end) < hash
  return isBefore || isBehind ? 'elsewhere' : 0n
}

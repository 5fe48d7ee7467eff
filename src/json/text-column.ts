/// <reference lib="es2024.string" />
import { doubled } from './arrays.ts'

/** Whether a column can hold a value: given as it is written and, for a text with escapes, decoded. */
export interface Check {
  holds(written: Buffer, meant: Buffer | undefined): boolean
  /** A value without a backslash passes. */
  onlyEscaped?: true
}

/** Distinct values of a column, and which of them each row has. */
export interface TextColumn {
  /** By row: one more than the number of its value, 0 for none. */
  codes: Int32Array
  /** The number of distinct values. */
  count: number
  /** Each value after its length in four bytes, as in a dictionary page of Parquet. */
  bytes: Buffer
  view: DataView
  /** By value: the offset of its length. */
  offsets: Int32Array
  hashes: Int32Array
  /** Values by hash, with open addressing: one more than the number of the value, 0 for an empty slot. */
  slots: Int32Array
  /** Bytes used. */
  size: number
  /** Decoded texts of values that were written with escapes. */
  decoded: Map<number, Buffer>
  /** By hash of the preceding values in a record: the value that followed last time. */
  guesses: Int32Array
  json: boolean
  check: Check | undefined
  /** Whether values were added without a look-up; then all later ones are too. */
  isLoose: boolean
}

export const GUESSES = 1024

/** 16 MiB of distinct values in a column: an object with more is not taken, because memory is bounded. */
const MAX_BYTES = 16 << 20

/** @param rows the number of rows it has room for */
export function emptyText(json: boolean, check: Check | undefined, rows: number): TextColumn {
  const bytes = Buffer.alloc(1 << 12)
  return {
    codes: new Int32Array(rows),
    count: 0,
    bytes,
    view: viewOf(bytes),
    offsets: new Int32Array(256),
    hashes: new Int32Array(256),
    slots: new Int32Array(1024),
    size: 0,
    decoded: new Map(),
    guesses: new Int32Array(GUESSES),
    json,
    check,
    isLoose: false,
  }
}

export function viewOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length)
}

/** Forgets all values. */
export function clearText(column: TextColumn): void {
  column.count = 0
  column.size = 0
  column.isLoose = false
  column.slots.fill(0)
  column.guesses.fill(0)
  column.decoded.clear()
}

/**
 * Puts the bytes from `start` to `end` into a row: a text without its quotes, or JSON as it is written.
 *
 * @returns the value's code, or 0 when it is refused
 */
export function put(
  column: TextColumn,
  row: number,
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
  hash: number,
): number {
  const { slots, hashes } = column
  const mask = slots.length - 1
  let slot = hash & mask
  for (;;) {
    const code = slots[slot] as number
    if (code === 0) break
    if (hashes[code - 1] === hash && isThere(column, code, bytes, view, start) === end) {
      column.codes[row] = code
      return code
    }
    slot = (slot + 1) & mask
  }
  if (!insert(column, hash, slot, bytes, view, start, end)) return 0
  column.codes[row] = column.count
  return column.count
}

/** Whether nearly every value so far was new, so that looking up the next one is not worth it. */
export function isNew({ isLoose, count }: TextColumn, row: number): boolean {
  return isLoose || (count > 2048 && count > row * 0.75)
}

/** Like `put`, for a value that is not looked up among the others. */
export function putNew(
  column: TextColumn,
  row: number,
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
): number {
  if (!insert(column, 0, -1, bytes, view, start, end)) return 0
  column.isLoose = true
  column.codes[row] = column.count
  return column.count
}

/** Puts a text into a row without a look-up. @returns its code, or 0 when there is no room */
export function append(column: TextColumn, row: number, text: string): number {
  const max = column.size + 4 + text.length * 3
  if (max > MAX_BYTES && column.size + 4 + Buffer.byteLength(text) > MAX_BYTES) return 0
  while (max > column.bytes.length) widen(column)
  const length = column.bytes.write(text, column.size + 4, 'utf8')
  column.view.setInt32(column.size, length, true)
  if (column.count === column.offsets.length) growOffsets(column)
  column.offsets[column.count] = column.size
  column.size += 4 + length
  column.isLoose = true
  column.codes[row] = ++column.count
  return column.count
}

/** A hash of bytes, four at a time. */
export function hashOf(bytes: Uint8Array, view: DataView, start: number, end: number): number {
  let hash = FIRST_HASH
  let at = start
  for (; at + 4 <= end; at += 4) hash = addToHash(hash, view.getInt32(at, true))
  for (; at < end; at++) hash = addToHash(hash, bytes[at] as number)
  return lastOfHash(hash, end - start)
}

const FIRST_HASH = 0x11c9dc5

function addToHash(hash: number, word: number): number {
  return Math.imul(((hash << 13) | (hash >>> 19)) ^ word, 0x9e3779b1)
}

function lastOfHash(hash: number, length: number): number {
  hash ^= length
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b)
  return hash ^ (hash >>> 13)
}

/** The index after the value when it begins at `start`; -1 when it does not. */
export function isThere(
  { bytes: own, view: ownView, offsets }: TextColumn,
  code: number,
  bytes: Uint8Array,
  view: DataView,
  start: number,
): number {
  let mine = offsets[code - 1] as number
  const length = ownView.getInt32(mine, true)
  const end = start + length
  if (end > bytes.length) return -1
  mine += 4
  // Compared as floating-point numbers, which V8 reads without allocating; a pattern that is NaN only costs
  // time.
  let at = start
  for (; at + 8 <= end; at += 8, mine += 8) {
    if (ownView.getFloat64(mine, true) !== view.getFloat64(at, true)) return -1
  }
  if (at === end) return end
  if (length >= 8) {
    // Reads the last eight bytes once more, instead of up to seven one by one.
    const back = end - 8 - at
    return ownView.getFloat64(mine + back, true) === view.getFloat64(end - 8, true) ? end : -1
  }
  for (; at < end; at++, mine++) if (own[mine] !== bytes[at]) return -1
  return end
}

function insert(
  column: TextColumn,
  hash: number,
  slot: number,
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
): boolean {
  const length = end - start
  if (column.size + 4 + length > MAX_BYTES) return false
  while (column.size + 8 + length > column.bytes.length) widen(column)
  const { bytes: own, view: ownView } = column
  ownView.setInt32(column.size, length, true)
  let to = column.size + 4
  let at = start
  // Which of four bytes are below a space, or a backslash: the high bit of each.
  let control = 0
  let escaped = 0
  for (; at + 4 <= end; at += 4, to += 4) {
    const word = view.getInt32(at, true)
    control |= (word - 0x20202020) & ~word
    const backslash = word ^ 0x5c5c5c5c
    escaped |= (backslash - 0x01010101) & ~backslash
    ownView.setInt32(to, word, true)
  }
  for (; at < end; at++, to++) {
    const byte = bytes[at] as number
    if (byte < 0x20) control = HIGH_BITS
    if (byte === BACKSLASH) escaped = HIGH_BITS
    own[to] = byte
  }
  if (!column.json) {
    if ((control & HIGH_BITS) !== 0) return false
    if ((escaped & HIGH_BITS) !== 0) {
      const text = decode(bytes, start, end)
      if (text === undefined) return false
      column.decoded.set(column.count, text)
    }
  }
  if (column.check !== undefined && !isHeld(column, bytes, start, end, escaped)) return false
  if (column.count === column.offsets.length) growOffsets(column)
  column.offsets[column.count] = column.size
  column.hashes[column.count] = hash
  column.size += 4 + length
  column.count++
  if (slot < 0) return true
  column.slots[slot] = column.count
  if (column.count * 2 > column.slots.length) rehash(column)
  return true
}

/** Whether the column's check accepts a value. */
function isHeld(column: TextColumn, bytes: Uint8Array, start: number, end: number, escaped: number): boolean {
  const { check, decoded, count } = column
  if (check === undefined || ((escaped & HIGH_BITS) === 0 && check.onlyEscaped)) return true
  const written = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start)
  let holds = false
  try {
    holds = check.holds(written, decoded.get(count))
  } finally {
    if (!holds) decoded.delete(count)
  }
  return holds
}

const BACKSLASH = 0x5c
const HIGH_BITS = 0x80808080 | 0

function growOffsets(column: TextColumn): void {
  column.offsets = doubled(column.offsets)
  column.hashes = doubled(column.hashes)
}

function widen(column: TextColumn): void {
  const bytes = Buffer.alloc(column.bytes.length * 2)
  bytes.set(column.bytes.subarray(0, column.size))
  column.bytes = bytes
  column.view = viewOf(bytes)
}

function rehash(column: TextColumn): void {
  const slots = new Int32Array(column.slots.length * 4)
  const mask = slots.length - 1
  for (let value = 0; value < column.count; value++) {
    let slot = (column.hashes[value] as number) & mask
    while (slots[slot] !== 0) slot = (slot + 1) & mask
    slots[slot] = value + 1
  }
  column.slots = slots
}

/**
 * The decoded form of a text with escapes; undefined when readers disagree on it: half a surrogate pair, or a
 * NUL.
 */
function decode(bytes: Uint8Array, start: number, end: number): Buffer | undefined {
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start)
  try {
    const text: unknown = JSON.parse(`"${raw.toString('utf8')}"`)
    // A replacement character may stand for bytes that are not UTF-8, which DuckDB has to judge.
    if (typeof text !== 'string' || text.includes('\0') || text.includes('\ufffd') || !text.isWellFormed())
      return undefined
    return Buffer.from(text)
  } catch {
    return undefined
  }
}

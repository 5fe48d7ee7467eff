/// <reference lib="es2024.string" />
/**
 * Values of many records, column by column, each distinct one kept once. In logs almost every value was there before:
 * a record costs a look-up and a comparison of bytes per field, and no memory to speak of.
 *
 * What is taken here must come out as DuckDB's JSON reader would give it. Whatever is in doubt is refused, and the
 * object's records go to that reader as they are.
 */
export interface Columns {
  rows: number
  leaves: readonly Leaf[]
  /** Of the leaves that are no times or numbers, by the leaf's number. */
  texts: (TextColumn | undefined)[]
  /** Of the leaves that are, microseconds since 1970 by row, and of those that are numbers; NaN for none. */
  times: (Float64Array | undefined)[]
  /** The same number for rows that are alike. */
  clusters: Uint32Array
  capacity: number
  /** Whether there are values of rows that were taken out again. */
  leftovers: boolean
}

/** A field of a record that holds a value of its own. */
export interface Leaf {
  path: readonly string[]
  kind: 'text' | 'json' | 'time' | 'number'
  /** What its new values must be, beside that. */
  check?: Check | undefined
}

/** Whether a value may be in a column: as it is written, and as what it means where it is a text with escapes. */
export interface Check {
  holds(written: Buffer, meant: Buffer | undefined): boolean
  /** A value without a backslash passes. */
  onlyEscaped?: true
}

export interface TextColumn {
  /** By row: one more than the number of its value, 0 for none. */
  codes: Int32Array
  /** How many distinct values there are. */
  count: number
  /** Each of them behind its length in four bytes, as in a dictionary page of Parquet. */
  bytes: Buffer
  view: DataView
  /** By value: where its length is. */
  places: Int32Array
  hashes: Int32Array
  /** Values by hash, open addressing: one more than the number of the value, 0 for an empty slot. */
  slots: Int32Array
  /** Bytes used. */
  size: number
  /** Texts that were written with escapes, by value, as what they mean. */
  decoded: Map<number, Buffer>
  /** By what came before in a record: the value that came then. */
  guesses: Int32Array
  json: boolean
  check: Check | undefined
  /** Whether values were added that are not looked for: then none is any more. */
  isLoose: boolean
}

export const GUESSES = 1024

/** An object with more rows than this, or more bytes of distinct values in a column, is not taken: memory is bounded. */
const MOST_ROWS = 1 << 17
const MOST_BYTES = 16 << 20
const FIRST_ROWS = 1 << 15

export function emptyColumns(leaves: readonly Leaf[]): Columns {
  return {
    rows: 0,
    leaves,
    texts: leaves.map(({ kind, check }) => (isNumber(kind) ? undefined : emptyText(kind === 'json', check))),
    times: leaves.map(({ kind }) =>
      isNumber(kind) ? new Float64Array(FIRST_ROWS).fill(Number.NaN) : undefined,
    ),
    clusters: new Uint32Array(FIRST_ROWS),
    capacity: FIRST_ROWS,
    leftovers: false,
  }
}

function isNumber(kind: Leaf['kind']): boolean {
  return kind === 'time' || kind === 'number'
}

function emptyText(json: boolean, check: Check | undefined): TextColumn {
  const bytes = Buffer.alloc(1 << 12)
  return {
    codes: new Int32Array(FIRST_ROWS),
    count: 0,
    bytes,
    view: viewOf(bytes),
    places: new Int32Array(256),
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

/** Makes room for one more row; false when there are as many as may be. */
export function roomForRow(columns: Columns): boolean {
  if (columns.rows < columns.capacity) return true
  if (columns.capacity >= MOST_ROWS) return false
  const capacity = columns.capacity * 2
  for (const column of columns.texts) {
    if (column) column.codes = copyInto(new Int32Array(capacity), column.codes)
  }
  columns.times = columns.times.map(
    (times) => times && copyInto(new Float64Array(capacity).fill(Number.NaN), times),
  )
  columns.clusters = copyInto(new Uint32Array(capacity), columns.clusters)
  columns.capacity = capacity
  return true
}

function copyInto<T extends Int32Array | Uint32Array | Float64Array>(wider: T, old: T): T {
  wider.set(old)
  return wider
}

/** Takes the rows behind the first `rows` out again; their values stay, unused. */
export function takeBack(columns: Columns, rows: number): void {
  for (const column of columns.texts) column?.codes.fill(0, rows, columns.rows + 1)
  for (const times of columns.times) times?.fill(Number.NaN, rows, columns.rows + 1)
  columns.rows = rows
  columns.leftovers = true
}

/** Empties the columns for the next rows. */
export function clear(columns: Columns): void {
  takeBack(columns, 0)
  columns.leftovers = false
  for (const column of columns.texts) {
    if (!column || column.count === 0) continue
    column.count = 0
    column.size = 0
    column.isLoose = false
    column.slots.fill(0)
    column.guesses.fill(0)
    column.decoded.clear()
  }
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

/** Whether nearly every value so far was a new one: looking for the next is in vain. */
export function isNew({ isLoose, count }: TextColumn, row: number): boolean {
  return isLoose || (count > 2048 && count > row * 0.75)
}

/** As `put`, for a value that is not looked for among the others. */
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

/** Puts a text into a row without looking for it among the others. @returns its code, or 0 when there is no room */
export function append(column: TextColumn, row: number, text: string): number {
  const most = column.size + 4 + text.length * 3
  if (most > MOST_BYTES && column.size + 4 + Buffer.byteLength(text) > MOST_BYTES) return 0
  while (most > column.bytes.length) widen(column)
  const length = column.bytes.write(text, column.size + 4, 'utf8')
  column.view.setInt32(column.size, length, true)
  if (column.count === column.places.length) morePlaces(column)
  column.places[column.count] = column.size
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

/** The index after a value when it is what begins at `start`; -1 when it is not. */
export function isThere(
  { bytes: own, view: ownView, places }: TextColumn,
  code: number,
  bytes: Uint8Array,
  view: DataView,
  start: number,
): number {
  let mine = places[code - 1] as number
  const length = ownView.getInt32(mine, true)
  const end = start + length
  if (end > bytes.length) return -1
  mine += 4
  // As floating-point numbers, which V8 reads without making objects; what is no number there only costs time.
  let at = start
  for (; at + 8 <= end; at += 8, mine += 8) {
    if (ownView.getFloat64(mine, true) !== view.getFloat64(at, true)) return -1
  }
  if (at === end) return end
  if (length >= 8) {
    // The last eight bytes once more, rather than up to seven one by one.
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
  if (column.size + 4 + length > MOST_BYTES) return false
  while (column.size + 8 + length > column.bytes.length) widen(column)
  const { bytes: own, view: ownView } = column
  ownView.setInt32(column.size, length, true)
  let to = column.size + 4
  let at = start
  // Which of four bytes are below a space, or are a backslash: the high bit of each.
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
  if (column.count === column.places.length) morePlaces(column)
  column.places[column.count] = column.size
  column.hashes[column.count] = hash
  column.size += 4 + length
  column.count++
  if (slot < 0) return true
  column.slots[slot] = column.count
  if (column.count * 2 > column.slots.length) rehash(column)
  return true
}

/** Whether the column's check lets a value in. */
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

function morePlaces(column: TextColumn): void {
  column.places = copyInto(new Int32Array(column.count * 2), column.places)
  column.hashes = copyInto(new Int32Array(column.count * 2), column.hashes)
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

/** What a text with escapes means; undefined when no reader would agree: half a character, or a NUL. */
function decode(bytes: Uint8Array, start: number, end: number): Buffer | undefined {
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start)
  try {
    const text: unknown = JSON.parse(`"${raw.toString('utf8')}"`)
    // A replacement character may stand for bytes that are no UTF-8, which is for DuckDB to judge.
    if (typeof text !== 'string' || text.includes('\0') || text.includes('\ufffd') || !text.isWellFormed())
      return undefined
    return Buffer.from(text)
  } catch {
    return undefined
  }
}

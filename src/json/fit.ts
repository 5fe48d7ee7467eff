import { quoteAfter, skipSpace, textOf, valueEnd } from './bytes.ts'
import {
  type Columns,
  GUESSES,
  hashOf,
  isNew,
  isThere,
  put,
  putNew,
  roomForRow,
  type TextColumn,
  takeBack,
  viewOf,
} from './columns.ts'
import type { CompiledShape } from './compile.ts'
import { MOST_DEPTH } from './extent.ts'
import { doubleAt, isDigit, isPlainNumber, longEnd, numberEnd, plainIdEnd } from './scalars.ts'
import { dayOfClock, dayOfMillis, dayOfTime, microsOfMoment, microsOfTime, momentLength } from './time.ts'
import { CODE, type Entry, type Node, slotOf, unknownField } from './trie.ts'

// Not imported from json.ts: V8 compiles a module's own constants into the loop, an imported one it looks up for
// every byte, which made the pass a third slower.
const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const BACKSLASH = 0x5c
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const SPACE = 0x20
const DASH = 0x2d
const TRUE = 0x74
const FALSE = 0x66
const NULL = 0x6e
const DIGIT_ZERO = 0x30
const LETTER_I = 0x49
const LETTER_N = 0x4e
const SMALL_I = 0x69
const SMALL_U = 0x75

/** What the pass saw, record by record. Days are numbers like 20260107, 0 when there is no record. */
export interface Fit {
  records: number
  firstDay: number
  lastDay: number
  starts: Int32Array
  ends: Int32Array
  /** A number that is the same for records whose cluster texts are. */
  clusters: Uint32Array
}

// The state of the pass, all of it: one pass runs at a time in a thread, and each begins by setting what it goes by. Module
// variables cost less than fields of an object that is passed down.
let seen = 0
let firstDay = 0
let lastDay = 0
let clusterHigh = 0
let clusterLow = 0
/** Where values go; undefined when nobody wants them. */
let into: Columns | undefined
let view: DataView = viewOf(new Uint8Array(0))
/** Up to here four bytes can be read at once. */
let wordsEnd = 0
let record = 0
/** The code of the record's last value. */
let before = 0
let starts = new Int32Array(1024)
let ends = new Int32Array(1024)
let clusters = new Uint32Array(1024)

/**
 * Checks the array that is the whole of `bytes`.
 *
 * @returns what it saw, or undefined when a record does not fit (or the array is malformed)
 */
export function fits(bytes: Uint8Array, shape: CompiledShape): Fit | undefined {
  let records = 0
  firstDay = 99_999_999
  lastDay = 0
  into = undefined
  look(bytes)
  let at = skipSpace(bytes, 0)
  if (bytes[at] !== OPEN_ARRAY) return undefined
  at = skipSpace(bytes, at + 1)
  if (bytes[at] === CLOSE_ARRAY) at++
  else {
    for (;;) {
      if (records === starts.length) grow()
      starts[records] = at
      at = fitOne(bytes, at, shape)
      if (at < 0) return undefined
      ends[records] = at
      clusters[records++] = cluster()
      at = skipSpace(bytes, at)
      const byte = bytes[at++]
      if (byte === CLOSE_ARRAY) break
      if (byte !== COMMA) return undefined
      at = skipSpace(bytes, at)
    }
  }
  if (skipSpace(bytes, at) !== bytes.length) return undefined
  return {
    records,
    firstDay: records === 0 ? 0 : firstDay,
    lastDay,
    starts: starts.slice(0, records),
    ends: ends.slice(0, records),
    clusters: clusters.slice(0, records),
  }
}

/**
 * Checks the array that is the whole of `bytes` as `fits` does, or the records that are, one after the other, and puts them into columns. It says no more
 * often: what the columns would not hold exactly as DuckDB reads it from JSON is left to DuckDB.
 *
 * @returns undefined when a record does not fit or cannot be put there; then the columns are as they were
 */
export function fitsColumns(
  bytes: Uint8Array,
  shape: CompiledShape,
  columns: Columns,
): Pick<Fit, 'records' | 'firstDay' | 'lastDay'> | undefined {
  const before = columns.rows
  firstDay = 99_999_999
  lastDay = 0
  into = columns
  look(bytes)
  let fits = false
  try {
    const isArray = bytes[skipSpace(bytes, 0)] === OPEN_ARRAY
    const end = isArray ? fitRows(bytes, shape, columns) : fitDocuments(bytes, shape, columns)
    fits = end >= 0 && skipSpace(bytes, end) === bytes.length
  } finally {
    // A check of a column's values may throw: nothing of the pass is left behind then, either.
    into = undefined
    if (!fits) takeBack(columns, before)
  }
  if (!fits) return undefined
  const records = columns.rows - before
  return { records, firstDay: records === 0 ? 0 : firstDay, lastDay }
}

function fitRows(bytes: Uint8Array, shape: CompiledShape, columns: Columns): number {
  let at = skipSpace(bytes, 0)
  if (bytes[at] !== OPEN_ARRAY) return -1
  at = skipSpace(bytes, at + 1)
  if (bytes[at] === CLOSE_ARRAY) return at + 1
  for (;;) {
    if (!roomForRow(columns)) return -1
    at = fitOne(bytes, at, shape)
    if (at < 0) return -1
    columns.clusters[columns.rows++] = cluster()
    at = skipSpace(bytes, at)
    const byte = bytes[at++]
    if (byte === CLOSE_ARRAY) return at
    if (byte !== COMMA) return -1
    at = skipSpace(bytes, at)
  }
}

function fitDocuments(bytes: Uint8Array, shape: CompiledShape, columns: Columns): number {
  let at = skipSpace(bytes, 0)
  while (at < bytes.length) {
    if (!roomForRow(columns)) return -1
    at = fitOne(bytes, at, shape)
    if (at < 0) return -1
    columns.clusters[columns.rows++] = cluster()
    at = skipSpace(bytes, at)
  }
  return at
}

function look(bytes: Uint8Array): void {
  view = viewOf(bytes)
  wordsEnd = bytes.length - 3
}

/** Whether the key at `at`, behind its quote, is this field's; when in doubt it is not. */
function isNext({ words, half, last, length }: Entry, at: number): boolean {
  if (at + length >= wordsEnd || length < 4) return false
  if (length < 8) return view.getInt32(at, true) === half && view.getInt32(at + length - 4, true) === last
  for (let index = 0; index < words.length; index++) {
    if (view.getFloat64(at + index * 8, true) !== words[index]) return false
  }
  return view.getFloat64(at + length - 8, true) === last
}

/** Checks the one record whose `{` is at `at`. */
export function fitsRecord(
  bytes: Uint8Array,
  at: number,
  shape: CompiledShape,
): { end: number; day: number; cluster: number } | undefined {
  if (view.buffer !== bytes.buffer || view.byteOffset !== bytes.byteOffset || wordsEnd !== bytes.length - 3)
    look(bytes)
  into = undefined
  firstDay = 99_999_999
  lastDay = 0
  const end = fitOne(bytes, at, shape)
  return end < 0 ? undefined : { end, day: lastDay, cluster: cluster() }
}

function fitOne(bytes: Uint8Array, at: number, shape: CompiledShape): number {
  if (bytes[at] !== OPEN_OBJECT) return -1
  seen = 0
  record++
  before = 0
  clusterHigh = 0
  clusterLow = 0
  const end = fitObject(bytes, at, shape.root)
  return seen === shape.required ? end : -1
}

function cluster(): number {
  return ((clusterHigh << 16) | (clusterLow & 0xffff)) >>> 0
}

function grow(): void {
  const wider = <T extends Int32Array | Uint32Array>(old: T, made: T): T => {
    made.set(old)
    return made
  }
  starts = wider(starts, new Int32Array(starts.length * 2))
  ends = wider(ends, new Int32Array(ends.length * 2))
  clusters = wider(clusters, new Uint32Array(clusters.length * 2))
}

/** A small hash (FNV-1a, folded): equal texts lie together, and that is all that is asked of it. */
function addToCluster(bytes: Uint8Array, start: number, end: number, half: number): void {
  let hash = half === 1 ? 0x811c9dc5 : clusterLow ^ 0x811c9dc5
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193)
  hash ^= hash >>> 16
  if (half === 1) clusterHigh = hash & 0xffff
  else clusterLow = hash & 0xffff
}

/**
 * The index after the object at `at`, or -1. This loop reads every byte of every object, so strings and nested values
 * are walked in place: calling `stringEnd` and `skipSpace` for each halves the speed.
 */
function fitObject(bytes: Uint8Array, at: number, node: Node): number {
  const { slots } = node
  at++
  if ((bytes[at] as number) <= SPACE) at = skipSpace(bytes, at)
  if (bytes[at] === CLOSE_OBJECT) return at + 1
  let previous: Entry | null = null
  for (;;) {
    if (bytes[at] !== QUOTE) return -1
    let entry: Entry | null = previous === null ? node.first : previous.after
    if (entry !== null && isNext(entry, at + 1)) at += entry.length + 1
    else {
      const keyStart = ++at
      for (let byte = bytes[at]; byte !== QUOTE; byte = bytes[++at]) {
        // A key with an escape in it, or one that never ends, is nobody's known field.
        if (byte === BACKSLASH || byte === undefined) return -1
      }
      const length = at - keyStart
      if (length === 0) return -1
      entry = slots[slotOf(bytes, keyStart, length)] as Entry | null
      while (entry !== null && !isKey(entry.key, bytes, keyStart, length)) entry = entry.next
      if (entry === null) entry = otherEntry(node, bytes, keyStart, at)
      if (entry === null) return -1
      if (previous === null) node.first = entry
      else previous.after = entry
      at++
      if ((bytes[at] as number) <= SPACE) at = skipSpace(bytes, at)
      if (bytes[at++] !== COLON) return -1
    }
    previous = entry
    seen |= entry.required
    if (into !== undefined) {
      if (entry.seenIn === record) return -1
      entry.seenIn = record
    }

    if ((bytes[at] as number) <= SPACE) at = skipSpace(bytes, at)
    const first = bytes[at]
    const { kind } = entry
    const valueStart = at
    const guessed = into === undefined ? -1 : guess(into, entry, bytes, at, first)
    if (guessed >= 0) at = guessed
    else if (first === QUOTE && (kind === CODE.string || kind === CODE.json)) {
      at = quoteAfter(bytes, view, at + 1)
      if (at < 0) return -1
      if (entry.cluster !== 0 && into === undefined) addToCluster(bytes, valueStart + 1, at, entry.cluster)
      at++
    } else if (kind === CODE.json && (first === OPEN_OBJECT || first === OPEN_ARRAY)) {
      for (let depth = 1; depth > 0; ) {
        const byte = bytes[++at]
        if (byte === QUOTE) {
          at = quoteAfter(bytes, view, at + 1)
          if (at < 0) return -1
        } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
          if (++depth > MOST_DEPTH) return -1
        } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
          let last = at - 1
          while ((bytes[last] as number) <= SPACE) last--
          if (bytes[last] === COMMA) return -1
          depth--
        } else if (!((byte as number) < LETTER_I) && !isLiteral(byte, bytes[at + 1])) return -1
      }
      at++
    } else {
      at = kind > CODE.long ? fitPlain(bytes, at, entry) : fitValue(bytes, at, entry)
      if (at < 0) return -1
    }
    if (guessed < 0 && into !== undefined && !take(into, entry, bytes, valueStart, at)) return -1
    if ((bytes[at] as number) <= SPACE) at = skipSpace(bytes, at)
    const byte = bytes[at++]
    if (byte === CLOSE_OBJECT) return at
    if (byte !== COMMA) return -1
    if ((bytes[at] as number) <= SPACE) at = skipSpace(bytes, at)
  }
}

/** What a value may be by what came before it: in routine, the same as last time. */
function context(): number {
  return (before ^ clusterLow ^ (clusterHigh << 3)) & (GUESSES - 1)
}

/** The index after a value that is what was guessed, put into its row; -1 when it is not. */
function guess(
  columns: Columns,
  { leaf, kind, cluster: half }: Entry,
  bytes: Uint8Array,
  at: number,
  first: number | undefined,
): number {
  if (
    leaf < 0 ||
    kind === CODE.id ||
    kind === CODE.object ||
    !(first === QUOTE || first === OPEN_OBJECT || first === OPEN_ARRAY)
  )
    return -1
  const column = columns.texts[leaf]
  if (column === undefined) return -1
  const code = column.guesses[context()] as number
  if (code === 0) return -1
  let end: number
  if (kind === CODE.json) end = isThere(column, code, bytes, view, at)
  else {
    end = isThere(column, code, bytes, view, at + 1)
    if (end < 0 || bytes[end] !== QUOTE) return -1
    end++
  }
  if (end < 0) return -1
  column.codes[columns.rows] = code
  before = code
  if (half !== 0) noteCluster(half, column.hashes[code - 1] as number)
  return end
}

function noteCluster(half: number, hash: number): void {
  if (half === 1) clusterHigh = (hash ^ (hash >>> 16)) & 0xffff
  else clusterLow = Math.imul(clusterLow ^ hash, 0x9e3779b1) >>> 16
}

const WORD_TRUE = 0x65757274
const WORD_ALSE = 0x65736c61
const WORD_NULL = 0x6c6c756e

/** Puts a field's value into the record's row; false when the column would not hold it as DuckDB reads it. */
function take(columns: Columns, entry: Entry, bytes: Uint8Array, start: number, end: number): boolean {
  const { kind, leaf } = entry
  const first = bytes[start]
  if (end > bytes.length) return false
  if (first === NULL) return view.getInt32(start, true) === WORD_NULL
  if (leaf < 0) return true
  const row = columns.rows
  if (kind > CODE.long) return takePlain(columns, entry, bytes, start, end)
  if (kind === CODE.time) {
    const micros = microsOfTime(bytes, start + 1)
    ;(columns.times[leaf] as Float64Array)[row] = micros
    return !Number.isNaN(micros)
  }
  if (kind === CODE.string || kind === CODE.id) {
    start++
    end--
  } else if (first === TRUE) {
    if (view.getInt32(start, true) !== WORD_TRUE) return false
  } else if (first === FALSE) {
    if (view.getInt32(start + 1, true) !== WORD_ALSE) return false
  } else if (kind !== CODE.json && !isPlainNumber(bytes, start, end)) return false
  const column = columns.texts[leaf] as TextColumn
  const hash = hashOf(bytes, view, start, end)
  const code = put(column, row, bytes, view, start, end, hash)
  if (code === 0) return false
  column.guesses[context()] = code
  before = code
  if (entry.cluster !== 0) noteCluster(entry.cluster, hash)
  return true
}

/**
 * Whether a letter can be one of `true`, `false`, `null` or an exponent. DuckDB also reads `NaN` and `inf`, and
 * lets a comma stand before a closing bracket; JSON has neither, and nobody else could read the column.
 */
function isLiteral(byte: number | undefined, next: number | undefined): boolean {
  if (byte === undefined || byte === LETTER_I || byte === LETTER_N || byte === SMALL_I) return false
  return byte !== NULL || next === SMALL_U
}

function isKey(key: Uint8Array, bytes: Uint8Array, start: number, length: number): boolean {
  if (key.length !== length) return false
  for (let offset = 0; offset < length; offset++) if (key[offset] !== bytes[start + offset]) return false
  return true
}

/** The index after a value that is no plain text and no JSON text, or -1 when it is not of the entry's kind. */
function fitValue(bytes: Uint8Array, at: number, { kind, child, required, time }: Entry): number {
  const first = bytes[at]
  if (first === OPEN_OBJECT && child !== null) return fitObject(bytes, at, child)
  if (first === NULL) return required === 0 ? at + 4 : -1
  if (kind === CODE.time) return first === QUOTE ? fitTime(bytes, at, time) : -1
  if (kind === CODE.id) return first === QUOTE ? plainIdEnd(bytes, at) : -1
  if (kind === CODE.long) return longEnd(bytes, at)
  if (first === TRUE || first === FALSE) {
    return kind === CODE.boolean || kind === CODE.json ? at + (first === TRUE ? 4 : 5) : -1
  }
  const isNumber = isDigit(bytes[first === DASH ? at + 1 : at])
  return isNumber && (kind === CODE.number || kind === CODE.json) ? valueEnd(bytes, at) : -1
}

// What only plain records have stands apart: V8 takes the functions above together as long as they are small.

function otherEntry(node: Node, bytes: Uint8Array, start: number, end: number): Entry | null {
  return node.known === null ? null : unknownField(node, textOf(bytes, start, end))
}

/** The index after a value of a kind that only plain records have, or -1. */
function fitPlain(bytes: Uint8Array, at: number, { kind, child, required, time: own }: Entry): number {
  const first = bytes[at]
  if (first === NULL) return required === 0 ? at + 4 : -1
  if (kind === CODE.whole) return first === OPEN_OBJECT && child !== null ? fitObject(bytes, at, child) : -1
  if (kind === CODE.listed) return first === QUOTE ? quoteAfter(bytes, view, at + 1) + 1 || -1 : -1
  if (kind === CODE.moment) {
    const length = first === QUOTE ? momentLength(bytes, at + 1) : 0
    if (length === 0) return -1
    if (own) note(dayOfClock(bytes, at + 1))
    return at + length + 2
  }
  const end = kind === CODE.never ? -1 : numberEnd(bytes, at)
  if (end < 0 || kind === CODE.double) return end
  const isWhole = longEnd(bytes, at) === end && first !== DASH
  if (kind === CODE.count) return isWhole && end - at <= 15 ? end : -1
  // Of so many digits they are no seconds, and of the years 1973 to 2286.
  if (!isWhole || (end - at !== 12 && end - at !== 13) || first === DIGIT_ZERO) return -1
  if (own) note(dayOfMillis(doubleAt(bytes, at, end)))
  return end
}

/** As `take`, for such a value. */
function takePlain(columns: Columns, entry: Entry, bytes: Uint8Array, start: number, end: number): boolean {
  const { kind, leaf, only } = entry
  const row = columns.rows
  const numbers = columns.times[leaf]
  if (numbers !== undefined) {
    const number = kind === CODE.moment ? microsOfMoment(bytes, start + 1) : doubleAt(bytes, start, end)
    numbers[row] = kind === CODE.millis ? number * 1000 : number
    return !Number.isNaN(number)
  }
  const column = columns.texts[leaf] as TextColumn
  if (kind === CODE.whole) {
    if (isNew(column, row)) return putNew(column, row, bytes, view, start, end) !== 0
    return put(column, row, bytes, view, start, end, hashOf(bytes, view, start, end)) !== 0
  }
  if (only === null || !only.has(textOf(bytes, start + 1, end - 1))) return false
  const hash = hashOf(bytes, view, start + 1, end - 1)
  if (put(column, row, bytes, view, start + 1, end - 1, hash) === 0) return false
  if (entry.cluster !== 0) noteCluster(entry.cluster, hash)
  return true
}

function note(day: number): void {
  if (day < firstDay) firstDay = day
  if (day > lastDay) lastDay = day
}

/** A time to the letter; any other way to write one is looked at on its own. */
function fitTime(bytes: Uint8Array, at: number, own: boolean): number {
  const day = dayOfTime(bytes, at + 1)
  if (day === 0 || bytes[at + 21] !== QUOTE) return -1
  if (own) {
    if (day < firstDay) firstDay = day
    if (day > lastDay) lastDay = day
  }
  return at + 22
}

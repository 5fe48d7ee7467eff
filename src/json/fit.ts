/**
 * The pass: checks in one scan of the bytes whether every record of an array fits the columns of its log
 * type, with nothing left over, and puts the values into columns.
 *
 * Nearly all objects hold routine records, so the pass is what an ingest spends its time on. It compares
 * bytes and builds no JavaScript value. Three observations make it fast. Records of one type have their
 * fields in the same order, so each field is first compared with the one that followed last time (`trie.ts`).
 * Values repeat, so each is first compared with the value that followed the same predecessor (`guess`). And a
 * distinct value is checked only once (`checks.ts`).
 *
 * It is one file beyond the usual length, since its functions share the state of a pass as module variables,
 * which another module could read but not set.
 *
 * It never decides a doubtful case: when a field is unknown, a value has another form, or DuckDB might read
 * it differently, the pass returns undefined and the object is read record by record (`strict.ts`).
 */
import { doubled } from './arrays.ts'
import { isAt, skipSpace, textOf, valueEnd } from './bytes.ts'
import { type Columns, roomForRow, takeBack } from './columns.ts'
import type { CompiledShape } from './compile.ts'
import { MAX_DEPTH } from './extent.ts'
import { isDouble, isKept, keptNumberEnd } from './numbers.ts'
import { doubleAt, isDigit, isPlainNumber, longEnd, numberEnd, plainIdEnd } from './scalars.ts'
import { quoteAfter } from './text.ts'
import { GUESSES, hashOf, isNew, isThere, put, putNew, type TextColumn, viewOf } from './text-column.ts'
import {
  dayOfClock,
  dayOfMillis,
  dayOfTime,
  microsOfTime,
  microsOfTimestamp,
  timestampLength,
} from './time.ts'
import { CODE, type Entry, type Node, slotOf, unknownField } from './trie.ts'

// Not imported from bytes.ts: V8 compiles a module's own constants into the loop, but looks up an imported
// one for every byte, which made the pass a third slower.
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
const POINT = 0x2e
const TRUE = 0x74
const FALSE = 0x66
const NULL = 0x6e
const DIGIT_ZERO = 0x30
const LETTER_E = 0x45
const LETTER_I = 0x49
const LETTER_N = 0x4e
const SMALL_E = 0x65
const SMALL_I = 0x69
const SMALL_U = 0x75

/**
 * Facts about the records that the pass checked. Days are numbers like 20260107, 0 when there is no record.
 */
export interface Fit {
  records: number
  firstDay: number
  lastDay: number
  starts: Int32Array
  ends: Int32Array
  /** Equal for records with equal texts in their group-by fields. */
  groupKeys: Uint32Array
}

// All of the pass's state: one pass runs at a time in a thread, and each begins by setting it. Module
// variables are faster than the fields of an object that is passed down.
let seen = 0
let firstDay = 0
let lastDay = 0
let groupKeyHigh = 0
let groupKeyLow = 0
/** Where values go; undefined when the pass only checks. */
let into: Columns | undefined
let view: DataView = viewOf(new Uint8Array(0))
/** Last index at which four bytes can be read at once. */
let wordsEnd = 0
let record = 0
/** The code of the record's last value. */
let before = 0
let starts = new Int32Array(1024)
let ends = new Int32Array(1024)
let groupKeys = new Uint32Array(1024)

/**
 * Checks the records of the array that makes up all of `bytes`.
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
      groupKeys[records++] = groupKey()
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
    groupKeys: groupKeys.slice(0, records),
  }
}

/**
 * Checks the records of an array, or records one after the other, and puts them into columns. Stricter than
 * `fits`: rejects any value whose column form would differ from what DuckDB parses.
 *
 * @returns undefined when a record does not fit or cannot be put there; then the columns are unchanged
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
    // A check of a column's values may throw; the rows of the pass are removed in that case too.
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
    columns.groupKeys[columns.rows++] = groupKey()
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
    columns.groupKeys[columns.rows++] = groupKey()
    at = skipSpace(bytes, at)
  }
  return at
}

function look(bytes: Uint8Array): void {
  view = viewOf(bytes)
  wordsEnd = bytes.length - 3
}

/**
 * Whether the key at `at`, after its quote, is this field's; false in any doubtful case, which the slower
 * comparison then decides.
 */
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
): { end: number; day: number; groupKey: number } | undefined {
  if (view.buffer !== bytes.buffer || view.byteOffset !== bytes.byteOffset || wordsEnd !== bytes.length - 3)
    look(bytes)
  into = undefined
  firstDay = 99_999_999
  lastDay = 0
  const end = fitOne(bytes, at, shape)
  return end < 0 ? undefined : { end, day: lastDay, groupKey: groupKey() }
}

function fitOne(bytes: Uint8Array, at: number, shape: CompiledShape): number {
  if (bytes[at] !== OPEN_OBJECT) return -1
  seen = 0
  record++
  before = 0
  groupKeyHigh = 0
  groupKeyLow = 0
  const end = fitObject(bytes, at, shape.root)
  return seen === shape.required ? end : -1
}

function groupKey(): number {
  return ((groupKeyHigh << 16) | (groupKeyLow & 0xffff)) >>> 0
}

function grow(): void {
  starts = doubled(starts)
  ends = doubled(ends)
  groupKeys = doubled(groupKeys)
}

/**
 * The index after the object at `at`, or -1. This loop reads every byte of every object, so strings and
 * nested values are scanned in place: calling `stringEnd` and `skipSpace` for each halves the speed.
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
        // A key with an escape, or one that never ends, matches no known field.
        if (byte === BACKSLASH || byte === undefined) return -1
      }
      const length = at - keyStart
      if (length === 0) return -1
      entry = slots[slotOf(bytes, keyStart, length)] as Entry | null
      while (entry !== null && !(entry.key.length === length && isAt(bytes, keyStart, entry.key)))
        entry = entry.next
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
      if (entry.groupKeyHalf !== 0 && into === undefined)
        noteGroupKey(entry.groupKeyHalf, hashOf(bytes, view, valueStart + 1, at))
      at++
    } else if (kind === CODE.json && (first === OPEN_OBJECT || first === OPEN_ARRAY)) {
      for (let depth = 1; depth > 0; ) {
        const byte = bytes[++at]
        if (byte === QUOTE) {
          at = quoteAfter(bytes, view, at + 1)
          if (at < 0) return -1
        } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
          if (++depth > MAX_DEPTH) return -1
        } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
          let last = at - 1
          while ((bytes[last] as number) <= SPACE) last--
          if (bytes[last] === COMMA) return -1
          depth--
        } else if ((byte as number) < LETTER_I) {
          // A number that is not whole may have more digits than DuckDB keeps.
          if (byte === POINT || byte === LETTER_E) {
            at = keptNumberEnd(bytes, at)
            if (at < 0) return -1
          }
        } else if (!isLiteral(byte, bytes[at + 1])) return -1
        else if (byte === SMALL_E && isDigit(bytes[at - 1])) {
          at = keptNumberEnd(bytes, at)
          if (at < 0) return -1
        }
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

/** A hash of the values before this one: in routine records it leads to the same next value as last time. */
function context(): number {
  return (before ^ groupKeyLow ^ (groupKeyHigh << 3)) & (GUESSES - 1)
}

/** The index after a value that equals the guess, which is put into its row; -1 when it differs. */
function guess(
  columns: Columns,
  { leaf, kind, groupKeyHalf: half }: Entry,
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
  if (half !== 0) noteGroupKey(half, column.hashes[code - 1] as number)
  return end
}

function noteGroupKey(half: number, hash: number): void {
  if (half === 1) groupKeyHigh = (hash ^ (hash >>> 16)) & 0xffff
  else groupKeyLow = Math.imul(groupKeyLow ^ hash, 0x9e3779b1) >>> 16
}

const WORD_TRUE = 0x65757274
const WORD_ALSE = 0x65736c61
const WORD_NULL = 0x6c6c756e

/**
 * Puts a field's value into the record's row; false when the column would hold it differently from DuckDB.
 */
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
  if (entry.groupKeyHalf !== 0) noteGroupKey(entry.groupKeyHalf, hash)
  return true
}

/**
 * Whether a letter can be part of `true`, `false`, `null` or an exponent. DuckDB also reads `NaN` and `inf`,
 * and allows a comma before a closing bracket; JSON has neither, and other readers could not read the column.
 */
function isLiteral(byte: number | undefined, next: number | undefined): boolean {
  if (byte === undefined || byte === LETTER_I || byte === LETTER_N || byte === SMALL_I) return false
  return byte !== NULL || next === SMALL_U
}

/**
 * The index after a value that is neither a plain text nor JSON text, or -1 when it is not of the entry's
 * kind.
 */
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
  if (!isNumber || (kind !== CODE.number && kind !== CODE.json)) return -1
  const end = valueEnd(bytes, at)
  const isHeld = kind === CODE.json ? isKept : isDouble
  return end < 0 || isHeld(textOf(bytes, at, end)) ? end : -1
}

// Kinds of the direct form are checked in a function of their own: V8 inlines the functions above as long as
// they are small.

function otherEntry(node: Node, bytes: Uint8Array, start: number, end: number): Entry | null {
  return node.known === null ? null : unknownField(node, textOf(bytes, start, end))
}

/** The index after a value of a kind that only the direct form has, or -1. */
function fitPlain(bytes: Uint8Array, at: number, { kind, child, required, time: own }: Entry): number {
  const first = bytes[at]
  if (first === NULL) return required === 0 ? at + 4 : -1
  if (kind === CODE.whole) return first === OPEN_OBJECT && child !== null ? fitObject(bytes, at, child) : -1
  if (kind === CODE.listed) return first === QUOTE ? quoteAfter(bytes, view, at + 1) + 1 || -1 : -1
  if (kind === CODE.timestamp) {
    const length = first === QUOTE ? timestampLength(bytes, at + 1) : 0
    if (length === 0) return -1
    if (own) note(dayOfClock(bytes, at + 1))
    return at + length + 2
  }
  const end = kind === CODE.never ? -1 : numberEnd(bytes, at)
  if (end < 0 || kind === CODE.double) return end
  if (kind === CODE.exact) return isDouble(textOf(bytes, at, end)) ? end : -1
  const isWhole = longEnd(bytes, at) === end && first !== DASH
  if (kind === CODE.count) return isWhole && end - at <= 15 ? end : -1
  // With 12 or 13 digits these are milliseconds, not seconds, of the years 1973 to 2286.
  if (!isWhole || (end - at !== 12 && end - at !== 13) || first === DIGIT_ZERO) return -1
  if (own) note(dayOfMillis(doubleAt(bytes, at, end)))
  return end
}

/** Like `take`, for a value of the direct form. */
function takePlain(columns: Columns, entry: Entry, bytes: Uint8Array, start: number, end: number): boolean {
  const { kind, leaf, only } = entry
  const row = columns.rows
  const numbers = columns.times[leaf]
  if (numbers !== undefined) {
    const number = kind === CODE.timestamp ? microsOfTimestamp(bytes, start + 1) : doubleAt(bytes, start, end)
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
  if (entry.groupKeyHalf !== 0) noteGroupKey(entry.groupKeyHalf, hash)
  return true
}

function note(day: number): void {
  if (day < firstDay) firstDay = day
  if (day > lastDay) lastDay = day
}

/** The index after a time in the plain form, or -1; any other form is read on its own. */
function fitTime(bytes: Uint8Array, at: number, own: boolean): number {
  const day = dayOfTime(bytes, at + 1)
  if (day === 0 || bytes[at + 21] !== QUOTE) return -1
  if (own) {
    if (day < firstDay) firstDay = day
    if (day > lastDay) lastDay = day
  }
  return at + 22
}

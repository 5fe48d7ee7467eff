import type { Shape } from '../logtypes/contract.ts'
import { skipSpace, valueEnd } from './json.ts'
import { dayOfTime } from './time.ts'

/**
 * Does every record of an array fit the columns of its log type, with nothing left over? One pass over the bytes,
 * at about the speed of gunzip: finding unknown fields in SQL (`json_keys` of every record) costs more than reading the records. An object whose
 * records all fit goes to DuckDB as it is; in the others each record is looked at on its own.
 */
export interface CompiledShape {
  root: Node
  required: number
}

interface Node {
  slots: (Entry | null)[]
}

interface Entry {
  key: Uint8Array
  kind: number
  child: Node | null
  /** A bit of the required mask, or 0. */
  required: number
  /** Whether this is the record's own time. */
  time: boolean
  /** Which half of the record's cluster the value goes into: 1 the high one, 2 the low one, 0 neither. */
  cluster: number
  next: Entry | null
}

const KIND = { string: 1, boolean: 2, number: 3, json: 4, time: 5, id: 6, object: 7, long: 8 } as const
const SLOTS = 256

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
const DIGIT_ZERO = 0x30
const DASH = 0x2d
const TRUE = 0x74
const FALSE = 0x66
const NULL = 0x6e
const LETTER_I = 0x49
const LETTER_N = 0x4e
const SMALL_I = 0x69
const SMALL_U = 0x75

/** What of a log type the pass needs. */
export interface ShapeOf {
  shape: Shape
  /** Fields of the record's top level. */
  required: readonly string[]
  timeField: string
  /** Paths of texts that alike records share, the most telling one first. */
  clusterBy?: readonly string[]
}

/** Makes the lookup tables of a shape. */
export function compileShape({ shape, required, timeField, clusterBy = [] }: ShapeOf): CompiledShape {
  const node = (fields: Shape, above: string): Node => {
    const slots: (Entry | null)[] = new Array(SLOTS).fill(null)
    for (const [field, kind] of Object.entries(fields)) {
      const path = above + field
      const key = Buffer.from(field)
      const slot = slotOf(key, 0, key.length)
      const place = required.indexOf(path)
      slots[slot] = {
        key,
        kind: typeof kind === 'string' ? KIND[kind] : KIND.object,
        child: typeof kind === 'string' ? null : node(kind, `${path}.`),
        required: place < 0 ? 0 : 1 << place,
        time: path === timeField,
        cluster: clusterBy.includes(path) ? (clusterBy[0] === path ? 1 : 2) : 0,
        next: slots[slot] as Entry | null,
      }
    }
    return { slots }
  }
  return { root: node(shape, ''), required: (1 << required.length) - 1 }
}

function slotOf(bytes: Uint8Array, start: number, length: number): number {
  const first = bytes[start] as number
  const middle = bytes[start + (length >> 1)] as number
  const last = bytes[start + length - 1] as number
  return (length * 7 + first * 31 + middle * 3 + last * 5) & (SLOTS - 1)
}

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

// The pass's own state: module variables cost less than fields of an object that is passed down.
let seen = 0
let firstDay = 0
let lastDay = 0
let clusterHigh = 0
let clusterLow = 0
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

/** Checks the one record whose `{` is at `at`. */
export function fitsRecord(
  bytes: Uint8Array,
  at: number,
  shape: CompiledShape,
): { end: number; day: number; cluster: number } | undefined {
  firstDay = 99_999_999
  lastDay = 0
  const end = fitOne(bytes, at, shape)
  return end < 0 ? undefined : { end, day: lastDay, cluster: cluster() }
}

function fitOne(bytes: Uint8Array, at: number, shape: CompiledShape): number {
  if (bytes[at] !== OPEN_OBJECT) return -1
  seen = 0
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
  for (;;) {
    if (bytes[at] !== QUOTE) return -1
    const keyStart = ++at
    for (let byte = bytes[at]; byte !== QUOTE; byte = bytes[++at]) {
      // A key with an escape in it, or one that never ends, is nobody's known field.
      if (byte === BACKSLASH || byte === undefined) return -1
    }
    const length = at - keyStart
    if (length === 0) return -1
    let entry = slots[slotOf(bytes, keyStart, length)] as Entry | null
    while (entry !== null && !isKey(entry.key, bytes, keyStart, length)) entry = entry.next
    if (entry === null) return -1
    seen |= entry.required

    at++
    if ((bytes[at] as number) <= SPACE) at = skipSpace(bytes, at)
    if (bytes[at++] !== COLON) return -1
    if ((bytes[at] as number) <= SPACE) at = skipSpace(bytes, at)
    const first = bytes[at]
    const { kind } = entry
    if (first === QUOTE && (kind === KIND.string || kind === KIND.json)) {
      const textStart = at + 1
      for (let byte = bytes[++at]; byte !== QUOTE; byte = bytes[++at]) {
        if (byte === BACKSLASH) at++
        else if (byte === undefined) return -1
      }
      if (entry.cluster !== 0) addToCluster(bytes, textStart, at, entry.cluster)
      at++
    } else if (kind === KIND.json && (first === OPEN_OBJECT || first === OPEN_ARRAY)) {
      for (let depth = 1; depth > 0; ) {
        let byte = bytes[++at]
        if (byte === QUOTE) {
          for (byte = bytes[++at]; byte !== QUOTE; byte = bytes[++at]) {
            if (byte === BACKSLASH) at++
            else if (byte === undefined) return -1
          }
        } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth++
        else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
          let before = at - 1
          while ((bytes[before] as number) <= SPACE) before--
          if (bytes[before] === COMMA) return -1
          depth--
        } else if (!((byte as number) < LETTER_I) && !isLiteral(byte, bytes[at + 1])) return -1
      }
      at++
    } else {
      at = fitValue(bytes, at, entry)
      if (at < 0) return -1
    }
    if ((bytes[at] as number) <= SPACE) at = skipSpace(bytes, at)
    const byte = bytes[at++]
    if (byte === CLOSE_OBJECT) return at
    if (byte !== COMMA) return -1
    if ((bytes[at] as number) <= SPACE) at = skipSpace(bytes, at)
  }
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
  if (kind === KIND.time) return first === QUOTE ? fitTime(bytes, at, time) : -1
  if (kind === KIND.id) return first === QUOTE ? fitId(bytes, at) : -1
  if (kind === KIND.long) return fitLong(bytes, at)
  if (first === TRUE || first === FALSE) {
    return kind === KIND.boolean || kind === KIND.json ? at + (first === TRUE ? 4 : 5) : -1
  }
  const isNumber = isDigit(bytes[first === DASH ? at + 1 : at])
  return isNumber && (kind === KIND.number || kind === KIND.json) ? valueEnd(bytes, at) : -1
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= DIGIT_ZERO && byte <= DIGIT_ZERO + 9
}

/** A whole number that 64 bits hold whatever its digits: up to 18 of them, no fraction, no exponent. */
function fitLong(bytes: Uint8Array, at: number): number {
  const start = bytes[at] === DASH ? at + 1 : at
  let end = start
  while (isDigit(bytes[end])) end++
  if (end === start || end - start > 18) return -1
  return valueEnd(bytes, at) === end ? end : -1
}

/** An id that nobody would trim; an empty one is none: two records that bring one are not the same record. */
function fitId(bytes: Uint8Array, at: number): number {
  let end = at + 1
  for (; bytes[end] !== QUOTE; end++) {
    const byte = bytes[end]
    // An escape can be white space in disguise.
    if (byte === undefined || byte === BACKSLASH) return -1
  }
  return isGraph(bytes[at + 1]) && isGraph(bytes[end - 1]) && end > at + 1 ? end + 1 : -1
}

/** Any byte that no trim takes: visible ASCII. */
function isGraph(byte: number | undefined): boolean {
  return byte !== undefined && byte > 0x20 && byte < 0x7f
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

import { isUtf8 } from 'node:buffer'
import {
  BACKSLASH,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  type Span,
  skipSpace,
  stringEnd,
  textOf,
  valueEnd,
  viewAgain,
} from '../json/bytes.ts'
import { doubleAt, numberEnd } from '../json/scalars.ts'
import type { JsonObject } from '../json/values.ts'
import type { CloudWatchEvent } from './contract.ts'
import { sharedBy } from './subscription.ts'

/** A CloudWatch Logs subscription's document as bytes: where the parts of its events are. */
export interface LogEvents {
  shared: Omit<CloudWatchEvent, 'timestamp'>
  count: number
  /** By event: where its id begins and ends, and its message, both without their quotes. */
  places: Int32Array
  /** By event: milliseconds since 1970. */
  timestamps: Float64Array
  /** By event: 1 when its message is written with escapes. */
  escapes: Uint8Array
}

const PLACES = 4

/** Kept from document to document: whoever asks for the next is done with the last. */
let places = new Int32Array(1 << 12)
let timestamps = new Float64Array(1 << 10)
let escapes = new Uint8Array(1 << 10)
let count = 0

/**
 * Takes a document apart that is written as CloudWatch Logs writes it: each event has an id, a timestamp in milliseconds
 * and a message, and nothing else.
 *
 * @returns undefined for any other; then it is for `subscription` to say what it is
 */
export function logEventsOf(bytes: Uint8Array, { start, end }: Span): LogEvents | undefined {
  count = 0
  // What is no UTF-8 is no JSON.
  if (!isUtf8(bytes.subarray(start, end))) return undefined
  view = viewAgain(bytes)
  wordsEnd = bytes.length - 3
  let events: Span | undefined
  let at = skipSpace(bytes, start + 1)
  while (bytes[at] === QUOTE) {
    const key = at
    at = skipSpace(bytes, stringEnd(bytes, at))
    if (bytes[at] !== COLON) return undefined
    const value = skipSpace(bytes, at + 1)
    const isEvents = isKey(bytes, key + 1, EVENTS)
    if (isEvents && events) return undefined
    at = isEvents ? eventsEnd(bytes, value) : valueEnd(bytes, value)
    if (at < 0) return undefined
    if (isEvents) events = { start: value, end: at }
    at = skipSpace(bytes, at)
    if (bytes[at] !== COMMA) break
    at = skipSpace(bytes, at + 1)
  }
  if (!events || bytes[at] !== CLOSE_OBJECT || at + 1 !== end) return undefined
  const document = headOf(bytes, start, end, events)
  if (!document || typeof document.messageType !== 'string') return undefined
  if (document.messageType === 'CONTROL_MESSAGE' || document.owner === 'CloudwatchLogs') return undefined
  return { shared: sharedBy(document), count, places, timestamps, escapes }
}

/** The document without its events. */
function headOf(bytes: Uint8Array, start: number, end: number, events: Span): JsonObject | undefined {
  try {
    return JSON.parse(
      `${textOf(bytes, start, events.start)}[]${textOf(bytes, events.end, end)}`,
    ) as JsonObject
  } catch {
    return undefined
  }
}

const EVENTS = Buffer.from('logEvents"')
const ID = Buffer.from('id"')
const TIMESTAMP = Buffer.from('timestamp"')
const MESSAGE = Buffer.from('message"')

function isKey(bytes: Uint8Array, at: number, key: Buffer): boolean {
  for (let index = 0; index < key.length; index++) if (bytes[at + index] !== key[index]) return false
  return true
}

function eventsEnd(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== OPEN_ARRAY) return -1
  at = skipSpace(bytes, at + 1)
  if (bytes[at] === CLOSE_ARRAY) return at + 1
  for (;;) {
    at = eventEnd(bytes, at)
    if (at < 0) return -1
    at = skipSpace(bytes, at)
    if (bytes[at] === CLOSE_ARRAY) return at + 1
    if (bytes[at] !== COMMA) return -1
    at = skipSpace(bytes, at + 1)
  }
}

/** The index after an event, whose places are noted; -1 when it is not as ever. */
function eventEnd(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== OPEN_OBJECT) return -1
  if (count === timestamps.length) grow()
  const place = count * PLACES
  places[place] = 0
  places[place + 2] = 0
  timestamps[count] = 0
  at = skipSpace(bytes, at + 1)
  for (;;) {
    if (bytes[at] !== QUOTE) return -1
    const key = at + 1
    const second = bytes[key]
    const found = second === SMALL_I ? ID : second === SMALL_T ? TIMESTAMP : MESSAGE
    if (!isKey(bytes, key, found)) return -1
    at = skipSpace(bytes, key + found.length)
    if (bytes[at] !== COLON) return -1
    at = skipSpace(bytes, at + 1)
    if (found === TIMESTAMP) {
      const end = numberEnd(bytes, at)
      // Of thirteen digits: as many as milliseconds have in our days.
      if (end - at !== 13 || timestamps[count] !== 0) return -1
      timestamps[count] = doubleAt(bytes, at, end)
      at = end
    } else {
      const to = found === ID ? place : place + 2
      const end = textEnd(bytes, at)
      if (end < 0 || places[to] !== 0) return -1
      // Ids are digits.
      if (found === ID && (end === at + 1 || isEscaped)) return -1
      if (found === MESSAGE) escapes[count] = isEscaped ? 1 : 0
      places[to] = at + 1
      places[to + 1] = end
      at = end + 1
    }
    at = skipSpace(bytes, at)
    if (bytes[at] === CLOSE_OBJECT) break
    if (bytes[at] !== COMMA) return -1
    at = skipSpace(bytes, at + 1)
  }
  if (
    places[place] === 0 ||
    places[place + 2] === 0 ||
    !Number.isSafeInteger(timestamps[count]) ||
    timestamps[count] === 0
  )
    return -1
  count++
  return at + 1
}

const SMALL_I = 0x69
const SMALL_T = 0x74

let view = viewAgain(new Uint8Array(0))
/** Up to here four bytes can be read at once. */
let wordsEnd = 0
/** Whether the text that was looked at last is written with escapes. */
let isEscaped = false

/** The index of the quote that ends a text without control characters, whose first quote is at `at`; -1 for any other. */
function textEnd(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== QUOTE) return -1
  isEscaped = false
  at++
  for (;;) {
    while (at < wordsEnd) {
      const word = view.getInt32(at, true)
      const quote = word ^ 0x22222222
      const backslash = word ^ 0x5c5c5c5c
      const found =
        ((quote - 0x01010101) & ~quote) |
        ((backslash - 0x01010101) & ~backslash) |
        ((word - 0x20202020) & ~word)
      // The lowest high bit is the first of them; what is above it may be wrong.
      const bits = found & 0x80808080
      if (bits !== 0) {
        at += (31 - Math.clz32(bits & -bits)) >> 3
        break
      }
      at += 4
    }
    const byte = bytes[at]
    if (byte === QUOTE) return at
    if (byte === undefined || byte < 0x20) return -1
    if (byte === BACKSLASH) {
      isEscaped = true
      const letter = bytes[++at] as number
      // Of a document that is no JSON no event is taken.
      if (letter === SMALL_U ? Number.isNaN(hexAt(bytes, at + 1)) : !ESCAPES[letter]) return -1
    }
    at++
  }
}

function grow(): void {
  const [oldPlaces, oldTimestamps, oldEscapes] = [places, timestamps, escapes]
  places = new Int32Array(oldPlaces.length * 2)
  places.set(oldPlaces)
  timestamps = new Float64Array(oldTimestamps.length * 2)
  timestamps.set(oldTimestamps)
  escapes = new Uint8Array(oldEscapes.length * 2)
  escapes.set(oldEscapes)
}

/**
 * What a JSON text means, in UTF-8, written to `to`, which has room for the text as it is written.
 *
 * @param toView a view of `to`
 * @returns how many bytes, or -1 for a text with a NUL or with parts of a surrogate pair, or that is none
 */
export function meaningOf(
  bytes: Uint8Array,
  start: number,
  end: number,
  to: Uint8Array,
  toView: DataView,
): number {
  const from = viewAgain(bytes)
  let length = 0
  for (let at = start; at < end; at++) {
    for (; at + 4 <= end; at += 4, length += 4) {
      const word = from.getInt32(at, true)
      const backslash = word ^ 0x5c5c5c5c
      if (((backslash - 0x01010101) & ~backslash & 0x80808080) !== 0) break
      toView.setInt32(length, word, true)
    }
    if (at === end) break
    const byte = bytes[at] as number
    if (byte !== BACKSLASH) {
      to[length++] = byte
      continue
    }
    const letter = bytes[++at] as number
    if (letter === SMALL_U) {
      const code = hexAt(bytes, at + 1)
      if (!(code > 0) || at + 4 >= end || (code >= 0xd800 && code < 0xe000)) return -1
      at += 4
      if (code < 0x80) to[length++] = code
      else if (code < 0x800) {
        to[length++] = 0xc0 | (code >> 6)
        to[length++] = 0x80 | (code & 0x3f)
      } else {
        to[length++] = 0xe0 | (code >> 12)
        to[length++] = 0x80 | ((code >> 6) & 0x3f)
        to[length++] = 0x80 | (code & 0x3f)
      }
      continue
    }
    const meant = ESCAPES[letter] as number | undefined
    if (meant === undefined || meant === 0) return -1
    to[length++] = meant
  }
  return length
}

const SMALL_U = 0x75

/** By the letter behind the backslash; 0 for one that is no escape. */
const ESCAPES = new Uint8Array(128)
for (const [letter, meant] of Object.entries({
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}))
  ESCAPES[letter.charCodeAt(0)] = meant.charCodeAt(0)

function hexAt(bytes: Uint8Array, at: number): number {
  let value = 0
  for (let index = at; index < at + 4; index++) {
    const byte = bytes[index] as number
    const digit = byte >= 0x30 && byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57
    if (!(digit >= 0 && digit < 16)) return Number.NaN
    value = value * 16 + digit
  }
  return value
}

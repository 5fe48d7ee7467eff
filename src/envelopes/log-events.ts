import { isUtf8 } from 'node:buffer'
import { doubled } from '../json/arrays.ts'
import {
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  isAt,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  type Span,
  skipSpace,
  stringEnd,
  textOf,
  valueEnd,
} from '../json/bytes.ts'
import { doubleAt, numberEnd } from '../json/scalars.ts'
import { hasRepeats } from '../json/strict.ts'
import { textEnd } from '../json/text.ts'
import type { JsonObject } from '../json/values.ts'
import type { CloudWatchEvent } from './contract.ts'
import { sharedBy } from './subscription.ts'

/** A CloudWatch Logs subscription's document as bytes, with the positions of its events' parts. */
export interface LogEvents {
  shared: Omit<CloudWatchEvent, 'timestamp'>
  count: number
  /** By event: start and end of its id, and of its message, both without their quotes. */
  places: Int32Array
  /** By event: milliseconds since 1970. */
  timestamps: Float64Array
  /** By event: 1 when its message is written with escapes. */
  escapes: Uint8Array
}

const PLACES = 4

/** Reused for each document: the caller must be done with one before it asks for the next. */
let places = new Int32Array(1 << 12)
let timestamps = new Float64Array(1 << 10)
let escapes = new Uint8Array(1 << 10)
let count = 0

/**
 * Finds the events of a document in the form that CloudWatch Logs writes: each event has an id, a timestamp
 * in milliseconds and a message, and nothing else.
 *
 * @returns undefined for any other document, which `subscription` then reads
 */
export function logEventsOf(bytes: Uint8Array, { start, end }: Span): LogEvents | undefined {
  count = 0
  // JSON must be UTF-8.
  if (!isUtf8(bytes.subarray(start, end))) return undefined
  let events: Span | undefined
  let at = skipSpace(bytes, start + 1)
  while (bytes[at] === QUOTE) {
    const key = at
    at = skipSpace(bytes, stringEnd(bytes, at))
    if (bytes[at] !== COLON) return undefined
    const value = skipSpace(bytes, at + 1)
    const isEvents = isAt(bytes, key + 1, EVENTS)
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

/** The document without its events; undefined when it has a field twice. */
function headOf(bytes: Uint8Array, start: number, end: number, events: Span): JsonObject | undefined {
  try {
    const text = `${textOf(bytes, start, events.start)}[]${textOf(bytes, events.end, end)}`
    const document = JSON.parse(text) as JsonObject
    return hasRepeats(Buffer.from(text), document) ? undefined : document
  } catch {
    return undefined
  }
}

const EVENTS = Buffer.from('logEvents"')
const ID = Buffer.from('id"')
const TIMESTAMP = Buffer.from('timestamp"')
const MESSAGE = Buffer.from('message"')

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

/** The index after an event, whose positions are noted; -1 when it has another form. */
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
    if (!isAt(bytes, key, found)) return -1
    at = skipSpace(bytes, key + found.length)
    if (bytes[at] !== COLON) return -1
    at = skipSpace(bytes, at + 1)
    if (found === TIMESTAMP) {
      const end = numberEnd(bytes, at)
      // Thirteen digits, as today's milliseconds have.
      if (end - at !== 13 || timestamps[count] !== 0) return -1
      timestamps[count] = doubleAt(bytes, at, end)
      at = end
    } else {
      const to = found === ID ? place : place + 2
      const closing = textEnd(bytes, at)
      if (closing === -1 || places[to] !== 0) return -1
      const isEscaped = closing < 0
      const end = isEscaped ? ~closing : closing
      // Ids are digits, so they have no escapes.
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

function grow(): void {
  places = doubled(places)
  timestamps = doubled(timestamps)
  escapes = doubled(escapes)
}

import type { Context, Delivery } from '../../envelopes/contract.ts'
import { deliveryOfText } from '../../envelopes/delivery.ts'
import { logEventsOf, meaningOf } from '../../envelopes/log-events.ts'
import { subscription } from '../../envelopes/subscription.ts'
import { OPEN_OBJECT, type Span, skipSpace, textOf } from '../../json/bytes.ts'
import { wellFormedJson } from '../../json/halves.ts'
import { dayOfMillis } from '../../json/time.ts'
import type { JsonObject } from '../../json/values.ts'
import type { HowToRead, ReadRecords } from './contract.ts'
import { clusterOf } from './prepared.ts'
import { type TextSpan, textSpan } from './row-columns.ts'

/**
 * Reads a CloudWatch Logs subscription's document: messages that no other log type takes go from its bytes into the columns
 * of the log type that takes anything, and nothing is made for each of them. All others are read as ever.
 *
 * @param read reads a record that was in the document
 * @returns whether it is such a document
 */
export function readLogEvents(
  found: ReadRecords,
  bytes: Uint8Array,
  span: Span,
  how: HowToRead,
  read: (delivery: Delivery) => void,
): boolean {
  const { rows, catchAll } = how
  if (!rows || !catchAll || how.wrappers?.includes(subscription) === false) return false
  const events = logEventsOf(bytes, span)
  if (!events) return false
  const subscriptionfilters =
    events.shared.subscriptionFilters && JSON.stringify(events.shared.subscriptionFilters)
  // What no column holds as it was delivered is for `prepare`.
  if (subscriptionfilters !== undefined && wellFormedJson(subscriptionfilters) !== subscriptionfilters)
    return false
  found.wrapper ??= subscription.name
  const { shared, count, places, timestamps, escapes } = events
  const { logGroup: loggroup, logStream: logstream, owner, policyLevel: policylevel } = shared
  const isText = how.textsAreLogs === true && catchAll.leaves?.(logstream) !== true
  if (bytes !== source.bytes) source = textSpan(bytes)
  const id = source
  const plainMessage = { ...source }
  const row = {
    timestamp: 0,
    id,
    loggroup,
    logstream,
    owner,
    message: plainMessage,
    subscriptionfilters,
    policylevel,
  }
  const made = {
    type: catchAll,
    row,
    day: 0,
    cluster: clusterOf(catchAll, { loggroup, logstream }),
  }
  // What log types look at of an event that has no record of theirs in it: where it comes from.
  const context: Context = { ...how.context, cloudwatch: { ...shared, timestamp: Number.NaN } }
  for (let index = 0; index < count; index++) {
    const [place, millis] = [index * 4, timestamps[index] as number]
    const start = places[place + 2] as number
    const end = places[place + 3] as number
    id.start = places[place] as number
    id.end = places[place + 1] as number
    const message = escapes[index] === 1 ? meaning(bytes, start, end) : plainMessage
    if (message === plainMessage) {
      message.start = start
      message.end = end
    }
    const record = message && objectIn(message)
    if (isText && message && (!record || isLog(message, record, how, context))) {
      row.message = message
      row.timestamp = millis * 1000
      made.day = dayOfMillis(millis)
      if (rows.put(made, end - start)) {
        found.read++
        found.inColumns++
        found.types.add(catchAll)
        continue
      }
    }
    const cloudwatch = { ...shared, id: textOf(bytes, id.start, id.end), timestamp: millis }
    const itsContext = { ...how.context, cloudwatch }
    // A copy of the bytes: they may be kept, and the next message takes their place.
    if (message && record) read({ bytes: Buffer.from(bytesOf(message)), record, context: itsContext })
    else read(deliveryOfText(jsonText(bytes, start, end), itsContext))
  }
  return true
}

let source = textSpan(new Uint8Array(0))
let scratch = textSpan(new Uint8Array(1 << 16))

/** What a text with escapes means; undefined when that is not to be had without a closer look. */
function meaning(bytes: Uint8Array, start: number, end: number): TextSpan | undefined {
  if (end - start > scratch.bytes.length) scratch = textSpan(new Uint8Array((end - start) * 2))
  scratch.start = 0
  scratch.end = meaningOf(bytes, start, end, scratch.bytes, scratch.view)
  return scratch.end < 0 ? undefined : scratch
}

function bytesOf({ bytes, start, end }: TextSpan): Uint8Array {
  return bytes.subarray(start, end)
}

/** The message as a JSON object; undefined when it is none. */
function objectIn({ bytes, start, end }: TextSpan): JsonObject | undefined {
  const first = skipSpace(bytes, start)
  if (first >= end || bytes[first] !== OPEN_OBJECT) return undefined
  try {
    return JSON.parse(textOf(bytes, start, end)) as JsonObject
  } catch {
    return undefined
  }
}

/** Whether no other log type takes the message, and nothing is wrapped in it. */
function isLog(message: TextSpan, record: JsonObject, how: HowToRead, context: Context): boolean {
  const delivery: Delivery = { bytes: bytesOf(message), record, context }
  if (how.wrappers?.some(({ open }) => open(delivery))) return false
  return how.typeOf(delivery) === how.catchAll
}

/** A text that stands in JSON between `start` and `end`, as it stands there. */
function jsonText(bytes: Uint8Array, start: number, end: number): string {
  const text = textOf(bytes, start, end)
  return text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text
}

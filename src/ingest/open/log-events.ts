import type { Context, Delivery } from '../../envelopes/contract.ts'
import { deliveryOfText } from '../../envelopes/delivery.ts'
import { logEventsOf } from '../../envelopes/log-events.ts'
import { subscription } from '../../envelopes/subscription.ts'
import { OPEN_OBJECT, type Span, skipSpace, textOf } from '../../json/bytes.ts'
import { wellFormedJson } from '../../json/halves.ts'
import { meaningOf } from '../../json/text.ts'
import { dayOfMillis } from '../../json/time.ts'
import type { JsonObject } from '../../json/values.ts'
import type { HowToRead, ReadRecords } from './contract.ts'
import { groupKeyOf } from './prepared.ts'
import { type TextSpan, textSpan } from './row-columns.ts'

/**
 * Reads the document of a CloudWatch Logs subscription. Messages that no other log type takes go straight
 * from its bytes into the columns of the catch-all log type, without an object for each. All others take the
 * usual path.
 *
 * @param read reads a record that was in the document
 * @returns whether the bytes are such a document
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
  // A value that no column holds exactly as delivered is left to `prepare`.
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
    groupKey: groupKeyOf(catchAll, { loggroup, logstream }),
  }
  // Where the event comes from: all that log types check of an event that holds none of their records.
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
    // A copy: the bytes may be kept, and the next message overwrites the buffer.
    if (message && record && message.bytes[message.start] === OPEN_OBJECT)
      read({ bytes: Buffer.from(bytesOf(message)), record, context: itsContext })
    else read(deliveryOfText(jsonText(bytes, start, end), itsContext))
  }
  return true
}

let source = textSpan(new Uint8Array(0))
let scratch = textSpan(new Uint8Array(1 << 16))

/** The decoded form of a text with escapes; undefined when decoding it needs the general path. */
function meaning(bytes: Uint8Array, start: number, end: number): TextSpan | undefined {
  if (end - start > scratch.bytes.length) scratch = textSpan(new Uint8Array((end - start) * 2))
  scratch.start = 0
  scratch.end = meaningOf(bytes, start, end, scratch.bytes, scratch.view)
  return scratch.end < 0 ? undefined : scratch
}

function bytesOf({ bytes, start, end }: TextSpan): Uint8Array {
  return bytes.subarray(start, end)
}

/** The message as a JSON object; undefined when it is not one. */
function objectIn({ bytes, start, end }: TextSpan): JsonObject | undefined {
  const first = skipSpace(bytes, start)
  if (first >= end || bytes[first] !== OPEN_OBJECT) return undefined
  try {
    return JSON.parse(textOf(bytes, start, end)) as JsonObject
  } catch {
    return undefined
  }
}

/** Whether no other log type takes the message, and no record is wrapped in it. */
function isLog(message: TextSpan, record: JsonObject, how: HowToRead, context: Context): boolean {
  const bytes = bytesOf(message)
  const delivery: Delivery = { bytes: bytes.subarray(skipSpace(bytes, 0)), record, context }
  if (how.wrappers?.some(({ open }) => open(delivery))) return false
  return how.typeOf(delivery) === how.catchAll
}

/** The JSON text between `start` and `end`, not decoded. */
function jsonText(bytes: Uint8Array, start: number, end: number): string {
  const text = textOf(bytes, start, end)
  return text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text
}

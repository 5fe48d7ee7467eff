import { elements, members, OPEN_ARRAY, skipSpace } from '../json/bytes.ts'
import { isObject, type JsonObject, type JsonValue } from '../json/values.ts'
import type { Context, Inside, Wrapper } from './contract.ts'
import { deliveryOf, deliveryOfText } from './delivery.ts'

/**
 * A document in the place of a record: in an array that `jq -s` made, after other documents, or in a message.
 */
export const nested: Wrapper = {
  name: 'nested',
  doc: 'A document in the place of a record: `{"Records":[…]}`, an event of Firehose, messages of SQS, an answer of LookupEvents or an entry of one, a digest.',
  open({ bytes, record, context }) {
    // A log message of a program stays a log, even if it quotes a notice or a file.
    if (!record || context.cloudwatch) return undefined
    const { Records: records, Events: events, Messages: messages } = record
    if (Array.isArray(records)) return listOf('Records', records, bytes, context)
    if (isFirehose(record)) return listOf('records', record.records, bytes, context)
    if (Array.isArray(messages) && messages.length > 0 && messages.every(isMessage))
      return listOf('Messages', messages, bytes, context)
    if (Array.isArray(events) && (events.length === 0 || events.some(isEntry)))
      return listOf('Events', events, bytes, context)
    if (isEntry(record)) {
      const inner = deliveryOfText(record.CloudTrailEvent, context)
      return inner.record ? { kind: 'records', inner: [inner] } : undefined
    }
    if ('digestS3Object' in record && Array.isArray(record.logFiles))
      return { kind: 'skipped', reason: 'CloudTrail digest: hashes of log files, no events' }
    return undefined
  },
}

/**
 * Whether a document is an event of Firehose, an answer to one, or another list of that name alone: a user's
 * records may have a list among their fields that is called so.
 */
function isFirehose(record: JsonObject): record is JsonObject & { records: JsonValue[] } {
  const { records, deliveryStreamArn } = record
  if (!Array.isArray(records) || !records.every(isObject)) return false
  return typeof deliveryStreamArn === 'string' || Object.keys(record).length === 1
}

/** A message as SQS's API returns it. */
function isMessage(value: JsonValue): boolean {
  return isObject(value) && typeof value.Body === 'string' && typeof value.ReceiptHandle === 'string'
}

function isEntry(value: JsonValue): value is JsonObject & { CloudTrailEvent: string } {
  return isObject(value) && typeof value.CloudTrailEvent === 'string'
}

/**
 * The elements of a document's list, each with its own bytes: parsing and writing them again could change a
 * number. A list that is there twice is read twice.
 */
function listOf(
  key: string,
  list: readonly JsonValue[],
  bytes: Uint8Array,
  context: Context,
): Inside | undefined {
  const fields = members(bytes, skipSpace(bytes, 0))?.filter((member) => member.key === key) ?? []
  const spans = fields
    .filter(({ start }) => bytes[start] === OPEN_ARRAY)
    .flatMap(({ start }) => elements(bytes, start).spans)
  if (spans.length === 0)
    return list.length === 0 ? { kind: 'skipped', reason: 'no records in it' } : undefined
  return {
    kind: 'records',
    inner: spans.map(({ start, end }) => deliveryOf(bytes.subarray(start, end), context)),
  }
}

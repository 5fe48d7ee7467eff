import { elements, members, OPEN_ARRAY, skipSpace } from '../json/bytes.ts'
import type { JsonObject, JsonValue } from '../json/values.ts'
import type { Context, Delivery, Wrapper } from './contract.ts'
import { deliveryOf, deliveryOfText } from './delivery.ts'

/**
 * Documents that are mostly objects of their own, in the place of a record: in an array that `jq -s` made, behind other
 * documents, in a message.
 */
export const nested: Wrapper = {
  name: 'nested',
  doc: 'A document in the place of a record: `{"Records":[…]}`, an answer of LookupEvents or an entry of one, a digest.',
  open({ bytes, record, context }) {
    // What a program wrote to its log is a log, also where it is a notice or a file that it was given.
    if (!record || context.cloudwatch) return undefined
    const { Records: records, Events: events } = record
    if (Array.isArray(records)) return listOf('Records', records, bytes, context)
    if (Array.isArray(events) && (events.length === 0 || events.some(isEntry)))
      return listOf('Events', events, bytes, context)
    if (isEntry(record)) {
      const inner = deliveryOfText(record.CloudTrailEvent, context)
      return inner.record ? { inner: [inner] } : undefined
    }
    if ('digestS3Object' in record && Array.isArray(record.logFiles))
      return { skipped: 'CloudTrail digest: hashes of log files, no events' }
    return undefined
  },
}

function isEntry(value: JsonValue): value is JsonObject & { CloudTrailEvent: string } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return typeof value.CloudTrailEvent === 'string'
}

/** The elements of a document's list, each with its own bytes: parsed and written again, a number could change. */
function listOf(
  key: string,
  list: readonly JsonValue[],
  bytes: Uint8Array,
  context: Context,
): { inner: Delivery[] } | { skipped: string } | undefined {
  if (list.length === 0) return { skipped: 'no records in it' }
  const field = members(bytes, skipSpace(bytes, 0))?.findLast((member) => member.key === key)
  if (!field || bytes[field.start] !== OPEN_ARRAY) return undefined
  const { spans } = elements(bytes, field.start)
  return { inner: spans.map(({ start, end }) => deliveryOf(bytes.subarray(start, end), context)) }
}

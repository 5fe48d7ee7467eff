import {
  documents,
  elements,
  joinArray,
  members,
  OPEN_ARRAY,
  OPEN_OBJECT,
  type Span,
  textOf,
} from '../json/bytes.ts'
import type { Envelope } from './contract.ts'

/** The output of `aws cloudtrail lookup-events`: each event is JSON inside a string. */
export const lookupEvents: Envelope = {
  name: 'lookup-events',
  doc: 'The answer of CloudTrail LookupEvents: `{"Events":[{"CloudTrailEvent":"{…}"}]}`.',
  open(bytes) {
    const { spans, stop } = documents(bytes)
    // Malformed bytes are read piece by piece.
    if (stop < bytes.length) return undefined
    const inner: Uint8Array[] = []
    let unwrapped = 0
    for (const span of spans) {
      const events = bytes[span.start] === OPEN_OBJECT ? eventsOf(bytes, span) : undefined
      if (!events) return undefined
      for (const event of events) {
        const record = recordOf(bytes, event)
        if (record) unwrapped++
        // An entry without a record stays as it is, and is rejected as a record of unknown log type.
        inner.push(record ?? bytes.subarray(event.start, event.end))
      }
    }
    if (!spans.atLeast(1) || (inner.length > 0 && unwrapped === 0)) return undefined
    return { kind: 'records', records: joinArray(inner) }
  },
}

function eventsOf(bytes: Uint8Array, { start }: Span): Span[] | undefined {
  // One that is there twice is read twice, as `Records` is.
  const lists = members(bytes, start)?.filter(
    (field) => field.key === 'Events' && bytes[field.start] === OPEN_ARRAY,
  )
  return lists && lists.length > 0 ? lists.flatMap((list) => elements(bytes, list.start).spans) : undefined
}

/** The record that an entry holds as text; undefined when that is not JSON. */
function recordOf(bytes: Uint8Array, { start }: Span): Uint8Array | undefined {
  const event = bytes[start] === OPEN_OBJECT ? members(bytes, start) : undefined
  const field = event?.find(({ key }) => key === 'CloudTrailEvent')
  if (!field) return undefined
  try {
    const text: unknown = JSON.parse(textOf(bytes, field.start, field.end))
    if (typeof text !== 'string') return undefined
    JSON.parse(text)
    return Buffer.from(text)
  } catch {
    return undefined
  }
}

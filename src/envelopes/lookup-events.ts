import type { Envelope } from './contract.ts'
import { elements, members, OPEN_ARRAY, OPEN_OBJECT, skipSpace, textOf } from './json.ts'
import { joinArray } from './strict.ts'

/** What `aws cloudtrail lookup-events` prints: each event is JSON inside a string. */
export const lookupEvents: Envelope = {
  name: 'lookup-events',
  doc: 'The answer of CloudTrail LookupEvents: `{"Events":[{"CloudTrailEvent":"{…}"}]}`.',
  open(bytes) {
    const start = skipSpace(bytes, 0)
    if (bytes[start] !== OPEN_OBJECT) return undefined
    const events = members(bytes, start)?.find(({ key }) => key === 'Events')
    if (!events || bytes[events.start] !== OPEN_ARRAY) return undefined
    const { spans } = elements(bytes, events.start)
    const inner = spans.map((span) => {
      const event = bytes[span.start] === OPEN_OBJECT ? members(bytes, span.start) : undefined
      const text = event?.find(({ key }) => key === 'CloudTrailEvent')
      // An entry without its record stays what it is, and is rejected as a record that no log type knows.
      return (text && unquote(textOf(bytes, text.start, text.end))) ?? bytes.subarray(span.start, span.end)
    })
    if (spans.length > 0 && inner.every((part, index) => part.length === lengthOf(spans[index])))
      return undefined
    return { kind: 'records', records: joinArray(inner) }
  },
}

function lengthOf(span: { start: number; end: number } | undefined): number {
  return span ? span.end - span.start : -1
}

function unquote(text: string): Uint8Array | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'string' ? Buffer.from(value) : undefined
  } catch {
    return undefined
  }
}

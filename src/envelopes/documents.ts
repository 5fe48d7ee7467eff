import type { Envelope } from './contract.ts'
import {
  documents as findDocuments,
  insideArray,
  joinArray,
  OPEN_ARRAY,
  OPEN_OBJECT,
  type Span,
  skipSpace,
} from './json.ts'

/** JSON without an envelope: an array of records, one record, or records one after the other (NDJSON). */
export const documents: Envelope = {
  name: 'json',
  doc: 'An array of records, one record, or records one after the other, on lines of their own or not.',
  open(bytes) {
    const first = bytes[skipSpace(bytes, 0)]
    if (first !== OPEN_ARRAY && first !== OPEN_OBJECT) return undefined
    const { spans, stop } = findDocuments(bytes)
    const whole = spans.map((span) => bytes.subarray(span.start, span.end))
    const [only] = whole
    if (whole.length === 1 && first === OPEN_ARRAY && stop >= bytes.length) {
      return { kind: 'records', records: only as Uint8Array }
    }
    const parts = whole.map((value) => insideArray(value) ?? value).filter(({ length }) => length > 0)
    if (stop >= bytes.length) {
      const isPlain = whole.every((value) => value[0] === OPEN_OBJECT)
      return { kind: 'records', records: joinArray(parts), ...(isPlain ? { spans: joinedSpans(parts) } : {}) }
    }
    // What cannot be read stands behind the whole records, where the array breaks off.
    const tail = bytes.subarray(bytes[stop] === OPEN_ARRAY ? stop + 1 : stop)
    return { kind: 'records', records: joinArray(parts, tail) }
  },
}

/** Where the parts are in their joined array. */
function joinedSpans(parts: readonly Uint8Array[]): Span[] {
  let at = 1
  return parts.map(({ length }) => {
    const span = { start: at, end: at + length }
    at = span.end + 1
    return span
  })
}

import type { Envelope } from './contract.ts'
import { documents as findDocuments, OPEN_ARRAY, OPEN_OBJECT, skipSpace } from './json.ts'
import { joinArray } from './strict.ts'

/** JSON without an envelope: an array of records, one record, or records one after the other (NDJSON). */
export const documents: Envelope = {
  name: 'json',
  doc: 'An array of records, one record, or records one after the other, on lines of their own or not.',
  open(bytes) {
    const start = skipSpace(bytes, 0)
    if (bytes[start] === OPEN_ARRAY) return { kind: 'records', records: bytes.subarray(start) }
    if (bytes[start] !== OPEN_OBJECT) return undefined
    const { spans, stop } = findDocuments(bytes)
    const whole = spans.map((span) => bytes.subarray(span.start, span.end))
    const array = joinArray(whole)
    if (stop >= bytes.length) return { kind: 'records', records: array }
    // What cannot be read stands behind the whole records, where the array breaks off.
    const open = array.subarray(0, array.length - 1)
    const comma = whole.length > 0 ? ',' : ''
    return { kind: 'records', records: Buffer.concat([open, Buffer.from(comma), bytes.subarray(stop)]) }
  },
}

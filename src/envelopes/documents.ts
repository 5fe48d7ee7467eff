import { again } from '../json/again.ts'
import { documents as findDocuments, joinSpans, OPEN_ARRAY, OPEN_OBJECT, type Span } from '../json/bytes.ts'
import { skipSeparators } from '../json/separators.ts'
import type { Envelope, Run } from './contract.ts'
import { isHead, listsOf } from './records.ts'

/** JSON without an envelope: an array of records, one record, or records one after the other (NDJSON). */
export const documents: Envelope = {
  name: 'json',
  doc: 'An array of records, one record, or records one after the other, on lines of their own or not.',
  open(bytes) {
    const first = bytes[skipSeparators(bytes, 0)]
    if (first !== OPEN_ARRAY && first !== OPEN_OBJECT) return undefined
    const { spans, stop } = findDocuments(bytes)
    const runs = again(() => allRuns(bytes, spans))
    const source = { bytes, runs, stop }
    const [only] = runs
    if (only?.around && !runs.atLeast(2))
      return { kind: 'records', records: bytes.subarray(only.start, only.end), source }
    return { kind: 'records', records: joinSpans(bytes, runs), source }
  },
}

function* allRuns(bytes: Uint8Array, spans: Iterable<Span>): Generator<Run> {
  for (const span of spans) {
    const { start } = span
    if (bytes[start] === OPEN_ARRAY) {
      yield { ...span, around: { start, head: undefined, inObject: false } }
      continue
    }
    const lists = isHead(bytes, start) ? listsOf(bytes, span) : []
    if (lists.length > 0) yield* lists
    else yield span
  }
}

import { joinArray, OPEN_OBJECT, skipSpace } from '../json/bytes.ts'
import { lineEnd } from '../json/lines.ts'
import { skipSeparators } from '../json/separators.ts'
import { bedrockBody } from './bedrock-body.ts'
import type { Context, Envelope, Opened } from './contract.ts'
import { digest } from './digest.ts'
import { documents } from './documents.ts'
import { exportTask } from './export-task.ts'
import { look, signatureOf } from './look.ts'
import { lookupEvents } from './lookup-events.ts'
import { pieces } from './pieces.ts'
import { records } from './records.ts'
import { transcript } from './transcript.ts'
import { transformManifest, transformOutput } from './transform.ts'

/**
 * All envelopes, tried in this order.
 *
 * An object's bytes come as they were delivered: a bare list of records, a document of one of AWS's services,
 * a text, an answer of an API. Each format is one file with an `Envelope`, whose `open` returns the records,
 * or undefined when the bytes are in another format. So formats do not know each other, and a new one is a
 * file and a line in this list. An envelope does not parse records: it cuts them out of the bytes, so that
 * numbers and escapes stay as they were delivered. Where bytes are malformed, `pieces.ts` finds the sound
 * records in them. Records inside of records (a CloudWatch Logs subscription, an EventBridge event) are
 * opened later, one by one, by `wrappers.ts`.
 */
export const envelopes: readonly Envelope[] = [
  bedrockBody,
  transcript,
  records,
  digest,
  lookupEvents,
  transformManifest,
  documents,
  exportTask,
  transformOutput,
]

/**
 * Unwraps an object's expanded bytes. `base` is the number of bytes before the unwrapped ones, which offsets
 * count from.
 */
export function unwrap(expanded: Uint8Array, context: Context): Opened & { envelope: string; base: number } {
  const bytes = withoutMark(expanded)
  const base = expanded.length - bytes.length
  if (skipSeparators(bytes, 0) >= bytes.length)
    return { kind: 'skipped', envelope: 'empty', base, reason: 'the object is empty' }
  for (const envelope of envelopes) {
    const opened = envelope.open(bytes, context)
    if (opened) return { ...opened, envelope: envelope.name, base }
  }
  if (signatureOf(bytes) === undefined && hasDocument(bytes)) {
    const source = { bytes, runs: [], stop: 0 }
    return { kind: 'records', records: joinArray([]), source, envelope: documents.name, base }
  }
  return {
    kind: 'rejected',
    envelope: 'unknown',
    base,
    code: 'not-json',
    reason: `not JSON: it begins like ${look(bytes)}`,
  }
}

/**
 * Whether bytes that begin otherwise contain records with text between: objects at the start of a line, or
 * after zeros, but not prose with examples in it.
 */
function hasDocument(bytes: Uint8Array): boolean {
  let start = 0
  let records = 0
  let others = 0
  for (const piece of pieces(bytes)) {
    if (piece.kind === 'record' && bytes[piece.start] === OPEN_OBJECT && piece.start >= start) records++
    if (piece.kind !== 'bad' || piece.why === 'zeros') continue
    others++
    start = lineEnd(bytes, piece.end)
  }
  return records > 0 && others <= records * MAX_TEXTS
}

/** Lines of text per record: a Lambda function writes three for each of its own. */
const MAX_TEXTS = 4

/**
 * The bytes of an object that consists only of consecutive JSON objects, judged by its name and first bytes,
 * for a reader that makes a single pass; undefined for any other object.
 */
export function bareDocuments(bytes: Uint8Array, context: Context): Uint8Array | undefined {
  bytes = withoutMark(bytes)
  if (bytes[skipSpace(bytes, 0)] !== OPEN_OBJECT) return undefined
  return envelopes.some(({ byName, open }) => byName && open(bytes, context)) ? undefined : bytes
}

/** Removes UTF-8's byte order mark, which JSON does not allow. */
function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
}

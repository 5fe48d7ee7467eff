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

/** Every envelope, tried in this order. A new one is a file here and a line in this list. */
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

/** Unwraps an object's expanded bytes. `base` is how many of them stand before those that places are counted in. */
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
 * Whether bytes that begin with something else are records with text between: objects that begin on a line of their own, or behind
 * zeros, and not prose that shows some.
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
  return records > 0 && others <= records * MOST_TEXTS
}

/** A function of Lambda writes three lines of text for each of its own. */
const MOST_TEXTS = 4

/**
 * The bytes of an object that holds nothing but JSON objects one after the other, as far as its name and its first bytes tell, for
 * whoever wants to go over them once only; undefined for any other.
 */
export function bareDocuments(bytes: Uint8Array, context: Context): Uint8Array | undefined {
  bytes = withoutMark(bytes)
  if (bytes[skipSpace(bytes, 0)] !== OPEN_OBJECT) return undefined
  return envelopes.some(({ byName, open }) => byName && open(bytes, context)) ? undefined : bytes
}

/** UTF-8's byte order mark is no part of JSON. */
function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
}

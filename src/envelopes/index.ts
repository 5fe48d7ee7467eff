import { bedrockBody } from './bedrock-body.ts'
import type { Context, Envelope, Opened } from './contract.ts'
import { digest } from './digest.ts'
import { documents } from './documents.ts'
import { exportTask } from './export-task.ts'
import { OPEN_OBJECT, skipSpace } from './json.ts'
import { lookupEvents } from './lookup-events.ts'
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

/** Unwraps an object's expanded bytes. */
export function unwrap(bytes: Uint8Array, context: Context): Opened & { envelope: string } {
  bytes = withoutMark(bytes)
  if (skipSpace(bytes, 0) === bytes.length)
    return { kind: 'skipped', envelope: 'empty', reason: 'the object is empty' }
  for (const envelope of envelopes) {
    const opened = envelope.open(bytes, context)
    if (opened) return { ...opened, envelope: envelope.name }
  }
  return {
    kind: 'rejected',
    envelope: 'unknown',
    code: 'not-json',
    reason: `not JSON: it begins like ${look(bytes)}`,
  }
}

/**
 * The bytes of an object that holds nothing but JSON objects one after the other, as far as its name and its first bytes tell, for
 * whoever wants to go over them once only; undefined for any other.
 */
export function bareDocuments(bytes: Uint8Array, context: Context): Uint8Array | undefined {
  bytes = withoutMark(bytes)
  if (bytes[skipSpace(bytes, 0)] !== OPEN_OBJECT) return undefined
  return [bedrockBody, transcript].some(({ open }) => open(bytes, context)) ? undefined : bytes
}

/** UTF-8's byte order mark is no part of JSON. */
function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
}

const SIGNATURES: readonly [name: string, magic: string][] = [
  ['a ZIP archive', 'PK\x03\x04'],
  ['a Parquet file', 'PAR1'],
  ['an ORC file', 'ORC'],
  ['a PDF', '%PDF'],
  ['HTML', '<!DOCTYPE'],
  ['HTML', '<html'],
  ['XML', '<?xml'],
  ['zstd data', '\x28\xb5\x2f\xfd'],
  ['bzip2 data', 'BZh'],
]

/** In words what bytes that are no log of ours look like; never the bytes themselves. */
function look(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 64)).toString('latin1')
  const known = SIGNATURES.find(([, magic]) => head.startsWith(magic))
  if (known) return known[0]
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a control character is what tells text from data
  return /[\x00-\x08\x0e-\x1f]/.test(head) ? 'binary data' : 'plain text'
}

import { gunzipSync, type Zlib } from 'node:zlib'
import type { JsonValue } from '../../src/json/values.ts'

/**
 * The records of an object, read the plain way: gunzip, `JSON.parse`, and the few shapes an envelope can have. Knows
 * nothing of src/envelopes, against which it is held. Undefined when the object is not wholly JSON.
 */
export function deliveredRecords(bytes: Buffer): JsonValue[] | undefined {
  try {
    while (bytes[0] === 0x1f && bytes[1] === 0x8b) {
      const options = { info: true }
      const { buffer, engine } = gunzipSync(bytes, options) as unknown as { buffer: Buffer; engine: Zlib }
      // Node reads no member behind zeros.
      if (bytes.subarray(engine.bytesWritten).some((byte) => byte !== 0)) return undefined
      bytes = buffer
    }
  } catch {
    return undefined
  }
  const text = new TextDecoder('utf-8', { ignoreBOM: false }).decode(bytes)
  // `JSON.parse` keeps the last of two fields of one name; we read both.
  if (/^\{"Records":.*\],"Records":/.test(text)) return undefined
  const documents = parseAll(text)
  return documents?.flatMap(recordsIn)
}

function recordsIn(document: JsonValue): JsonValue[] {
  if (Array.isArray(document)) return document.flatMap(unwrapped)
  if (typeof document !== 'object' || document === null) return [document]
  if (Array.isArray(document.Records)) return document.Records.flatMap(unwrapped)
  if (Array.isArray(document.Events)) {
    return document.Events.map((event) => {
      const inner = (event as { CloudTrailEvent?: string }).CloudTrailEvent
      try {
        return inner === undefined ? event : exact(inner)
      } catch {
        return event
      }
    })
  }
  return [document]
}

/** Those of an array among records; an empty one is one without records. */
function unwrapped(record: JsonValue): JsonValue[] {
  return Array.isArray(record) && record.length > 0 ? record.flatMap(unwrapped) : [record]
}

/** One document, or one per line. */
function parseAll(text: string): JsonValue[] | undefined {
  try {
    return [exact(text)]
  } catch {
    const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
    try {
      return lines.map(exact)
    } catch {
      return undefined
    }
  }
}

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs

/**
 * JSON with its whole numbers exact: they become texts like `\u0000 9007199254740993`, the others what a double
 * holds of them.
 */
export function exact(text: string): JsonValue {
  JSON.parse(text)
  return JSON.parse(
    text.replace(TOKEN, (token) => {
      if (token.startsWith('"')) return token
      const value = /^-?\d+$/.test(token) ? BigInt(token) : Number(token)
      return `"\\u0000 ${value}"`
    }),
  ) as JsonValue
}

/** The same text for the same JSON: fields in order. */
export function canonical(value: JsonValue): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner
    const entries = Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1))
    return Object.fromEntries(entries)
  })
}

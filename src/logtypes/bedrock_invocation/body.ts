import type { JsonObject, JsonValue } from '../../json/values.ts'
import type { OverflowBodies } from '../contract.ts'
import { objectOf, textOf } from './json.ts'
import { wellFormedJson } from './text.ts'

/** Where a body was found, or why it is absent. */
export type BodyState = 'inline' | 'fetched' | 'missing' | 'not logged' | 'binary'

export interface Body {
  state: BodyState
  /** JSON text, when it was fetched. */
  text?: string
  /** The parsed content; undefined when there is none. */
  value?: JsonValue | undefined
}

/**
 * The URIs of bodies outside the record. Bedrock names JSON `.json.gz`; images and videos have their usual
 * extensions.
 */
export function bodyPaths(record: JsonObject): string[] {
  const input = objectOf(record.input)
  const output = objectOf(record.output)
  const paths = [
    isThere(input?.inputBodyJson) ? undefined : input?.inputBodyS3Path,
    isThere(output?.outputBodyJson) ? undefined : output?.outputBodyS3Path,
  ]
  return paths.flatMap((path) => textOf(path) ?? []).filter((path) => !MEDIA.test(path))
}

/** Never read, because they may be very large. */
const MEDIA = /\.(png|jpe?g|webp|gif|mp4|mov|mkv|webm|wav|mp3|bin)(\.gz)?$/i

/** A body in the record, or in an object of its own. */
export function bodyOf(
  inline: JsonValue | undefined,
  path: JsonValue | undefined,
  overflowBodies: OverflowBodies,
): Body {
  if (isThere(inline)) return { state: 'inline', value: parsed(inline) }
  if (typeof path !== 'string') return { state: 'not logged' }
  if (MEDIA.test(path)) return { state: 'binary' }
  const bytes = overflowBodies.get(path)
  return bytes ? fetchedBody(bytes) : { state: 'missing' }
}

function isThere(value: JsonValue | undefined): value is JsonValue {
  return value !== undefined && value !== null
}

function fetchedBody(bytes: Uint8Array): Body {
  let text: string
  try {
    text = UTF8.decode(bytes)
  } catch {
    return { state: 'binary' }
  }
  const value = jsonOf(text)
  // Text that is not JSON, or was cut off, is kept as a JSON string.
  if (value === undefined) return { state: 'fetched', text: JSON.stringify(text), value: text }
  return { state: 'fetched', text: wellFormedJson(text), value: parsed(value) }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true })

/** A body may be JSON inside a JSON string. */
function parsed(value: JsonValue): JsonValue {
  return typeof value === 'string' ? (jsonOf(value) ?? value) : value
}

function jsonOf(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return undefined
  }
}

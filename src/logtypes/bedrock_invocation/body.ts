import type { JsonObject, JsonValue } from '../../json/values.ts'
import type { Parts } from '../contract.ts'
import { objectOf, textOf } from './json.ts'
import { wellFormedJson } from './text.ts'

/** What became of a body. */
export type BodyState = 'inline' | 'fetched' | 'missing' | 'not logged' | 'binary'

export interface Body {
  state: BodyState
  /** JSON text, when it was fetched. */
  text?: string
  /** What the body says; undefined when there is none to read. */
  value?: JsonValue | undefined
}

/** Where the bodies lie that are not in the record. Bedrock gives JSON the ending `.json.gz`, images and videos theirs. */
export function bodyPaths(record: JsonObject): string[] {
  const input = objectOf(record.input)
  const output = objectOf(record.output)
  const paths = [
    isThere(input?.inputBodyJson) ? undefined : input?.inputBodyS3Path,
    isThere(output?.outputBodyJson) ? undefined : output?.outputBodyS3Path,
  ]
  return paths.flatMap((path) => textOf(path) ?? []).filter((path) => !MEDIA.test(path))
}

/** Never read: they may be as large as a film. */
const MEDIA = /\.(png|jpe?g|webp|gif|mp4|mov|mkv|webm|wav|mp3|bin)(\.gz)?$/i

/** A body in the record, or beside it. */
export function bodyOf(inline: JsonValue | undefined, path: JsonValue | undefined, parts: Parts): Body {
  if (isThere(inline)) return { state: 'inline', value: parsed(inline) }
  if (typeof path !== 'string') return { state: 'not logged' }
  if (MEDIA.test(path)) return { state: 'binary' }
  const bytes = parts.get(path)
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
  // Text that is no JSON, or broke off, is kept as a JSON string.
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

/// <reference lib="es2024.string" />
/**
 * JSON may hold halves of surrogate pairs, which UTF-8 cannot encode and no engine's JSON reader accepts: a
 * column with one would fail every query that reads it. Such a half becomes U+FFFD in the column, and
 * `unmapped` holds the delivered text.
 */
export function wellFormed<T>(value: T): T | string {
  return typeof value === 'string' && !value.isWellFormed() ? value.toWellFormed() : value
}

/** JSON text with escapes of half a surrogate pair replaced. */
export function wellFormedJson(json: string): string {
  if (!json.includes('\\u') || !ESCAPED.test(json)) return json
  return json.replaceAll(ESCAPES, (found) => (found.length === 6 && HALF.test(found) ? '\\ufffd' : found))
}

/** JSON text for `unmapped`: text that would make all of it unreadable is kept as a JSON string. */
export function safeJson(json: string): string {
  return isUnsafe(json) ? JSON.stringify(json) : json
}

/** The original text of a JSON string that `safeJson` made; undefined when it made none. */
export function unsafeJson(text: string): string | undefined {
  return isUnsafe(text) ? text : undefined
}

/**
 * Whether JSON holds half a surrogate pair; or is a text that would pass for such JSON if it were kept as it
 * is. False for what is no JSON.
 */
function isUnsafe(json: string): boolean {
  if (!ESCAPED.test(json)) return false
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return false
  }
  return wellFormedJson(json) !== json || (typeof value === 'string' && isUnsafe(value))
}

/**
 * Whether JSON may hold half a surrogate pair; never false when it does. Searching for two bytes first is
 * much cheaper than a pattern over all bytes.
 */
export function mayHoldHalf(json: Uint8Array): boolean {
  return escapesOf(json) !== undefined
}

/** Whether JSON holds half a surrogate pair. */
export function holdsHalf(json: Uint8Array): boolean {
  const text = escapesOf(json)
  if (text === undefined) return false
  for (const [found] of text.matchAll(ESCAPES)) if (found.length === 6 && HALF.test(found)) return true
  return false
}

/** The text of JSON when an escape in it may stand for half a pair. */
function escapesOf({ buffer, byteOffset, length }: Uint8Array): string | undefined {
  const bytes = Buffer.from(buffer, byteOffset, length)
  if (!bytes.includes('\\u')) return undefined
  const text = bytes.toString('latin1')
  return ESCAPED.test(text) ? text : undefined
}

const ESCAPED = /\\u[dD][89a-fA-F]/
const HALF = /^\\u[dD][89a-fA-F]/
/**
 * A pair, a half, or any other escape, which is skipped so that its second backslash is never read as the
 * start of an escape.
 */
const ESCAPES = /\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\u[dD][89a-fA-F][\da-fA-F]{2}|\\./g

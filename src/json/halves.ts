/// <reference lib="es2024.string" />
/**
 * JSON may hold halves of surrogate pairs, which no UTF-8 and no JSON reader of an engine holds: a column that has one
 * would fail every question that looks into it. Such a half becomes U+FFFD in the column, and `unmapped` holds what was
 * delivered.
 */
export function wellFormed<T>(value: T): T | string {
  return typeof value === 'string' && !value.isWellFormed() ? value.toWellFormed() : value
}

/** JSON text as it is, but for escapes of halves of surrogate pairs. */
export function wellFormedJson(json: string): string {
  if (!json.includes('\\u') || !ESCAPED.test(json)) return json
  return json.replaceAll(ESCAPES, (found) => (found.length === 6 && HALF.test(found) ? '\\ufffd' : found))
}

/** JSON text that may stand in `unmapped`: one that would make all of it unreadable is kept as a JSON string. */
export function safeJson(json: string): string {
  return wellFormedJson(json) === json ? json : JSON.stringify(json)
}

/** What `safeJson` was given, of a JSON string that it may have made; undefined where it made none. */
export function unsafeJson(text: string): string | undefined {
  if (!ESCAPED.test(text) || wellFormedJson(text) === text) return undefined
  try {
    JSON.parse(text)
    return text
  } catch {
    return undefined
  }
}

/** Whether JSON may hold such a half; never false where it does. Looking for two bytes first is much cheaper than a pattern over all of them. */
export function mayHoldHalf(json: Uint8Array): boolean {
  return escapesOf(json) !== undefined
}

/** Whether JSON holds such a half. */
export function holdsHalf(json: Uint8Array): boolean {
  const text = escapesOf(json)
  if (text === undefined) return false
  for (const [found] of text.matchAll(ESCAPES)) if (found.length === 6 && HALF.test(found)) return true
  return false
}

/** The text of JSON in which an escape may stand for half a pair. */
function escapesOf({ buffer, byteOffset, length }: Uint8Array): string | undefined {
  const bytes = Buffer.from(buffer, byteOffset, length)
  if (!bytes.includes('\\u')) return undefined
  const text = bytes.toString('latin1')
  return ESCAPED.test(text) ? text : undefined
}

const ESCAPED = /\\u[dD][89a-fA-F]/
const HALF = /^\\u[dD][89a-fA-F]/
/** A pair, a half, or any other escape, which is passed over so that a backslash is never taken for the first of an escape. */
const ESCAPES = /\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\u[dD][89a-fA-F][\da-fA-F]{2}|\\./g

/// <reference lib="es2024.string" />
import type { JsonValue } from '../contract.ts'

/**
 * JSON may hold halves of surrogate pairs, which no UTF-8 and no JSON reader of an engine holds: a column that has one
 * would fail every question that looks into it. Such a half becomes U+FFFD.
 */
export function wellFormed(text: string | undefined): string | undefined {
  return text?.toWellFormed()
}

/** JSON text without halves of surrogate pairs; undefined when the value is nested too deep to be written. */
export function jsonText(value: JsonValue): string | undefined {
  try {
    return wellFormedJson(JSON.stringify(value))
  } catch (thrown) {
    if (thrown instanceof RangeError) return undefined
    throw thrown
  }
}

/** JSON text as it is, but for escapes of halves of surrogate pairs. */
export function wellFormedJson(json: string): string {
  if (!json.includes('\\u') || !ESCAPED.test(json)) return json
  return json.replaceAll(ESCAPES, (found) => (found.length === 6 ? '\\ufffd' : found))
}

const ESCAPED = /\\u[dD][89a-fA-F]/
/** A pair, a half, or any other escape, which is passed over so that a backslash is never taken for the first of an escape. */
const ESCAPES = /\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\u[dD][89a-fA-F][\da-fA-F]{2}|\\./g

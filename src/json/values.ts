/// <reference lib="es2024.string" />

import { wellFormed, wellFormedJson } from './halves.ts'

export type JsonValue = null | boolean | number | string | JsonValue[] | { [field: string]: JsonValue }
export type JsonObject = { [field: string]: JsonValue }

/** What a JSON value is, for log types that read records field by field: a field may be of any kind, or not there. */
export type Value = JsonValue | undefined

export function isObject(value: Value): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function objectOf(value: Value): JsonObject {
  return isObject(value) ? value : {}
}

export function listOf(value: Value): JsonValue[] {
  return Array.isArray(value) ? value : []
}

export function textOf(value: Value): string | undefined {
  return typeof value === 'string' ? value : undefined
}

export function numberOf(value: Value): number | undefined {
  return typeof value === 'number' ? value : undefined
}

/** A whole number that is exact, and not below zero. */
export function countOf(value: Value): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined
}

/**
 * JSON text that every reader takes: half a surrogate pair, which `JSON.stringify` writes as an escape and DuckDB
 * refuses, becomes U+FFFD. Undefined for a value that is nested too deep to be written.
 */
export function jsonOf(value: Value | readonly string[]): string | undefined {
  if (value === undefined || value === null) return undefined
  try {
    return wellFormedJson(JSON.stringify(value))
  } catch (thrown) {
    if (thrown instanceof RangeError) return undefined
    throw thrown
  }
}

/** A value's own JSON text, kept as it was delivered unless it holds what `jsonOf` takes out. */
export function jsonAsDelivered(text: string | undefined): string | undefined {
  return text === undefined ? undefined : wellFormedJson(text)
}

export { wellFormed }

/** Of these values those with half a surrogate pair, as they were delivered, for `unmapped`. */
export function tornValues(values: Record<string, Value | readonly string[]>): string | undefined {
  const torn = Object.entries(values).flatMap(([name, value]) => {
    if (value === undefined || (typeof value === 'string' && value.isWellFormed())) return []
    const json = JSON.stringify(value)
    return wellFormedJson(json) === json ? [] : [[name, json] as const]
  })
  return torn.length === 0 ? undefined : JSON.stringify(Object.fromEntries(torn))
}

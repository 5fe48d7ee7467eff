/// <reference lib="es2024.string" />

import { wellFormed, wellFormedJson } from './halves.ts'

export type JsonValue = null | boolean | number | string | JsonValue[] | { [field: string]: JsonValue }
export type JsonObject = { [field: string]: JsonValue }

/** A JSON value, for log types that read records field by field: a field may be of any kind, or absent. */
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

/** A number that is whole, exact and not below zero; undefined for any other value. */
export function countOf(value: Value): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined
}

/**
 * JSON text that every reader accepts: half a surrogate pair, which `JSON.stringify` writes as an escape and
 * DuckDB refuses, becomes U+FFFD. Undefined for a value that is nested too deeply to be written.
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

/** A value's JSON text as it was delivered, with halves of surrogate pairs replaced as in `jsonOf`. */
export function jsonAsDelivered(text: string | undefined): string | undefined {
  return text === undefined ? undefined : wellFormedJson(text)
}

export { wellFormed }

/** The values among these that hold half a surrogate pair, as they were delivered, for `unmapped`. */
export function tornValues(values: Record<string, Value | readonly string[]>): string | undefined {
  const torn = Object.entries(values).flatMap(([name, value]) => {
    if (value === undefined || (typeof value === 'string' && value.isWellFormed())) return []
    const json = JSON.stringify(value)
    return wellFormedJson(json) === json ? [] : [[name, json] as const]
  })
  return torn.length === 0 ? undefined : JSON.stringify(Object.fromEntries(torn))
}

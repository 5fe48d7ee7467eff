import type { Column, JsonObject, JsonValue, Row } from './contract.ts'

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
export function jsonOf(value: Value): string | undefined {
  if (value === undefined || value === null) return undefined
  try {
    const text = JSON.stringify(value)
    return text.includes('\\ud') ? JSON.stringify(value, (_, inner) => wellFormed(inner)) : text
  } catch (thrown) {
    if (thrown instanceof RangeError) return undefined
    throw thrown
  }
}

/** A value's own JSON text, kept as it was delivered unless it holds what `jsonOf` takes out. */
export function jsonAsDelivered(text: string | undefined, value: Value): string | undefined {
  return text === undefined || !ESCAPED_HALF.test(text) ? text : jsonOf(value)
}

const ESCAPED_HALF = /\\u[dD][89a-fA-F]/

/** Text that UTF-8 can hold; half a surrogate pair becomes U+FFFD. */
export function wellFormed<T>(value: T): T | string {
  return typeof value === 'string' && HALF.test(value) ? Buffer.from(value).toString() : value
}

const HALF = /\p{Surrogate}/u

/**
 * Makes one row of several parts. It is filled into a copy of an empty one with all columns: adding so many fields one by
 * one, or spreading them into one literal, costs V8 many times as much.
 */
export function rowMaker(columns: readonly Column[]): (...parts: readonly Row[]) => Row {
  const names = [...columns.map(({ name }) => name), 'unmapped']
  // Read from JSON, it is an object that V8 copies at once.
  const empty = JSON.parse(`{${names.map((name) => `${JSON.stringify(name)}:null`).join(',')}}`) as Row
  return (...parts) => Object.assign({ ...empty }, ...parts) as Row
}

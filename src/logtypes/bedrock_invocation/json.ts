import { isObject, type JsonObject, textOf, type Value } from '../../json/values.ts'

export { textOf }

/** Bodies are untrusted: a field of an unexpected kind counts as absent. */

export function objectOf(value: Value): JsonObject | undefined {
  return isObject(value) ? value : undefined
}

export function numberOf(value: Value): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

/** The objects in an array; empty when the value is not an array. */
export function objectsOf(value: Value): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

/** A count as a whole number: models write `28.0`, and sometimes invalid values. */
export function countOf(value: number | undefined): number | undefined {
  return value !== undefined && Number.isSafeInteger(Math.round(value)) ? Math.round(value) : undefined
}

/** The first value that is a number. */
export function firstNumber(...values: Value[]): number | undefined {
  return values.map(numberOf).find((value) => value !== undefined)
}

/** The first value that is a text. */
export function firstText(...values: Value[]): string | undefined {
  for (const value of values) if (typeof value === 'string') return value
  return undefined
}

/** Texts joined; undefined when there are none. */
export function joined(texts: readonly (string | undefined)[], between: string): string | undefined {
  const there = texts.filter((text) => text !== undefined)
  return there.length > 0 ? there.join(between) : undefined
}

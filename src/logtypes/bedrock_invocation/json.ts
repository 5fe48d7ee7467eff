import { isObject, type JsonObject, textOf, type Value } from '../../json/values.ts'

export { textOf }

/** Bodies are the caller's and the model's word: a field is of the kind one expects, or it is not there. */

export function objectOf(value: Value): JsonObject | undefined {
  return isObject(value) ? value : undefined
}

export function numberOf(value: Value): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

/** The objects in an array; none of what is no array. */
export function objectsOf(value: Value): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

/** A count that a column of whole numbers holds: models write `28.0`, and sometimes nonsense. */
export function countOf(value: number | undefined): number | undefined {
  return value !== undefined && Number.isSafeInteger(Math.round(value)) ? Math.round(value) : undefined
}

/** The first that is a number. */
export function firstNumber(...values: Value[]): number | undefined {
  return values.map(numberOf).find((value) => value !== undefined)
}

/** The first that is a text. */
export function firstText(...values: Value[]): string | undefined {
  for (const value of values) if (typeof value === 'string') return value
  return undefined
}

/** Texts joined; undefined when there is none. */
export function joined(texts: readonly (string | undefined)[], between: string): string | undefined {
  const there = texts.filter((text) => text !== undefined)
  return there.length > 0 ? there.join(between) : undefined
}

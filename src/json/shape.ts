/**
 * The fields of a record that have columns. A field's kind says what the columns can hold without loss;
 * anything else (an unknown field, a field of another kind) goes to `unmapped` as it was delivered.
 */
export type Shape = { [field: string]: FieldKind | Shape }

/**
 * `json` is kept as the text it is. `long` is a whole number of at most 18 digits. `time` is `2026-01-07T22:16:43Z` to the letter, `id` is not empty and has no white
 * space at its ends: written another way, the column holds the plain form and `unmapped` the delivered one. `moment` is a
 * `time` that may have a fraction.
 */
export type FieldKind = 'string' | 'boolean' | 'number' | 'long' | 'json' | 'time' | 'moment' | 'id'

/** The mark that `whole` sets on a field's shape. */
export const WHOLE: unique symbol = Symbol('whole')

export type PlainShape = { [field: string]: PlainKind | PlainShape; [WHOLE]?: true }

/**
 * What a field of a plain record holds. `moment` is `2026-01-07T22:16:43Z`, or with three digits of a fraction; `millis`
 * milliseconds since 1970 as a number; `double` any number, `count` a whole one that is exact and not below zero;
 * `canonical` JSON just as `JSON.stringify` writes it, `told` a text that holds such an object; `never` is not there. A
 * list is of the texts that a field may have. All texts are without half a surrogate pair.
 */
export type PlainKind =
  | 'string'
  | 'boolean'
  | 'time'
  | 'id'
  | 'json'
  | 'moment'
  | 'millis'
  | 'double'
  | 'count'
  | 'canonical'
  | 'told'
  | 'never'
  | readonly string[]

/** Makes a field both: JSON text as it was delivered, and the fields in it, beside which there may be any others. */
export function whole(fields: PlainShape): PlainShape {
  return { ...fields, [WHOLE]: true }
}

/**
 * The fields of a record that have columns. A field's kind says which values its column can hold without
 * loss; any other value (of an unknown field, or of another kind) goes to `unmapped` as it was delivered.
 */
export type Shape = { [field: string]: FieldKind | Shape }

/**
 * `json` is kept as its own text, `parsed` is JSON that is written again from its value. `long` is a whole
 * number of at most 18 digits. `time` is exactly `2026-01-07T22:16:43Z`; `id` is not empty and has no white
 * space at its ends. For a value written differently, the column holds this plain form and `unmapped` the
 * delivered one. `timestamp` is a `time` that may have a fraction.
 */
export type FieldKind =
  | 'string'
  | 'boolean'
  | 'number'
  | 'long'
  | 'json'
  | 'parsed'
  | 'time'
  | 'timestamp'
  | 'id'

/** The symbol with which `whole` marks a field's shape. */
export const WHOLE: unique symbol = Symbol('whole')

export type DirectShape = { [field: string]: DirectKind | DirectShape; [WHOLE]?: true }

/**
 * The kinds of a record's fields in the direct form. `timestamp` is `2026-01-07T22:16:43Z`, or with three
 * digits of a fraction; `millis` is milliseconds since 1970 as a number; `double` is any number, `exact` one
 * that a double holds without loss, `count` an exact whole number not below zero; `canonical` is JSON exactly
 * as `JSON.stringify` writes it, `jsonText` a text that holds such an object; `never` is an absent field. A
 * list names the texts that a field may have. Texts never hold half a surrogate pair.
 */
export type DirectKind =
  | 'string'
  | 'boolean'
  | 'time'
  | 'id'
  | 'json'
  | 'timestamp'
  | 'millis'
  | 'double'
  | 'exact'
  | 'count'
  | 'canonical'
  | 'jsonText'
  | 'never'
  | readonly string[]

/** Makes a field both JSON text as delivered, and an object with these fields, which may have others too. */
export function whole(fields: DirectShape): DirectShape {
  return { ...fields, [WHOLE]: true }
}

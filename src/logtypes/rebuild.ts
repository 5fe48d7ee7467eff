import type { Column, JsonObject, JsonValue, LogType, Shape } from './contract.ts'
import { isObject } from './values.ts'

/**
 * A row in plain values: texts and JSON as strings, booleans, numbers, times as microseconds since 1970 (bigint) or
 * as text like `2026-01-07T22:16:43Z`. Columns that are null may be absent.
 */
export type PlainRow = Record<string, string | boolean | number | bigint | null | undefined>

/**
 * The record that a row was made of: its columns put back to their paths, and `unmapped` laid over them. The same
 * as the delivered record, but for what says nothing (see `meaningOf`), the order of fields, and how JSON is written.
 *
 * @param parse reads JSON; `JSON.parse` rounds numbers beyond 2^53, which the row's texts hold exactly
 */
export function rebuild(
  row: PlainRow,
  { columns }: Pick<LogType, 'columns'>,
  parse: (text: string) => JsonValue = JSON.parse,
): JsonObject {
  const record: JsonObject = {}
  for (const column of columns) {
    const value = row[column.name]
    if (column.path === undefined || value === null || value === undefined) continue
    const fields = column.path.split('.')
    const last = fields.pop() as string
    let node = record
    for (const field of fields) {
      node[field] ??= {}
      node = node[field] as JsonObject
    }
    node[last] = delivered(value, column, parse)
  }
  const unmapped = typeof row.unmapped === 'string' ? parse(row.unmapped) : undefined
  return isObject(unmapped) ? layOver(record, unmapped) : record
}

/**
 * What a record says: without the known fields that are null, and without the objects that have columns for their
 * fields and none of them filled. A row keeps neither.
 */
export function meaningOf(record: JsonObject, shape: Shape): JsonObject {
  const kept: JsonObject = {}
  for (const [field, value] of Object.entries(record)) {
    const kind = Object.hasOwn(shape, field) ? shape[field] : undefined
    if (kind === undefined) set(kept, field, value)
    else if (value === null) continue
    else if (typeof kind === 'object' && isObject(value)) {
      const inner = meaningOf(value, kind)
      if (Object.keys(inner).length > 0) set(kept, field, inner)
    } else set(kept, field, value)
  }
  return kept
}

function delivered(
  value: string | boolean | number | bigint,
  { type }: Column,
  parse: (text: string) => JsonValue,
): JsonValue {
  if (type === 'json') return parse(String(value))
  if (typeof value !== 'bigint') return value
  return type === 'timestamptz' ? timeText(value) : Number(value)
}

/** 1767824203000000n → 2026-01-07T22:16:43Z; a fraction as short as it can be. */
function timeText(micros: bigint): string {
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n
  const second = new Date(Number((micros - fraction) / 1000n)).toISOString().slice(0, 19)
  const digits = String(fraction).padStart(6, '0').replace(/0+$/, '')
  return `${second}${digits === '' ? '' : `.${digits}`}Z`
}

/** What is over wins; objects are laid over each other field by field. */
function layOver(under: JsonObject, over: JsonObject): JsonObject {
  const merged = { ...under }
  for (const [field, value] of Object.entries(over)) {
    const below = Object.hasOwn(under, field) ? under[field] : undefined
    set(merged, field, isObject(value) && isObject(below) ? layOver(below, value) : value)
  }
  return merged
}

/** Also for a field that is called `__proto__`: a record can have one. */
function set(object: JsonObject, field: string, value: JsonValue): void {
  Object.defineProperty(object, field, { value, writable: true, enumerable: true, configurable: true })
}

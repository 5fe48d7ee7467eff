import { randomUUID } from 'node:crypto'
import { unsafeJson } from '../json/halves.ts'
import type { Shape } from '../json/shape.ts'
import { isObject, type JsonObject, type JsonValue } from '../json/values.ts'
import type { Column, LogType } from './contract.ts'

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
  return isObject(unmapped) ? layOver(record, unmapped, parse) : record
}

/**
 * The same as JSON text, with every number to the digit as the row's texts have it.
 */
export function rebuiltText(row: PlainRow, type: Pick<LogType, 'columns'>, indent = 2): string {
  // No text of a record holds it by chance.
  const mark = `number ${randomUUID()} `
  const exactly = (text: string): JsonValue =>
    JSON.parse(
      text.replace(TOKEN, (token) =>
        token.startsWith('"') || String(Number(token)) === token ? token : `"${mark}${token}"`,
      ),
    ) as JsonValue
  return JSON.stringify(rebuild(row, type, exactly), null, indent).replaceAll(
    new RegExp(`"${mark}([^"]*)"`, 'g'),
    '$1',
  )
}

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs

/**
 * What a record says: without the known fields that are null, and without the objects that have columns for their
 * fields and none of them filled. A row keeps neither.
 */
export function meaningOf(record: JsonObject, shape: Shape): JsonObject {
  const kept: JsonObject = {}
  for (const [field, value] of Object.entries(record)) {
    const kind = Object.hasOwn(shape, field) ? shape[field] : undefined
    if (kind === undefined) setField(kept, field, value)
    else if (value === null) continue
    else if (typeof kind === 'object' && isObject(value)) {
      const inner = meaningOf(value, kind)
      if (Object.keys(inner).length > 0) setField(kept, field, inner)
    } else setField(kept, field, value)
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

/**
 * What is over wins; objects are laid over each other field by field. A text that is JSON with half a surrogate pair is a
 * value that could not stand there as it was delivered.
 */
export function layOver(
  under: JsonObject,
  over: JsonObject,
  parse: (text: string) => JsonValue = JSON.parse,
): JsonObject {
  const merged = { ...under }
  for (const [field, value] of Object.entries(over)) {
    const below = Object.hasOwn(under, field) ? under[field] : undefined
    const told = typeof value === 'string' ? unsafeJson(value) : undefined
    if (told !== undefined) setField(merged, field, parse(told))
    else setField(merged, field, isObject(value) && isObject(below) ? layOver(below, value, parse) : value)
  }
  return merged
}

/** Also for a field that is called `__proto__`: a record can have one. */
export function setField(object: JsonObject, field: string, value: JsonValue): void {
  Object.defineProperty(object, field, { value, writable: true, enumerable: true, configurable: true })
}

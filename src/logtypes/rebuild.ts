import { randomUUID } from 'node:crypto'
import { unsafeJson } from '../json/halves.ts'
import type { Shape } from '../json/shape.ts'
import { isObject, type JsonObject, type JsonValue } from '../json/values.ts'
import type { Column, LogType } from './contract.ts'

/**
 * A row in plain values: texts and JSON as strings, booleans, numbers, times as microseconds since 1970
 * (bigint) or as text like `2026-01-07T22:16:43Z`. Columns that are null may be absent.
 */
export type PlainRow = Record<string, string | boolean | number | bigint | null | undefined>

/**
 * Rebuilds a row's record: its columns are put at their paths, and `unmapped` is merged over them. The result
 * equals the delivered record except for values without information (see `meaningOf`), the order of fields,
 * and the spelling of JSON.
 *
 * @param parse parses JSON; `JSON.parse` rounds numbers beyond 2^53, which the row's texts hold exactly
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
 * The rebuilt record as JSON text, with every number exactly as in the row's texts. A JSON column whose text
 * is none, since it was masked as a whole, becomes a text; such an `unmapped` is left out.
 */
export function rebuiltText(row: PlainRow, type: Pick<LogType, 'columns'>, indent = 2): string {
  let isMarked = false
  const marked = (text: string): string =>
    text.replace(TOKEN, (token) => {
      if (token.startsWith('"') || String(Number(token)) === token) return token
      isMarked = true
      return `"${MARK}${token}"`
    })
  const exactly = (text: string): JsonValue => {
    try {
      return JSON.parse(INEXACT.test(text) ? marked(text) : text) as JsonValue
    } catch {
      return text
    }
  }
  const rebuilt = JSON.stringify(rebuild(row, type, exactly), null, indent)
  return isMarked ? rebuilt.replaceAll(MARKED, '$1') : rebuilt
}

/** Stands before a number in a text; random, so that no text of a record contains it by chance. */
const MARK = `number ${randomUUID()} `
const MARKED = new RegExp(`"${MARK}([^"]*)"`, 'g')
/** What every text has with a number that `JSON.parse` would change; many without one have it too. */
const INEXACT = /\d[.eE]|\d{16}|-0/
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs

/**
 * The information of a record: without known fields that are null, and without objects whose fields have
 * columns but no values. A row keeps neither.
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

/** 1767824203000000n → 2026-01-07T22:16:43Z; the fraction is as short as possible. */
function timeText(micros: bigint): string {
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n
  const second = new Date(Number((micros - fraction) / 1000n)).toISOString().slice(0, 19)
  const digits = String(fraction).padStart(6, '0').replace(/0+$/, '')
  return `${second}${digits === '' ? '' : `.${digits}`}Z`
}

/**
 * Merges two values: the upper one wins, and objects are merged field by field. A text that is JSON with half
 * a surrogate pair stands for a value that could not be kept as it was delivered.
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

/** Works for a field named `__proto__` too, which a record can have. */
export function setField(object: JsonObject, field: string, value: JsonValue): void {
  Object.defineProperty(object, field, { value, writable: true, enumerable: true, configurable: true })
}

import { randomUUID } from 'node:crypto'
import { elements, members, OPEN_ARRAY, OPEN_OBJECT, QUOTE, textOf } from '../../json/bytes.ts'
import { decimalOf } from '../../json/numbers.ts'
import { isObject, type JsonObject, type JsonValue } from '../../json/values.ts'
import type { TableColumn } from '../../lake/table.ts'
import { layOver, setField } from '../../logtypes/rebuild.ts'

/** What a row says, column by column as text: times in microseconds. */
export type Said = readonly (string | null)[]

/**
 * The columns in which a row contradicts another with the same key; none when it is a copy of it. JSON is
 * compared by its value: the order of fields, white space, and how a number is written say nothing, nor does
 * a field that is null. What one release keeps in `unmapped` and another in a column is the same.
 *
 * @param columns those of `contentOf`, in their order
 */
export function contradictions(columns: readonly TableColumn[], said: Said, known: Said): string[] {
  const odd: string[] = []
  const mine: Field[] = []
  const theirs: Field[] = []
  for (const [at, column] of columns.entries()) {
    const own = said[at] ?? null
    const other = known[at] ?? null
    if (own === other) continue
    if (own === null && column.content === 'where told') continue
    odd.push(column.name)
    mine.push({ column, text: own })
    theirs.push({ column, text: other })
  }
  return odd.length === 0 || isSame(mine, theirs, timesOf(columns, said)) ? [] : odd
}

interface Field {
  column: TableColumn
  text: string | null
}

function isSame(mine: readonly Field[], theirs: readonly Field[], times: readonly string[][]): boolean {
  try {
    return (
      canonical(columnsOf(mine)) === canonical(columnsOf(theirs)) &&
      canonical(recordOf(mine, times)) === canonical(recordOf(theirs, times))
    )
  } catch (thrown) {
    if (thrown instanceof NoOneValue || thrown instanceof RangeError) return false
    throw thrown
  }
}

/**
 * The paths of times that a column holds: what is unmapped beside it is another way to write the same time.
 */
function timesOf(columns: readonly TableColumn[], said: Said): string[][] {
  return columns.flatMap(({ type, path }, at) =>
    type === 'timestamptz' && path !== undefined && said[at] != null ? [path.split('.')] : [],
  )
}

/** What columns say that no one field of the record does. */
function columnsOf(fields: readonly Field[]): JsonValue[] {
  return fields.flatMap(({ column, text }) =>
    column.path === undefined && column.name !== 'unmapped'
      ? [text === null ? null : typed(column, text)]
      : [],
  )
}

/** The part of a record that columns hold, put back to its paths, with what is unmapped laid over it. */
function recordOf(fields: readonly Field[], times: readonly string[][]): JsonObject {
  const record: JsonObject = {}
  let unmapped: JsonValue = {}
  for (const { column, text } of fields) {
    if (text === null) continue
    if (column.name === 'unmapped') unmapped = jsonValue(text)
    else if (column.path !== undefined) put(record, column.path.split('.'), typed(column, text))
  }
  if (!isObject(unmapped)) return record
  for (const path of times)
    if (!fields.some(({ column }) => column.path === path.join('.'))) drop(unmapped, path)
  return layOver(record, unmapped, jsonValue)
}

function put(record: JsonObject, path: readonly string[], value: JsonValue): void {
  let node = record
  for (const field of path.slice(0, -1)) {
    if (!isObject(node[field])) setField(node, field, {})
    node = node[field] as JsonObject
  }
  setField(node, path.at(-1) as string, value)
}

function drop(record: JsonObject, path: readonly string[]): void {
  const [field = '', ...rest] = path
  if (!Object.hasOwn(record, field)) return
  const inner = record[field]
  if (rest.length === 0) {
    if (typeof inner !== 'string' || !FINER.test(inner)) delete record[field]
  } else if (isObject(inner)) {
    drop(inner, rest)
    if (Object.keys(inner).length === 0) delete record[field]
  }
}

/** A time with more digits than a column holds. */
const FINER = /\.\d{6}\d*[1-9]/

function typed({ type }: TableColumn, text: string): JsonValue {
  if (type === 'json') return jsonValue(text)
  if (type === 'long' || type === 'double') return number(text)
  return type === 'boolean' ? text === 'true' : text
}

/** Its value is unknown: it is no JSON, a field occurs twice, or it is nested deeper than AWS writes. */
class NoOneValue extends Error {}

const DEEPEST = 200

function jsonValue(text: string): JsonValue {
  const bytes = Buffer.from(text)
  return valueAt(bytes, 0, bytes.length, 0)
}

function valueAt(bytes: Uint8Array, start: number, end: number, depth: number): JsonValue {
  if (depth > DEEPEST) throw new NoOneValue()
  if (bytes[start] === OPEN_OBJECT) {
    const found: JsonObject = {}
    const seen = new Set<string>()
    for (const { key, start: from, end: to } of membersOf(bytes, start)) {
      if (seen.has(key)) throw new NoOneValue()
      seen.add(key)
      const value = valueAt(bytes, from, to, depth + 1)
      if (value !== null) setField(found, key, value)
    }
    return found
  }
  if (bytes[start] === OPEN_ARRAY) {
    const { spans, end: stop } = elements(bytes, start)
    if (stop < 0) throw new NoOneValue()
    return spans.map((span) => valueAt(bytes, span.start, span.end, depth + 1))
  }
  const text = textOf(bytes, start, end).trim()
  if (bytes[start] !== QUOTE && !/^(true|false|null)$/.test(text)) return number(text)
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    throw new NoOneValue()
  }
}

function membersOf(bytes: Uint8Array, start: number) {
  const found = members(bytes, start)
  if (!found) throw new NoOneValue()
  return found
}

/** A number's value to the last digit, as a text that no record can hold. */
function number(text: string): JsonValue {
  const value = decimalOf(text)
  if (value === undefined) throw new NoOneValue()
  return `${NUMBER} ${value}`
}

const NUMBER = `number ${randomUUID()}`

function canonical(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (!isObject(value)) return JSON.stringify(value)
  const fields = Object.keys(value).sort()
  return `{${fields.map((field) => `${JSON.stringify(field)}:${canonical(value[field] as JsonValue)}`).join(',')}}`
}

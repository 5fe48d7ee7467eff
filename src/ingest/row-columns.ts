import {
  append,
  type Columns,
  hashOf,
  isNew,
  type Leaf,
  put,
  roomForRow,
  takeBack,
  viewOf,
} from '../envelopes/columns.ts'
import type { Column, PreparedType, Row } from '../logtypes/contract.ts'
import type { KeptRow } from './records.ts'
import type { Spooler } from './spool.ts'
import { rowColumns } from './tables.ts'

/** Rows are put into columns so many bytes at a time, so that an object of any size finds room. */
const PORTION_BYTES = 4 << 20

/**
 * Puts prepared rows into columns, where DuckDB finds them without reading JSON.
 *
 * @returns the rows that the columns do not take, for DuckDB to read as JSON
 */
export function spoolRows(
  spool: Spooler,
  serial: number,
  type: PreparedType,
  rows: readonly KeptRow[],
): KeptRow[] {
  const refused: KeptRow[] = []
  for (let from = 0; from < rows.length; ) {
    let bytes = 0
    let to = from
    for (; to < rows.length && bytes < PORTION_BYTES; to++) bytes += sizeOf(rows[to] as KeptRow)
    const portion = rows.slice(from, to)
    from = to
    const plan = planOf(type)
    const columns = spool.columns(type.name, plan, bytes)
    if (!putRows(columns, plan.readers, portion)) {
      refused.push(...portion)
      continue
    }
    let [firstDay, lastDay] = [99_999_999, 0]
    for (const { day } of portion) {
      if (day < firstDay) firstDay = day
      if (day > lastDay) lastDay = day
    }
    spool.addRows(serial, { logtype: type.name, records: portion.length, bytes, firstDay, lastDay })
  }
  return refused
}

/** About what a row takes as JSON: the record's text once as it came, and once in columns made of it. */
function sizeOf({ size }: KeptRow): number {
  return 2 * size + 256
}

interface Plan {
  leaves: readonly Leaf[]
  readers: readonly Reader[]
}

/** Where a column's values go. */
interface Reader {
  name: string
  kind: 'text' | 'number' | 'time' | 'boolean'
  /** The value that came last, and its code: in logs it is often the next one, too. */
  last: string
  code: number
  micros: number
}

const plans = new WeakMap<PreparedType, Plan>()

function planOf(type: PreparedType): Plan {
  let plan = plans.get(type)
  if (!plan) {
    const columns = rowColumns(type)
    plan = {
      leaves: columns.map(({ name, type: kind }) => ({ path: [name], kind: LEAF[KIND[kind]] })),
      readers: columns.map(({ name, type: kind }) => ({
        name,
        kind: KIND[kind],
        last: '',
        code: 0,
        micros: 0,
      })),
    }
    plans.set(type, plan)
  }
  return plan
}

const KIND: Record<Column['type'], Reader['kind']> = {
  string: 'text',
  json: 'text',
  date: 'text',
  binary: 'text',
  boolean: 'boolean',
  long: 'number',
  double: 'number',
  timestamptz: 'time',
}

/** A row's texts are what they mean already, like JSON that nobody decodes. */
const LEAF = { text: 'json', boolean: 'json', number: 'number', time: 'time' } as const

/** False when a value does not fit its column, or there is no room; then the columns are as they were. */
function putRows(columns: Columns, readers: readonly Reader[], rows: readonly KeptRow[]): boolean {
  const before = columns.rows
  for (const reader of readers) reader.code = 0
  for (const { row, cluster } of rows) {
    if (!roomForRow(columns) || !putRow(columns, readers, row)) {
      takeBack(columns, before)
      return false
    }
    columns.clusters[columns.rows++] = cluster
  }
  return true
}

function putRow(columns: Columns, readers: readonly Reader[], row: Row): boolean {
  const place = columns.rows
  for (let index = 0; index < readers.length; index++) {
    const reader = readers[index] as Reader
    const value = row[reader.name]
    if (value === undefined || value === null) continue
    const numbers = columns.times[index]
    if (numbers) {
      if (reader.kind === 'time') {
        if (typeof value !== 'string') return false
        if (reader.code === 0 || value !== reader.last) {
          reader.micros = microsOf(value)
          if (Number.isNaN(reader.micros)) return false
          reader.code = 1
          reader.last = value
        }
        numbers[place] = reader.micros
      } else if (typeof value !== 'number') return false
      // Beyond what a double holds there is no number in JSON either.
      else if (Number.isFinite(value)) numbers[place] = value === 0 ? 0 : value
      continue
    }
    const column = columns.texts[index]
    if (!column || typeof value === 'number' || (typeof value === 'boolean') !== (reader.kind === 'boolean'))
      return false
    const text = typeof value === 'boolean' ? String(value) : value
    if (reader.code !== 0 && text === reader.last) {
      column.codes[place] = reader.code
      continue
    }
    if (isNew(column, place)) reader.code = append(column, place, text)
    else {
      const length = write(text)
      reader.code = put(column, place, scratch, view, 0, length, hashOf(scratch, view, 0, length))
    }
    if (reader.code === 0) return false
    reader.last = text
  }
  return true
}

let scratch = Buffer.allocUnsafeSlow(1 << 16)
let view = viewOf(scratch)
const SHORT = 64

/** The text in UTF-8, in `scratch`; half a surrogate pair becomes U+FFFD. */
function write(text: string): number {
  const { length } = text
  if (length <= SHORT) {
    let at = 0
    for (; at < length; at++) {
      const unit = text.charCodeAt(at)
      if (unit > 0x7f) break
      scratch[at] = unit
    }
    if (at === length) return length
  } else if (length * 3 > scratch.length) {
    scratch = Buffer.allocUnsafeSlow(length * 4)
    view = viewOf(scratch)
  }
  return scratch.write(text, 0, 'utf8')
}

const PLAIN = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z$/
let knownDay = ''
let dayMicros = 0

/** Microseconds since 1970 of a time in the form of `plainTime`; NaN for another form, and for years below 1000. */
function microsOf(time: string): number {
  if (!PLAIN.test(time) || time.startsWith('0')) return Number.NaN
  const day = time.slice(0, 10)
  if (day !== knownDay) {
    dayMicros = Date.parse(`${day}T00:00:00Z`) * 1000
    knownDay = day
  }
  const seconds = two(time, 11) * 3600 + two(time, 14) * 60 + two(time, 17)
  const fraction = time.length > 20 ? Number(time.slice(20, -1).padEnd(6, '0')) : 0
  return dayMicros + seconds * 1_000_000 + fraction
}

function two(text: string, at: number): number {
  return text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528
}

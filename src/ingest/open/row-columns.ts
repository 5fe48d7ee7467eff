import { type Columns, type Leaf, roomForRow, takeBack } from '../../json/columns.ts'
import { append, hashOf, isNew, put, putNew, type TextColumn, viewOf } from '../../json/text-column.ts'
import { microsOfPlain } from '../../json/time.ts'
import type { Column, PreparedType, Row } from '../../logtypes/contract.ts'
import type { Spooler } from '../spool/contract.ts'
import { rowColumns } from '../spool/fields.ts'

/**
 * Bytes of one object's rows that are announced to the spool at a time, so that an object of any size fits.
 */
const PORTION_BYTES = 4 << 20

/**
 * Takes prepared rows into columns, which DuckDB reads without parsing JSON. A row is not kept, so V8 need
 * not carry it along.
 */
export interface RowSink {
  /** False when the columns do not take the row: DuckDB then reads it as JSON. */
  put(made: SpanRow, size: number): boolean
  /** Announces the remaining rows to the spool. */
  finish(): void
}

/** Like the row in `MadeRow`, but texts may be bytes, and times may be microseconds since 1970. */
export interface SpanRow {
  type: PreparedType
  row: { [column: string]: Row[string] | TextSpan }
  day: number
  groupKey: number
}

/** A UTF-8 text inside a larger piece of bytes. */
export interface TextSpan {
  bytes: Uint8Array
  view: DataView
  start: number
  end: number
}

export function textSpan(bytes: Uint8Array): TextSpan {
  return { bytes, view: viewOf(bytes), start: 0, end: 0 }
}

/** A sink for the rows of one object. */
export function rowSink(spool: Spooler, serial: number): RowSink {
  const portions = new Map<PreparedType, Portion>()
  let type: PreparedType | undefined
  let portion: Portion | undefined
  function tell({ name }: PreparedType, { records, bytes, firstDay, lastDay }: Portion): void {
    if (records > 0)
      spool.addRows(serial, {
        kind: 'rows',
        logtype: name,
        form: 'columns',
        records,
        bytes,
        firstDay,
        lastDay,
      })
  }
  function portionOf(wanted: PreparedType): Portion {
    let current = portions.get(wanted)
    if (current && current.bytes < PORTION_BYTES) return current
    if (current) tell(wanted, current)
    const { leaves, readers, time } = planOf(wanted)
    const columns = spool.columns(wanted.name, 'columns', { leaves, time }, PORTION_BYTES)
    for (const reader of readers) reader.code = 0
    current = { columns, readers, records: 0, bytes: 0, firstDay: 99_999_999, lastDay: 0 }
    portions.set(wanted, current)
    return current
  }
  return {
    put(made, size) {
      if (made.type !== type || !portion || portion.bytes >= PORTION_BYTES) {
        type = made.type
        portion = portionOf(type)
      }
      const { columns, readers } = portion
      if (!roomForRow(columns)) return false
      if (!putRow(columns, readers, made.row)) {
        takeBack(columns, columns.rows)
        for (const reader of readers) reader.code = 0
        return false
      }
      columns.groupKeys[columns.rows++] = made.groupKey
      portion.records++
      // About the size of the row as JSON: the record's text once as delivered, and once in columns.
      portion.bytes += 2 * size + 256
      if (made.day < portion.firstDay) portion.firstDay = made.day
      if (made.day > portion.lastDay) portion.lastDay = made.day
      return true
    },
    finish() {
      for (const [wanted, told] of portions) tell(wanted, told)
      portions.clear()
      portion = undefined
    },
  }
}

/** The newest rows of an object, which were not yet announced to the spool. */
interface Portion {
  columns: Columns
  readers: readonly Reader[]
  records: number
  bytes: number
  firstDay: number
  lastDay: number
}

interface Plan {
  leaves: readonly Leaf[]
  readers: readonly Reader[]
  /** The leaf that holds the row's time. */
  time: number
}

/** Writes values of one column. */
interface Reader {
  name: string
  kind: 'text' | 'number' | 'time' | 'boolean'
  /** The last value and its code: in logs the next value is often the same. */
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
      time: columns.findIndex(({ name }) => name === type.time),
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

/** A row's texts are decoded already, like JSON values that are stored as they are. */
const LEAF = { text: 'json', boolean: 'json', number: 'number', time: 'time' } as const

/** False when a value does not fit its column, or there is no room. */
function putRow(columns: Columns, readers: readonly Reader[], row: SpanRow['row']): boolean {
  const place = columns.rows
  for (let index = 0; index < readers.length; index++) {
    const reader = readers[index] as Reader
    const value = row[reader.name]
    if (value === undefined || value === null) continue
    const numbers = columns.times[index]
    if (numbers) {
      if (reader.kind === 'time') {
        if (typeof value === 'number') {
          numbers[place] = value
          continue
        }
        if (typeof value !== 'string') return false
        if (reader.code === 0 || value !== reader.last) {
          reader.micros = microsOfPlain(value)
          if (Number.isNaN(reader.micros)) return false
          reader.code = 1
          reader.last = value
        }
        numbers[place] = reader.micros
      } else if (typeof value !== 'number') return false
      // JSON has no numbers beyond a double.
      else if (Number.isFinite(value)) numbers[place] = value === 0 ? 0 : value
      continue
    }
    const column = columns.texts[index]
    if (!column || typeof value === 'number' || (typeof value === 'boolean') !== (reader.kind === 'boolean'))
      return false
    if (typeof value === 'object') {
      if (!putSpan(column, place, value instanceof Uint8Array ? spanOf(value) : value)) return false
      reader.code = 0
      continue
    }
    const text = typeof value === 'boolean' ? String(value) : value
    // A value that is not a text has no length, and the copy would read past its end.
    if (typeof text !== 'string') return false
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

const piece = textSpan(new Uint8Array(0))

/** The span of a piece of bytes; pieces of the same buffer share a view. */
function spanOf({ buffer, byteOffset, length }: Uint8Array): TextSpan {
  if (piece.bytes.buffer !== buffer) {
    piece.bytes = new Uint8Array(buffer)
    piece.view = viewOf(piece.bytes)
  }
  piece.start = byteOffset
  piece.end = byteOffset + length
  return piece
}

function putSpan(column: TextColumn, place: number, { bytes, view, start, end }: TextSpan): boolean {
  if (isNew(column, place)) return putNew(column, place, bytes, view, start, end) !== 0
  return put(column, place, bytes, view, start, end, hashOf(bytes, view, start, end)) !== 0
}

let scratch = Buffer.allocUnsafeSlow(1 << 16)
let view = viewOf(scratch)
const SHORT = 64

/** Writes a text into `scratch` as UTF-8; half a surrogate pair becomes U+FFFD. */
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

import { members, OPEN_OBJECT, skipSpace, textOf } from '../../envelopes/json.ts'
import { isPlainName } from '../../envelopes/words.ts'
import type { FieldKind, Row, Shape } from '../contract.ts'
import { shapeOf } from '../shape.ts'
import { columns } from './columns.ts'
import { wellFormed, wellFormedJson } from './text.ts'

/** A record's own fields by column, and as JSON what of it no column holds. */
export type Delivered = { row: Row; unmapped: string | undefined } | { rejected: string }

/**
 * Takes the columns that have a path out of the record's bytes: JSON as the text it was delivered as.
 *
 * @param timestamp the record's time in its plain form
 */
export function delivered(bytes: Uint8Array, timestamp: string): Delivered {
  const row: Row = {}
  const reading: Reading = { bytes, timestamp, row }
  const leftover = readObject(reading, skipSpace(bytes, 0), SHAPE, '')
  if ('rejected' in leftover) return leftover
  return { row, unmapped: leftover.texts.length > 0 ? objectText(leftover.texts) : undefined }
}

const SHAPE = shapeOf(columns, { requestId: 'id' })

interface Reading {
  bytes: Uint8Array
  timestamp: string
  row: Row
}

/** Members for `unmapped`, each with its JSON text. */
type Leftover = { texts: [key: string, json: string][] } | { rejected: string }

function readObject(reading: Reading, at: number, shape: Shape, above: string): Leftover {
  const { bytes } = reading
  const texts: [string, string][] = []
  const seen = new Set<string>()
  for (const { key, start, end } of members(bytes, at) ?? []) {
    if (seen.has(key)) {
      return { rejected: `the field ${isPlainName(key) ? key : 'with no plain name'} appears twice` }
    }
    seen.add(key)
    const kind = Object.hasOwn(shape, key) ? (shape[key] as FieldKind | Shape) : undefined
    // Said of a known field, null says nothing.
    if (kind !== undefined && bytes[start] === NULL) continue
    if (typeof kind === 'object' && bytes[start] === OPEN_OBJECT) {
      const nested = readObject(reading, start, kind, `${above}${key}_`)
      if ('rejected' in nested) return nested
      if (nested.texts.length > 0) texts.push([key, objectText(nested.texts)])
      continue
    }
    const json = textOf(bytes, start, end)
    const column = `${above}${key}`.toLowerCase()
    const held = typeof kind === 'string' && hold(reading, column, kind, json)
    if (!held) texts.push([key, safeJson(json)])
  }
  return { texts }
}

const NULL = 0x6e

/** Puts a value into its column. False when the column does not hold it as it was delivered. */
function hold({ row, timestamp }: Reading, column: string, kind: FieldKind, json: string): boolean {
  if (kind === 'json') {
    const text = wellFormedJson(json)
    row[column] = text
    return text === json
  }
  const value: unknown = JSON.parse(json)
  if (kind === 'time') {
    row[column] = timestamp
    return value === timestamp
  }
  if (kind === 'long') {
    if (!Number.isSafeInteger(value)) return false
    row[column] = value as number
    return true
  }
  if (kind === 'number') {
    if (typeof value !== 'number' || !Number.isFinite(value)) return false
    row[column] = value
    return true
  }
  if (typeof value !== 'string') return false
  const text = wellFormed(kind === 'id' ? value.trim() : value)
  if (kind === 'id' && text === '') return false
  row[column] = text
  return text === value
}

/** Text that would make all of `unmapped` unreadable is kept as a JSON string. */
function safeJson(json: string): string {
  return wellFormedJson(json) === json ? json : JSON.stringify(json)
}

function objectText(texts: readonly [string, string][]): string {
  return `{${texts.map(([key, json]) => `${wellFormedJson(JSON.stringify(key))}:${json}`).join(',')}}`
}

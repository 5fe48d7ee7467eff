import { CLOSE_OBJECT, COMMA, OPEN_OBJECT, skipSpace, stringEnd, textOf, valueEnd } from '../../json/bytes.ts'
import { safeJson, wellFormed, wellFormedJson } from '../../json/halves.ts'
import { isDouble } from '../../json/numbers.ts'
import type { FieldKind, Shape } from '../../json/shape.ts'
import { isPlainName } from '../../json/words.ts'
import type { Row } from '../contract.ts'
import { shapeOf } from '../shape.ts'
import { columns } from './columns.ts'

/** A record's own fields by column, and the rest of the record as JSON. */
export type Delivered =
  | { kind: 'row'; row: Row; unmapped: string | undefined }
  | { kind: 'rejected'; reason: string }

/**
 * Reads the columns with a path from the record's bytes, in one pass; JSON stays the text that was delivered.
 *
 * @param bytes a JSON object that `JSON.parse` has accepted
 * @param timestamp the record's time in the plain form
 */
export function delivered(bytes: Uint8Array, timestamp: string): Delivered {
  const row: Row = {}
  const reading: Reading = { bytes, timestamp, row, rejected: undefined }
  const { leftover } = readObject(reading, skipSpace(bytes, 0), SHAPE, '')
  return reading.rejected === undefined
    ? { kind: 'row', row, unmapped: leftover }
    : { kind: 'rejected', reason: reading.rejected }
}

const SHAPE = shapeOf(columns, { requestId: 'id' })

interface Reading {
  bytes: Uint8Array
  timestamp: string
  row: Row
  rejected: string | undefined
}

/** Reads the object at `at`. Values that its columns do not hold are left over, as the text of an object. */
function readObject(
  reading: Reading,
  at: number,
  shape: Shape,
  above: string,
): { end: number; leftover: string | undefined } {
  const { bytes } = reading
  const texts: string[] = []
  const seen = new Set<string>()
  at = skipSpace(bytes, at + 1)
  while (bytes[at] !== CLOSE_OBJECT) {
    const keyEnd = stringEnd(bytes, at)
    const keyJson = textOf(bytes, at, keyEnd)
    const key = parsed(keyJson) as string
    const start = skipSpace(bytes, skipSpace(bytes, keyEnd) + 1)
    if (seen.has(key)) {
      reading.rejected ??= `the field ${isPlainName(key) ? key : 'with no plain name'} appears twice`
    }
    seen.add(key)
    const kind = Object.hasOwn(shape, key) ? (shape[key] as FieldKind | Shape) : undefined
    let end: number
    if (typeof kind === 'object' && bytes[start] === OPEN_OBJECT) {
      const nested = readObject(reading, start, kind, `${above}${key}_`)
      end = nested.end
      if (nested.leftover !== undefined) texts.push(`${wellFormedJson(keyJson)}:${nested.leftover}`)
    } else {
      end = valueEnd(bytes, start)
      // A null in a known field has no information.
      if (kind === undefined || bytes[start] !== NULL) {
        const column = `${above}${key}`.toLowerCase()
        if (kind === 'json' && holdBytes(reading, column, start, end)) {
          at = next(bytes, end)
          continue
        }
        const json = textOf(bytes, start, end)
        const held = typeof kind === 'string' && hold(reading, column, kind, json)
        if (!held) texts.push(`${wellFormedJson(keyJson)}:${safeJson(json)}`)
      }
    }
    at = next(bytes, end)
  }
  return { end: at + 1, leftover: texts.length > 0 ? `{${texts.join(',')}}` : undefined }
}

const NULL = 0x6e

/** The start of the next member, or the end of the object. */
function next(bytes: Uint8Array, end: number): number {
  const at = skipSpace(bytes, end)
  return bytes[at] === COMMA ? skipSpace(bytes, at + 1) : at
}

/** Length below which making a text costs less than slicing bytes. */
const FEW_BYTES = 64

/**
 * Puts long JSON into its column without decoding it. False when it is short, or may hold half a surrogate
 * pair.
 */
function holdBytes({ bytes, row }: Reading, column: string, start: number, end: number): boolean {
  if (end - start < FEW_BYTES) return false
  const json = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start)
  if (json.includes('\\u')) return false
  row[column] = json
  return true
}

/** Puts a value into its column. False when the column would not hold it exactly as delivered. */
function hold({ row, timestamp }: Reading, column: string, kind: FieldKind, json: string): boolean {
  if (kind === 'json') {
    const text = wellFormedJson(json)
    row[column] = text
    return text === json
  }
  const value = parsed(json)
  if (kind === 'time') {
    row[column] = timestamp
    return value === timestamp
  }
  if (kind === 'long') {
    if (!Number.isSafeInteger(value) || !isDouble(json)) return false
    row[column] = value as number
    return true
  }
  if (kind === 'number') {
    if (typeof value !== 'number' || !isDouble(json)) return false
    row[column] = value
    return true
  }
  if (typeof value !== 'string') return false
  const text = wellFormed(kind === 'id' ? value.trim() : value)
  if (kind === 'id' && text === '') return false
  row[column] = text
  return text === value
}

/** The value of a JSON text; most are strings without escapes. */
function parsed(json: string): unknown {
  return json.startsWith('"') && !json.includes('\\') ? json.slice(1, -1) : JSON.parse(json)
}

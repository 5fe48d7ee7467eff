import { members, OPEN_OBJECT, quoteAfter, textOf, viewAgain } from './bytes.ts'
import { holdsHalf, safeJson, wellFormed, wellFormedJson } from './halves.ts'
import type { Refusal } from './refusal.ts'
import type { FieldKind, Shape } from './shape.ts'
import { plainTime, saysItAll } from './time.ts'
import type { JsonObject, JsonValue } from './values.ts'
import { isPlainName } from './words.ts'

/** A record as DuckDB is to read it, and its UTC day, as 20260107. */
export interface StrictRecord {
  bytes: Uint8Array
  day: number
}

/** What of a log type is needed to read one of its records. */
export interface StrictShape {
  shape: Shape
  /** The field of the record that holds its time. */
  timeField: string
  /** Why a record of this type cannot be stored, as a sentence; undefined when it can. */
  judge(record: JsonObject): string | undefined
}

/**
 * Reads one record: what the columns cannot hold goes to `lake_unmapped` as it was delivered. Used for the few records
 * of which `fits` says no.
 *
 * @param record the same as `bytes`, parsed
 */
export function strict(bytes: Uint8Array, record: JsonObject, type: StrictShape): StrictRecord | Refusal {
  const objection = type.judge(record)
  if (objection) return { code: 'invalid-record', reason: objection }
  const leftover = compare(bytes, 0, type.shape, holdsHalf(bytes))
  if (typeof leftover === 'string') return { code: 'repeated-field', reason: leftover }
  const time = plainTime(String(record[type.timeField])) ?? ''
  return { bytes: apply(bytes, leftover), day: Number(time.slice(0, 10).replaceAll('-', '')) }
}

/**
 * What of a record the fields of a shape cannot hold, as JSON text, each value as it was delivered; for log types that
 * are prepared in TypeScript.
 *
 * @param record the same as `bytes`, parsed
 */
export function leftover(
  bytes: Uint8Array,
  record: JsonObject,
  shape: Shape,
): { unmapped?: string } | Refusal {
  // Nearly every record ends here: nothing in it is unknown, and nothing was there twice and lost in parsing.
  const halves = holdsHalf(bytes)
  if (!halves && isHeld(record, shape) && colons(bytes) === membersIn(record)) return {}
  const found = compare(bytes, 0, shape, halves)
  if (typeof found === 'string') return { code: 'repeated-field', reason: found }
  return found.unmapped.length === 0 ? {} : { unmapped: objectText(found.unmapped) }
}

function isHeld(record: JsonObject, shape: Shape): boolean {
  for (const key in record) {
    const value = record[key]
    const kind = Object.hasOwn(shape, key) ? shape[key] : undefined
    if (kind === undefined) return false
    if (value === null || value === undefined || kind === 'json') continue
    if (typeof kind === 'object') {
      if (typeof value !== 'object' || Array.isArray(value) || !isHeld(value, kind)) return false
    } else if (kind === 'string' || kind === 'boolean' || kind === 'number') {
      if (typeof value !== kind) return false
    } else if (kind === 'long') {
      if (!Number.isSafeInteger(value)) return false
    } else if (typeof value !== 'string') return false
    else if (kind === 'moment') {
      if (!saysItAll(value)) return false
    } else if ((kind === 'time' ? plainTime(value) : value.trim()) !== value || value === '') return false
  }
  return true
}

/** How many members all objects in a value have. */
function membersIn(value: JsonValue): number {
  let count = 0
  const open: JsonValue[] = [value]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== 'object' || next === null) continue
    const inner = Object.values(next)
    if (!Array.isArray(next)) count += inner.length
    for (const one of inner) if (typeof one === 'object' && one !== null) open.push(one)
  }
  return count
}

/** How many members the bytes of a value have: each has one colon outside its texts. */
function colons(bytes: Uint8Array): number {
  const view = viewAgain(bytes)
  let count = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === COLON) count++
    else if (byte === QUOTE) {
      at = quoteAfter(bytes, view, at + 1)
      if (at < 0) break
    }
  }
  return count
}

const COLON = 0x3a
const QUOTE = 0x22

/** What of an object the columns cannot hold, and what of it DuckDB must see differently. */
interface Leftover {
  /** Members for `unmapped`: key and value as JSON text. */
  unmapped: [key: string, value: string][]
  edits: { start: number; end: number; text: string }[]
}

/**
 * Holds an object's members against the shape. A string is a refusal.
 *
 * @param halves whether the bytes hold half a surrogate pair: the columns hold U+FFFD for it
 */
function compare(bytes: Uint8Array, at: number, shape: Shape, halves: boolean): Leftover | string {
  const leftover: Leftover = { unmapped: [], edits: [] }
  const seen = new Set<string>()
  for (const member of members(bytes, at) ?? []) {
    const { key, start, end } = member
    if (seen.has(key)) return `the field ${isPlainName(key) ? key : 'with no plain name'} appears twice`
    seen.add(key)
    const kind = Object.hasOwn(shape, key) ? shape[key] : undefined
    const text = () => textOf(bytes, start, end)
    const leave = () => leftover.unmapped.push([key, halves ? safeJson(text()) : text()])
    if (kind === undefined) {
      leave()
      // The name is ours: a record that brings its own must not pass for our word.
      if (halves) leftover.edits.push({ start: member.keyStart, end, text: '"":null' })
      else if (key === 'lake_unmapped' || key === 'lake_object')
        leftover.edits.push({ start: member.keyStart, end: start, text: '"":' })
    } else if (bytes[start] === NULL) {
      // Said of a known field, null says nothing.
    } else if (typeof kind === 'object') {
      if (bytes[start] !== OPEN_OBJECT) {
        leave()
        leftover.edits.push({ start, end, text: 'null' })
        continue
      }
      const nested = compare(bytes, start, kind, halves)
      if (typeof nested === 'string') return `${key}: ${nested}`
      if (nested.unmapped.length > 0) leftover.unmapped.push([key, objectText(nested.unmapped)])
      leftover.edits.push(...nested.edits)
    } else {
      const delivered = text()
      const well = halves ? wellFormedJson(delivered) : delivered
      const held = holds(kind, well)
      if (held === true && well === delivered) continue
      leave()
      if (typeof held === 'string' || held === null)
        leftover.edits.push({ start, end, text: JSON.stringify(held) })
      else if (well !== delivered) leftover.edits.push({ start, end, text: well })
    }
  }
  return leftover
}

const NULL = 0x6e

/**
 * True when a column of this kind holds the value as it is; else what the column holds instead: a text, null, or
 * (undefined) what DuckDB's cast makes of the value.
 */
function holds(kind: FieldKind, text: string): true | string | null | undefined {
  if (kind === 'json') return true
  const value: unknown = JSON.parse(text)
  if (kind === 'boolean') return typeof value === 'boolean' ? true : undefined
  if (kind === 'number') return typeof value === 'number' ? true : undefined
  if (kind === 'long') return /^-?\d{1,18}$/.test(text) ? true : undefined
  if (kind === 'string') return typeof value === 'string' ? true : undefined
  if (typeof value !== 'string') return kind === 'time' || kind === 'moment' ? null : undefined
  if (kind === 'moment' && saysItAll(value)) return true
  const plain = kind === 'id' ? value.trim() : plainTime(value)
  return plain === value && plain !== '' ? true : plain || null
}

function objectText(entries: readonly [string, string][]): string {
  return `{${entries.map(([key, value]) => `${JSON.stringify(wellFormed(key))}:${value}`).join(',')}}`
}

function apply(bytes: Uint8Array, { unmapped, edits }: Leftover): Uint8Array {
  if (unmapped.length === 0 && edits.length === 0) return bytes
  const pieces: Uint8Array[] = []
  let from = 0
  for (const { start, end, text } of edits) {
    pieces.push(bytes.subarray(from, start), Buffer.from(text))
    from = end
  }
  const rest = bytes.subarray(from)
  if (unmapped.length === 0) return Buffer.concat([...pieces, rest])
  const close = rest.lastIndexOf(0x7d)
  const comma = members(bytes, 0)?.length ? ',' : ''
  const addition = `${comma}"lake_unmapped":${objectText(unmapped)}}`
  return Buffer.concat([...pieces, rest.subarray(0, close), Buffer.from(addition)])
}

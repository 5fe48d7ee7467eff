import { compactText, members, OPEN_OBJECT, textOf } from './bytes.ts'
import { holdsHalf, safeJson, wellFormed, wellFormedJson } from './halves.ts'
import { doubleEnd, everyNumber, isDouble, isKept } from './numbers.ts'
import type { Refused } from './refusal.ts'
import type { FieldKind, Shape } from './shape.ts'
import { quoteAfter, viewAgain } from './text.ts'
import { plainTime, saysItAll } from './time.ts'
import type { JsonObject, JsonValue } from './values.ts'
import { isPlainName } from './words.ts'

/** A record as DuckDB reads it, and its UTC day, as 20260107. */
export interface StrictRecord {
  kind: 'json'
  bytes: Uint8Array
  day: number
}

/** The parts of a log type that reading one of its records needs. */
export interface StrictShape {
  shape: Shape
  /** The field of the record that holds its time. */
  timeField: string
  /** Why a record of this type cannot be stored, as a sentence; undefined when it can. */
  judge(record: JsonObject): string | undefined
}

/**
 * Reads one record: values that no column can hold go to `lake_unmapped` as they were delivered. Used for the
 * few records that `fits` rejects.
 *
 * @param record the parsed `bytes`
 */
export function strict(bytes: Uint8Array, record: JsonObject, type: StrictShape): StrictRecord | Refused {
  const objection = type.judge(record)
  if (objection) return { kind: 'refused', code: 'invalid-record', reason: objection }
  const leftover = compare(bytes, 0, type.shape, { halves: holdsHalf(bytes), read: true })
  if (typeof leftover === 'string') return { kind: 'refused', code: 'repeated-field', reason: leftover }
  const time = plainTime(String(record[type.timeField])) ?? ''
  const day = Number(time.slice(0, 10).replaceAll('-', ''))
  return { kind: 'json', bytes: apply(bytes, leftover), day }
}

/** A record that the fields of a shape hold, but for some values: these are JSON text, each as delivered. */
export interface HeldRecord {
  kind: 'held'
  unmapped?: string
}

/**
 * The parts of a record that the fields of a shape cannot hold; for log types that are prepared in
 * TypeScript.
 *
 * @param record the parsed `bytes`
 */
export function leftover(bytes: Uint8Array, record: JsonObject, shape: Shape): HeldRecord | Refused {
  // Nearly every record ends here: it has no unknown field, no duplicate field that parsing dropped, and no
  // number that it rounded.
  const halves = holdsHalf(bytes)
  if (!halves && isHeld(record, shape) && membersOf(bytes, true) === membersIn(record))
    return { kind: 'held' }
  const found = compare(bytes, 0, shape, { halves, read: false })
  if (typeof found === 'string') return { kind: 'refused', code: 'repeated-field', reason: found }
  return found.unmapped.length === 0
    ? { kind: 'held' }
    : { kind: 'held', unmapped: objectText(found.unmapped) }
}

function isHeld(record: JsonObject, shape: Shape): boolean {
  for (const key in record) {
    const value = record[key]
    const kind = Object.hasOwn(shape, key) ? shape[key] : undefined
    if (kind === undefined) return false
    if (value === null || value === undefined || kind === 'json' || kind === 'parsed') continue
    if (typeof kind === 'object') {
      if (typeof value !== 'object' || Array.isArray(value) || !isHeld(value, kind)) return false
    } else if (kind === 'string' || kind === 'boolean' || kind === 'number') {
      if (typeof value !== kind) return false
    } else if (kind === 'long') {
      if (!Number.isSafeInteger(value)) return false
    } else if (typeof value !== 'string') return false
    else if (kind === 'timestamp') {
      if (!saysItAll(value)) return false
    } else if ((kind === 'time' ? plainTime(value) : value.trim()) !== value || value === '') return false
  }
  return true
}

/** The number of members of all objects in a value. */
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

/** Whether an object of a record, or of a value in it, has a field twice: parsing drops all but the last. */
export function hasRepeats(bytes: Uint8Array, record: JsonObject): boolean {
  return membersOf(bytes, false) !== membersIn(record)
}

/**
 * The number of members in the bytes of a value: each has one colon outside its texts.
 *
 * @param exact give -1 when a double does not hold one of the numbers
 */
function membersOf(bytes: Uint8Array, exact: boolean): number {
  const view = viewAgain(bytes)
  let count = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number
    if (byte === COLON) count++
    else if (byte === QUOTE) {
      at = quoteAfter(bytes, view, at + 1)
      if (at < 0) break
    } else if (exact && byte >= DIGIT_ZERO && byte <= DIGIT_ZERO + 9) {
      const end = doubleEnd(bytes, at)
      if (end < 0) return -1
      at = end - 1
    }
  }
  return count
}

const DIGIT_ZERO = 0x30
const COLON = 0x3a
const QUOTE = 0x22

/** Values of an object that the columns cannot hold, and values that DuckDB must read differently. */
interface Leftover {
  /** Members for `unmapped`: key and value as JSON text. */
  unmapped: [key: string, value: string][]
  edits: { start: number; end: number; text: string }[]
}

interface HowToCompare {
  /** Whether the bytes hold half a surrogate pair: the columns hold U+FFFD for it. */
  halves: boolean
  /** Whether DuckDB reads the JSON, which may change a number; or the columns hold it as delivered. */
  read: boolean
}

/** Compares an object's members with the shape. A string is a refusal. */
function compare(bytes: Uint8Array, at: number, shape: Shape, how: HowToCompare): Leftover | string {
  const { halves, read } = how
  const leftover: Leftover = { unmapped: [], edits: [] }
  const seen = new Set<string>()
  for (const member of members(bytes, at) ?? []) {
    const { key, start, end } = member
    if (seen.has(key)) return `the field ${isPlainName(key) ? key : 'with no plain name'} appears twice`
    seen.add(key)
    const kind = Object.hasOwn(shape, key) ? shape[key] : undefined
    const text = () => textOf(bytes, start, end)
    const leave = () => {
      const safe = safeJson(text())
      leftover.unmapped.push([key, read && safe === text() ? compactText(bytes, start, end) : safe])
    }
    if (kind === undefined) {
      leave()
      // These names are the lake's own: a record's field of the same name must not be read in their place.
      if (halves) leftover.edits.push({ start: member.keyStart, end, text: '"":null' })
      else if (key === 'lake_unmapped' || key === 'lake_object')
        leftover.edits.push({ start: member.keyStart, end: start, text: '"":' })
    } else if (bytes[start] === NULL) {
      // A null in a known field has no information.
    } else if (typeof kind === 'object') {
      if (bytes[start] !== OPEN_OBJECT) {
        leave()
        leftover.edits.push({ start, end, text: 'null' })
        continue
      }
      const nested = compare(bytes, start, kind, how)
      if (typeof nested === 'string') return `${key}: ${nested}`
      if (nested.unmapped.length > 0) leftover.unmapped.push([key, objectText(nested.unmapped)])
      leftover.edits.push(...nested.edits)
    } else {
      const delivered = text()
      const well = halves ? wellFormedJson(delivered) : delivered
      const held = holds(kind, well, how)
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
 * True when a column of this kind holds the value unchanged; else the column's value: a text, null, or
 * (undefined) the result of DuckDB's cast.
 */
function holds(kind: FieldKind, text: string, { read }: HowToCompare): true | string | null | undefined {
  if (kind === 'json') return !read || everyNumber(text, isKept) || undefined
  if (kind === 'parsed') return everyNumber(text, isDouble) || undefined
  const value: unknown = JSON.parse(text)
  if (kind === 'boolean') return typeof value === 'boolean' ? true : undefined
  if (kind === 'number') return (typeof value === 'number' && isDouble(text)) || undefined
  if (kind === 'long') return /^-?\d{1,18}$/.test(text) ? true : undefined
  if (kind === 'string') return typeof value === 'string' ? true : undefined
  if (typeof value !== 'string') return kind === 'time' || kind === 'timestamp' ? null : undefined
  if (kind === 'timestamp' && saysItAll(value)) return true
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
  // As a text, which DuckDB's JSON reader does not change.
  const addition = `${comma}"lake_unmapped":${JSON.stringify(objectText(unmapped))}}`
  return Buffer.concat([...pieces, rest.subarray(0, close), Buffer.from(addition)])
}

import type { FieldKind, JsonObject, LogType, Shape } from '../logtypes/contract.ts'
import type { Damage, RejectCode } from './contract.ts'
import { elements, members, OPEN_ARRAY, OPEN_OBJECT, type Span, skipSpace, textOf } from './json.ts'
import { type CompiledShape, fitsRecord } from './shape.ts'
import { plainTime } from './time.ts'

/** A record that cannot be stored: its bytes, its place in the object's expanded bytes, and why. */
export interface RejectedRecord {
  /** Which record of the object, counted from 0. */
  position: number
  offset: number
  code: RejectCode
  reason: string
  bytes: Uint8Array
}

export interface Strict {
  /** A JSON array of the records that can be stored, each with a `lake_unmapped` where it has leftovers. */
  records: Uint8Array
  /** How many records the object holds, stored and rejected. */
  read: number
  rejected: RejectedRecord[]
  /** The records that can be stored, in the order of `records`. */
  kept: KeptRecord[]
}

export interface KeptRecord extends Place {
  type: LogType
  bytes: Uint8Array
  /** Its UTC day, as 20260107. */
  day: number
  /** See `Fit`; 0 when it was not worked out. */
  cluster: number
}

export type Place = Pick<RejectedRecord, 'position' | 'offset'>

/**
 * Reads an array record by record: what the columns cannot hold goes to `lake_unmapped` as it was delivered, a
 * record that is none is rejected with its reason, and the others stay. Used for the few objects where `fits` says no.
 *
 * @param typeOf the record's log type, undefined when it is none of ours
 * @param quick the log type whose fitting records need no look at all
 */
export function strict(
  array: Uint8Array,
  typeOf: (record: JsonObject) => LogType | undefined,
  damage?: Damage,
  quick?: { type: LogType; shape: CompiledShape },
): Strict {
  const start = skipSpace(array, 0)
  const { spans, end, stop } =
    array[start] === OPEN_ARRAY ? elements(array, start) : { spans: [], end: -1, stop: start }
  const kept: KeptRecord[] = []
  const rejected: RejectedRecord[] = []
  for (const [position, span] of spans.entries()) {
    const place = { position, offset: span.start }
    const fitting = quick && fitsRecord(array, span.start, quick.shape)
    if (fitting && fitting.end === span.end) {
      const bytes = array.subarray(span.start, span.end)
      kept.push({ ...place, ...fitting, type: quick.type, bytes })
      continue
    }
    const verdict = readRecord(array, span, typeOf)
    if ('bytes' in verdict) kept.push({ ...place, ...verdict, cluster: 0 })
    else rejected.push({ ...place, bytes: array.slice(span.start, span.end), ...verdict })
  }
  let read = spans.length
  const rest = end < 0 ? stop : skipSpace(array, end)
  if (end < 0 || rest < array.length) {
    const code = damage?.code ?? 'malformed-json'
    const reason = `${damage?.reason ?? 'the JSON is malformed'}: nothing can be read from byte ${rest} on`
    rejected.push({ position: read++, offset: rest, code, reason, bytes: array.slice(rest) })
  }
  return { records: joinArray(kept.map(({ bytes }) => bytes)), read, rejected, kept }
}

/** `[a,b]` of the bytes of a and b; with a `tail`, `[a,b,tail`: an array that breaks off in it. */
export function joinArray(parts: readonly Uint8Array[], tail?: Uint8Array): Uint8Array {
  const comma = Buffer.from(',')
  const pieces: Uint8Array[] = [Buffer.from('[')]
  for (const [index, part] of parts.entries()) {
    if (index > 0) pieces.push(comma)
    pieces.push(part)
  }
  if (tail && parts.length > 0) pieces.push(comma)
  pieces.push(tail ?? Buffer.from(']'))
  return Buffer.concat(pieces)
}

const UTF8 = new TextDecoder('utf-8', { fatal: true })

/** V8's message quotes the text around the error: log text, which has no place in a reason. */
function whyMalformed(thrown: unknown): string {
  if (!(thrown instanceof SyntaxError)) return 'the bytes are not UTF-8'
  if (/^Bad control character/.test(thrown.message))
    return 'the JSON holds a control character that is not escaped'
  return /^Bad (escaped|Unicode)/.test(thrown.message)
    ? 'the JSON holds a bad escape'
    : 'the JSON is malformed'
}

type Refusal = { code: RejectCode; reason: string }

function readRecord(
  array: Uint8Array,
  span: Span,
  typeOf: (record: JsonObject) => LogType | undefined,
): Pick<KeptRecord, 'type' | 'bytes' | 'day'> | Refusal {
  const bytes = array.subarray(span.start, span.end)
  let record: JsonObject
  try {
    record = JSON.parse(UTF8.decode(bytes)) as JsonObject
  } catch (thrown) {
    return { code: 'malformed-json', reason: whyMalformed(thrown) }
  }
  if (bytes[0] !== OPEN_OBJECT)
    return { code: 'not-an-object', reason: `a record must be an object, this is ${kindName(record)}` }
  const type = typeOf(record)
  if (!type)
    return { code: 'unknown-log-type', reason: `no log type knows a record with ${fieldsOf(record)}` }
  const objection = type.judge(record)
  if (objection) return { code: 'invalid-record', reason: objection }
  const leftover = compare(bytes, 0, type.shape)
  if (typeof leftover === 'string') return { code: 'repeated-field', reason: leftover }
  const time = plainTime(String(record[type.timeField])) ?? ''
  return { type, bytes: apply(bytes, leftover), day: Number(time.slice(0, 10).replaceAll('-', '')) }
}

/** What of an object the columns cannot hold, and what of it DuckDB must see differently. */
interface Leftover {
  /** Members for `unmapped`: key and value as JSON text. */
  unmapped: [key: string, value: string][]
  edits: { start: number; end: number; text: string }[]
}

/** Holds an object's members against the shape. A string is a refusal. */
function compare(bytes: Uint8Array, at: number, shape: Shape): Leftover | string {
  const leftover: Leftover = { unmapped: [], edits: [] }
  const seen = new Set<string>()
  for (const member of members(bytes, at) ?? []) {
    const { key, start, end } = member
    if (seen.has(key)) return `the field ${isPlain(key) ? key : 'with no plain name'} appears twice`
    seen.add(key)
    const kind = Object.hasOwn(shape, key) ? shape[key] : undefined
    const text = () => textOf(bytes, start, end)
    if (kind === undefined) {
      leftover.unmapped.push([key, text()])
      // The name is ours: a record that brings its own must not pass for our word.
      if (key === 'lake_unmapped' || key === 'lake_object')
        leftover.edits.push({ start: member.keyStart, end: start, text: '"":' })
    } else if (bytes[start] === NULL) {
      // Said of a known field, null says nothing.
    } else if (typeof kind === 'object') {
      if (bytes[start] !== OPEN_OBJECT) {
        leftover.unmapped.push([key, text()])
        leftover.edits.push({ start, end, text: 'null' })
        continue
      }
      const nested = compare(bytes, start, kind)
      if (typeof nested === 'string') return `${key}: ${nested}`
      if (nested.unmapped.length > 0) leftover.unmapped.push([key, objectText(nested.unmapped)])
      leftover.edits.push(...nested.edits)
    } else {
      const held = holds(kind, text())
      if (held === true) continue
      leftover.unmapped.push([key, text()])
      if (held !== undefined) leftover.edits.push({ start, end, text: JSON.stringify(held) })
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
  if (typeof value !== 'string') return kind === 'time' ? null : undefined
  const plain = kind === 'id' ? value.trim() : plainTime(value)
  return plain === value && plain !== '' ? true : plain || null
}

function objectText(entries: readonly [string, string][]): string {
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`
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

function kindName(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`
}

/** `the fields eventName, eventSource and 5 more`; names that are no plain words are left out. */
export function fieldsOf(record: JsonObject): string {
  const names = Object.keys(record)
  const plain = names.filter(isPlain).slice(0, 6)
  const more = names.length - plain.length
  if (names.length === 0) return 'no field'
  if (plain.length === 0) return `${more} fields without a plain name`
  return `the fields ${plain.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** Whether a field's name can be shown anywhere: log text is hostile, names of fields too. */
function isPlain(name: string): boolean {
  return /^[\w.@$-]{1,40}$/.test(name)
}

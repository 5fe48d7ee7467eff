import type { Context, Damage, Delivery, Text, Wrapper } from '../envelopes/contract.ts'
import { deliveryOf } from '../envelopes/delivery.ts'
import { fitsRecord } from '../envelopes/fit.ts'
import { elements, OPEN_ARRAY, OPEN_OBJECT, type Span, skipSpace } from '../envelopes/json.ts'
import type { CompiledShape } from '../envelopes/shape.ts'
import { type Refusal, strict } from '../envelopes/strict.ts'
import { fieldsOf, kindName, whyMalformed } from '../envelopes/words.ts'
import { unwrapped } from '../envelopes/wrappers.ts'
import type { FlattenedType, LogType, Parts } from '../logtypes/contract.ts'
import { readLogEvents } from './log-events.ts'
import { type MadeRow, prepared } from './prepared.ts'
import type { RowSink } from './row-columns.ts'

/** A record that cannot be stored: its bytes, its place in the object's expanded bytes, and why. */
export interface RejectedRecord extends Place, Refusal {
  bytes: Uint8Array
}

export interface Place {
  /** Which record of the object, counted from 0. */
  position: number
  offset: number
}

interface Kept extends Place {
  /** Its UTC day, as 20260107. */
  day: number
  /** See `Fit`; 0 when it was not worked out. */
  cluster: number
}

/** A record that DuckDB makes a row of. */
export interface KeptJson extends Kept {
  type: FlattenedType
  bytes: Uint8Array
}

/** A record that was made a row of, and is not in columns. */
export type KeptRow = Kept & MadeRow

export type KeptRecord = KeptJson | KeptRow

/** What became of an object's records, one by one. */
export interface ReadRecords {
  /** How many there are: kept, rejected and skipped. */
  read: number
  kept: KeptRecord[]
  /** How many were put into columns; they are not among the kept. */
  inColumns: number
  /** The log types of both, the first record's first. */
  types: Set<LogType>
  rejected: RejectedRecord[]
  /** How many had nothing to store, by reason. */
  skipped: Map<string, number>
  /** Objects that hold parts of the records, still to be read; then nothing is kept yet. */
  awaited: Set<string>
  /** Whether one of them is of a log type with sensitive fields. */
  discreet: boolean
  /** The wrapper that the first record came in. */
  wrapper?: string
}

export interface HowToRead {
  context: Context
  typeOf(delivery: Delivery): LogType | undefined
  wrappers?: readonly Wrapper[]
  parts?: Parts | undefined
  /** Takes the rows that records were made into. */
  rows?: RowSink | undefined
  /** Whether a text that was an event of CloudWatch Logs, and of no session, is nothing else. */
  textsAreLogs?: boolean
  /** Why the array breaks off, where that is known. */
  damage?: Damage | undefined
  /** The log type whose fitting records need no look at all. */
  quick?: { type: FlattenedType; shape: CompiledShape } | undefined
}

/**
 * Reads an array record by record: out of its wrappers, by its log type, with its place. A record that cannot be stored
 * is rejected with its reason, and the others stay.
 *
 * @param known where the array's elements are, when that was found out before
 */
export function readRecords(array: Uint8Array, how: HowToRead, known?: readonly Span[]): ReadRecords {
  const { quick, damage } = how
  const found = nothingYet()
  const { spans, end, stop } = known
    ? { spans: known, end: array.length, stop: array.length }
    : elementsOf(array)
  for (const span of spans) {
    const fitting = quick && fitsRecord(array, span.start, quick.shape)
    const bytes = array.subarray(span.start, span.end)
    if (quick && fitting && fitting.end === span.end) {
      found.types.add(quick.type)
      found.kept.push({ position: found.read++, offset: span.start, ...fitting, type: quick.type, bytes })
    } else if (
      !readLogEvents(found, array, span, how, (event) => readDelivery(found, event, span.start, how))
    )
      readOne(found, bytes, span.start, how)
  }
  const rest = end < 0 ? stop : skipSpace(array, end)
  if (end < 0 || rest < array.length) {
    const code = damage?.code ?? 'malformed-json'
    const reason = `${damage?.reason ?? 'the JSON is malformed'}: nothing can be read from byte ${rest} on`
    found.rejected.push({ position: found.read++, offset: rest, code, reason, bytes: array.slice(rest) })
  }
  return found
}

function elementsOf(array: Uint8Array): ReturnType<typeof elements> {
  const start = skipSpace(array, 0)
  return array[start] === OPEN_ARRAY ? elements(array, start) : { spans: [], end: -1, stop: start }
}

/** Reads records that are text. */
export function readTexts(texts: readonly Text[], how: HowToRead): ReadRecords {
  const found = nothingYet()
  for (const { offset, ...delivery } of texts) readDelivery(found, delivery, offset, how)
  return found
}

function nothingYet(): ReadRecords {
  return {
    read: 0,
    kept: [],
    inColumns: 0,
    types: new Set(),
    rejected: [],
    skipped: new Map(),
    awaited: new Set(),
    discreet: false,
  }
}

function readOne(found: ReadRecords, bytes: Uint8Array, offset: number, how: HowToRead): void {
  const refuse = (refusal: Refusal) =>
    found.rejected.push({ position: found.read++, offset, bytes: bytes.slice(), ...refusal })
  let delivery: Delivery
  try {
    delivery = deliveryOf(bytes, how.context)
    if (!delivery.record) {
      const value: unknown = JSON.parse(Buffer.from(bytes).toString())
      const reason = `a record must be an object, this is ${kindName(value)}`
      return void refuse({ code: 'not-an-object', reason })
    }
  } catch (thrown) {
    return void refuse({ code: 'malformed-json', reason: whyMalformed(thrown) })
  }
  readDelivery(found, delivery, offset, how)
}

function readDelivery(found: ReadRecords, outer: Delivery, offset: number, how: HowToRead): void {
  for (const delivery of unwrapped(outer, how.wrappers)) {
    const position = found.read++
    if (delivery.wrapper !== undefined) found.wrapper ??= delivery.wrapper
    if ('skipped' in delivery) {
      skip(found, delivery.skipped)
      continue
    }
    const { bytes } = delivery
    const verdict = judge(delivery, how, found.awaited)
    if ('type' in verdict)
      found.discreet ||= 'prepare' in verdict.type && verdict.type.discretion !== undefined
    else if ('bytes' in verdict) found.discreet = true
    if ('skipped' in verdict) skip(found, verdict.skipped)
    else if ('reason' in verdict) found.rejected.push({ position, offset, bytes: bytes.slice(), ...verdict })
    else {
      found.types.add(verdict.type)
      if ('row' in verdict && how.rows?.put(verdict, bytes.length)) found.inColumns++
      else found.kept.push({ position, offset, ...verdict })
    }
  }
}

function skip({ skipped }: ReadRecords, reason: string): void {
  skipped.set(reason, (skipped.get(reason) ?? 0) + 1)
}

function judge(
  delivery: Delivery,
  { typeOf, parts }: HowToRead,
  awaited: Set<string>,
): Omit<KeptJson, keyof Place> | ReturnType<typeof prepared> {
  const type = typeOf(delivery)
  if (!type) {
    const look = delivery.record ? `a record with ${fieldsOf(delivery.record)}` : 'such a text'
    return { code: 'unknown-log-type', reason: `no log type knows ${look}` }
  }
  if ('prepare' in type) return prepared(type, delivery, parts, awaited)
  const { bytes, record } = delivery
  if (!record || bytes[0] !== OPEN_OBJECT)
    return { code: 'not-an-object', reason: 'a record must be an object' }
  const verdict = strict(bytes, record, type)
  return 'reason' in verdict ? verdict : { ...verdict, type, cluster: 0 }
}

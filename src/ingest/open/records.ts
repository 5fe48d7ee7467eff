import { isUtf8 } from 'node:buffer'
import type { Around, Delivery, Run, Source, Text } from '../../envelopes/contract.ts'
import { deliveryOf } from '../../envelopes/delivery.ts'
import { pieces } from '../../envelopes/pieces.ts'
import { unwrapped } from '../../envelopes/wrappers.ts'
import { CLOSE_ARRAY, eachElement, OPEN_ARRAY, OPEN_OBJECT, type Span, skipSpace } from '../../json/bytes.ts'
import { MOST_RECORD_BYTES, tooMuch } from '../../json/extent.ts'
import { fitsRecord } from '../../json/fit.ts'
import type { Refusal } from '../../json/refusal.ts'
import { strict } from '../../json/strict.ts'
import { fieldsOf, kindName, whyMalformed } from '../../json/words.ts'
import type { Place } from '../../ledger/contract.ts'
import type { LogType } from '../../logtypes/contract.ts'
import { unexpectedReason } from '../stage/unexpected.ts'
import type { HowToRead, KeptJson, ReadRecords } from './contract.ts'
import { readLogEvents } from './log-events.ts'
import { prepared } from './prepared.ts'
import { rejectSink } from './rejects.ts'
import { isReadable } from './whole.ts'

/**
 * Reads an object's records one by one: out of their wrappers, by their log type, with their place. A record that cannot be
 * stored is rejected with its reason, and the others stay. From the first on that is no JSON, the bytes are read piece by
 * piece.
 */
export function readRecords(source: Source, how: HowToRead): ReadRecords {
  const found = nothingYet()
  readSource(found, source, how)
  found.rejects.finish()
  return found
}

function readSource(found: ReadRecords, { bytes, runs, stop }: Source, how: HowToRead): void {
  for (const run of runs) {
    const broken = run.around ? readList(found, bytes, run, how) : readSpan(found, bytes, run, how)
    if (broken < 0) continue
    readPieces(found, bytes, broken, run.around, how)
    return
  }
  if (stop < bytes.length) readPieces(found, bytes, stop, undefined, how)
}

/** An array of records, as the source of them. */
export function sourceOf(array: Uint8Array): Source {
  const start = skipSpace(array, 0)
  if (array[start] !== OPEN_ARRAY) return { bytes: array, runs: [], stop: start }
  const { end } = eachElement(array, start, () => undefined)
  const around = { start, head: undefined, inObject: false }
  return end < 0
    ? { bytes: array, runs: [], stop: start }
    : { bytes: array, runs: [{ start, end, around }], stop: skipSpace(array, end) }
}

/** @returns where the first element begins that is no JSON; -1 when there is none */
function readList(found: ReadRecords, bytes: Uint8Array, run: Run, how: HowToRead): number {
  let broken = -1
  let last = -1
  const { end, stop } = eachElement(bytes, run.start, (start, stop) => {
    if (broken >= 0) return
    broken = readSpan(found, bytes, { start, end: stop }, how)
    last = stop
  })
  if (broken >= 0 || end >= 0) return broken
  // A comma behind the last element is one too many, and is not passed over.
  return bytes[stop] === CLOSE_ARRAY && last >= 0 ? last : stop
}

/** @returns where the record begins, when it is no JSON; else -1 */
function readSpan(found: ReadRecords, bytes: Uint8Array, span: Span, how: HowToRead): number {
  const { quick, base = 0 } = how
  // A record that is too long would fit all the same.
  const isShort = span.end - span.start <= MOST_RECORD_BYTES
  const fitting = quick && isShort && fitsRecord(bytes, span.start, quick.shape)
  const offset = base + span.start
  const own = bytes.subarray(span.start, span.end)
  if (quick && fitting && fitting.end === span.end && isReadable(own)) {
    found.types.add(quick.type)
    how.delivered?.(found.read, { bytes: own, record: undefined, context: how.context })
    found.kept.push({ position: found.read++, offset, ...fitting, type: quick.type, bytes: own })
    return -1
  }
  const known = refusalOfSame(found, own)
  if (known) {
    reject(found, own, offset, known, how)
    return -1
  }
  if (readLogEvents(found, bytes, span, how, (event) => readDelivery(found, event, offset, how))) return -1
  if (readOne(found, own, offset, how)) return span.start
  const { last } = found.rejects
  // Its own bytes, and no others that were in it.
  if (own.length <= TINY_BYTES && last?.bytes === own) found.last = last
  return -1
}

/** Of tiny records millions may be the same: they are judged once. */
const TINY_BYTES = 64

/** Why a tiny record is rejected that is the same as the last one. */
function refusalOfSame({ last }: ReadRecords, own: Uint8Array): Refusal | undefined {
  if (!last || own.length !== last.bytes.length) return undefined
  for (let at = 0; at < own.length; at++) if (own[at] !== last.bytes[at]) return undefined
  return last.refusal
}

/** Reads what is not sound from its first byte to its last. */
function readPieces(
  found: ReadRecords,
  bytes: Uint8Array,
  from: number,
  around: Around | undefined,
  how: HowToRead,
): void {
  const { base = 0, damage } = how
  for (const { kind, start, end, why } of pieces(bytes, from, around ? [around] : [])) {
    const own = bytes.subarray(start, end)
    if (kind === 'frame') continue
    if (kind === 'record') {
      if (readSpan(found, bytes, { start, end }, how) < 0) continue
      reject(found, own, base + start, { code: 'malformed-json', reason: whyNoJson(own) }, how)
      continue
    }
    const known = why === 'malformed' ? refusalOfSame(found, own) : undefined
    if (known) {
      reject(found, own, base + start, known, how)
      continue
    }
    const cut = why === 'broken-off' ? damage : undefined
    const reason =
      why === 'broken-off'
        ? `${damage?.reason ?? 'the JSON is malformed'}: nothing can be read from byte ${base + start} on`
        : why === 'malformed'
          ? whyNoJson(own)
          : FLAWS[why ?? 'text']
    const code = cut?.code ?? (why === 'text' || why === 'zeros' ? 'not-json' : 'malformed-json')
    reject(found, own, base + start, { code, reason }, how)
    if (why === 'malformed' && own.length <= TINY_BYTES) found.last = found.rejects.last
  }
}

const FLAWS = {
  text: 'not JSON: plain text between records',
  zeros: 'not JSON: zeros in the place of records',
  stray: 'the JSON is malformed: a bracket, a brace, a colon or a comma too many',
} as const

function whyNoJson(bytes: Uint8Array): string {
  if (!isUtf8(bytes)) return whyMalformed(undefined)
  try {
    JSON.parse(Buffer.from(bytes).toString())
  } catch (thrown) {
    return whyMalformed(thrown)
  }
  return 'the JSON is malformed'
}

function reject(
  found: ReadRecords,
  bytes: Uint8Array,
  offset: number,
  refusal: Refusal,
  { delivered, context }: HowToRead,
): void {
  delivered?.(found.read, { bytes, record: undefined, context })
  found.rejects.add({ position: found.read++, offset }, refusal, bytes)
}

/** Reads records that are text. */
export function readTexts(texts: readonly Text[], how: HowToRead): ReadRecords {
  const found = nothingYet()
  for (const { offset, ...delivery } of texts) readDelivery(found, delivery, offset, how)
  found.rejects.finish()
  return found
}

function nothingYet(): ReadRecords {
  const rejects = rejectSink()
  return {
    read: 0,
    kept: [],
    inColumns: 0,
    types: new Set(),
    rejected: rejects.rejected,
    rejects,
    skipped: new Map(),
    awaited: new Set(),
    discreet: false,
  }
}

/** @returns whether it is no JSON; then nothing has been done with it */
function readOne(found: ReadRecords, bytes: Uint8Array, offset: number, how: HowToRead): boolean {
  const excess = tooMuch(bytes)
  if (excess) {
    reject(found, bytes, offset, excess, how)
    return false
  }
  let delivery: Delivery
  try {
    delivery = deliveryOf(bytes, how.context)
    if (!delivery.record) {
      const value: unknown = JSON.parse(Buffer.from(bytes).toString())
      const reason = `a record must be an object, this is ${kindName(value)}`
      reject(found, bytes, offset, { code: 'not-an-object', reason }, how)
      return false
    }
  } catch {
    return true
  }
  readDelivery(found, delivery, offset, how)
  return false
}

function readDelivery(found: ReadRecords, outer: Delivery, offset: number, how: HowToRead): void {
  for (const delivery of unwrappedOrRefused(found, outer, offset, how)) {
    const position = found.read++
    how.delivered?.(position, delivery)
    if (delivery.wrapper !== undefined) found.wrapper ??= delivery.wrapper
    if ('skipped' in delivery) {
      skip(found, delivery.skipped)
      continue
    }
    const { bytes } = delivery
    const verdict = judgeOrRefuse(found, delivery, how)
    if ('type' in verdict)
      found.discreet ||= verdict.type.kind === 'prepared' && verdict.type.discretion !== undefined
    else if ('bytes' in verdict) found.discreet = true
    if ('skipped' in verdict) skip(found, verdict.skipped)
    else if ('reason' in verdict) {
      const kept = 'bytes' in verdict && verdict.bytes ? verdict.bytes : bytes
      found.rejects.add({ position, offset }, verdict, kept)
    } else {
      found.types.add(verdict.type)
      if ('row' in verdict && how.rows?.put(verdict, bytes.length)) found.inColumns++
      else found.kept.push({ position, offset, ...verdict })
    }
  }
}

function skip({ skipped }: ReadRecords, reason: string): void {
  skipped.set(reason, (skipped.get(reason) ?? 0) + 1)
}

/** One record is no reason to lose those beside it, whatever is in it. */
function unwrappedOrRefused(
  found: ReadRecords,
  outer: Delivery,
  offset: number,
  { wrappers, delivered }: HowToRead,
): ReturnType<typeof unwrapped> {
  try {
    return unwrapped(outer, wrappers)
  } catch (thrown) {
    const refusal = { code: 'unexpected', reason: unexpectedReason('unwrapping it', thrown) } as const
    delivered?.(found.read, outer)
    found.rejects.add({ position: found.read++, offset }, refusal, outer.bytes)
    return []
  }
}

/** As `judge`; what fails in a way that was not foreseen is rejected. */
function judgeOrRefuse(found: ReadRecords, delivery: Delivery, how: HowToRead): ReturnType<typeof judge> {
  let type: LogType | undefined
  try {
    type = how.typeOf(delivery)
    return judge(delivery, type, how, found.awaited)
  } catch (thrown) {
    found.discreet ||= type?.kind === 'prepared' && type.discretion !== undefined
    return { code: 'unexpected', reason: unexpectedReason('reading it', thrown) }
  }
}

function judge(
  delivery: Delivery,
  type: LogType | undefined,
  { parts }: HowToRead,
  awaited: Set<string>,
): Omit<KeptJson, keyof Place> | ReturnType<typeof prepared> {
  if (!type) {
    const look = delivery.record ? `a record with ${fieldsOf(delivery.record)}` : 'such a text'
    return { code: 'unknown-log-type', reason: `no log type knows ${look}` }
  }
  if (type.kind === 'prepared') return prepared(type, delivery, parts, awaited)
  const { bytes, record } = delivery
  if (!record || bytes[0] !== OPEN_OBJECT)
    return { code: 'not-an-object', reason: 'a record must be an object' }
  const verdict = strict(bytes, record, type)
  return 'reason' in verdict ? verdict : { ...verdict, type, cluster: 0 }
}

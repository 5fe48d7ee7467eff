import { isUtf8 } from 'node:buffer'
import type { Around, Delivery, Run, Source, Text } from '../../envelopes/contract.ts'
import { deliveryOf } from '../../envelopes/delivery.ts'
import { pieces } from '../../envelopes/pieces.ts'
import { CLOSE_ARRAY, eachElement, OPEN_ARRAY, type Span, skipSpace } from '../../json/bytes.ts'
import { MAX_RECORD_BYTES, tooMuch } from '../../json/extent.ts'
import { fitsRecord } from '../../json/fit.ts'
import type { Refusal } from '../../json/refusal.ts'
import { jsonEnd, noFailure } from '../../json/valid.ts'
import { kindName, whyMalformed } from '../../json/words.ts'
import type { HowToRead, ReadRecords } from './contract.ts'
import { nothingYet, readDelivery, reject, skip } from './judge.ts'
import { readLogEvents } from './log-events.ts'
import { isReadable } from './whole.ts'

/**
 * Reads an object's records one by one, with their positions: unwraps them, and finds their log types. A
 * record that cannot be stored is rejected with its reason, and the others are kept. From the first record
 * that is not JSON on, the bytes are read piece by piece.
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

/** Makes a source of records from a JSON array. */
export function sourceOf(array: Uint8Array): Source {
  const start = skipSpace(array, 0)
  if (array[start] !== OPEN_ARRAY) return { bytes: array, runs: [], stop: start }
  const { end } = eachElement(array, start, () => undefined)
  const around = { start, head: undefined, inObject: false }
  return end < 0
    ? { bytes: array, runs: [], stop: start }
    : { bytes: array, runs: [{ start, end, around }], stop: skipSpace(array, end) }
}

/** @returns where the first element begins that is not JSON; -1 when there is none */
function readList(found: ReadRecords, bytes: Uint8Array, run: Run, how: HowToRead): number {
  let broken = -1
  let last = -1
  const { end, stop } = eachElement(bytes, run.start, (start, stop) => {
    if (broken >= 0) return
    broken = readSpan(found, bytes, { start, end: stop }, how)
    last = stop
  })
  if (broken >= 0 || end >= 0) return broken
  // A comma behind the last element is an error, so reading stops at it.
  return bytes[stop] === CLOSE_ARRAY && last >= 0 ? last : stop
}

/**
 * @param depth how many arrays in the place of a record are around it
 * @returns where the record begins, when it is not JSON; else -1
 */
function readSpan(found: ReadRecords, bytes: Uint8Array, span: Span, how: HowToRead, depth = 0): number {
  const { quick, base = 0 } = how
  // A record above the length limit would pass this check too.
  const isShort = span.end - span.start <= MAX_RECORD_BYTES
  const fitting = quick && isShort && fitsRecord(bytes, span.start, quick.shape)
  const offset = base + span.start
  const own = bytes.subarray(span.start, span.end)
  if (quick && fitting && fitting.end === span.end && isReadable(own)) {
    found.types.add(quick.type)
    how.delivered?.(found.read, { bytes: own, record: undefined, context: how.context })
    const position = found.read++
    found.kept.push({ kind: 'json', position, offset, ...fitting, type: quick.type, bytes: own })
    return -1
  }
  const known = refusalOfSame(found, own)
  if (known) {
    reject(found, own, offset, known, how)
    return -1
  }
  if (own[0] === OPEN_ARRAY && readArray(found, bytes, span, how, depth)) return -1
  if (readLogEvents(found, bytes, span, how, (event) => readDelivery(found, event, offset, how))) return -1
  if (readOne(found, own, offset, how)) return span.start
  const { last } = found.rejects
  // Only when the bytes are the record's own, and not those of a record inside it.
  if (own.length <= TINY_BYTES && last?.bytes === own) found.last = last
  return -1
}

/** Arrays in arrays that are opened; `jq -s` makes one of each file's array. */
const DEEPEST_ARRAY = 4

const failure = noFailure()

/**
 * Reads the records of an array that is in the place of a record. @returns false for what is no JSON, or too
 * deep
 */
function readArray(
  found: ReadRecords,
  bytes: Uint8Array,
  span: Span,
  how: HowToRead,
  depth: number,
): boolean {
  // An array in another was judged with it.
  if (depth >= DEEPEST_ARRAY || (depth === 0 && jsonEnd(bytes, span.start, failure) !== span.end))
    return false
  const { base = 0, context } = how
  let isEmpty = true
  eachElement(bytes, span.start, (start, end) => {
    isEmpty = false
    if (readSpan(found, bytes, { start, end }, how, depth + 1) < 0) return
    const own = bytes.subarray(start, end)
    reject(found, own, base + start, { code: 'malformed-json', reason: whyNoJson(own) }, how)
  })
  if (!isEmpty) return true
  how.delivered?.(found.read, { bytes: bytes.subarray(span.start, span.end), record: undefined, context })
  found.read++
  skip(found, 'no records in it')
  return true
}

/**
 * Bytes up to which a record is tiny: an object may hold millions of equal ones, and they are judged once.
 */
const TINY_BYTES = 64

/** The refusal of a tiny record that equals the last rejected one. */
function refusalOfSame({ last }: ReadRecords, own: Uint8Array): Refusal | undefined {
  if (!last || own.length !== last.bytes.length) return undefined
  for (let at = 0; at < own.length; at++) if (own[at] !== last.bytes[at]) return undefined
  return last.refusal
}

/** Reads malformed bytes to the end, piece by piece. */
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

/** Reads records that are text. */
export function readTexts(texts: readonly Text[], how: HowToRead): ReadRecords {
  const found = nothingYet()
  for (const { offset, ...delivery } of texts) readDelivery(found, delivery, offset, how)
  found.rejects.finish()
  return found
}

/** @returns whether it is not JSON; the record is then untouched */
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

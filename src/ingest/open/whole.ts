import { isUtf8 } from 'node:buffer'
import type { Context, Delivery } from '../../envelopes/contract.ts'
import { deliveryOf } from '../../envelopes/delivery.ts'
import { isHead } from '../../envelopes/records.ts'
import { OPEN_ARRAY, skipSpace, valueEnd } from '../../json/bytes.ts'
import { type CompiledShape, compileShape } from '../../json/compile.ts'
import { MAX_RECORD_BYTES, tooMuch } from '../../json/extent.ts'
import { fits, fitsColumns } from '../../json/fit.ts'
import { holdsHalf } from '../../json/halves.ts'
import type { LogType } from '../../logtypes/contract.ts'
import type { Records, Rows, Spooler } from '../spool/contract.ts'
import { OURS, type Registry } from './registry.ts'

/** Where records go that are taken all at once, since all of them fit. */
interface Target {
  registry: Registry
  /** Takes records that fit their columns. */
  spool: Spooler
}

const shapes = new WeakMap<LogType, CompiledShape | null>()

/** Undefined for a log type whose records are all prepared. */
export function shapeOf(type: LogType): CompiledShape | undefined {
  let shape = shapes.get(type)
  if (shape === undefined) {
    if (type.kind === 'prepared') shape = type.direct ? compileShape(type.direct) : null
    else {
      const paths = new Map(type.columns.map(({ name, path }) => [name, path]))
      const groupBy = type.sort.flatMap((column) => paths.get(column) ?? [])
      shape = compileShape({ ...type, groupBy })
    }
    shapes.set(type, shape)
  }
  return shape ?? undefined
}

export function typeAmong({ types }: Registry, delivery: Delivery): LogType | undefined {
  return types.find((candidate) => candidate.recognise(delivery))
}

/** The records of an array, if all of them fit the columns of their log type. */
export function wholeFit(
  bytes: Uint8Array | undefined,
  context: Context,
  { registry, spool }: Target,
): Records | Rows | undefined {
  if (!bytes) return undefined
  const first = firstRecord(bytes, context)
  const type = first && typeAmong(registry, first)
  const rows = type && rowsThatFit(bytes, type, { registry, spool })
  if (rows || type?.kind !== 'flattened') return rows
  const shape = shapeOf(type)
  // Records above the length limit are rejected one by one, and a text that is not valid UTF-8 would make
  // DuckDB refuse the whole object.
  const whole = shape && isReadable(bytes) ? fits(bytes, shape) : undefined
  if (whole && bytes.length > MAX_RECORD_BYTES && longestOf(whole) > MAX_RECORD_BYTES) return undefined
  return whole && { kind: 'records', ...whole, logtype: type.name, bytes }
}

function longestOf({ starts, ends }: Pick<Records, 'starts' | 'ends'>): number {
  return starts.reduce((max, start, index) => Math.max(max, (ends[index] as number) - start), 0)
}

/** Whether well-formed JSON is also text that DuckDB accepts: UTF-8, without half a surrogate pair. */
export function isReadable(json: Uint8Array): boolean {
  return isUtf8(json) && !holdsHalf(json)
}

/** Puts records into columns, when all of them fit the fields or the direct form of their log type. */
function rowsThatFit(bytes: Uint8Array, type: LogType, { registry, spool }: Target): Rows | undefined {
  const isPrepared = type.kind === 'prepared'
  // A user's wrapper might match what looks like a record of a built-in log type.
  if (isPrepared && registry.wrappers.length > OURS.wrappers.length) return undefined
  const shape = shapeOf(type)
  if (!shape) return undefined
  const form = isPrepared ? 'direct' : 'columns'
  const rows = fitsColumns(bytes, shape, spool.columns(type.name, form, shape, bytes.length))
  return rows && { kind: 'rows', ...rows, logtype: type.name, form, bytes: bytes.length }
}

/** Records one after the other that all have the direct form of their log type. */
export function directFit(
  bytes: Uint8Array | undefined,
  context: Context,
  { registry, spool }: Target,
): Rows | undefined {
  if (!bytes) return undefined
  const first = firstDocument(bytes, context)
  const type = first && typeAmong(registry, first)
  if (type?.kind !== 'prepared') return undefined
  const rows = rowsThatFit(bytes, type, { registry, spool })
  return rows && rows.records > 0 ? rows : undefined
}

function firstDocument(bytes: Uint8Array, context: Context): Delivery | undefined {
  const start = skipSpace(bytes, 0)
  // A document with a list of records is not itself a record, and may be large.
  const end = isHead(bytes, start) ? -1 : valueEnd(bytes, start)
  if (end < 0 || tooMuch(bytes.subarray(start, end))) return undefined
  try {
    return deliveryOf(bytes.subarray(start, end), context)
  } catch {
    return undefined
  }
}

/** The first record that can be parsed, to recognize the log type of the object. */
export function firstRecord(records: Uint8Array, context: Context): Delivery | undefined {
  if (records[0] !== OPEN_ARRAY) return undefined
  let at = skipSpace(records, 1)
  // After ten failures, the object has to be read record by record anyway.
  for (let tries = 0; tries < 10; tries++) {
    const end = valueEnd(records, at)
    if (end < 0) return undefined
    const own = records.subarray(at, end)
    try {
      const delivery = tooMuch(own) ? undefined : deliveryOf(own, context)
      if (delivery?.record) return delivery
    } catch {}
    at = skipSpace(records, skipSpace(records, end) + 1)
  }
  return undefined
}

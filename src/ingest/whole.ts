import type { Context, Delivery } from '../envelopes/contract.ts'
import { deliveryOf } from '../envelopes/delivery.ts'
import { fits, fitsColumns } from '../envelopes/fit.ts'
import { OPEN_ARRAY, skipSpace, valueEnd } from '../envelopes/json.ts'
import { type CompiledShape, compileShape } from '../envelopes/shape.ts'
import type { LogType } from '../logtypes/contract.ts'
import { type Known, OURS } from './known.ts'
import type { Records, Rows, Spooler } from './spool.ts'

/** Objects whose records are taken all at once, since all of them fit. */
interface Target {
  known: Known
  /** Takes records that fit their columns. */
  spool: Spooler
}

const shapes = new WeakMap<LogType, CompiledShape | null>()

/** Undefined for a log type whose records are all prepared. */
export function shapeOf(type: LogType): CompiledShape | undefined {
  let shape = shapes.get(type)
  if (shape === undefined) {
    if ('prepare' in type) shape = type.plain ? compileShape(type.plain) : null
    else {
      const paths = new Map(type.columns.map(({ name, path }) => [name, path]))
      const clusterBy = type.sort.flatMap((column) => paths.get(column) ?? [])
      shape = compileShape({ ...type, clusterBy })
    }
    shapes.set(type, shape)
  }
  return shape ?? undefined
}

export function typeAmong({ types }: Known, delivery: Delivery): LogType | undefined {
  return types.find((candidate) => candidate.recognise(delivery))
}

/** The records of an array that all fit the columns of their log type. */
export function wholeFit(
  bytes: Uint8Array | undefined,
  context: Context,
  { known, spool }: Target,
): Records | Rows | undefined {
  const first = bytes && firstRecord(bytes, context)
  const type = first && typeAmong(known, first)
  const rows = type && rowsThatFit(bytes, type, { known, spool })
  if (rows || !type || 'prepare' in type) return rows
  const shape = shapeOf(type)
  const whole = shape && fits(bytes, shape)
  return whole && { ...whole, logtype: type.name, bytes }
}

/** Records in columns, when all of them fit the fields or the plain form of their log type. */
function rowsThatFit(bytes: Uint8Array, type: LogType, { known, spool }: Target): Rows | undefined {
  const isPrepared = 'prepare' in type
  // A wrapper of the user's might open what looks like a record of ours.
  if (isPrepared && known.wrappers.length > OURS.wrappers.length) return undefined
  const shape = shapeOf(type)
  if (!shape) return undefined
  const form = isPrepared ? 'plain' : 'columns'
  const rows = fitsColumns(bytes, shape, spool.columns(type.name, form, shape, bytes.length))
  return rows && { ...rows, logtype: type.name, form, bytes: bytes.length }
}

/** Records one after the other that all have the plain form of their log type. */
export function plainFit(
  bytes: Uint8Array | undefined,
  context: Context,
  { known, spool }: Target,
): Rows | undefined {
  const first = bytes && firstDocument(bytes, context)
  const type = first && typeAmong(known, first)
  if (!type || !('prepare' in type)) return undefined
  const rows = rowsThatFit(bytes, type, { known, spool })
  return rows && rows.records > 0 ? rows : undefined
}

function firstDocument(bytes: Uint8Array, context: Context): Delivery | undefined {
  const start = skipSpace(bytes, 0)
  const end = valueEnd(bytes, start)
  if (end < 0) return undefined
  try {
    return deliveryOf(bytes.subarray(start, end), context)
  } catch {
    return undefined
  }
}

/** The first record that can be parsed, for telling what the object is. */
export function firstRecord(records: Uint8Array, context: Context): Delivery | undefined {
  if (records[0] !== OPEN_ARRAY) return undefined
  let at = skipSpace(records, 1)
  // Past a few records that are none, the object has to be read record by record anyway.
  for (let tries = 0; tries < 10; tries++) {
    const end = valueEnd(records, at)
    if (end < 0) return undefined
    try {
      const delivery = deliveryOf(records.subarray(at, end), context)
      if (delivery.record) return delivery
    } catch {}
    at = skipSpace(records, skipSpace(records, end) + 1)
  }
  return undefined
}

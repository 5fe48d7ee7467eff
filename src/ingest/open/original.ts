import type { Context, Delivery } from '../../envelopes/contract.ts'
import type { JsonValue } from '../../json/values.ts'
import type { LogType } from '../../logtypes/contract.ts'
import { deliveriesIn } from './deliveries.ts'
import type { Registry } from './registry.ts'

/** A record as it was delivered, and where in its object it is, from 0. */
export interface OriginalRecord {
  bytes: Uint8Array
  position: number
}

/** What tells a row's record among the others of its object. */
export interface Sought {
  id: string
  /** In microseconds since 1970. */
  time: bigint | undefined
}

/** Finds the record of a row in its object; undefined when none has its id. */
export function originalOf(
  bytes: Uint8Array,
  type: LogType,
  { id, time }: Sought,
  { context, known, maxBytes }: { context: Context; known: Registry; maxBytes: number },
): OriginalRecord | undefined {
  let position = 0
  let first: OriginalRecord | undefined
  for (const delivery of deliveriesIn(bytes, maxBytes, context, known)) {
    const keys = keysOf(delivery, type)
    if (keys?.id === id) {
      const found = { bytes: inTheClear(delivery, type), position }
      // The same id at another time is another record.
      if (time === undefined || keys.ms === undefined || keys.ms === Number(time / 1000n)) return found
      first ??= found
    }
    position++
  }
  return first
}

/** Whether a record is the one that a row is of, by its id and its time. */
export function isRecordOf(delivery: Delivery, type: LogType, { id, time }: Sought): boolean {
  const keys = keysOf(delivery, type)
  if (keys?.id !== id) return false
  return time === undefined || keys.ms === undefined || keys.ms === Number(time / 1000n)
}

function inTheClear({ bytes }: Delivery, type: LogType): Uint8Array {
  return type.kind === 'prepared' && type.discretion ? type.discretion.redact(bytes) : bytes
}

/** The id and time that a record's row has. */
function keysOf(delivery: Delivery, type: LogType): { id: string; ms: number | undefined } | undefined {
  try {
    const { record } = delivery
    if (!type.recognise(delivery)) return undefined
    if (type.kind === 'prepared') {
      const prepared = type.prepare(delivery, new Map())
      if (!('row' in prepared)) return undefined
      return told(prepared.row[type.id], prepared.row[type.time])
    }
    const path = type.columns.find(({ name }) => name === type.id)?.path ?? type.id
    const field = (name: string) =>
      name
        .split('.')
        .reduce<JsonValue | undefined>((at, key) => (at as Record<string, JsonValue>)?.[key], record)
    return told(field(path), field(type.timeField))
  } catch {
    // What cannot be read is a reject, and no row.
    return undefined
  }
}

function told(id: unknown, time: unknown): { id: string; ms: number | undefined } {
  const text = time instanceof Uint8Array ? Buffer.from(time).toString() : String(time)
  const ms = Date.parse(text)
  return {
    id: id instanceof Uint8Array ? Buffer.from(id).toString() : String(id).trim(),
    ms: Number.isNaN(ms) ? undefined : ms,
  }
}

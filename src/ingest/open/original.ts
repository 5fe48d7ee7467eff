import type { Context, Delivery } from '../../envelopes/contract.ts'
import type { JsonValue } from '../../json/values.ts'
import type { LogType } from '../../logtypes/contract.ts'
import { deliveriesIn } from './deliveries.ts'
import type { Registry } from './registry.ts'

/** A record as it was delivered, and its position in its object, from 0. */
export interface OriginalRecord {
  bytes: Uint8Array
  position: number
}

/** The id and time that identify a row's record in its object. */
export interface Sought {
  id: string
  /** Microseconds since 1970. */
  time: bigint | undefined
}

/** Finds the record of a row in its object; undefined when none has its id. */
export function originalOf(
  bytes: Uint8Array,
  type: LogType,
  sought: Sought,
  { context, registry, maxBytes }: { context: Context; registry: Registry; maxBytes: number },
): OriginalRecord | undefined {
  let position = 0
  let first: OriginalRecord | undefined
  for (const delivery of deliveriesIn(bytes, maxBytes, context, registry)) {
    const keys = keysOf(delivery, type)
    if (keys?.id === sought.id) {
      const found = { bytes: inTheClear(delivery, type), position }
      if (isAt(keys, sought)) return found
      first ??= found
    }
    position++
  }
  return first
}

/** Whether a row was made of this record, by id and time. */
export function isRecordOf(delivery: Delivery, type: LogType, sought: Sought): boolean {
  const keys = keysOf(delivery, type)
  return keys?.id === sought.id && isAt(keys, sought)
}

/** The same id at another time is another record. */
function isAt({ ms }: Keys, { time }: Sought): boolean {
  return time === undefined || ms === undefined || ms === Number(time / 1000n)
}

function inTheClear({ bytes }: Delivery, type: LogType): Uint8Array {
  return type.kind === 'prepared' && type.redaction ? type.redaction.redact(bytes) : bytes
}

interface Keys {
  id: string
  ms: number | undefined
}

/** The id and time that the record's row has. */
function keysOf(delivery: Delivery, type: LogType): Keys | undefined {
  try {
    const { record } = delivery
    if (!type.recognise(delivery)) return undefined
    if (type.kind === 'prepared') {
      const prepared = type.prepare(delivery, new Map())
      if (prepared.kind !== 'row') return undefined
      return identityOf(prepared.row[type.id], prepared.row[type.time])
    }
    const path = type.columns.find(({ name }) => name === type.id)?.path ?? type.id
    const field = (name: string) =>
      name
        .split('.')
        .reduce<JsonValue | undefined>((at, key) => (at as Record<string, JsonValue>)?.[key], record)
    return identityOf(field(path), field(type.timeField))
  } catch {
    // A record that cannot be read is a reject, and has no row.
    return undefined
  }
}

function identityOf(id: unknown, time: unknown): Keys {
  const text = time instanceof Uint8Array ? Buffer.from(time).toString() : String(time)
  const ms = Date.parse(text)
  return {
    id: id instanceof Uint8Array ? Buffer.from(id).toString() : String(id).trim(),
    ms: Number.isNaN(ms) ? undefined : ms,
  }
}

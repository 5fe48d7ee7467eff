import type { Delivery } from '../../envelopes/contract.ts'
import { unopened } from '../../envelopes/unopened.ts'
import { unwrapped } from '../../envelopes/wrappers.ts'
import { OPEN_OBJECT } from '../../json/bytes.ts'
import type { Refusal } from '../../json/refusal.ts'
import { strict } from '../../json/strict.ts'
import { fieldsOf } from '../../json/words.ts'
import type { RecordLocation } from '../../ledger/contract.ts'
import type { LogType } from '../../logtypes/contract.ts'
import { unexpectedReason } from '../stage/unexpected.ts'
import type { HowToRead, KeptJson, ReadRecords } from './contract.ts'
import { prepared } from './prepared.ts'
import { rejectSink } from './rejects.ts'

/** What is read of an object, before its first record. */
export function nothingYet(): ReadRecords {
  const rejects = rejectSink()
  return {
    read: 0,
    kept: [],
    inColumns: 0,
    types: new Set(),
    rejected: rejects.rejected,
    rejects,
    skipped: new Map(),
    pending: new Set(),
    isSensitive: false,
  }
}

/** Takes a record as it was delivered: unwraps it, finds its log type, and keeps, skips or rejects it. */
export function readDelivery(found: ReadRecords, outer: Delivery, offset: number, how: HowToRead): void {
  for (const delivery of unwrappedOrRefused(found, outer, offset, how)) {
    const position = found.read++
    how.delivered?.(position, delivery)
    if (delivery.wrapper !== undefined) found.wrapper ??= delivery.wrapper
    const { bytes, closed } = delivery
    if (closed?.kind === 'skipped') {
      skip(found, closed.reason)
      continue
    }
    if (closed?.kind === 'refused') {
      found.rejects.add({ position, offset }, { code: 'repeated-field', reason: closed.reason }, bytes)
      continue
    }
    const verdict = judgeOrRefuse(found, delivery, how)
    switch (verdict.kind) {
      case 'skipped':
        skip(found, verdict.reason)
        break
      case 'refused':
        if (verdict.bytes) found.isSensitive = true
        found.rejects.add({ position, offset }, verdict, verdict.bytes ?? bytes)
        break
      default:
        found.isSensitive ||= isRedacted(verdict.type)
        found.types.add(verdict.type)
        if (verdict.kind === 'row' && how.rows?.put(verdict, bytes.length)) found.inColumns++
        else found.kept.push({ position, offset, ...verdict })
    }
  }
}

function isRedacted(type: LogType | undefined): boolean {
  return type?.kind === 'prepared' && type.redaction !== undefined
}

/** Counts a record that is skipped, by the reason. */
export function skip({ skipped }: ReadRecords, reason: string): void {
  skipped.set(reason, (skipped.get(reason) ?? 0) + 1)
}

/** Unwraps a record; a failure rejects this record and keeps the others. */
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

/** Like `judge`, but an unforeseen failure rejects the record. */
function judgeOrRefuse(found: ReadRecords, delivery: Delivery, how: HowToRead): ReturnType<typeof judge> {
  let type: LogType | undefined
  try {
    type = how.typeOf(delivery)
    return judge(delivery, type, how, found.pending)
  } catch (thrown) {
    found.isSensitive ||= isRedacted(type)
    return { kind: 'refused', code: 'unexpected', reason: unexpectedReason('reading it', thrown) }
  }
}

function judge(
  delivery: Delivery,
  type: LogType | undefined,
  { overflowBodies }: HowToRead,
  pending: Set<string>,
): Omit<KeptJson, keyof RecordLocation> | ReturnType<typeof prepared> {
  if (!type) {
    const { record } = delivery
    const look = record ? `a record with ${fieldsOf(record)}` : 'such a text'
    const around = record && unopened(record)
    return {
      kind: 'refused',
      code: 'unknown-log-type',
      reason: `no log type knows ${look}${around ? `: it is ${around}` : ''}`,
    }
  }
  if (type.kind === 'prepared') return prepared(type, delivery, overflowBodies, pending)
  const { bytes, record } = delivery
  if (!record || bytes[0] !== OPEN_OBJECT)
    return { kind: 'refused', code: 'not-an-object', reason: 'a record must be an object' }
  const verdict = strict(bytes, record, type)
  return verdict.kind === 'refused' ? verdict : { ...verdict, type, groupKey: 0 }
}

/** Rejects the record of these bytes, whole. */
export function reject(
  found: ReadRecords,
  bytes: Uint8Array,
  offset: number,
  refusal: Refusal,
  { delivered, context }: HowToRead,
): void {
  delivered?.(found.read, { bytes, record: undefined, context })
  found.rejects.add({ position: found.read++, offset }, refusal, bytes)
}

import { createHash } from 'node:crypto'
import type { Context, Delivery } from '../../envelopes/contract.ts'
import { expand } from '../../envelopes/gzip.ts'
import { isZstd, loadZstd } from '../../envelopes/zstd.ts'
import type { LogType } from '../../logtypes/contract.ts'
import { deliveriesIn } from './deliveries.ts'
import { isRecordOf, type Sought } from './original.ts'
import type { Registry } from './registry.ts'

/** A record of an object, and its span in the object's expanded bytes. */
export interface PlacedRecord {
  kind: 'placed'
  bytes: Buffer
  offset: number
}

/** Why a record cannot be shown as bytes of its object. */
export interface Unplaced {
  kind: 'unplaced'
  reason: string
}

export interface WantedRecord extends Sought {
  type: LogType
}

/** Finds records in one object, each with the span of its bytes. */
export async function placedIn(
  object: Uint8Array,
  wanted: readonly WantedRecord[],
  { context, registry, maxBytes }: { context: Context; registry: Registry; maxBytes: number },
): Promise<{ expandedSha256: string | null; records: (PlacedRecord | Unplaced)[] }> {
  if (isZstd(object, 0)) await loadZstd()
  const expanded = expand(object, { maxBytes })
  if (!expanded.ok)
    return {
      expandedSha256: null,
      records: wanted.map(() => ({ kind: 'unplaced', reason: `the object is damaged: ${expanded.reason}` })),
    }
  const whole = Buffer.from(expanded.bytes.buffer, expanded.bytes.byteOffset, expanded.bytes.length)
  const deliveries = deliveriesIn(object, maxBytes, context, registry)
  return {
    expandedSha256: createHash('sha256').update(whole).digest('hex'),
    records: wanted.map((one) => locate(whole, deliveries, one)),
  }
}

function locate(
  whole: Buffer,
  deliveries: readonly Delivery[],
  { type, ...sought }: WantedRecord,
): PlacedRecord | Unplaced {
  if (type.kind === 'prepared' && type.redaction)
    return { kind: 'unplaced', reason: 'records of its kind may have secrets in them' }
  const found = deliveries.find((delivery) => isRecordOf(delivery, type, sought))
  if (!found) return { kind: 'unplaced', reason: 'it was not found again in its object' }
  // A record that was embedded in another's text is escaped there, so its bytes differ.
  const offset = whole.indexOf(found.bytes)
  if (offset < 0)
    return {
      kind: 'unplaced',
      reason: 'it does not lie in its object as one piece: it came inside of another record',
    }
  return { kind: 'placed', bytes: Buffer.from(found.bytes), offset }
}

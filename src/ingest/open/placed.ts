import { createHash } from 'node:crypto'
import type { Context, Delivery } from '../../envelopes/contract.ts'
import { expand } from '../../envelopes/gzip.ts'
import { isZstd, loadZstd } from '../../envelopes/zstd.ts'
import type { LogType } from '../../logtypes/contract.ts'
import { deliveriesIn } from './deliveries.ts'
import { isRecordOf, type Sought } from './original.ts'
import type { Registry } from './registry.ts'

/** A record of an object, and where it lies in the object's expanded bytes. */
export interface PlacedRecord {
  bytes: Buffer
  offset: number
}

/** Why a record cannot be shown as bytes of its object. */
export type Unplaced = { reason: string }

export interface WantedRecord extends Sought {
  type: LogType
}

/** Finds records in one object, each where its bytes lie as one piece. */
export async function placedIn(
  object: Uint8Array,
  wanted: readonly WantedRecord[],
  { context, known, maxBytes }: { context: Context; known: Registry; maxBytes: number },
): Promise<{ expandedSha256: string | null; records: (PlacedRecord | Unplaced)[] }> {
  if (isZstd(object, 0)) await loadZstd()
  const expanded = expand(object, { maxBytes })
  if (!expanded.ok)
    return {
      expandedSha256: null,
      records: wanted.map(() => ({ reason: `the object is damaged: ${expanded.reason}` })),
    }
  const whole = Buffer.from(expanded.bytes.buffer, expanded.bytes.byteOffset, expanded.bytes.length)
  const deliveries = deliveriesIn(object, maxBytes, context, known)
  return {
    expandedSha256: createHash('sha256').update(whole).digest('hex'),
    records: wanted.map((one) => placeOf(whole, deliveries, one)),
  }
}

function placeOf(
  whole: Buffer,
  deliveries: readonly Delivery[],
  { type, ...sought }: WantedRecord,
): PlacedRecord | Unplaced {
  if (type.kind === 'prepared' && type.discretion)
    return { reason: 'records of its kind may have secrets in them' }
  const found = deliveries.find((delivery) => isRecordOf(delivery, type, sought))
  if (!found) return { reason: 'it was not found again in its object' }
  // A record that came inside of another's text is written there in another way.
  const offset = whole.indexOf(found.bytes)
  if (offset < 0)
    return { reason: 'it does not lie in its object as one piece: it came inside of another record' }
  return { bytes: Buffer.from(found.bytes), offset }
}

import { documents } from '../json/bytes.ts'
import type { Context, Delivery } from './contract.ts'
import { deliveryOf } from './delivery.ts'
import { expand, isWhole } from './gzip.ts'

/** 256 MiB for one expanded record: Firehose accepts 1,000 KiB of gzip, and text shrinks to a fiftieth. */
const MAX_BYTES = 256 << 20

/**
 * Of a small record less, since there may be thousands of them: the time must stay in proportion to the
 * bytes.
 */
const MAX_RATIO = 200
const HARMLESS_BYTES = 1 << 20

/**
 * The records in base64, compressed or not: JSON documents, or a text. Undefined when they cannot be
 * expanded, or are not JSON although they begin so; the record around them then stays as it is, and is
 * rejected as a whole.
 */
export function packedIn(base64: string, context: Context): Delivery[] | undefined {
  const packed = Buffer.from(base64, 'base64')
  const maxBytes = Math.min(MAX_BYTES, Math.max(HARMLESS_BYTES, packed.length * MAX_RATIO))
  const expanded = expand(packed, { maxBytes })
  if (!isWhole(expanded) || expanded.bytes.length === 0) return undefined
  const { bytes } = expanded
  const { spans, stop } = documents(bytes)
  if (!spans.atLeast(1) || stop < bytes.length) return [{ bytes, record: undefined, context }]
  const inner: Delivery[] = []
  for (const { start, end } of spans) {
    try {
      inner.push(deliveryOf(bytes.subarray(start, end), context))
    } catch {
      return undefined
    }
  }
  return inner
}

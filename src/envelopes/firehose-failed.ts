import { documents } from '../json/bytes.ts'
import type { Delivery, Wrapper } from './contract.ts'
import { deliveryOf } from './delivery.ts'
import { expand, isWhole } from './gzip.ts'

/** Most bytes of one expanded record: Firehose takes a thousand KiB of gzip, and text shrinks to a fiftieth. */
const MOST_BYTES = 256 << 20

/** What Firehose could not deliver or transform: the record as it came, in base64, in `rawData`. */
export const firehoseFailed: Wrapper = {
  name: 'firehose-failed',
  doc: 'A failed record of Firehose: `{"attemptsMade":4,"errorCode":"…","rawData":"<base64>"}`.',
  open({ record, context }) {
    if (typeof record?.rawData !== 'string' || !('attemptsMade' in record)) return undefined
    const expanded = expand(Buffer.from(record.rawData, 'base64'), { maxBytes: MOST_BYTES })
    // What cannot be read stays the record it is, and is rejected whole.
    if (!isWhole(expanded)) return undefined
    const { bytes } = expanded
    const { spans, stop } = documents(bytes)
    if (!spans.atLeast(1) || stop < bytes.length) return { inner: [{ bytes, record: undefined, context }] }
    const inner: Delivery[] = []
    for (const { start, end } of spans) {
      try {
        inner.push(deliveryOf(bytes.subarray(start, end), context))
      } catch {
        return undefined
      }
    }
    return { inner }
  },
}

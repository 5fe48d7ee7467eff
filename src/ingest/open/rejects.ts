import { createHash, type Hash } from 'node:crypto'
import type { Refusal } from '../../json/refusal.ts'
import type { RecordLocation, RejectedRecord } from '../../ledger/contract.ts'

/** Bytes kept of a reject, beside its reason; of a longer one, the length and hash are kept too. */
export const KEPT_BYTES = 64 << 10

/** Rejects of an object with a row of their own; those behind them share one row per code. */
export const KEPT_REJECTS = 1000

/** A reject with a copy of the head of its bytes, so that the object's own bytes can be freed. */
export function rejectOf(
  location: RecordLocation,
  { code, reason }: Refusal,
  bytes: Uint8Array,
): RejectedRecord {
  return {
    position: location.position,
    offset: location.offset,
    code,
    reason,
    // `slice` of a Buffer is a view, and sending it to a thread would send the whole object.
    bytes: new Uint8Array(bytes.subarray(0, KEPT_BYTES)),
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    records: 1,
  }
}

/** Takes an object's rejects, in memory that is bounded whatever their number. */
export interface RejectSink {
  rejected: RejectedRecord[]
  /** The reject that was added last. */
  last: { bytes: Uint8Array; refusal: Refusal } | undefined
  add(location: RecordLocation, refusal: Refusal, bytes: Uint8Array): void
  /** Computes the rows that stand for many rejects; nothing may be added afterwards. */
  finish(): void
}

export function rejectSink(): RejectSink {
  const rejected: RejectedRecord[] = []
  const folded = new Map<string, Folded>()
  return {
    rejected,
    last: undefined,
    add(location, refusal, bytes) {
      if (this.last?.bytes !== bytes) this.last = { bytes, refusal }
      if (rejected.length < KEPT_REJECTS) {
        rejected.push(rejectOf(location, refusal, bytes))
        return
      }
      let fold = folded.get(refusal.code)
      if (!fold) {
        fold = { ...newFold(), first: rejectOf(location, refusal, bytes.subarray(0, KEPT_BYTES)) }
        folded.set(refusal.code, fold)
        rejected.push(fold.first)
      } else fold.first.records++
      hash(fold, bytes)
    },
    finish() {
      for (const fold of folded.values()) {
        const { first, buffer, used, hasher, size } = fold
        hasher.update(buffer.subarray(0, used))
        first.size = size
        first.sha256 = hasher.digest('hex')
      }
      folded.clear()
    },
  }
}

/** Many rejects in one row: the bytes of the first, and the length and hash of all in a sequence. */
interface Folded {
  first: RejectedRecord
  size: number
  hasher: Hash
  /** Buffers tiny records, to hash many at once. */
  buffer: Buffer
  used: number
}

function newFold(): Omit<Folded, 'first'> {
  return { size: 0, hasher: createHash('sha256'), buffer: Buffer.allocUnsafe(KEPT_BYTES), used: 0 }
}

function hash(fold: Folded, bytes: Uint8Array): void {
  fold.size += bytes.length
  if (fold.used + bytes.length > fold.buffer.length) {
    fold.hasher.update(fold.buffer.subarray(0, fold.used))
    fold.used = 0
  }
  if (bytes.length > fold.buffer.length) fold.hasher.update(bytes)
  else {
    fold.buffer.set(bytes, fold.used)
    fold.used += bytes.length
  }
}

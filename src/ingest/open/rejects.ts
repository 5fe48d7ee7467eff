import { createHash, type Hash } from 'node:crypto'
import type { Refusal } from '../../json/refusal.ts'
import type { Place, RejectedRecord } from '../../ledger/contract.ts'

/** So much of what cannot be stored is kept with its reason; of more, its length and hash say what it was. */
export const KEPT_BYTES = 64 << 10

/** An object's first rejects are kept one by one; of those behind them, each code has one row for all. */
export const KEPT_REJECTS = 1000

/** A reject: the head of its bytes in a copy, so that the object's own are not held. */
export function rejectOf(place: Place, { code, reason }: Refusal, bytes: Uint8Array): RejectedRecord {
  return {
    position: place.position,
    offset: place.offset,
    code,
    reason,
    // A buffer's own `slice` is a view: a thread that is sent it sends all of the object.
    bytes: new Uint8Array(bytes.subarray(0, KEPT_BYTES)),
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    records: 1,
  }
}

/** Takes an object's rejects, in memory that is bounded however many there are. */
export interface RejectSink {
  rejected: RejectedRecord[]
  /** What was added last. */
  last: { bytes: Uint8Array; refusal: Refusal } | undefined
  add(place: Place, refusal: Refusal, bytes: Uint8Array): void
  /** Works out what many rejects in one row are; nothing is added after it. */
  finish(): void
}

export function rejectSink(): RejectSink {
  const rejected: RejectedRecord[] = []
  const folded = new Map<string, Folded>()
  return {
    rejected,
    last: undefined,
    add(place, refusal, bytes) {
      if (this.last?.bytes !== bytes) this.last = { bytes, refusal }
      if (rejected.length < KEPT_REJECTS) {
        rejected.push(rejectOf(place, refusal, bytes))
        return
      }
      let fold = folded.get(refusal.code)
      if (!fold) {
        fold = { ...newFold(), first: rejectOf(place, refusal, bytes.subarray(0, KEPT_BYTES)) }
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

/** Many rejects in one row: the bytes of the first, and the length and hash of all, one behind the other. */
interface Folded {
  first: RejectedRecord
  size: number
  hasher: Hash
  /** Tiny records are hashed many at once. */
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

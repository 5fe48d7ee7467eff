import { createHash } from 'node:crypto'

/** Merkle trees of RFC 6962, section 2.1: SHA-256; the first byte distinguishes leaves from nodes. */

export function leafHash(entry: Uint8Array): Buffer {
  return createHash('sha256').update(Uint8Array.of(0)).update(entry).digest()
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash('sha256').update(Uint8Array.of(1)).update(left).update(right).digest()
}

export function emptyRoot(): Buffer {
  return createHash('sha256').digest()
}

/** The largest power of two below `size`, which is more than 1. */
export function splitOf(size: number): number {
  let half = 1
  while (half * 2 < size) half *= 2
  return half
}

/** Hashes of ranges of leaves: `[from, to)`. */
export type RangeHash = (from: number, to: number) => Promise<Buffer>

/** The path from a leaf to the root of the first `size` leaves: RFC 6962, section 2.1.1. */
export async function inclusionPath(index: number, size: number, hash: RangeHash): Promise<Buffer[]> {
  const path: Buffer[] = []
  let [from, to] = [0, size]
  while (to - from > 1) {
    const middle = from + splitOf(to - from)
    if (index < middle) {
      path.unshift(await hash(middle, to))
      to = middle
    } else {
      path.unshift(await hash(from, middle))
      from = middle
    }
  }
  return path
}

/** Proof that a tree of `size` leaves extends one of `before`: RFC 6962, section 2.1.2. */
export async function consistencyPath(before: number, size: number, hash: RangeHash): Promise<Buffer[]> {
  if (before === 0 || before === size) return []
  const part = async (from: number, to: number, at: number, isWhole: boolean): Promise<Buffer[]> => {
    if (at === to) return isWhole ? [] : [await hash(from, to)]
    const middle = from + splitOf(to - from)
    if (at <= middle) return [...(await part(from, middle, at, isWhole)), await hash(middle, to)]
    return [...(await part(middle, to, at, false)), await hash(from, middle)]
  }
  return await part(0, size, before, true)
}

/**
 * The root that a path leads to: RFC 9162, section 2.1.3.2; undefined when the path does not fit such a tree.
 */
export function rootOf(
  leaf: Uint8Array,
  index: number,
  size: number,
  path: readonly Uint8Array[],
): Buffer | undefined {
  if (index >= size) return undefined
  let [at, last] = [index, size - 1]
  let root: Buffer = Buffer.from(leaf)
  for (const hash of path) {
    if (last === 0) return undefined
    if (at % 2 === 1 || at === last) {
      root = nodeHash(hash, root)
      while (at % 2 === 0 && at !== 0) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
    } else root = nodeHash(root, hash)
    ;[at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
  }
  return last === 0 ? root : undefined
}

/** Whether the second root extends the first: RFC 9162, section 2.1.4.2. */
export function isConsistent(
  [before, first]: readonly [size: number, root: Uint8Array],
  [size, second]: readonly [size: number, root: Uint8Array],
  proof: readonly Uint8Array[],
): boolean {
  if (before === size) return proof.length === 0 && Buffer.compare(first, second) === 0
  if (before === 0) return proof.length === 0
  if (before > size) return false
  const path = (before & (before - 1)) === 0 ? [first, ...proof] : [...proof]
  const start = path.shift()
  if (!start) return false
  let [at, last] = [before - 1, size - 1]
  while (at % 2 === 1) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
  let [old, now]: [Buffer, Buffer] = [Buffer.from(start), Buffer.from(start)]
  for (const hash of path) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      old = nodeHash(hash, old)
      now = nodeHash(hash, now)
      while (at % 2 === 0 && at !== 0) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
    } else now = nodeHash(now, hash)
    ;[at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
  }
  return last === 0 && old.equals(Buffer.from(first)) && now.equals(Buffer.from(second))
}

/** Hashes of ranges of leaves, all in memory. */
export function inMemory(leaves: readonly Buffer[]): RangeHash {
  const hash = (from: number, to: number): Buffer => {
    if (to === from) return emptyRoot()
    if (to - from === 1) return leaves[from] as Buffer
    const middle = from + splitOf(to - from)
    return nodeHash(hash(from, middle), hash(middle, to))
  }
  return async (from, to) => hash(from, to)
}

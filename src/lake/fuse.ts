import type { Hashes } from './bloom.ts'

/**
 * A binary fuse filter over 64-bit hashes (Graf and Lemire, "Binary Fuse Filters: Fast and Smaller Than Xor
 * Filters", 2022), with fingerprints of 24 bits in three segments. It answers "certainly not" or "perhaps":
 * one absent key in 2^24 gets "perhaps". A commit looks up hundreds of thousands of keys in every file of
 * their days, and each "perhaps" makes it read the file, so an answer for one key in 1,000 would read them
 * all.
 */
export interface Fuse {
  kind: 'fuse'
  /** Slots of a segment, a power of two. */
  segmentLength: number
  /** Segments in which a key's first slot can be; there are two more. */
  segments: number
  /** 0, but for the few sets of keys that no filter fits without being mixed. */
  seed: number
  /** The lower 16 bits of each slot; most absent keys are told apart by these alone. */
  low: Uint16Array
  /** The upper 8 bits of each slot. */
  high: Uint8Array
}

const LONGEST_SEGMENT = 1 << 18
/** About one set of keys in a hundred does not fit under a seed. */
const SEEDS = 10

/** Undefined when keys fit under no seed, which happens only where somebody looked for such keys. */
export function fuseOf(hashes: Hashes, seeds = SEEDS): Fuse | undefined {
  const first = filled(hashes, 0)
  if (first) return first
  // The same key twice never fits.
  const different = withoutCopies(hashes)
  for (let seed = 0; seed < seeds; seed++) {
    const fuse = filled(different, seed)
    if (fuse) return fuse
  }
  return undefined
}

/** Keys to look up, with what is worked out once for all filters. */
export interface AskedKeys {
  hashes: Hashes
  prints: Uint32Array
}

export function askedKeys(hashes: Hashes): AskedKeys {
  const prints = new Uint32Array(hashes.length / 2)
  for (let key = 0; key < prints.length; key++)
    prints[key] = fingerprint(hashes[key * 2] as number, hashes[key * 2 + 1] as number)
  return { hashes, prints }
}

/** The keys, by number, that may be in the filter; the others were certainly never added. */
export function fuseHolds(fuse: Fuse, { hashes, prints }: AskedKeys): number[] {
  const { segmentLength, segments, seed, low: at16, high: at8 } = fuse
  const mask = segmentLength - 1
  const share = (segments * segmentLength) / 2 ** 32
  const held: number[] = []
  // All of it in one loop: a commit takes some hundred million turns of it.
  for (let key = 0; key < prints.length; key++) {
    let rest = hashes[key * 2] as number
    let spread = hashes[key * 2 + 1] as number
    if (seed !== 0) [rest, spread] = mixedTwo(rest, spread, seed)
    const a = (spread * share) >>> 0
    const b = (a + segmentLength) ^ ((rest >>> 14) & mask)
    const c = (a + 2 * segmentLength) ^ (rest & mask)
    const print = prints[key] as number
    if (((at16[a] as number) ^ (at16[b] as number) ^ (at16[c] as number)) !== (print & 0xffff)) continue
    if (((at8[a] as number) ^ (at8[b] as number) ^ (at8[c] as number)) === print >>> 16) held.push(key)
  }
  return held
}

/**
 * The size of a filter for a number of different keys: about an eighth more slots than keys, more for few.
 */
function shapeFor(keys: number): Pick<Fuse, 'segmentLength' | 'segments'> {
  const longest = keys < 2 ? 4 : 2 ** Math.floor(Math.log(keys) / Math.log(3.33) + 2.25)
  const segmentLength = Math.min(longest, LONGEST_SEGMENT)
  const factor = keys < 2 ? 0 : Math.max(1.125, 0.875 + (0.25 * Math.log(1e6)) / Math.log(keys))
  return { segmentLength, segments: Math.max(1, Math.ceil((keys * factor) / segmentLength) - 2) }
}

/** Undefined when the keys do not fit under this seed. */
function filled(hashes: Hashes, seed: number): Fuse | undefined {
  const keys = hashes.length / 2
  const { segmentLength, segments } = shapeFor(keys)
  const slots = (segments + 2) * segmentLength
  const mask = segmentLength - 1
  const share = (segments * segmentLength) / 2 ** 32
  // Of each slot: how many keys have it, and the exclusive or of their numbers.
  const counts = new Uint32Array(slots)
  const numbers = new Uint32Array(slots)
  const places = new Uint32Array(keys * 3)
  for (let key = 0; key < keys; key++) {
    let rest = hashes[key * 2] as number
    let spread = hashes[key * 2 + 1] as number
    if (seed !== 0) [rest, spread] = mixedTwo(rest, spread, seed)
    const a = (spread * share) >>> 0
    places[key * 3] = a
    places[key * 3 + 1] = (a + segmentLength) ^ ((rest >>> 14) & mask)
    places[key * 3 + 2] = (a + 2 * segmentLength) ^ (rest & mask)
    for (let one = key * 3; one < key * 3 + 3; one++) {
      const slot = places[one] as number
      counts[slot] = (counts[slot] as number) + 1
      numbers[slot] = (numbers[slot] as number) ^ key
    }
  }
  // Keys that have a slot of their own are taken off, which leaves others alone in theirs.
  const alone = new Uint32Array(slots)
  let waiting = 0
  for (let slot = 0; slot < slots; slot++) if (counts[slot] === 1) alone[waiting++] = slot
  const order = new Uint32Array(keys)
  const own = new Uint32Array(keys)
  let taken = 0
  while (waiting > 0) {
    const slot = alone[--waiting] as number
    if (counts[slot] !== 1) continue
    const key = numbers[slot] as number
    order[taken] = key
    own[taken++] = slot
    for (let one = key * 3; one < key * 3 + 3; one++) {
      const other = places[one] as number
      counts[other] = (counts[other] as number) - 1
      numbers[other] = (numbers[other] as number) ^ key
      if (counts[other] === 1) alone[waiting++] = other
    }
  }
  if (taken < keys) return undefined
  const fuse: Fuse = {
    kind: 'fuse',
    segmentLength,
    segments,
    seed,
    low: new Uint16Array(slots),
    high: new Uint8Array(slots),
  }
  // The last that was taken off is put in first: the others' slots are not its own.
  for (let at = keys - 1; at >= 0; at--) {
    const key = order[at] as number
    let print = fingerprint(hashes[key * 2] as number, hashes[key * 2 + 1] as number)
    for (let one = key * 3; one < key * 3 + 3; one++) {
      const slot = places[one] as number
      if (slot !== own[at]) print ^= (fuse.low[slot] as number) | ((fuse.high[slot] as number) << 16)
    }
    fuse.low[own[at] as number] = print & 0xffff
    fuse.high[own[at] as number] = print >>> 16
  }
  return fuse
}

function withoutCopies(hashes: Hashes): Hashes {
  const sorted = new BigUint64Array(hashes.slice().buffer).sort()
  const once = sorted.filter((hash, at) => hash !== sorted[at - 1])
  return new Uint32Array(once.buffer, once.byteOffset, once.length * 2)
}

/** 24 bits of a key that its slots do not follow from. */
function fingerprint(low: number, high: number): number {
  return mixed(low ^ ((high << 16) | (high >>> 16))) >>> 8
}

function mixedTwo(low: number, high: number, seed: number): [low: number, high: number] {
  return [mixed(low ^ mixed(high - seed)), mixed(high ^ mixed(low + seed))]
}

/** The last step of MurmurHash3 for 32 bits. */
function mixed(word: number): number {
  let bits = word ^ (word >>> 16)
  bits = Math.imul(bits, 0x85ebca6b)
  bits ^= bits >>> 13
  bits = Math.imul(bits, 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}

/**
 * The classifier's features of a text: words and punctuation marks, in runs of one to three, and runs of
 * three to five characters inside words, hashed (Weinberger et al., Feature Hashing, 2009). A text is cut
 * into blocks at word ends; two blocks are a passage. A word that repeats in a block counts once.
 */
const BITS = 18
export const BUCKETS = 1 << BITS
const SHIFT = 32 - BITS

/** Longest word; a longer one is split, because text without spaces must not be one word. */
const LONGEST_WORD = 40
/** Words of one block that are remembered. */
const SEEN = 512

// Weights are trained on these hashes: another seed or multiplier needs another training.
const UNI = 0x2c1b3c6d
const BI = 0x297a2d39
const TRI = 0x165667b1
const START = 0x5e

export interface Block {
  /** Offsets in the normalised text. */
  from: number
  to: number
}

/** The class of a character: 0 white space, 1 part of a word, 2 a word of its own. */
const KIND = new Uint8Array(0x10000)
const PLAIN = new Uint16Array(0x10000)
for (let code = 0; code < 0x10000; code++) {
  KIND[code] = kindOf(code)
  // All digits become one: numbers carry no information here.
  PLAIN[code] = code >= 0x30 && code <= 0x39 ? 0x30 : code
}

function kindOf(code: number): number {
  if (code <= 0x20 || code === 0xa0 || (code >= 0x2000 && code <= 0x200a) || code === 0x3000) return 0
  if (code < 0x80) return /[a-z0-9_]/i.test(String.fromCharCode(code)) ? 1 : 2
  // Each ideograph and kana is a word, since their scripts use no spaces.
  if ((code >= 0x3040 && code <= 0x30ff) || (code >= 0x3400 && code <= 0x9fff)) return 2
  return /[\p{L}\p{M}\p{N}]/u.test(String.fromCharCode(code)) || (code >= 0xd800 && code <= 0xdfff) ? 1 : 2
}

/** One hash to a bucket; the last step of MurmurHash3. */
function bucketOf(hash: number): number {
  let h = hash ^ (hash >>> 16)
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> SHIFT
}

/** Words whose features are cached across blocks and calls, so that a common word is hashed once. */
const CACHE = 1 << 14

/** Sums up weights over a text's blocks. */
export interface Summer {
  /**
   * The blocks of a normalised text, each of at most `size` characters plus the end of a word, with the sum
   * of their features' weights and their number of features, in parallel arrays.
   */
  blocks(text: string, size: number): { blocks: Block[]; sums: number[]; counts: number[] }
}

/** A summer of one set of weights. */
export function summer(weights: Int8Array): Summer {
  const keys = new Int32Array(CACHE)
  const lengths = new Uint8Array(CACHE)
  const sums = new Float64Array(CACHE)
  const counts = new Uint16Array(CACHE)
  const seen = new Int32Array(SEEN)
  return {
    blocks(text, size) {
      const found: { blocks: Block[]; sums: number[]; counts: number[] } = {
        blocks: [],
        sums: [],
        counts: [],
      }
      let at = 0
      while (at < text.length) {
        const from = at
        let sum = 0
        let count = 0
        let last = 0
        let before = 0
        seen.fill(0)
        while (at < text.length && at - from < size) {
          const kind = KIND[text.charCodeAt(at)]
          if (kind === 0) {
            at++
            continue
          }
          const begin = at
          let hash = UNI
          if (kind === 2) {
            hash = Math.imul(hash ^ text.charCodeAt(at++), 0x01000193)
          } else {
            const end = Math.min(text.length, begin + LONGEST_WORD)
            while (at < end) {
              const code = text.charCodeAt(at)
              if (KIND[code] !== 1) break
              hash = Math.imul(hash ^ (PLAIN[code] as number), 0x01000193)
              at++
            }
          }
          hash ^= hash >>> 15
          const place = hash & (SEEN - 1)
          if (seen[place] !== hash) {
            seen[place] = hash
            const slot = hash & (CACHE - 1)
            if (keys[slot] !== hash || lengths[slot] !== at - begin) {
              keys[slot] = hash
              lengths[slot] = at - begin
              let own = weights[bucketOf(hash)] as number
              let features = 1
              if (kind === 1) {
                eachInWord(text, begin, at, (bucket) => {
                  own += weights[bucket] as number
                  features++
                })
              }
              sums[slot] = own
              counts[slot] = features
            }
            sum += sums[slot] as number
            count += counts[slot] as number
          }
          if (last !== 0) {
            const two = Math.imul(last, BI) ^ hash
            sum += weights[bucketOf(two)] as number
            count++
            if (before !== 0) {
              sum += weights[bucketOf(Math.imul(before, TRI) ^ two)] as number
              count++
            }
          }
          before = last
          last = hash
        }
        found.blocks.push({ from, to: at })
        found.sums.push(sum)
        found.counts.push(count)
      }
      return found
    },
  }
}

/** The buckets of each block of a text, which `summer` sums up: for training. */
export function bucketsOf(text: string, size: number): { block: Block; buckets: number[] }[] {
  const blocks: { block: Block; buckets: number[] }[] = []
  const seen = new Int32Array(SEEN)
  let at = 0
  while (at < text.length) {
    const from = at
    const buckets: number[] = []
    let last = 0
    let before = 0
    seen.fill(0)
    while (at < text.length && at - from < size) {
      const kind = KIND[text.charCodeAt(at)]
      if (kind === 0) {
        at++
        continue
      }
      const begin = at
      let hash = UNI
      const end = kind === 2 ? begin + 1 : Math.min(text.length, begin + LONGEST_WORD)
      while (at < end && (kind === 2 || KIND[text.charCodeAt(at)] === 1)) {
        const code = text.charCodeAt(at++)
        hash = Math.imul(hash ^ (kind === 2 ? code : (PLAIN[code] as number)), 0x01000193)
      }
      hash ^= hash >>> 15
      if (seen[hash & (SEEN - 1)] !== hash) {
        seen[hash & (SEEN - 1)] = hash
        buckets.push(bucketOf(hash))
        if (kind === 1) eachInWord(text, begin, at, (bucket) => buckets.push(bucket))
      }
      if (last !== 0) {
        const two = Math.imul(last, BI) ^ hash
        buckets.push(bucketOf(two))
        if (before !== 0) buckets.push(bucketOf(Math.imul(before, TRI) ^ two))
      }
      before = last
      last = hash
    }
    blocks.push({ block: { from, to: at }, buckets })
  }
  return blocks
}

/** Runs of three to five characters of `^word$`. */
function eachInWord(text: string, from: number, to: number, visit: (bucket: number) => void): void {
  const codeAt = (index: number) => {
    if (index < from) return START
    return index >= to ? 0x24 : (PLAIN[text.charCodeAt(index)] as number)
  }
  for (let start = from - 1; start + 2 <= to; start++) {
    let hash = 0x3d4d51cb
    for (let length = 0; length < 5 && start + length <= to; length++) {
      hash = Math.imul(hash ^ codeAt(start + length), 0x5bd1e995)
      hash ^= hash >>> 13
      if (length >= 2) visit(bucketOf(hash + length))
    }
  }
}

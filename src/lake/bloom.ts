/**
 * A split block Bloom filter over 64-bit hashes, as in Apache Parquet's BloomFilter.md (blocks of 256 bits,
 * eight salts), but with another hash function. It answers "certainly not" or "perhaps"; at 16 bits a key,
 * one absent key in about 1,000 gets "perhaps". One block of it answers for a key, so a group of files can
 * be asked by one small read; older releases have it beside each data file.
 */
export interface Bloom {
  kind: 'bloom'
  words: Uint32Array
}

/** 64-bit hashes as pairs of words, low word first. */
export type Hashes = Uint32Array

const BITS_PER_KEY = 16
const WORDS_PER_BLOCK = 8
export const BLOCK_BYTES = WORDS_PER_BLOCK * 4
const SALTS = new Int32Array([
  0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31,
])

export function bloomOf(hashes: Hashes): Bloom {
  const blocks = Math.max(1, Math.ceil(((hashes.length / 2) * BITS_PER_KEY) / (WORDS_PER_BLOCK * 32)))
  const words = new Uint32Array(blocks * WORDS_PER_BLOCK)
  for (let at = 0; at < hashes.length; at += 2) {
    const low = hashes[at] as number
    const block = blockOf(hashes[at + 1] as number, blocks)
    for (let word = 0; word < WORDS_PER_BLOCK; word++) {
      words[block + word] = (words[block + word] as number) | bit(low, word)
    }
  }
  return { kind: 'bloom', words }
}

/** False when the key was certainly never added. */
export function bloomMayHold({ words }: Bloom, low: number, high: number): boolean {
  const block = blockOf(high, words.length / WORDS_PER_BLOCK)
  for (let word = 0; word < WORDS_PER_BLOCK; word++) {
    if (((words[block + word] as number) & bit(low, word)) === 0) return false
  }
  return true
}

function blockOf(high: number, blocks: number): number {
  return blockNumber(high, blocks) * WORDS_PER_BLOCK
}

/**
 * The block of a key. It is monotonic in the key: in a filter with twice as many blocks, the key is in one of
 * the two blocks that replace this one.
 */
export function blockNumber(high: number, blocks: number): number {
  return Math.floor((high * blocks) / 2 ** 32)
}

/** Whether a block inside a file's bytes may hold a key. */
export function blockMayHold(bytes: Buffer, at: number, low: number): boolean {
  for (let word = 0; word < WORDS_PER_BLOCK; word++)
    if ((bytes.readUInt32LE(at + word * 4) & bit(low, word)) === 0) return false
  return true
}

/** Adds a key to a block inside a file's bytes. */
export function putIntoBlock(bytes: Buffer, at: number, low: number): void {
  for (let word = 0; word < WORDS_PER_BLOCK; word++) {
    const place = at + word * 4
    bytes.writeUInt32LE((bytes.readUInt32LE(place) | bit(low, word)) >>> 0, place)
  }
}

function bit(low: number, word: number): number {
  return 1 << (Math.imul(low, SALTS[word] as number) >>> 27)
}

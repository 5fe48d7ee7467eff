// Pseudo-random numbers: a seed always gives the same ones, so that the samples are the same next year.

export interface Random {
  next(): number
  below(limit: number): number
  between(low: number, high: number): number
  chance(probability: number): boolean
  pick<T>(list: readonly T[]): T
  weighted<T>(list: readonly T[], total: number, weightOf: (item: T) => number): T
  text(alphabet: string, length: number): string
  hex(length: number): string
  uuid(): string
}

const PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
const QUADS = Array.from({ length: 65_536 }, (_, word) => word.toString(16).padStart(4, '0'))

export const UPPER_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
export const LOWER_AND_DIGITS = 'abcdefghijklmnopqrstuvwxyz234567'
export const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
export const BASE64 = `${LETTERS_AND_DIGITS}+/`

// sfc32 (Chris Doty-Humphrey): 128 bits of state, so that streams with neighbouring seeds do not meet.
export function createRandom(...seed: number[]): Random {
  let a = mix(seed[0] ?? 0, 0x9e3779b9)
  let b = mix(seed[1] ?? 0, 0x85ebca6b)
  let c = mix(seed[2] ?? 0, 0xc2b2ae35)
  let counter = 1

  function next(): number {
    const out = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + out) | 0
    return out >>> 0
  }

  function below(limit: number): number {
    return Math.floor((next() / 4_294_967_296) * limit)
  }

  function quad(word: number): string {
    return QUADS[word & 0xffff] as string
  }

  function text(alphabet: string, length: number): string {
    let out = ''
    for (let i = 0; i < length; i++) out += alphabet[below(alphabet.length)]
    return out
  }

  const random: Random = {
    next,
    below,
    between: (low, high) => low + below(high - low + 1),
    chance: (probability) => next() < probability * 4_294_967_296,
    pick: (list) => list[below(list.length)] as (typeof list)[number],
    weighted(list, total, weightOf) {
      let left = (next() / 4_294_967_296) * total
      for (const item of list) {
        left -= weightOf(item)
        if (left < 0) return item
      }
      return list[list.length - 1] as (typeof list)[number]
    },
    text,
    hex(length) {
      let out = ''
      while (out.length < length) out += PAIRS[next() >>> 24]
      return out.slice(0, length)
    },
    uuid() {
      const [w0, w1, w2, w3] = [next(), next(), next(), next()]
      const version = 0x4000 | (w1 & 0x0fff)
      const variant = 0x8000 | ((w2 >>> 16) & 0x3fff)
      return `${quad(w0 >>> 16)}${quad(w0)}-${quad(w1 >>> 16)}-${quad(version)}-${quad(variant)}-${quad(w2)}${quad(w3 >>> 16)}${quad(w3)}`
    },
  }
  for (let i = 0; i < 16; i++) next()
  return random
}

function mix(seed: number, constant: number): number {
  let value = (seed ^ constant) | 0
  value = Math.imul(value ^ (value >>> 16), 0x7feb352d)
  value = Math.imul(value ^ (value >>> 15), 0x846ca68b)
  return value ^ (value >>> 16)
}

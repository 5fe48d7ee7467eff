import { inflateRawSync } from 'node:zlib'
import { BUCKETS, type Summer, summer } from './features.ts'

/**
 * Logistic regression over hashed n-grams: one for prompts, one for documents. `npm run train:injection`
 * trains it.
 */
export interface Head {
  /** The first digits of the SHA-256 of its weights and its other numbers. */
  version: string
  /** Characters of a block; a passage is two blocks. */
  block: number
  bias: number
  /** The value of one step of an 8-bit weight. */
  scale: number
  /**
   * The calibration of the raw score (Platt): the probability of an attack is `1 / (1 + exp(-(slope * raw +
   * offset)))`.
   */
  slope: number
  offset: number
  /**
   * The calibrated score from which a passage is a span: 1 % of ordinary texts, at most 5 % of those with
   * trigger words.
   */
  threshold: number
  /** The weights: 8-bit integers, deflated, in base64. */
  weights: string
}

export interface Classifier {
  /** The passages of a normalised text: every two neighbouring blocks, with their score. */
  passages(text: string): Scored[]
}

export interface Scored {
  from: number
  to: number
  score: number
}

export function classifier(head: Head): Classifier {
  let own: Summer | undefined
  return {
    passages(text) {
      own ??= summer(weightsOf(head))
      const { blocks, sums, counts } = own.blocks(text, head.block)
      const found: Scored[] = []
      for (let index = 0; index < Math.max(1, blocks.length - 1); index++) {
        const [first, second] = [blocks[index], blocks[index + 1]]
        if (!first) break
        const sum = (sums[index] ?? 0) + (sums[index + 1] ?? 0)
        const count = (counts[index] ?? 0) + (counts[index + 1] ?? 0)
        const raw = head.bias + (head.scale * sum) / Math.sqrt(Math.max(1, count))
        found.push({ from: first.from, to: (second ?? first).to, score: calibrated(head, raw) })
      }
      return found
    },
  }
}

export function calibrated({ slope, offset }: Pick<Head, 'slope' | 'offset'>, raw: number): number {
  return 1 / (1 + Math.exp(-(slope * raw + offset)))
}

function weightsOf(head: Head): Int8Array {
  const bytes = inflateRawSync(Buffer.from(head.weights, 'base64'))
  if (bytes.length !== BUCKETS)
    throw new RangeError(`${BUCKETS} weights are wanted, there are ${bytes.length}`)
  return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

import { BUCKETS, bucketsOf } from '../../src/scan/prompt/features.ts'

/** A passage to learn from. */
export interface Example {
  buckets: Int32Array
  attack: boolean
  /** How much it counts. */
  weight: number
  /** Of which text. */
  text: number
}

export interface Model {
  weights: Float32Array
  bias: number
}

export interface FitOptions {
  epochs: number
  rate: number
  decay: number
}

/** The passages of a text: each two neighbouring blocks, as the scanner makes them. */
export function passagesOf(text: string, block: number): Int32Array[] {
  const blocks = bucketsOf(text, block)
  const found: Int32Array[] = []
  for (let index = 0; index < Math.max(1, blocks.length - 1); index++) {
    const first = blocks[index]
    if (!first) break
    found.push(Int32Array.from([...first.buckets, ...(blocks[index + 1]?.buckets ?? [])]))
  }
  return found
}

/** A generator of numbers from 0 to 1 that gives the same ones each time (mulberry32). */
export function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** Logistic regression by AdaGrad over shuffled examples, averaged over the last half of its steps. */
export function regression(examples: readonly Example[], { epochs, rate, decay }: FitOptions): Model {
  const weights = new Float32Array(BUCKETS)
  const squares = new Float32Array(BUCKETS).fill(0.05)
  let bias = 0
  let biasSquare = 0.05
  const order = Int32Array.from(examples.keys())
  const next = random(7)
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let index = order.length - 1; index > 0; index--) {
      const other = Math.floor(next() * (index + 1))
      const kept = order[index] as number
      order[index] = order[other] as number
      order[other] = kept
    }
    for (const at of order) {
      const { buckets, attack, weight } = examples[at] as Example
      const norm = 1 / Math.sqrt(Math.max(1, buckets.length))
      const wrong = (attack ? 1 : 0) - 1 / (1 + Math.exp(-scoreOf({ weights, bias }, buckets)))
      const step = wrong * weight
      if (Math.abs(step) < 1e-4) continue
      for (const bucket of buckets) {
        const slope = step * norm - decay * (weights[bucket] as number)
        squares[bucket] = (squares[bucket] as number) + slope * slope
        weights[bucket] = (weights[bucket] as number) + (rate * slope) / Math.sqrt(squares[bucket] as number)
      }
      biasSquare += step * step
      bias += (rate * step) / Math.sqrt(biasSquare)
    }
  }
  return { weights, bias }
}

export function scoreOf({ weights, bias }: Model, buckets: Int32Array): number {
  let sum = 0
  for (const bucket of buckets) sum += weights[bucket] as number
  return bias + sum / Math.sqrt(Math.max(1, buckets.length))
}

/** The weights as 8-bit integers, and what one step is worth. The few largest are cut: they would make all others coarse. */
export function quantised({ weights }: Model): { bytes: Int8Array; scale: number } {
  const sizes = Float32Array.from(weights, Math.abs).sort()
  const scale = Math.max(1e-9, (sizes[Math.floor(sizes.length * 0.9998)] as number) / 127)
  return {
    bytes: Int8Array.from(weights, (weight) => Math.max(-127, Math.min(127, Math.round(weight / scale)))),
    scale,
  }
}

/**
 * Platt's calibration of raw scores: the share of attacks at a score, were there as many attacks as ordinary texts. Newton's
 * method, each step halved until it makes the loss smaller (Lin, Lin and Weng, A Note on Platt's Probabilistic Outputs, 2007).
 */
export function platt(
  attacks: readonly number[],
  ordinary: readonly number[],
): { slope: number; offset: number } {
  const all = [
    ...attacks.map((raw) => ({ raw, label: 1, weight: 1 / attacks.length })),
    ...ordinary.map((raw) => ({ raw, label: 0, weight: 1 / ordinary.length })),
  ]
  const lossOf = (slope: number, offset: number) => {
    let loss = 0
    for (const { raw, label, weight } of all) {
      const z = slope * raw + offset
      loss += weight * (Math.log1p(Math.exp(-Math.abs(z))) + Math.max(z, 0) - label * z)
    }
    return loss
  }
  let [slope, offset] = [1, 0]
  for (let step = 0; step < 100; step++) {
    let [g0, g1, h00, h01, h11] = [0, 0, 1e-9, 0, 1e-9]
    for (const { raw, label, weight } of all) {
      const share = 1 / (1 + Math.exp(-(slope * raw + offset)))
      const [wrong, curve] = [(share - label) * weight, share * (1 - share) * weight]
      g0 += wrong * raw
      g1 += wrong
      h00 += curve * raw * raw
      h01 += curve * raw
      h11 += curve
    }
    const determinant = h00 * h11 - h01 * h01
    const [d0, d1] = [(h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant]
    const before = lossOf(slope, offset)
    let size = 1
    while (size > 1e-10 && !(lossOf(slope - size * d0, offset - size * d1) < before)) size /= 2
    if (size <= 1e-10) break
    slope -= size * d0
    offset -= size * d1
  }
  return { slope, offset }
}

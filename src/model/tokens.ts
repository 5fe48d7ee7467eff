import type { Usage } from './contract.ts'
import type { Prices } from './settings.ts'

/** JSON and SQL have more tokens per byte than prose: the estimate is rather too high than too low. */
const BYTES_OF_DATA = 2.2
const BYTES_OF_PROSE = 3.5

/** A rough upper bound of a text's tokens: for plans, before the provider counts. */
export function tokensOf(text: string, kind: 'data' | 'prose' = 'data'): number {
  return Math.ceil(Buffer.byteLength(text) / (kind === 'data' ? BYTES_OF_DATA : BYTES_OF_PROSE))
}

/** US dollars; undefined without prices. */
export function costOf({ input, output }: Usage, prices: Prices | undefined): number | undefined {
  if (!prices) return undefined
  return (input * prices.input + output * prices.output) / 1_000_000
}

export const noUsage: Usage = { input: 0, output: 0, estimated: false }

export function addUsage(one: Usage, other: Usage | undefined): Usage {
  if (!other) return one
  return {
    input: one.input + other.input,
    output: one.output + other.output,
    estimated: one.estimated || other.estimated,
  }
}

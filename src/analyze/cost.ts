import { literal, sql } from '../lib/sql.ts'
import type { Read } from './read.ts'

/** Prices of a model, in US dollars for a million tokens. */
export interface Price {
  input: number
  output: number
  /** Where the prices are from, and their date. */
  source: string
  /** The price in a batch, as a share of it. */
  batch: number
}

export interface Tokens {
  input: number
  output: number
}

/**
 * The price of a model in the lake's price list.
 *
 * @param model its id in calls, as in `eu.amazon.nova-lite-v1:0`
 * @returns undefined when the list has none
 */
export async function priceOf(
  read: Read,
  model: string,
  region: string | undefined,
  batch: number,
): Promise<Price | undefined> {
  const called = model.split('/').at(-1) ?? model
  const [found] = await read<{
    input: number
    output: number
    source: string | null
    read_on: string | null
  }>(
    sql(new URL('./sql/price.sql', import.meta.url), {
      models: namesOf(called).map(literal).join(', '),
      called: literal(called),
      region: literal(region ?? ''),
    }),
  )
  if (!found || found.input === null || found.output === null) return undefined
  const when = found.read_on === null ? '' : `, read on ${found.read_on}`
  return {
    input: found.input,
    output: found.output,
    source: `${found.source ?? "a list of one's own"}${when}`,
    batch,
  }
}

/** The list names some models without their version: `-v1:0` or `:0`. */
function namesOf(called: string): string[] {
  const plain = called.replace(/^(?:us|eu|apac|jp|au|global|us-gov)\./, '')
  return [...new Set([plain, plain.replace(/:\d+$/, ''), plain.replace(/-v\d+(?::\d+)?$/, '')])]
}

export function dollarsOf({ input, output }: Tokens, price: Price, how: 'batch' | 'on-demand'): number {
  const factor = how === 'batch' ? price.batch : 1
  return ((input * price.input + output * price.output) * factor) / 1_000_000
}

/** `$0.0123`, `$4.55` */
export function dollarText(amount: number): string {
  return `$${amount.toFixed(amount < 1 ? 4 : 2)}`
}

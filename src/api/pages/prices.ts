import { sql } from '../../lib/sql.ts'
import type { Context, Services } from '../context.ts'

export interface Price {
  model: string
  profile: string | null
  region: string | null
  valid_from: string | null
  input: number
  output: number
  cache_read: number | null
  cache_write: number | null
  source: string | null
  read_on: string | null
}

export interface Tokens {
  input_tokens: number | null
  output_tokens: number | null
  cache_read_tokens: number | null
  cache_write_tokens: number | null
}

const known = new WeakMap<Services['queryEngine'], Promise<Price[]>>()

/** The price list, which is read once per program. */
export function pricesOf(context: Context): Promise<Price[]> {
  const found =
    known.get(context.queryEngine) ??
    context.objects<Price>(sql(new URL('../sql/prices.sql', import.meta.url)))
  known.set(context.queryEngine, found)
  found.catch(() => known.delete(context.queryEngine))
  return found
}

/**
 * The cost of model calls in US dollars by the best matching line of the list, as in the view
 * `bedrock_call_cost`; null if a needed price is missing. Summaries do not separate one-hour cache writes:
 * they count as five-minute writes.
 *
 * @param modelid the model called; its inference profile may have its own price
 */
export function costOf(
  prices: readonly Price[],
  { model, modelid, region, day }: Called,
  tokens: Tokens,
): number | null {
  const price = fittingPrice(prices, { model, modelid, region, day })
  if (!price) return null
  const parts: [number | null, number | null][] = [
    [tokens.input_tokens, price.input],
    [tokens.output_tokens, price.output],
    [tokens.cache_read_tokens, price.cache_read],
    [tokens.cache_write_tokens, price.cache_write],
  ]
  let dollars = 0
  for (const [count, each] of parts) {
    if (!count) continue
    if (each === null) return null
    dollars += (count * each) / 1_000_000
  }
  return dollars
}

interface Called {
  model: string | null
  modelid: string | null
  region: string | null
  day: string
}

/** Rows of one model, Region and day share a price: a page has thousands of them. */
const fitted = new WeakMap<readonly Price[], Map<string, Price | undefined>>()
const MAX_FITTED = 10_000

function fittingPrice(prices: readonly Price[], called: Called): Price | undefined {
  const known = fitted.get(prices) ?? new Map<string, Price | undefined>()
  fitted.set(prices, known)
  const key = JSON.stringify([called.model, called.modelid, called.region, called.day])
  if (!known.has(key)) {
    if (known.size >= MAX_FITTED) known.clear()
    known.set(key, bestPrice(prices, called))
  }
  return known.get(key)
}

function bestPrice(prices: readonly Price[], { model, modelid, region, day }: Called): Price | undefined {
  const called = modelid?.split('/').at(-1) ?? ''
  const fitting = prices.filter(
    (price) =>
      price.model === model &&
      (price.profile === null || called.startsWith(`${price.profile}.`)) &&
      (price.region === null || price.region === region) &&
      (price.valid_from === null || price.valid_from <= day),
  )
  const [price] = fitting.sort(
    (a, b) =>
      Number(a.profile === null) - Number(b.profile === null) ||
      Number(a.region === null) - Number(b.region === null) ||
      (b.valid_from ?? '').localeCompare(a.valid_from ?? ''),
  )
  return price
}

export function tokensIn({
  input_tokens,
  output_tokens,
  cache_read_tokens,
  cache_write_tokens,
}: Tokens): number {
  return (input_tokens ?? 0) + (output_tokens ?? 0) + (cache_read_tokens ?? 0) + (cache_write_tokens ?? 0)
}

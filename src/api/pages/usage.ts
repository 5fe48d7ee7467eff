import { DAY_MS } from '../../lib/day.ts'
import { sql } from '../../lib/sql.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'
import { quantileOf } from './latency.ts'
import { costOf, type Price, pricesOf, type Tokens, tokensIn } from './prices.ts'
import { behindOf, ofSpan } from './summaries.ts'
import { keysOf, teamsOf, type UsageSpan, usageRows } from './usage-rows.ts'

interface Input extends UsageSpan {
  by: string[]
  step: 'hour' | 'day' | 'week'
}

const STEP_MS = { hour: 3_600_000, day: DAY_MS, week: 7 * DAY_MS }

interface Keys {
  key0: string | null
  key1?: string | null
}

/** What a price depends on. */
interface Priced extends Tokens {
  service: string
  model: string | null
  modelid: string | null
  in_region: string | null
  day: string
}

interface Row extends Keys, Priced {
  bucket: number
  invocations: number
  failed: number
  uncounted: number
  before_teams: number
}

interface Latency extends Keys {
  step: number
  answers: number
}

const url = (name: string) => new URL(`../sql/${name}.sql`, import.meta.url)

export async function usageOf(input: Input, context: Context): Promise<Answer> {
  const { values, ...parts } = usageRows(input, context, input.by)
  const keys = keysOf(input.by)
  const outer = input.by.map((_, at) => `key${at}`).join(', ')
  const stepMs = STEP_MS[input.step]
  const [rows, latencies, prices] = await Promise.all([
    context.objects<Row>(
      sql(url('usage'), { keys, ...parts }),
      { ...values, step_us: stepMs * 1000 },
      ofSpan(input.from, input.to),
    ),
    context.objects<Latency>(
      sql(url('usage-latency'), { keys, outer, ...parts }),
      values,
      ofSpan(input.from, input.to),
    ),
    pricesOf(context),
  ])
  const startMs = Math.floor(Date.parse(input.from) / stepMs) * stepMs
  const steps = Math.min(2000, Math.max(1, Math.ceil((Date.parse(input.to) - startMs) / stepMs)))
  const timed = grouped(latencies)
  const made = [...grouped(rows)].map(([key, own]) => {
    const sums = sumsOf(own, prices, timed.get(key) ?? [])
    const inDollars = sums.cost_usd !== null
    const series = new Array<number>(steps).fill(0)
    for (const row of own) {
      const at = row.bucket - startMs / stepMs
      const value = inDollars ? (costOfRow(prices, row) ?? 0) : tokensIn(row)
      if (at >= 0 && at < steps) series[at] = (series[at] ?? 0) + value
    }
    return {
      keys: input.by.map((_, at) => own[0]?.[at === 0 ? 'key0' : 'key1'] ?? null),
      ...sums,
      series,
    }
  })
  made.sort(
    (a, b) =>
      (input.by[0] === 'day' ? String(a.keys[0]).localeCompare(String(b.keys[0])) : 0) ||
      (b.cost_usd ?? 0) - (a.cost_usd ?? 0) ||
      b.invocations - a.invocations,
  )
  const read = prices.map(({ read_on }) => read_on).filter((day) => day !== null)
  return {
    kind: 'json',
    seen: { rows: made.length },
    value: {
      version: context.version.number,
      behind: await behindOf(context),
      total: sumsOf(rows, prices, latencies),
      groups: made,
      start_ms: startMs,
      step_ms: stepMs,
      unpriced: unpricedOf(rows, prices),
      teams: { ...teamsOf(context), before: rows.reduce((sum, one) => sum + one.before_teams, 0) },
      prices: { read_on: read.sort().at(-1) ?? null, source: null },
    },
  }
}

function grouped<One extends Keys>(all: readonly One[]): Map<string, One[]> {
  const groups = new Map<string, One[]>()
  for (const one of all) {
    const key = JSON.stringify([one.key0, one.key1])
    const own = groups.get(key)
    if (own) own.push(one)
    else groups.set(key, [one])
  }
  return groups
}

export function costOfRow(prices: readonly Price[], row: Priced): number | null {
  if (row.service !== 'bedrock') return null
  return costOf(prices, { model: row.model, modelid: row.modelid, region: row.in_region, day: row.day }, row)
}

function sumsOf(rows: readonly Row[], prices: readonly Price[], latencies: readonly Latency[]) {
  const sum = (of: (row: Row) => number) => rows.reduce((total, row) => total + of(row), 0)
  let cost: number | null = null
  let unpriced = 0
  for (const row of rows) {
    const one = costOfRow(prices, row)
    if (one === null) unpriced += row.service === 'bedrock' ? tokensIn(row) : 0
    else if (tokensIn(row) > 0) cost = (cost ?? 0) + one
  }
  return {
    invocations: sum(({ invocations }) => invocations),
    failed: sum(({ failed }) => failed),
    input_tokens: sum(({ input_tokens }) => input_tokens ?? 0),
    output_tokens: sum(({ output_tokens }) => output_tokens ?? 0),
    cache_read_tokens: sum(({ cache_read_tokens }) => cache_read_tokens ?? 0),
    cache_write_tokens: sum(({ cache_write_tokens }) => cache_write_tokens ?? 0),
    latency_ms_p50: quantileOf(latencies, 0.5),
    latency_ms_p95: quantileOf(latencies, 0.95),
    latency_ms_p99: quantileOf(latencies, 0.99),
    cost_usd: cost,
    unpriced_tokens: unpriced,
    uncounted: sum(({ uncounted }) => uncounted),
  }
}

function unpricedOf(rows: readonly Row[], prices: readonly Price[]) {
  const found = new Map<string | null, number>()
  for (const row of rows)
    if (row.service === 'bedrock' && tokensIn(row) > 0 && costOfRow(prices, row) === null)
      found.set(row.model, (found.get(row.model) ?? 0) + tokensIn(row))
  return [...found].map(([model, tokens]) => ({ model, tokens })).sort((a, b) => b.tokens - a.tokens)
}

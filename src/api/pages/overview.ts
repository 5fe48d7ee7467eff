import { sql } from '../../lib/sql.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'
import { seesEveryRow } from '../rights.ts'
import { hasFindings } from './finding-rows.ts'
import { firstSeen } from './first-seen.ts'
import { lateOf } from './late.ts'
import { type Price, pricesOf, type Tokens, tokensIn } from './prices.ts'
import { dense, stepOf } from './steps.ts'
import { behindOf, ofSpan } from './summaries.ts'
import { costOfRow } from './usage.ts'

const url = (name: string) => new URL(`../sql/${name}.sql`, import.meta.url)
const STEPS = 120
/** The page Usage without a condition, so that both pages show the same numbers. */
const WHOLE = {
  rows: sql(url('usage-rows')),
  keys: 'time >= $from::timestamptz as within',
  where: 'true',
}
const TEN_MINUTES_MS = 600_000

interface Events {
  within: boolean
  bucket: number
  events: number
  errors: number
}

interface Models extends Tokens {
  key0: null
  within: boolean
  bucket: number
  service: string
  model: string | null
  modelid: string | null
  in_region: string | null
  day: string
  invocations: number
  failed: number
  uncounted: number
}

interface Top {
  list: 'actor' | 'error'
  name: string
  more: string | null
  events: number
  others: number
}

interface Counted {
  within: boolean
  bucket: number
  findings?: number
  rejects?: number
}

/** All numbers but the prices come from summaries: one request for the page, at one version. */
export async function overviewOf(
  { from, to }: { from: string; to: string },
  context: Context,
): Promise<Answer> {
  const fromMs = Date.parse(from)
  const toMs = Date.parse(to)
  const step = stepOf(fromMs, toMs, STEPS, TEN_MINUTES_MS)
  const begin = new Date(step.fromMs).toISOString()
  const beforeBegin = new Date(step.fromMs - (toMs - step.fromMs)).toISOString()
  const all = seesEveryRow(context.reader)
  const both = { from: begin, since: beforeBegin, until: to, step_us: step.stepMs * 1000 }
  const ask = <Row>(name: string, values: Record<string, string | number>, options = {}) =>
    context.objects<Row>(sql(url(name)), values, options)
  const ofBoth = ofSpan(both.since, both.until)
  const [events, models, top, seen, found, rejected, late, prices] = await Promise.all([
    ask<Events>('overview-events', both, ofBoth),
    context.objects<Models>(sql(url('usage'), WHOLE), both, ofBoth),
    ask<Top>('overview-top', { since: begin, until: to }, ofSpan(begin, to)),
    firstSeen({ since: begin, until: to }, context),
    hasFindings(context) ? ask<Counted>('overview-findings', both) : undefined,
    all ? ask<Counted>('overview-rejects', both) : undefined,
    all ? lateOf(context) : [],
    pricesOf(context),
  ])
  const inside = <Row extends { within: boolean }>(rows: readonly Row[], within = true) =>
    rows.filter((row) => row.within === within)
  const series = {
    events: dense(step, inside(events), ({ events }) => events),
    errors: dense(step, inside(events), ({ errors }) => errors),
    invocations: dense(step, inside(models), ({ invocations }) => invocations),
    tokens: dense(step, inside(models), tokensIn),
    cost_usd: dense(step, inside(models), (row) => costOfRow(prices, row) ?? 0),
    findings: dense(step, inside(found ?? []), ({ findings = 0 }) => findings),
    rejects: dense(step, inside(rejected ?? []), ({ rejects = 0 }) => rejects),
  }
  const totals = (within: boolean) => ({
    events: sum(inside(events, within), ({ events }) => events),
    errors: sum(inside(events, within), ({ errors }) => errors),
    ...modelTotals(inside(models, within), prices),
    findings: found ? sum(inside(found, within), ({ findings = 0 }) => findings) : null,
    rejects: rejected ? sum(inside(rejected, within), ({ rejects = 0 }) => rejects) : null,
  })
  return {
    kind: 'json',
    value: {
      version: context.version.number,
      behind: await behindOf(context),
      newest: seen.newest,
      step_ms: step.stepMs,
      start_ms: step.startMs,
      series,
      totals: totals(true),
      before: totals(false),
      actors: top
        .filter(({ list }) => list === 'actor')
        .map(({ name, more, events, others }) => ({ actor: name, kind: more, events, errors: others })),
      models: topModels(inside(models), prices),
      errors: top
        .filter(({ list }) => list === 'error')
        .map(({ name, events, others }) => ({ errorcode: name, events, actors: others })),
      first_seen: seen.first,
      late,
    },
  }
}

function sum<Row>(rows: readonly Row[], of: (row: Row) => number): number {
  return rows.reduce((total, row) => total + of(row), 0)
}

function modelTotals(rows: readonly Models[], prices: readonly Price[]) {
  const bedrock = rows.filter(({ service }) => service === 'bedrock')
  const unpriced = bedrock.filter((row) => tokensIn(row) > 0 && costOfRow(prices, row) === null)
  const priced = bedrock.filter((row) => tokensIn(row) > 0 && costOfRow(prices, row) !== null)
  return {
    invocations: sum(rows, ({ invocations }) => invocations),
    failed: sum(rows, ({ failed }) => failed),
    input_tokens: sum(rows, ({ input_tokens }) => input_tokens ?? 0),
    output_tokens: sum(rows, ({ output_tokens }) => output_tokens ?? 0),
    cost_usd: priced.length === 0 ? null : sum(priced, (row) => costOfRow(prices, row) ?? 0),
    unpriced_tokens: sum(unpriced, tokensIn),
    unpriced_models: new Set(unpriced.map(({ model }) => model)).size,
  }
}

const TOP_MODELS = 8

function topModels(rows: readonly Models[], prices: readonly Price[]) {
  // Calls of endpoints have none: as a line of their own, all lines add up.
  const byModel = new Map<string | null, Models[]>()
  for (const row of rows) {
    byModel.set(row.model, [...(byModel.get(row.model) ?? []), row])
  }
  return [...byModel]
    .map(([model, own]) => {
      const { cost_usd, unpriced_tokens } = modelTotals(own, prices)
      return {
        model,
        invocations: sum(own, ({ invocations }) => invocations),
        tokens: sum(own, tokensIn),
        cost_usd,
        unpriced: unpriced_tokens > 0,
      }
    })
    .sort((a, b) => (b.cost_usd ?? 0) - (a.cost_usd ?? 0) || b.invocations - a.invocations)
    .slice(0, TOP_MODELS)
}

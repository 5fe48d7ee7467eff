import { sql } from '../../lib/sql.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'
import { numberAfter } from './cursors.ts'
import { costOf, type Price, pricesOf, type Tokens, tokensIn } from './prices.ts'
import { countedByRun, findingsOfRuns } from './run-findings.ts'
import { behindOf } from './summaries.ts'

export interface RunRow extends Tokens {
  id: string
  started: string
  ended: string
  who: string | null
  role: string | null
  arn: string | null
  account: string | null
  region: string | null
  calls: number
  failed: number
  tool_calls: number
  tools: string | null
  models: string | null
  stop_reason: string | null
  guardrail_interventions: number
  latency_ms: number | null
  total: number
}

interface Input {
  from: string
  to: string
  who?: string | undefined
  model?: string | undefined
  tool?: string | undefined
  only: string
  after?: string | undefined
  limit: number
}

export const runsUrl = new URL('../sql/conversations.sql', import.meta.url)

export async function conversationsOf(input: Input, context: Context): Promise<Answer> {
  const before = numberAfter(input.after)
  const wanted =
    input.only === 'findings' ? countedByRun(await findingsOfRuns(context, input.from, input.to)) : undefined
  const rows = await context.objects<RunRow>(`${sql(runsUrl)}\nlimit ${input.limit} offset ${before}`, {
    since: input.from,
    until: input.to,
    id: null,
    who: input.who ?? null,
    model: input.model ?? null,
    tool: input.tool ?? null,
    only: input.only,
    found: JSON.stringify([...(wanted?.keys() ?? [])]),
  })
  const prices = await pricesOf(context)
  const counts = wanted ?? (await countsOf(context, rows))
  const total = rows[0]?.total ?? 0
  const reached = before + rows.length
  return {
    kind: 'json',
    seen: { rows: rows.length },
    value: {
      version: context.version.number,
      behind: await behindOf(context),
      rows: rows.map((row) => runOf(row, prices, counts.get(row.id) ?? 0)),
      total,
      next: reached < total ? String(reached) : null,
    },
  }
}

/** Findings of the runs on a page, by their ids. */
async function countsOf(context: Context, rows: readonly RunRow[]): Promise<ReadonlyMap<string, number>> {
  if (rows.length === 0) return new Map()
  const since = rows.reduce(
    (least, { started }) => (started < least ? started : least),
    rows[0]?.started ?? '',
  )
  const until = rows.reduce((max, { ended }) => (ended > max ? ended : max), '')
  return countedByRun(await findingsOfRuns(context, since, until))
}

interface ModelCalls extends Tokens {
  model: string | null
  calls: number
}

/** A run as lists show it, with its cost. */
export function runOf(
  { total: _, ...row }: RunRow & { at_us?: string },
  prices: readonly Price[],
  findings: number,
) {
  const models = JSON.parse(row.models ?? '[]') as ModelCalls[]
  const day = row.started.slice(0, 10)
  const costs = models.map((one) =>
    costOf(prices, { model: one.model, modelid: null, region: row.region, day }, one),
  )
  const priced = costs.filter((cost) => cost !== null)
  const { at_us: _at, ...shown } = row
  return {
    ...shown,
    tools: row.tools === null ? [] : row.tools.split(', '),
    models: models.map(({ model }) => model ?? 'unknown'),
    cost_usd: priced.length === 0 ? null : priced.reduce((sum, cost) => sum + cost, 0),
    unpriced: models.some((one, at) => costs[at] === null && tokensIn(one) > 0),
    findings,
  }
}

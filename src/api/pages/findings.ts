import { type Decided, type Decision, decide, faultOf } from '../../detect/decide.ts'
import { identifier, sql } from '../../lib/sql.ts'
import { conditionsOf, whereOf } from '../conditions.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'
import { showing } from '../mask.ts'
import { shownRow } from '../mask-rows.ts'
import { notFound, Problem } from '../problem.ts'
import { numberAfter } from './cursors.ts'
import { hasFindings } from './finding-rows.ts'

interface Input {
  from: string
  to: string
  state: string
  where: string[]
  group: 'none' | 'rule' | 'who' | 'account'
  after?: string | undefined
  limit: number
}

interface Row {
  id: string
  time: string
  rule: string
  decided_ms: number | null
  total: number
  explanation: string | null
  arn: string | null
}

interface Counts {
  key: string | null
  open: number
  mine: number
  closed: number
  suppressed: number
  newest: string | null
  severity: string
}

const url = (name: string) => new URL(`../sql/${name}.sql`, import.meta.url)
const FIELDS = new Set([
  'rule',
  'title',
  'severity',
  'detector',
  'actor',
  'account',
  'region',
  'resource',
  'state',
  'verdict',
  'assignee',
  'group_id',
])
const SHORT = { who: 'actor', what: 'resource' }
const GROUP = { none: 'null::varchar', rule: 'title', who: 'actor', account: 'account' }
const NONE = { open: 0, mine: 0, closed: 0, suppressed: 0 }

export async function findingsOf(input: Input, context: Context): Promise<Answer> {
  const head = { version: context.version.number, there: hasFindings(context) }
  if (!head.there)
    return { kind: 'json', value: { ...head, rows: [], groups: [], states: NONE, total: 0, next: null } }
  const before = numberAfter(input.after)
  const where = whereOf(conditionsOf(input.where, FIELDS, SHORT))
  const span = { ...where.values, since: input.from, until: input.to, me: context.reader.name }
  const [rows, counts] = await Promise.all([
    context.objects<Row>(
      `${sql(url('findings'), { where: where.sql })}\nlimit ${input.limit} offset ${before}`,
      {
        ...span,
        id: null,
        state: input.state,
      },
    ),
    context.objects<Counts>(
      sql(url('finding-counts'), { group: GROUP[input.group], where: where.sql }),
      span,
    ),
  ])
  const total = rows[0]?.total ?? 0
  const sum = (of: (one: Counts) => number) => counts.reduce((all, one) => all + of(one), 0)
  return {
    kind: 'json',
    seen: { rows: rows.length },
    value: {
      ...head,
      rows: rows.map(({ total: _, decided_ms: __, ...row }) => row),
      groups:
        input.group === 'none'
          ? []
          : counts
              .filter(({ open }) => input.state !== 'open' || open > 0)
              .map(({ key, open, mine, closed, suppressed, newest, severity }) => ({
                key,
                findings:
                  { all: open + closed + suppressed, open, mine, closed, suppressed }[input.state] ?? open,
                newest,
                severity,
              })),
      states: {
        open: sum(({ open }) => open),
        mine: sum(({ mine }) => mine),
        closed: sum(({ closed }) => closed),
        suppressed: sum(({ suppressed }) => suppressed),
      },
      total,
      next: before + rows.length < total ? String(before + rows.length) : null,
    },
  }
}

const EVER = { since: '1970-01-01T00:00:00Z', until: '9999-01-01T00:00:00Z' }
const MAX_EVIDENCE = 100

interface Evidence {
  table: string
  id: string
  time: string | null
}

export async function findingOf({ id }: { id: string }, context: Context): Promise<Answer> {
  if (!hasFindings(context)) throw notFound()
  const [row] = await context.objects<Row>(sql(url('findings'), { where: 'true' }), {
    ...EVER,
    id,
    state: 'all',
    me: context.reader.name,
  })
  const [detail] = await context.objects<{ evidence: string | null; same_rule: number; same_actor: number }>(
    sql(url('finding')),
    { id },
  )
  if (!row || !detail) throw notFound()
  const evidence = (JSON.parse(detail.evidence ?? '[]') as Evidence[]).slice(0, MAX_EVIDENCE)
  const { total: _, decided_ms: __, ...shown } = row
  const rule = context.rules().get(row.rule)
  return {
    kind: 'json',
    seen: { rows: 1, about: id },
    value: {
      version: context.version.number,
      finding: shown,
      rule: {
        name: row.rule,
        doc: rule?.description ?? row.explanation,
        runbook: rule?.runbook ?? null,
        references: rule?.references ?? [],
        false_positives: rule?.falsepositives ?? [],
      },
      evidence: await evidenceRowsOf(context, evidence),
      history: await context.objects(sql(url('finding-history')), { id }),
      others: { same_rule: detail.same_rule, same_actor: detail.same_actor },
    },
  }
}

/** The rows that prove a finding, without those that this reader may not see. */
async function evidenceRowsOf(context: Context, evidence: readonly Evidence[]) {
  const byTable = new Map<string, Evidence[]>()
  for (const one of evidence) byTable.set(one.table, [...(byTable.get(one.table) ?? []), one])
  const found = []
  const show = showing(context, false)
  for (const [name, own] of byTable) {
    const table = context.lake.tables.get(name)
    const key = context.logTypes.find((type) => type.name === name)?.id
    if (!table || key === undefined || table.time === undefined) continue
    const times = own.map(({ time }) => Date.parse(time ?? '')).filter((ms) => !Number.isNaN(ms))
    if (times.length === 0) continue
    const rows = await context.ask(
      `select to_json(whole_row)::varchar as row, ${identifier(key)} as id from (
         select * from ${identifier(name)}
         where ${identifier(table.time)} >= $since::timestamptz and ${identifier(table.time)} <= $until::timestamptz
           and ${identifier(key)} in (select unnest(from_json($ids::json, '["varchar"]')))
       ) as whole_row`,
      async (answer) => {
        const all = new Map<string, Record<string, unknown>>()
        for await (const [row, id] of answer.rows())
          all.set(String(id), shownRow(table, JSON.parse(String(row)), show))
        return all
      },
      {
        masked: true,
        values: {
          since: new Date(Math.min(...times) - 1000).toISOString(),
          until: new Date(Math.max(...times) + 1000).toISOString(),
          ids: JSON.stringify(own.map(({ id }) => id)),
        },
      },
    )
    for (const { id, time } of own) {
      const row = rows.get(id)
      if (row) found.push({ table: name, id, time, row: withoutNulls(row) })
    }
  }
  return found
}

function withoutNulls(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))
}

interface Triage {
  ids?: string[] | undefined
  matching?: { from: string; to: string; state: string; where: string[] } | undefined
  to: NonNullable<Decision['state']>
  verdict?: string | undefined
  reason?: string | undefined
  assignee?: string | undefined
}

export async function triageOf(input: Triage, context: Context): Promise<Answer> {
  if (!hasFindings(context)) throw notFound()
  const { to: state, verdict, assignee } = input
  const decision: Decision = { state, verdict, reason: input.reason || undefined, assignee }
  const fault = faultOf(decision)
  if (fault === 'verdict without an end')
    throw new Problem(422, 'Wrong input', 'A verdict closes findings: what is open or taken has none.')
  if (fault !== undefined)
    throw new Problem(422, 'Wrong input', 'To close findings, a verdict and a reason are wanted.')
  const chosen = await chosenFindings(input, context)
  const who = { name: context.reader.name, nowMs: context.now().getTime() }
  await decide(context.lake, 'findings', chosen, decision, who)
  return { kind: 'json', value: { changed: chosen.length }, seen: { rows: chosen.length } }
}

/** The named findings that exist, or all that meet the conditions, over any number of pages. */
async function chosenFindings({ ids, matching }: Triage, context: Context): Promise<Decided[]> {
  if ((ids === undefined) === (matching === undefined))
    throw new Problem(422, 'Wrong input', 'Either ids or matching is wanted.')
  const where = whereOf(conditionsOf(matching?.where ?? [], FIELDS, SHORT))
  const span = matching ? { since: matching.from, until: matching.to } : EVER
  const rows = await context.objects<Decided>(
    `select id, decided_ms from (\n${sql(url('findings'), { where: where.sql })}\n)`,
    { ...where.values, ...span, id: null, state: matching?.state ?? 'all', me: context.reader.name },
  )
  if (ids === undefined) return rows
  const there = new Map(rows.map((row) => [row.id, row]))
  return [...new Set(ids)].map((id) => {
    const found = there.get(id)
    if (!found) throw notFound()
    return found
  })
}

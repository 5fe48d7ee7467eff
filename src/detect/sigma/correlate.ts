import type { Engine } from '../../lib/duckdb.ts'
import { identifier } from '../../lib/sql.ts'
import {
  type Candidate,
  type Evidence,
  MAX_ALSO,
  MAX_EVIDENCE,
  type Matched,
  type NewRows,
} from '../contract.ts'
import type { Compiled } from './compile.ts'
import type { CorrelationRule, DetectionRule, SigmaRule } from './contract.ts'
import { columnsOf, resolveField } from './fields.ts'
import { about, type Hits, matchedBy, TIME } from './scan.ts'
import type { SigmaTable } from './tables.ts'
import { allOf } from './value.ts'

import { aliased, basesOf, canFire, EVENT, fired, reachSeconds, type Sources, slotted } from './windows.ts'

/**
 * Correlations across turns. The events of a window may arrive in several commits, in any order, so no state
 * is kept between turns: the rows around the new hits are read from the lake again.
 *
 * Firings of a group that follow one another within the timespan are one burst, and a burst is one finding,
 * at its first firing. A burst that had already fired before this turn's rows arrived was reported by an
 * earlier turn, and is not reported again. So each burst is reported once, even when late rows move its
 * beginning or join two of them; for a replay, a burst has the keys of all rows at which it fired.
 */
export interface Open extends Sources {
  /** Tables in which a base rule of a correlation has new hits. */
  touched: ReadonlySet<DetectionRule>
}

export function isCorrelation(rule: SigmaRule): rule is CorrelationRule {
  return rule.kind === 'correlation'
}

/** The detection rules that a correlation refers to, directly or through others. */
export function baseRules(rule: SigmaRule): DetectionRule[] {
  return rule.kind === 'detection' ? [rule] : rule.correlation.of.flatMap(baseRules)
}

/**
 * The rules that a correlation refers to, directly or through others, and that report nothing by themselves.
 */
export function silentUnder(rule: SigmaRule): SigmaRule[] {
  if (rule.kind === 'detection') return []
  const under = rule.correlation.of.flatMap((one) => [one, ...silentUnder(one)])
  return [...new Set(under)].filter(({ reports }) => !reports)
}

/** What a rule is called in messages. */
export function calledOf({ name, title }: SigmaRule): string {
  return name ?? title
}

/** The columns of a table that correlations group by or count. */
export function neededColumns(rules: readonly CorrelationRule[], table: SigmaTable): Set<string> {
  const columns = new Set<string>()
  const visit = (rule: SigmaRule, fields: readonly string[]): void => {
    if (rule.kind === 'detection') {
      if (rule.table === table.name)
        for (const field of fields)
          for (const column of columnsOf(resolveField(table, field))) columns.add(column)
      return
    }
    const { correlation } = rule
    const wanted = [...correlation.groupBy, ...correlation.fields, ...fields]
    for (const [slot, one] of correlation.of.entries()) visit(one, aliased(correlation, slot, wanted))
  }
  for (const rule of rules) visit(rule, [])
  return columns
}

interface Watched {
  table: SigmaTable
  compiled: readonly Compiled[]
  columns: ReadonlySet<string>
}

type Scan = (watched: Watched, item: string, into: string) => Promise<Hits>

/** Reads the hits of base rules in earlier rows, around the new ones. */
export async function openCorrelations(
  rows: NewRows,
  byTable: readonly Watched[],
  rules: readonly CorrelationRule[],
  fresh: ReadonlyMap<string, Hits>,
  scan: Scan,
): Promise<Open> {
  const spans = await spansOf(rows.engine, rules, fresh)
  const before = new Map<string, Hits>()
  const touched = new Set<DetectionRule>()
  for (const watched of byTable) {
    let span: Span | undefined
    const wanted = new Set<DetectionRule>()
    for (const rule of rules) {
      const own = around(rule, spans)
      const bases = baseRules(rule).filter(({ table }) => table === watched.table.name)
      if (!own || bases.length === 0) continue
      span = span ? { from: Math.min(span.from, own.from), to: Math.max(span.to, own.to) } : own
      for (const base of bases) wanted.add(base)
    }
    if (!span) continue
    for (const rule of wanted) touched.add(rule)
    const { name } = watched.table
    const item = await rows.before(name, { from: iso(span.from), to: iso(span.to) })
    const compiled = watched.compiled.filter(({ rule }) => wanted.has(rule))
    before.set(name, await scan({ ...watched, compiled }, item, `sigma_old_${name}`))
  }
  return { fresh, before, touched }
}

/** Milliseconds since 1970, both ends inclusive. */
interface Span {
  from: number
  to: number
}

/** From the first to the last new hit of each base rule that has one. */
async function spansOf(
  engine: Engine,
  rules: readonly CorrelationRule[],
  fresh: ReadonlyMap<string, Hits>,
): Promise<Map<DetectionRule, Span>> {
  const spans = new Map<DetectionRule, Span>()
  for (const base of new Set(rules.flatMap(baseRules))) {
    const hits = fresh.get(base.table)
    const at = hits?.rules.findIndex(({ rule }) => rule === base) ?? -1
    if (!hits || at < 0) continue
    const [[from, to] = []] = await engine.rows(
      `select epoch_ms(min(sigma_time))::double, epoch_ms(max(sigma_time))::double
       from ${identifier(hits.name)} where ${matchedBy(at)}`,
    )
    if (typeof from === 'number' && typeof to === 'number') spans.set(base, { from, to: to + 1 })
  }
  return spans
}

/**
 * The span of rows that can decide about bursts with new events. A firing depends on events up to one reach
 * before it, a new event can make others fire up to one reach after it, and a burst continues over pauses of
 * one timespan: twice the reach on both sides.
 */
function around(rule: CorrelationRule, spans: ReadonlyMap<DetectionRule, Span>): Span | undefined {
  const own = baseRules(rule).flatMap((base) => spans.get(base) ?? [])
  if (own.length === 0) return undefined
  const reach = 2000 * reachSeconds(rule)
  return {
    from: Math.min(...own.map(({ from }) => from)) - reach,
    to: Math.max(...own.map(({ to }) => to)) + reach,
  }
}

function iso(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, -1)}000Z`
}

/** The bursts of a correlation that this turn's rows completed. */
export async function correlate(engine: Engine, rule: CorrelationRule, open: Open): Promise<Candidate[]> {
  if (!baseRules(rule).some((base) => open.touched.has(base))) return []
  const { groupBy, timespanSeconds } = rule.correlation
  const groups = groupBy.map((_, at) => `g${at}`)
  const within = (alias: string) => groups.map((group) => `${alias}.${group} = burst.${group} and `).join('')
  const partition = groups.length > 0 ? `partition by ${groups.join(', ')} ` : ''
  const timespan = `interval ${timespanSeconds} seconds`
  const touched = `select * from event where ${
    groups.length > 0
      ? `(${groups.join(', ')}) in (select (${groups.join(', ')}) from event group by ${groups.join(', ')} having ${allOf(
          ['bool_or(fresh)', ...canFire(rule.correlation)],
        )})`
      : 'true'
  }`
  const firstOf = (column: string) => `arg_min(${column}, (t, tab, id))`
  const shown = groupBy.map((_, at) => `${firstOf(`s${at}`)} as s${at}`)
  const groupClause = [...groups, 'run'].join(', ')
  await engine.run(`create or replace temp table sigma_firing as
    with event as materialized (${slotted(rule, [], open, 'all')}),
    firing as materialized (${fired(rule, touched)}),
    parted as (
      select *, t - lag(t) over (${partition}order by t, tab, id) > ${timespan} as apart from firing
    )
    select *, count(*) filter (where apart) over (${partition}order by t, tab, id rows unbounded preceding) as run
    from parted`)
  await engine.run(`create or replace temp table sigma_burst as
    with earlier as materialized (${fired(rule, slotted(rule, [], open, 'old'))}),
    burst as (
      select ${[...groups, 'run', ...shown].map((one) => `${one}, `).join('')}
        min(t) as first_time, max(t) as last_time,
        ${EVENT.filter((name) => name !== 't' && name !== 'fresh')
          .map((name) => `${firstOf(name)} as ${name}`)
          .join(', ')}, ${firstOf('metric')} as metric
      from sigma_firing group by ${groupClause}
    )
    select row_number() over () as burst, * from burst
    where not exists (
      from earlier where ${within('earlier')}earlier.t between burst.first_time and burst.last_time
    )`)
  const [[count] = []] = await engine.rows('select count(*) from sigma_burst')
  if (count === 0n) return []
  return await bursts(engine, rule, open)
}

async function bursts(engine: Engine, rule: CorrelationRule, open: Open): Promise<Candidate[]> {
  const { groupBy } = rule.correlation
  const same = groupBy.map((_, at) => `base.g${at} = burst.g${at} and `).join('')
  const evidence = await engine.rows(
    `with base as (select distinct t, tab, id, ${groupBy.map((_, at) => `lower(w${at}) as g${at}, `).join('')} from (${basesOf(rule, groupBy, open)})),
     proof as (
       select burst.burst, base.tab, base.id, strftime(base.t, '${TIME}') as time,
         row_number() over (partition by burst.burst order by base.t, base.tab, base.id) as place,
         count(*) over (partition by burst.burst) as count
       from sigma_burst as burst join base
         on ${same}base.t between burst.first_time - interval ${reachSeconds(rule)} seconds and burst.last_time
     )
     select burst, tab, id, time, count::int from proof where place <= ${MAX_EVIDENCE} order by burst, place`,
  )
  const proofs = new Map<bigint, { rows: Evidence[]; count: number }>()
  for (const [burst, table, id, time, count] of evidence) {
    const proof = proofs.get(burst as bigint) ?? { rows: [], count: count as number }
    proof.rows.push({ table: table as string, id: id as string, time: time as string })
    proofs.set(burst as bigint, proof)
  }
  const others = await laterFirings(engine, rule)
  const found = await engine.objects(
    `select *, strftime(first_time, '${TIME}') as time, metric::double as number
     from sigma_burst order by first_time, burst`,
  )
  return found.map((burst): Candidate => {
    const values = groupBy.map((_, at) => burst[`s${at}`] as string)
    const keyAt = (at: Firing) => JSON.stringify([...values.map((value) => value.toLowerCase()), ...at])
    const proof = proofs.get(burst.burst as bigint) ?? { rows: [], count: 0 }
    const { actor, account, region, resource } = burst
    return {
      rule,
      time: burst.time as string,
      table: burst.tab as string,
      ...proof,
      key: keyAt([burst.tab, burst.time, burst.id] as Firing),
      also: (others.get(burst.burst as bigint) ?? []).map(keyAt),
      ...about({ actor, account, region, resource }),
      matched: counted(rule, values, burst.number as number | null, open),
    }
  })
}

type Firing = [table: string, time: string, id: string]

/** By burst, where else it fired: an earlier turn, which had fewer rows, reported it at one of those. */
async function laterFirings(engine: Engine, rule: CorrelationRule): Promise<Map<bigint, Firing[]>> {
  const groups = rule.correlation.groupBy.map((_, at) => `g${at}`)
  const same = groups.map((group) => `firing.${group} = burst.${group} and `).join('')
  const rows = await engine.rows(
    `select burst, tab, strftime(t, '${TIME}') as time, id from (
       select distinct burst.burst, firing.tab, firing.t, firing.id
       from sigma_burst as burst join sigma_firing as firing on ${same}firing.run = burst.run
       where (firing.t, firing.tab, firing.id) <> (burst.first_time, burst.tab, burst.id)
     ) qualify row_number() over (partition by burst order by t, tab, id) <= ${MAX_ALSO}`,
  )
  const firings = new Map<bigint, Firing[]>()
  for (const [burst, ...firing] of rows) {
    const own = firings.get(burst as bigint) ?? []
    own.push(firing as Firing)
    firings.set(burst as bigint, own)
  }
  return firings
}

function counted(
  rule: CorrelationRule,
  values: readonly string[],
  metric: number | null,
  open: Open,
): Matched[] {
  const { groupBy, type, fields } = rule.correlation
  const groups = groupBy.map((field, at): Matched => {
    const column = columnOf(rule, field, open)
    return { field, ...(column === undefined ? {} : { column }), value: values[at] as string }
  })
  if (metric === null) return groups
  const counts = fields.length > 0 ? `${type}(${fields.join(', ')})` : type
  return [...groups, { field: counts, value: String(metric) }]
}

/** The column of a field in the events of the first rule. */
function columnOf(rule: CorrelationRule, field: string, open: Open): string | undefined {
  const [first] = rule.correlation.of
  const [name = field] = aliased(rule.correlation, 0, [field])
  if (first?.kind === 'correlation') return columnOf(first, name, open)
  const table = first && (open.fresh.get(first.table) ?? open.before.get(first.table))?.table
  return table && columnsOf(resolveField(table, name))[0]
}

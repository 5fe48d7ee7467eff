import { identifier } from '../../lib/sql.ts'
import type { Condition, Correlation, CorrelationRule, DetectionRule, Limit, SigmaRule } from './contract.ts'
import { resolveField } from './fields.ts'
import type { Hits } from './scan.ts'
import { matchedBy } from './scan.ts'
import { allOf, anyOf, text, textOf } from './value.ts'

/**
 * Correlations as SQL over the hits of the rules that they rest on.
 *
 * An event at time `t` fires when the condition holds for the events of its group in `[t - timespan, t]`,
 * both ends in it. Events of the same time are all in the window; none is before another, so
 * `temporal_ordered` wants later times. An event without a value of a group-by field belongs to no group.
 * Group values are compared without regard to case, as all texts are. A correlation within another one gives
 * the events that fired, with all that their rows hold.
 */

/** `old`: as it was before this turn's rows came. */
export type Scope = 'all' | 'old'

/** Where the hits of base rules lie: of this turn, and of before. */
export interface Sources {
  fresh: ReadonlyMap<string, Hits>
  before: ReadonlyMap<string, Hits>
}

/**
 * A SELECT with the events of a rule: `t`, `tab`, `id`, `fresh`, the columns of a finding, and `w0`, `w1`,
 * ... for the fields.
 */
function eventsOf(rule: SigmaRule, fields: readonly string[], sources: Sources, scope: Scope): string {
  return rule.kind === 'detection'
    ? hitsOf(rule, fields, sources, scope)
    : firings(rule, fields, sources, scope)
}

function hitsOf(rule: DetectionRule, fields: readonly string[], sources: Sources, scope: Scope): string {
  const parts = [sources.fresh.get(rule.table), sources.before.get(rule.table)].flatMap((hits, at) => {
    const bit = hits?.rules.findIndex((one) => one.rule === rule) ?? -1
    if (!hits || bit < 0 || (scope === 'old' && at === 0)) return []
    const values = fields.map(
      (field, index) => `nullif(${textOf(resolveField(hits.table, field))}, '') as w${index}`,
    )
    const columns = [
      'sigma_time as t',
      `${text(rule.table)} as tab`,
      'sigma_id as id',
      `${at === 0} as fresh`,
      'sigma_actor as actor, sigma_account as account, sigma_region as region, sigma_resource as resource',
      ...values,
    ]
    return [`select ${columns.join(', ')} from ${identifier(hits.name)} where ${matchedBy(bit)}`]
  })
  if (parts.length > 0) return parts.join(' union all ')
  const none = fields.map((_, index) => `null::varchar as w${index}`)
  return `select ${[`null::timestamptz as t`, ...NOTHING, ...none].join(', ')} where false`
}

const NOTHING = ['null::varchar as tab', 'null::varchar as id', 'null::boolean as fresh'].concat(
  ['actor', 'account', 'region', 'resource'].map((name) => `null::varchar as ${name}`),
)

/**
 * The events of a correlation's rules, with their slot, and the groups that they belong to as `g0`, `g1`, ...
 */
export function slotted(
  rule: CorrelationRule,
  fields: readonly string[],
  sources: Sources,
  scope: Scope,
): string {
  const { of, groupBy, fields: valued } = rule.correlation
  const wanted = [...groupBy, ...valued, ...fields]
  const parts = of.map(
    (one, slot) =>
      `select ${slot} as slot, * from (${eventsOf(one, aliased(rule.correlation, slot, wanted), sources, scope)})`,
  )
  const groups = groupBy.map((_, at) => `lower(w${at}) as g${at}`)
  const values = valued.map((_, at) => `w${groupBy.length + at} as v${at}`)
  const kept = fields.map((_, at) => `w${groupBy.length + valued.length + at} as k${at}`)
  const shown = groupBy.map((_, at) => `w${at} as s${at}`)
  const selected = [...EVENT, 'slot', ...groups, ...shown, ...values, ...kept]
  const present = groupBy.map((_, at) => `w${at} is not null`)
  return `select ${selected.join(', ')} from (${parts.join(' union all ')}) where ${allOf(present)}`
}

export const EVENT = ['t', 'tab', 'id', 'fresh', 'actor', 'account', 'region', 'resource']

/** What a field is called in the events of one of the rules. */
export function aliased({ aliases, names }: Correlation, slot: number, fields: readonly string[]): string[] {
  return fields.map((field) => aliases.get(field)?.get(names[slot] ?? '') ?? field)
}

/**
 * The events that fire, each once, with `w0`, ... for the fields that an outer correlation asks for, and
 * `metric`.
 */
function firings(rule: CorrelationRule, fields: readonly string[], sources: Sources, scope: Scope): string {
  const kept = fields.map((_, at) => `k${at} as w${at}`)
  return `select ${[...EVENT, ...kept].join(', ')} from (${fired(rule, slotted(rule, fields, sources, scope))})`
}

/** Of slotted events those that fire. */
export function fired(rule: CorrelationRule, events: string): string {
  const { correlation } = rule
  const groups = correlation.groupBy.map((_, at) => `g${at}`)
  const partition = groups.length > 0 ? `partition by ${groups.join(', ')} ` : ''
  if (correlation.type === 'temporal_ordered') return ordered(correlation, events, partition)
  const window = `window recent as (${partition}order by t range between interval ${correlation.timespanSeconds} seconds preceding and current row)`
  const once = 'qualify row_number() over (partition by tab, id, t order by slot) = 1'
  if (correlation.type === 'temporal') {
    const counts = correlation.of.map(
      (_, slot) => `count(*) filter (where slot = ${slot}) over recent as c${slot}`,
    )
    const seen = (slot: number) => `c${slot} > 0`
    const number = correlation.of.map((_, slot) => `(${seen(slot)})::int`).join(' + ')
    const met = correlation.condition
      ? presence(correlation.condition, correlation.names, seen)
      : correlation.limits.length > 0
        ? withinLimits('metric', correlation.limits)
        : allOf(correlation.of.map((_, slot) => seen(slot)))
    return `select * from (select *, ${number} as metric from (select *, ${counts.join(', ')} from (${events}) ${window}))
      where ${met} ${once}`
  }
  const input =
    correlation.type === 'event_count'
      ? `select * from (${events}) ${once}`
      : `select * from (${events}) where ${allOf(correlation.fields.map((_, at) => `v${at} is not null`))} ${once}`
  return `select * from (select *, ${metric(correlation)} as metric from (${input}) ${window})
    where ${withinLimits('metric', correlation.limits)}`
}

/** Conditions that a group's events meet, all together, where some of them can fire: most groups are told by it. */
export function canFire(correlation: Correlation): string[] {
  const { type, limits } = correlation
  if (type !== 'event_count' && type !== 'value_count') return []
  const all = type === 'event_count' ? 'count(*)' : `count(distinct ${valuesOf(correlation)})`
  return limits
    .filter(({ op }) => op === '>' || op === '>=')
    .map(({ op, value }) => `${all} ${op} ${value}::double`)
}

/** The values of an event's fields as one text. */
function valuesOf({ fields }: Correlation): string {
  return fields.map((_, at) => `lower(v${at})`).join(` || chr(31) || `)
}

function metric(correlation: Correlation): string {
  const { type, percentile } = correlation
  const number = 'sigma_finite(v0)'
  switch (type) {
    case 'event_count':
      return 'count(*) over recent'
    case 'value_count':
      return `count(distinct ${valuesOf(correlation)}) over recent`
    case 'value_sum':
      return `sum(${number}) over recent`
    case 'value_avg':
      return `avg(${number}) over recent`
    case 'value_percentile':
      return `quantile_cont(${number}, ${(percentile ?? 50) / 100}) over recent`
    case 'temporal':
    case 'temporal_ordered':
      throw new Error(`${type} has no number of its own`)
  }
}

function withinLimits(number: string, limits: readonly Limit[]): string {
  return allOf(limits.map(({ op, value }) => `${number} ${op} ${value}::double`))
}

function presence(condition: Condition, names: readonly string[], seen: (slot: number) => string): string {
  if (condition.kind === 'name') return seen(names.indexOf(condition.name))
  if (condition.kind === 'not') throw new Error('a correlation knows no `not`')
  const parts = condition.of.map((one) => presence(one, names, seen))
  return condition.kind === 'and' ? allOf(parts) : anyOf(parts)
}

/**
 * Of each event the latest time at which a chain that leads to it can have begun: of the first rule its own
 * time, of each other the latest among earlier events of the rule before. A chain fires at its end, when it
 * began within the timespan.
 */
function ordered({ of, timespanSeconds }: Correlation, events: string, partition: string): string {
  const earlier = `${partition}order by t range between unbounded preceding and interval 1 microsecond preceding`
  const chained = of.reduce(
    (inner, _, slot) =>
      slot === 0
        ? `select *, case when slot = 0 then t end as b0 from (${inner})`
        : `select *, case when slot = ${slot} then max(b${slot - 1}) over (${earlier}) end as b${slot} from (${inner})`,
    events,
  )
  const last = of.length - 1
  return `select *, ${of.length} as metric from (${chained})
    where slot = ${last} and b${last} >= t - interval ${timespanSeconds} seconds
    qualify row_number() over (partition by tab, id, t order by slot) = 1`
}

/** How far back the events lie at most that a firing rests on. */
export function reachSeconds(rule: SigmaRule): number {
  if (rule.kind === 'detection') return 0
  const { of, timespanSeconds } = rule.correlation
  return timespanSeconds + Math.max(0, ...of.map(reachSeconds))
}

/** The hits that a correlation rests on at its bottom, with its own groups: the evidence of a chain, too. */
export function basesOf(rule: CorrelationRule, fields: readonly string[], sources: Sources): string {
  return rule.correlation.of
    .map((one, slot) => {
      const names = aliased(rule.correlation, slot, fields)
      return one.kind === 'correlation' ? basesOf(one, names, sources) : hitsOf(one, names, sources, 'all')
    })
    .join(' union all ')
}

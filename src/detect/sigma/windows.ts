import { identifier } from '../../lib/sql.ts'
import type { Condition, Correlation, CorrelationRule, DetectionRule, Limit, SigmaRule } from './contract.ts'
import { resolveField } from './fields.ts'
import type { Hits } from './scan.ts'
import { matchedBy } from './scan.ts'
import { allOf, anyOf, text, textOf, textsOf } from './value.ts'

/**
 * Correlations as SQL over the hits of their rules.
 *
 * An event at time `t` fires when the condition holds for the events of its group in `[t - timespan, t]`,
 * both ends inclusive. Events with the same time are all in the window; none is before another, so
 * `temporal_ordered` requires later times. An event without a value of a group-by field belongs to no group.
 * Group values are compared without regard to case, as all texts are. A correlation within another one yields
 * the events that fired, with all columns of their rows.
 *
 * A field that goes through lists may have several values in an event: the event is a row for each then, and
 * so a member of several groups, in each of which it counts once.
 */

/** `old`: without this turn's rows. */
export type Scope = 'all' | 'old'

/** The tables with the hits of base rules: of this turn, and of earlier ones. */
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
    const targets = fields.map((field) => resolveField(hits.table, field))
    const values = targets.map(
      (target, index) => `${target.kind === 'json' ? textsOf(target) : textOf(target)} as w${index}`,
    )
    const columns = [
      'sigma_time as t',
      `${text(rule.table)} as tab`,
      'sigma_id as id',
      `${at === 0} as fresh`,
      'sigma_actor as actor, sigma_account as account, sigma_region as region, sigma_resource as resource',
      ...values,
    ]
    const found = `select ${columns.join(', ')} from ${identifier(hits.name)} where ${matchedBy(bit)}`
    const lists = targets.flatMap((target, index) => (target.kind === 'json' ? [index] : []))
    // One at a time: side by side they would be paired, and not combined.
    return [
      lists.reduce(
        (inner, index) => `select * replace (unnest(w${index}) as w${index}) from (${inner})`,
        found,
      ),
    ]
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

/** A field's name in the events of one of the rules. */
export function aliased({ aliases, names }: Correlation, slot: number, fields: readonly string[]): string[] {
  return fields.map((field) => aliases.get(field)?.get(names[slot] ?? '') ?? field)
}

/**
 * The events that fire, each once, with `w0`, ... for the fields that an outer correlation uses, and
 * `metric`.
 */
function firings(rule: CorrelationRule, fields: readonly string[], sources: Sources, scope: Scope): string {
  const kept = fields.map((_, at) => `k${at}`)
  const named = kept.map((name, at) => `${name} as w${at}`)
  const firing = fired(rule, slotted(rule, fields, sources, scope), kept)
  return `select distinct ${[...EVENT, ...named].join(', ')} from (${firing})`
}

/**
 * The slotted events that fire, once for each group.
 *
 * @param kept columns for an outer correlation: an event may be there for each of several values
 */
export function fired(rule: CorrelationRule, events: string, kept: readonly string[] = []): string {
  const { correlation } = rule
  const groups = correlation.groupBy.map((_, at) => `g${at}`)
  const values = correlation.fields.map((_, at) => `v${at}`)
  const partition = groups.length > 0 ? `partition by ${groups.join(', ')} ` : ''
  const member = ['tab', 'id', 't', ...groups]
  const once = `qualify row_number() over (partition by ${[...member, ...values, ...kept].join(', ')} order by slot) = 1`
  if (correlation.type === 'temporal_ordered') return `${ordered(correlation, events, partition)} ${once}`
  const window = `window recent as (${partition}order by t range between interval ${correlation.timespanSeconds} seconds preceding and current row)`
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
  const present = allOf(values.map((value) => `${value} is not null`))
  const input = `select * from (${events}) where ${present} ${once}`
  // Of the rows of an event that differ only in what is kept, one counts.
  const counted =
    kept.length === 0
      ? `select *, true as counts from (${input})`
      : `select *, row_number() over (partition by ${[...member, ...values].join(', ')} order by slot) = 1 as counts from (${input})`
  return `select * from (select *, ${metric(correlation)} filter (where counts) over recent as metric from (${counted}) ${window})
    where ${withinLimits('metric', correlation.limits)}`
}

/** Conditions that all hold for a group in which an event can fire: they exclude most groups early. */
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
      return 'count(*)'
    case 'value_count':
      return `count(distinct ${valuesOf(correlation)})`
    case 'value_sum':
      return `sum(${number})`
    case 'value_avg':
      return `avg(${number})`
    case 'value_percentile':
      return `quantile_cont(${number}, ${(percentile ?? 50) / 100})`
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
 * For each event, the latest possible start of a chain that leads to it: for the first rule its own time, for
 * each other rule the latest start among earlier events of the rule before. A chain fires at its end if it
 * started within the timespan.
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
    where slot = ${last} and b${last} >= t - interval ${timespanSeconds} seconds`
}

/** The longest distance from a firing back to an event that it depends on. */
export function reachSeconds(rule: SigmaRule): number {
  if (rule.kind === 'detection') return 0
  const { of, timespanSeconds } = rule.correlation
  return timespanSeconds + Math.max(0, ...of.map(reachSeconds))
}

/** The hits at the bottom of a correlation, with its own groups: they are also the evidence of a chain. */
export function basesOf(rule: CorrelationRule, fields: readonly string[], sources: Sources): string {
  return rule.correlation.of
    .map((one, slot) => {
      const names = aliased(rule.correlation, slot, fields)
      return one.kind === 'correlation' ? basesOf(one, names, sources) : hitsOf(one, names, sources, 'all')
    })
    .join(' union all ')
}

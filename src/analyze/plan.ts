import type { BatchLimits } from '../model/batch-limits.ts'
import { dollarsOf, type Price, type Tokens } from './cost.ts'
import type { Item } from './map/items.ts'
import { ANSWER_TOKENS } from './map/prompt.ts'

/** The calls and the cost of an analysis, before any call. */
export interface Plan {
  events: number
  groups: number
  items: number
  /** Upper bounds of the input and output tokens of all calls for items. */
  map: Tokens
  /** The same for the calls that merge findings, estimated from the number of items. */
  reduce: Tokens
  how: How
  /** Upper bound in dollars; undefined when the price is unknown. */
  batch: number | undefined
  onDemand: number | undefined
  /** Upper bound of the cost of the chosen way. */
  max: number | undefined
  /** The likely cost, from the tokens of earlier analyses; undefined before the first. */
  likely: number | undefined
  price: Price | undefined
  limits: BatchLimits | undefined
}

/** Whether calls are made in batches or on demand, and the reason as a sentence. */
export interface How {
  kind: 'batch' | 'on-demand' | 'wait' | 'nothing'
  why: string
}

export interface PlanInput {
  groups: number
  items: readonly Item[]
  price: Price | undefined
  limits: BatchLimits | undefined
  below: 'on-demand' | 'wait'
  hasModel: boolean
  /** What calls took in earlier analyses; undefined before the first. */
  before: Before | undefined
}

/**
 * Mean tokens of a call about events in earlier analyses: what it wrote, and its share of the calls that put
 * findings together.
 */
export interface Before {
  wrote: number | null
  merge_read: number | null
  merge_wrote: number | null
}

/** Findings of an item, and tokens of one in a prompt. */
const FINDINGS = 3
const FINDING_TOKENS = 90
const FLOORS = 4

export function planOf(input: PlanInput): Plan {
  const { items, price, limits, groups, before } = input
  const map = {
    input: items.reduce((sum, { tokens }) => sum + tokens, 0),
    output: items.length * ANSWER_TOKENS,
  }
  const findings = items.length * FINDINGS * FINDING_TOKENS * FLOORS
  const reduce = { input: findings, output: findings }
  const how = howOf(items.length, input)
  const dollars = (tokens: Tokens, way: 'batch' | 'on-demand') =>
    price ? dollarsOf(tokens, price, way) : undefined
  const total = (way: 'batch' | 'on-demand', output = map.output, merging = reduce) => {
    const ground = dollars({ input: map.input, output }, way)
    const above = dollars(merging, 'on-demand')
    return ground === undefined || above === undefined ? undefined : ground + above
  }
  const way = how.kind === 'batch' ? 'batch' : 'on-demand'
  return {
    events: items.reduce((sum, { events }) => sum + events, 0),
    groups,
    items: items.length,
    map,
    reduce,
    how,
    batch: limits ? total('batch') : undefined,
    onDemand: total('on-demand'),
    max: total(way),
    likely: before
      ? total(way, Math.ceil(items.length * (before.wrote ?? 0)), {
          input: Math.ceil(items.length * (before.merge_read ?? 0)),
          output: Math.ceil(items.length * (before.merge_wrote ?? 0)),
        })
      : undefined,
    price,
    limits,
  }
}

/** Chooses batches when there are enough records for one; otherwise what `below` says. */
export function howOf(
  items: number,
  { limits, below, hasModel }: Pick<PlanInput, 'limits' | 'below' | 'hasModel'>,
): How {
  if (items === 0) return { kind: 'nothing', why: 'there are no events' }
  if (!limits) return { kind: 'on-demand', why: 'analyze.batch is not set in loglake.yaml' }
  const told =
    limits.source === 'quotas'
      ? 'Service Quotas'
      : limits.source === 'setting'
        ? 'analyze.batch.least_records'
        : `the usual quota, since AWS's is not known: ${limits.why ?? ''}`
  if (items >= limits.least)
    return { kind: 'batch', why: `${items} calls, and a batch job needs ${limits.least} (${told})` }
  const few = `${items} calls are fewer than the ${limits.least} that a batch job needs (${told})`
  if (below === 'wait') return { kind: 'wait', why: `${few}, and analyze.below says to wait for more` }
  if (!hasModel) return { kind: 'wait', why: `${few}, and no model is set up to be asked on demand` }
  return { kind: 'on-demand', why: `${few}: they are made on demand` }
}

import type { BatchLimits } from '../model/batch-limits.ts'
import { dollarsOf, type Price, type Tokens } from './cost.ts'
import type { Item } from './map/items.ts'
import { ANSWER_TOKENS } from './map/prompt.ts'

/** What an analysis would do and cost, before anything is asked. */
export interface Plan {
  events: number
  groups: number
  items: number
  /** Tokens that the calls for items read at most, and write at most. */
  map: Tokens
  /** The same for the calls that put findings together, by what there is to read. */
  reduce: Tokens
  how: How
  /** Dollars at most; undefined where the price is not known. */
  batch: number | undefined
  onDemand: number | undefined
  /** What the chosen way costs at most. */
  most: number | undefined
  /** The same by what calls wrote in earlier analyses; undefined before the first. */
  likely: number | undefined
  price: Price | undefined
  limits: BatchLimits | undefined
}

/** How the model is asked, and why, in words. */
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
  /** Tokens that a call wrote on average in earlier analyses. */
  wroteBefore: number | undefined
}

/** Findings of an item, and tokens of one in a prompt. */
const FINDINGS = 3
const FINDING_TOKENS = 90
const FLOORS = 4

export function planOf(input: PlanInput): Plan {
  const { items, price, limits, groups, wroteBefore } = input
  const map = {
    input: items.reduce((sum, { tokens }) => sum + tokens, 0),
    output: items.length * ANSWER_TOKENS,
  }
  const findings = items.length * FINDINGS * FINDING_TOKENS * FLOORS
  const reduce = { input: findings, output: findings }
  const how = howOf(items.length, input)
  const dollars = (tokens: Tokens, way: 'batch' | 'on-demand') =>
    price ? dollarsOf(tokens, price, way) : undefined
  const total = (way: 'batch' | 'on-demand', output = map.output) => {
    const ground = dollars({ input: map.input, output }, way)
    const above = dollars(reduce, 'on-demand')
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
    most: total(way),
    likely: wroteBefore === undefined ? undefined : total(way, Math.ceil(items.length * wroteBefore)),
    price,
    limits,
  }
}

/** Batches where there are enough records for one; else as `below` says. */
export function howOf(
  items: number,
  { limits, below, hasModel }: Pick<PlanInput, 'limits' | 'below' | 'hasModel'>,
): How {
  if (items === 0) return { kind: 'nothing', why: 'there are no events' }
  if (!limits) return { kind: 'on-demand', why: 'analyze.batch is not set in loglake.yaml' }
  const told =
    limits.told === 'quotas'
      ? 'Service Quotas'
      : limits.told === 'setting'
        ? 'analyze.batch.least_records'
        : `nobody could say, ${limits.why ?? ''}; so many are usual`
  if (items >= limits.least)
    return { kind: 'batch', why: `${items} calls, and a batch job needs ${limits.least} (${told})` }
  const few = `${items} calls are fewer than the ${limits.least} that a batch job needs (${told})`
  if (below === 'wait') return { kind: 'wait', why: `${few}, and analyze.below says to wait for more` }
  if (!hasModel) return { kind: 'wait', why: `${few}, and no model is set up to be asked on demand` }
  return { kind: 'on-demand', why: `${few}: they are made on demand` }
}

import { sql } from '../../lib/sql.ts'
import type { Context } from '../context.ts'

const FIRSTS = new URL('../sql/overview-firsts.sql', import.meta.url)
const READS = ['activity_10min', 'model_usage_10min']
/** First times that are kept, for all spans together; older ones are queried again. */
const KEPT = 20_000
const ROW_BYTES = 300
/** The most of each list that a page shows. */
const SHOWN = 8
const ASKED = 200

interface First {
  list: 'actor' | 'model' | 'actors since' | 'models since' | 'newest'
  name: string | null
  more: string | null
  at: string | null
}

export interface FirstSeen {
  /** Identities that called AWS, or a model, in the span and never before it; newest first. */
  first: { kind: 'actor' | 'model'; who: string; what: string; time: string }[]
  /** The newest ten minutes with a call; null if there are none. */
  newest: string | null
}

function newestFirst(a: First, b: First): number {
  if (a.at !== b.at) return (a.at ?? '') < (b.at ?? '') ? 1 : -1
  return (a.name ?? '') < (b.name ?? '') ? -1 : 1
}

/** First calls of identities in a span. They are computed over the whole lake, and kept for the next span. */
export async function firstSeen(
  { since, until }: { since: string; until: string },
  context: Context,
): Promise<FirstSeen> {
  const ask = async (within: Context, values: { until: string | null; max: number }) =>
    (await within.objects<First>(sql(FIRSTS), values, { planned: false })).sort(newestFirst)
  const all = await context.kept(['first seen'], READS, async (within) => {
    const value = await ask(within, { until: null, max: KEPT })
    return { value, bytes: value.length * ROW_BYTES }
  })
  const timeOf = (list: First['list']) => all.find((one) => one.list === list)?.at ?? null
  const oldest = all.findLast(({ name }) => name !== null)?.at
  const isWhole = all.length < KEPT || (oldest ? Date.parse(oldest) < Date.parse(since) : true)
  const rows = isWhole ? all : await ask(context, { until, max: ASKED })
  const [from, to] = [Date.parse(since), Date.parse(until)]
  const shown = (kind: 'actor' | 'model') => {
    const begun = timeOf(`${kind}s since`)
    // An identity of the first logged days was not first seen then.
    if (begun === null || from <= Date.parse(begun)) return []
    return rows
      .filter(({ list, at }) => list === kind && at !== null && Date.parse(at) >= from && Date.parse(at) < to)
      .slice(0, SHOWN)
      .map(({ name, more, at }) => ({ kind, who: name ?? '', what: more ?? '', time: at ?? '' }))
  }
  return { first: [...shown('actor'), ...shown('model')], newest: timeOf('newest') }
}

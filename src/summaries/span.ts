import type { Predicate } from '../lake/iceberg/index.ts'
import type { Engine } from '../lib/duckdb.ts'

/** A span of time, both ends included, with times as Iceberg's predicates write them. */
export interface Span {
  from: string
  to: string
}

/**
 * The span from the earliest to the latest time in a query's two columns, extended by `minutes` on both
 * sides. Undefined when the query has no row.
 */
export async function spanOf(engine: Engine, query: string, minutes: number): Promise<Span | undefined> {
  const text = (time: string) => `strftime(${time}, '%Y-%m-%dT%H:%M:%S.%f+00:00')`
  const [[from, to] = []] = await engine.rows(
    `select ${text(`min(from_time) - interval ${minutes} minutes`)}, ${text(`max(until_time) + interval ${minutes} minutes`)}
     from (${query}) as t(from_time, until_time)`,
  )
  return typeof from === 'string' && typeof to === 'string' ? { from, to } : undefined
}

export function within(column: string, { from, to }: Span): Predicate[] {
  return [
    { column, op: '>=', value: from },
    { column, op: '<=', value: to },
  ]
}

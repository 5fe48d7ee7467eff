import type { DuckDBValue } from '@duckdb/node-api'
import type { Candidate } from '../contract.ts'
import type { Round } from './contract.ts'

const CHUNK = 500

/**
 * The rows of a small query over temporary tables, which a separate connection would not see; NULL becomes an
 * empty text.
 */
export async function* rowsInto(
  { engine, signal }: Pick<Round, 'engine' | 'signal'>,
  query: string,
): AsyncGenerator<string[]> {
  await engine.run(
    `create or replace temp table baselines_answer as select row_number() over () as place, * from (${query})`,
  )
  for (let from = 0; ; from += CHUNK) {
    signal.throwIfAborted()
    const rows = await engine.rows(
      `select * exclude (place) from baselines_answer where place > ${from} and place <= ${from + CHUNK} order by place`,
    )
    for (const row of rows) yield row.map((value: DuckDBValue) => (typeof value === 'string' ? value : ''))
    if (rows.length < CHUNK) return
  }
}

/** The fields of a finding that name the actor, the account and the Region. */
export function whoDid(
  found: Partial<Record<'actor' | 'account' | 'region' | 'resource', string | undefined>>,
): Pick<Candidate, 'actor' | 'account' | 'region' | 'resource'> {
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value))
}

/** A SELECT of first times for `baseline_seen`, from a temporary table with these columns. */
export function seenIn(table: string, kind = 'kind'): string {
  return `select ${kind} as kind, nullif(account, '') as account, who, what, first_time, first_id,
    first_time::date as lake_day, now() as lake_ingested_at from ${table}`
}

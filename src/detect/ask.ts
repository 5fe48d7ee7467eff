import type { DuckDBValue } from '@duckdb/node-api'
import { sql } from '../lib/sql.ts'

/** The questions about findings, by the names of their files in `questions/`. */
export type Question =
  | 'findings'
  | 'finding'
  | 'groups'
  | 'counts'
  | 'failures'
  | 'history'
  | 'suppressions'
  | 'rules'

export function question(name: Question): string {
  return sql(new URL(`./questions/${name}.sql`, import.meta.url))
}

export type Answered = Record<string, DuckDBValue>

import type { Engine } from '../lib/duckdb.ts'
import { sql } from '../lib/sql.ts'
import type { Statement } from './statement.ts'

/** What a question can name, for completion. */
export interface AskedNames {
  /** Columns by table and view, in their order; a view of a schema is `schema.view`. */
  tables: ReadonlyMap<string, readonly string[]>
  functions: readonly string[]
}

const url = (name: string) => new URL(`./sql/${name}.sql`, import.meta.url)

/** Everything that can be named in an engine that has the lake's tables and views. */
export async function askedNames(engine: Engine): Promise<AskedNames> {
  const columns = await engine.rows(sql(url('asked-columns')))
  const tables = new Map<string, string[]>()
  for (const [table, column] of columns) {
    const known = tables.get(String(table)) ?? []
    known.push(String(column))
    tables.set(String(table), known)
  }
  const functions = await engine.rows(sql(url('asked-functions')))
  return { tables, functions: functions.map(([name]) => String(name)) }
}

/** Whether a SELECT has a `*` among what it selects, so that it did not choose its columns. */
export function asksForAll({ tree }: Pick<Statement, 'tree'>): boolean {
  const [statement] = tree.statements as { node?: { select_list?: { class: string }[] } }[]
  return statement?.node?.select_list?.some((one) => one.class === 'STAR') ?? false
}

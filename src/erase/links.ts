import type { Lake } from '../lake/lake.ts'
import { readParquet } from '../lake/parquet.ts'
import type { LakeVersion } from '../lake/version.ts'
import type { Engine } from '../lib/duckdb.ts'
import { identifier, literal, sql } from '../lib/sql.ts'
import { asItIs, conditionOf, type Selector } from './selector.ts'

/**
 * Rows that belong to a row of another table without having its person: the output of a session is whose the StartSession is,
 * whatever its role session is called.
 */
const LINKS = [
  {
    from: 'cloudtrail',
    where: "eventsource = 'ssm.amazonaws.com' and eventname = 'StartSession'",
    column: 'f_sessionid',
    to: ['session_log', 'session_summary'],
  },
  { from: 'agent_run', where: 'true', column: 'run', to: ['agent_step'] },
] as const

/** A condition by table on the rows that belong to a person's rows elsewhere. */
export async function linksOf(
  lake: Lake,
  base: LakeVersion,
  engine: Engine,
  selector: Selector,
): Promise<ReadonlyMap<string, string>> {
  const links = new Map<string, string>()
  if (selector.kind !== 'person') return links
  for (const { from, where, column, to } of LINKS) {
    const definition = lake.tables.get(from)
    const table = definition && (await base.table(from))
    const whose = table && conditionOf(asItIs(definition, table), selector)
    const files = (await table?.files()) ?? []
    if (!table || !definition || whose === undefined || files.length === 0) continue
    const locals = await Promise.all(
      files.map(({ path, bytes }) => lake.storage.local(table.keyOf(path), bytes)),
    )
    const name = identifier(column)
    const found = await engine
      .objects(
        sql(new URL('./sql/linked.sql', import.meta.url), {
          id: name,
          rows: readParquet(locals, table.schema, definition),
          where,
          whose,
        }),
      )
      .finally(() => lake.storage.release(locals))
    if (found.length === 0) continue
    const ids = found.map(({ id }) => literal(String(id))).join(', ')
    for (const other of to) links.set(other, `coalesce(${name} in (${ids}), false)`)
  }
  return links
}

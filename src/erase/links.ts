import type { Lake } from '../lake/lake.ts'
import { withLocalFiles } from '../lake/local-files.ts'
import { readParquet } from '../lake/parquet.ts'
import type { LakeVersion } from '../lake/version.ts'
import type { Engine } from '../lib/duckdb.ts'
import { identifier, literal, sql } from '../lib/sql.ts'
import { asItIs, conditionOf, type Selector } from './selector.ts'

/**
 * Rows that belong to another table's row without naming its person: a session's output belongs to the person
 * of its StartSession, under any role session name.
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

/** Conditions by table on rows that belong to a person's rows in other tables. */
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
    const name = identifier(column)
    const found = await withLocalFiles(lake.storage, table, files, (locals) =>
      engine.objects(
        sql(new URL('./sql/linked.sql', import.meta.url), {
          id: name,
          rows: readParquet(locals, table.schema, definition),
          where,
          whose,
        }),
      ),
    )
    if (found.length === 0) continue
    const ids = found.map(({ id }) => literal(String(id))).join(', ')
    for (const other of to) links.set(other, `coalesce(${name} in (${ids}), false)`)
  }
  return links
}

import { contentOf, contested } from '../../lake/contested.ts'
import type { TableDefinition } from '../../lake/table.ts'
import type { Engine } from '../../lib/duckdb.ts'
import { sql } from '../../lib/sql.ts'
import { contradictions } from './same.ts'

const file = (name: string) => new URL(`./sql/${name}`, import.meta.url)

/** Makes the engine's table `conflict`, empty: it lasts for a batch, however often its commit is tried. */
export async function forgetConflicts(engine: Engine): Promise<void> {
  await engine.run(sql(file('conflict-table.sql')))
}

/**
 * Moves those of the engine's table `contested` to `conflict` that say something else than the row that was there
 * before them: they are no repeats, and are kept as rejects.
 */
export async function takeConflicts(engine: Engine, table: TableDefinition): Promise<void> {
  const columns = contentOf(table)
  await engine.run(sql(file('contradiction-table.sql')))
  const odd = await engine.connection.createAppender('contradiction')
  let count = 0
  for await (const { pair, said, known } of contested(engine)) {
    const differ = contradictions(columns, said, known)
    if (differ.length === 0) continue
    odd.appendBigInt(pair)
    odd.appendVarchar(named(differ))
    odd.endRow()
    count++
  }
  odd.closeSync()
  if (count > 0) await engine.run(sql(file('conflicts.sql')))
}

/** How many conflicts each object has, by its URI. */
export async function conflictCounts(engine: Engine): Promise<Map<string, number>> {
  const rows = await engine.rows(sql(file('conflict-counts.sql')))
  return new Map(rows.map(([uri, count]) => [String(uri), Number(count)]))
}

const MOST_NAMED = 3

/** `eventname, useridentity_arn`; of many, the first few. */
function named(columns: readonly string[]): string {
  const shown = columns.slice(0, MOST_NAMED).join(', ')
  return columns.length > MOST_NAMED ? `${shown} and ${columns.length - MOST_NAMED} more` : shown
}

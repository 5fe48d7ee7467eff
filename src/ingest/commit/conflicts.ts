import { contentOf, contested } from '../../lake/contested.ts'
import type { TableDefinition } from '../../lake/table.ts'
import type { Engine } from '../../lib/duckdb.ts'
import { sql } from '../../lib/sql.ts'
import { contradictions } from './same.ts'

const file = (name: string) => new URL(`./sql/${name}`, import.meta.url)

/**
 * Creates the engine's table `conflict`, empty. It lasts for one batch, however often its commit is tried.
 */
export async function forgetConflicts(engine: Engine): Promise<void> {
  await engine.run(sql(file('conflict-table.sql')))
}

/**
 * Moves rows from the engine's table `contested` to `conflict` when they contradict the row with the same
 * key: they are no repeats, and are kept as rejects.
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

/** Number of conflicts of each object, by its URI. */
export async function conflictCounts(engine: Engine): Promise<Map<string, number>> {
  const rows = await engine.rows(sql(file('conflict-counts.sql')))
  return new Map(rows.map(([uri, count]) => [String(uri), Number(count)]))
}

const MAX_NAMED = 3

/** `eventname, useridentity_arn`; of many, the first few. */
function named(columns: readonly string[]): string {
  const shown = columns.slice(0, MAX_NAMED).join(', ')
  return columns.length > MAX_NAMED ? `${shown} and ${columns.length - MAX_NAMED} more` : shown
}

import { openEngine } from '../lib/duckdb.ts'
import { serialized } from '../query/statement.ts'
import type { Described, Origins } from './contract.ts'
import { originsOf } from './origins.ts'

/**
 * The origin of each column in the result of a model's SQL, from the tree of DuckDB's parser. A statement
 * that cannot be read proves nothing.
 */
export async function originsOfResults(
  results: readonly { id: string; kind: string; sql: string; columns: readonly { name: string }[] }[],
  tables: readonly Described[],
): Promise<ReadonlyMap<string, Origins>> {
  const own = results.filter(({ kind }) => kind === 'sql')
  const found = new Map<string, Origins>()
  if (own.length === 0) return found
  const engine = await openEngine({ threads: 1, memory: '64MiB' })
  try {
    const columns = new Map(
      tables.map(({ name, columns: all }) => [name.toLowerCase(), all.map((one) => one.name.toLowerCase())]),
    )
    for (const { id, sql, columns: shown } of own)
      found.set(
        id,
        originsOf(
          await serialized(engine, sql),
          columns,
          shown.map(({ name }) => name),
        ),
      )
  } finally {
    engine.close()
  }
  return found
}

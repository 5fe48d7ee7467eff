import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBValue } from '@duckdb/node-api'
import { type Result, stageResults, takeResult } from '../follow/results.ts'
import type { Lake } from '../lake/lake.ts'
import { DAY, SQL_TYPE, type TableDefinition } from '../lake/table.ts'
import { openEngine } from '../lib/duckdb.ts'
import { identifier } from '../lib/sql.ts'

/**
 * Adds rows that a person wrote to a table of detection, in one commit; the lake's own columns are filled in.
 *
 * @param by the name of the commit, as in `findings`
 */
export async function appendRows(
  lake: Lake,
  by: string,
  table: TableDefinition,
  rows: readonly Readonly<Record<string, DuckDBValue>>[],
): Promise<void> {
  const since = Date.now()
  const place = await lake.storage.workplace()
  const engine = await openEngine({ threads: 1, memory: '128MiB', spill: join(place, 'spill') })
  try {
    const columns = table.columns.filter(({ name }) => name !== DAY && name !== 'lake_ingested_at')
    const types = columns.map(({ name, type }) => `${identifier(name)} ${SQL_TYPE[type]}`)
    await engine.run(`create temp table written (${types.join(', ')})`)
    for (const row of rows) {
      const values = columns.map(({ name }) => row[name] ?? null)
      const places = columns.map((_, at) => `$${at + 1}`)
      await engine.run(`insert into written values (${places.join(', ')})`, values)
    }
    const select = `select *, current_date as ${identifier(DAY)}, now() as lake_ingested_at from written`
    const version = await lake.newest()
    const staged = await stageResults(
      lake,
      engine,
      { writes: [table] },
      version,
      { [table.name]: select },
      place,
    )
    await lake.commit(
      by,
      async (base) => ({
        tables: {
          [table.name]: {
            add: await Promise.all(staged.map((one: Result) => takeResult(lake.storage, one, base))),
          },
        },
      }),
      since,
    )
  } finally {
    engine.close()
    await rm(place, { recursive: true, force: true })
  }
}

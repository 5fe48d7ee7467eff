import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { wellFormed, wellFormedJson } from '../json/halves.ts'
import { type Engine, openEngine } from '../lib/duckdb.ts'
import { identifier, literal } from '../lib/sql.ts'
import type { LakeChange } from './change.ts'
import { plannedMetadata } from './change.ts'
import { currentSchema, type DataFile } from './iceberg/index.ts'
import type { Lake } from './lake.ts'
import { adopt, disown, stageParquet } from './parquet.ts'
import { DAY, SQL_TYPE, type TableDefinition } from './table.ts'
import type { LakeVersion } from './version.ts'

/** A row by column name; times as ISO 8601. A column that is not named is null. */
export type NewRow = Readonly<Record<string, string | number | boolean | null>>

/** The rows and cursors that one commit adds, computed from one version of the lake. */
export interface Added {
  rows: readonly { table: TableDefinition; rows: readonly NewRow[] }[]
  /** Cursors that move in the same commit; null removes a cursor. */
  cursors?: Record<string, string | null>
}

/**
 * Adds a few rows that loglake itself makes (decisions, accesses) in one commit. After losing a race, `work`
 * is called again with the new version, so rows are never based on a state that is out of date.
 *
 * @param by the name of the commit, as in `review`
 * @param work returns undefined when there is nothing to add; when it throws, nothing is added
 * @returns whether anything was added
 */
export async function append(
  lake: Lake,
  by: string,
  work: (base: LakeVersion) => Promise<Added | undefined>,
): Promise<boolean> {
  const since = Date.now()
  const place = await lake.storage.workplace()
  const engine = await openEngine({ threads: 1, memory: '256MiB', spill: join(place, 'spill') })
  let adopted: string[] = []
  const discard = async () => {
    const keys = adopted
    adopted = []
    for (const key of keys) await disown(lake.storage, key)
  }
  try {
    const { changed } = await lake.commit(
      by,
      async (base) => {
        await discard()
        const added = await work(base)
        if (!added) return undefined
        const tables: LakeChange['tables'] = {}
        for (const { table, rows } of added.rows) {
          if (rows.length === 0) continue
          const metadata = plannedMetadata(lake.storage, table, await base.table(table.name))
          const schema = currentSchema(metadata)
          const select = await selectOf(engine, table, rows)
          const files: DataFile[] = []
          for (const staged of await stageParquet(engine, table, schema, select, place)) {
            const { file, key } = await adopt(lake.storage, table, { metadata, schema }, staged, undefined)
            adopted.push(key)
            files.push(file)
          }
          tables[table.name] = { add: files }
        }
        return { tables, ...(added.cursors ? { cursors: added.cursors } : {}) }
      },
      since,
    )
    if (!changed) await discard()
    return changed
  } catch (thrown) {
    await discard()
    throw thrown
  } finally {
    engine.close()
    await rm(place, { recursive: true, force: true })
  }
}

/**
 * The rows as a SELECT of the table's columns. They are bound as one JSON text, never part of a statement.
 */
async function selectOf(engine: Engine, table: TableDefinition, rows: readonly NewRow[]): Promise<string> {
  const columns = table.columns.filter(({ name }) => name !== DAY && name !== 'lake_ingested_at')
  const shape = columns.map(
    ({ name, type }) => `${JSON.stringify(name)}: ${JSON.stringify(RAW[type] ?? 'VARCHAR')}`,
  )
  const casts = columns.map(
    ({ name, type }) => `${identifier(name)}::${SQL_TYPE[type]} as ${identifier(name)}`,
  )
  const day = table.time === undefined ? 'current_date' : `${identifier(table.time)}::timestamptz::date`
  // One half of a surrogate pair in any value would make DuckDB reject the JSON of all rows.
  const whole = rows.map((row) =>
    Object.fromEntries(
      columns.map(({ name, type }) => {
        const value = wellFormed(row[name] ?? null)
        return [name, type === 'json' && typeof value === 'string' ? wellFormedJson(value) : value]
      }),
    ),
  )
  await engine.run(
    `create or replace temp table added as select ${casts.join(', ')}, ${day} as ${identifier(DAY)}, now() as lake_ingested_at
     from (select unnest(from_json($1::json, ${literal(`[{${shape.join(', ')}}]`)}), recursive := true))`,
    [JSON.stringify(whole)],
  )
  return 'select * from added'
}

/** Types that JSON has too. */
const RAW: Partial<Record<string, string>> = { boolean: 'BOOLEAN', long: 'BIGINT', double: 'DOUBLE' }

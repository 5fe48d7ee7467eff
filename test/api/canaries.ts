import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { stageResults, takeResult } from '../../src/follow/results.ts'
import type { Lake } from '../../src/lake/lake.ts'
import { SQL_TYPE, type TableColumn, type TableDefinition } from '../../src/lake/table.ts'
import { openEngine } from '../../src/lib/duckdb.ts'
import { identifier, literal } from '../../src/lib/sql.ts'
import { placeColumn } from '../../src/query/rows-of.ts'

/** The account whose rows have canaries, and what every text in them begins with. */
export const FOREIGN = '999900001111'
export const CANARY = 'zq7canary'
/** What every number in them is: its digits are in no other number of the lake. */
export const NUMBER = 4_862_468_624

const AT = '2026-01-08T10:00:00Z'

/** A row of another account in every table that has rows by account, with a canary in each of its columns. */
export async function writeCanaries(lake: Lake): Promise<string[]> {
  const tables = [...lake.tables.values()].filter((table) => placeColumn(table, 'account') !== undefined)
  const since = Date.now()
  const place = await lake.storage.workplace()
  const engine = await openEngine({ threads: 1, memory: '256MiB', spill: join(place, 'spill') })
  try {
    const version = await lake.newest()
    const selects = Object.fromEntries(tables.map((table) => [table.name, `select ${rowOf(table)}`]))
    const staged = await stageResults(lake, engine, { writes: tables }, version, selects, place)
    await lake.commit(
      'canaries',
      async (base) => {
        const added: Record<string, { add: Awaited<ReturnType<typeof takeResult>>[] }> = {}
        for (const one of staged) {
          const { table } = one
          added[table.name] = {
            add: [...(added[table.name]?.add ?? []), await takeResult(lake.storage, one, base)],
          }
        }
        return { tables: added }
      },
      since,
    )
    return tables.map(({ name }) => name)
  } finally {
    engine.close()
    await rm(place, { recursive: true, force: true })
  }
}

function rowOf(table: TableDefinition): string {
  const account = placeColumn(table, 'account')
  return table.columns
    .map((column) => {
      const value = column.name === account ? literal(FOREIGN) : canaryOf(table, column)
      return `${value}::${SQL_TYPE[column.type]} as ${identifier(column.name)}`
    })
    .join(', ')
}

/** Text is JSON as well, since some of the columns are read as such. */
function canaryOf({ name: table }: TableDefinition, { name, type }: TableColumn): string {
  if (type === 'timestamptz') return literal(AT)
  if (type === 'date') return literal(AT.slice(0, 10))
  if (type === 'boolean') return 'true'
  if (type === 'long' || type === 'double') return String(NUMBER)
  if (name === 'lake_day') return literal(AT.slice(0, 10))
  return literal(JSON.stringify({ [CANARY]: `${table}.${name}` }))
}

import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { stageResults, takeResult } from '../../src/follow/results.ts'
import type { Lake } from '../../src/lake/lake.ts'
import { SQL_TYPE, type TableColumn, type TableDefinition } from '../../src/lake/table.ts'
import { openEngine } from '../../src/lib/duckdb.ts'
import { identifier, literal } from '../../src/lib/sql.ts'
import type { PersonSpan } from '../../src/query/reader.ts'
import { placeColumn } from '../../src/query/rows-of.ts'

/** The account whose rows have canaries; their Region is none. What every other text in them begins with. */
export const FOREIGN = '999900001111'
export const CANARY = 'zq7canary'
/** What every number in them is: its digits are in no other number of the lake. */
export const NUMBER = 4_862_468_624

/**
 * Ten minutes without calls of models: of summaries, the newest version of these ten minutes counts, and their
 * canaries would be the newest.
 */
const AT = '2026-01-08T10:10:00Z'

/** Some of the canaries' rows are this person's, who is this manager's before and after, and not then. */
export const PERSON = 'goran@example.com'
export const PEOPLE: readonly PersonSpan[] = [
  { person: PERSON, until: '2026-01-08T10:05:00Z' },
  { person: PERSON, from: '2026-01-08T10:15:00Z' },
]

/** Columns that tell whose a row is, with this person in them. */
const ARN = `arn:aws:sts::${FOREIGN}:assumed-role/${CANARY}/${PERSON}`
const WHOSE: Readonly<Record<string, string>> = {
  useridentity_arn: ARN,
  useridentity_sessioncontext_sourceidentity: PERSON,
  identity_session: PERSON,
  actor: `${PERSON} via ${CANARY}`,
  who: PERSON,
  asked_by: PERSON,
  person: PERSON,
}

/**
 * Rows of another account, another Region and nobody known, in every table that has rows by one of these, with
 * a canary in each of their columns; and where rows are somebody's, some of a person at a foreign time.
 */
export async function writeCanaries(lake: Lake): Promise<string[]> {
  const tables = [...lake.tables.values()].filter(
    (table) => table.whose !== undefined || placeColumn(table, 'account') !== undefined || hasRegion(table),
  )
  const since = Date.now()
  const place = await lake.storage.workplace()
  const engine = await openEngine({ threads: 1, memory: '256MiB', spill: join(place, 'spill') })
  try {
    const version = await lake.newest()
    const selects = Object.fromEntries(
      tables.map((table) => [
        table.name,
        `select ${rowOf(table)}${table.whose ? ` union all select ${rowOf(table, WHOSE)}` : ''}`,
      ]),
    )
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

const hasRegion = (table: TableDefinition) => placeColumn(table, 'region') !== undefined

function rowOf(table: TableDefinition, values: Readonly<Record<string, string>> = {}): string {
  const account = placeColumn(table, 'account')
  return table.columns
    .map((column) => {
      const own = column.name === account ? FOREIGN : values[column.name]
      const value = own === undefined ? canaryOf(table, column) : literal(own)
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

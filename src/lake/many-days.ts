import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Engine } from '../lib/duckdb.ts'
import { identifier, list, literal, sql } from '../lib/sql.ts'
import type { Schema } from './iceberg/index.ts'
import { type ParquetOptions, type StagedFile, stageParquet } from './parquet.ts'
import { DAY, DAYS_AT_ONCE, SQL_TYPE, type TableDefinition } from './table.ts'

/** So many rows of one day are worth a COPY of their own, which tells nothing apart. */
const ROWS_ALONE = 16_384

const url = (name: string) => new URL(`./sql/${name}`, import.meta.url)

/**
 * Writes the rows of a query, of however many days, as Parquet files of one day each, in memory that does not grow with
 * the days. The query is asked once for its days, and once for each group of them: for rows that are cheap to find by day.
 */
export async function stageDays(
  engine: Engine,
  table: TableDefinition,
  schema: Schema,
  rows: string,
  place: string,
  options: Omit<ParquetOptions, 'day'> = {},
): Promise<StagedFile[]> {
  const days = await engine.rows(sql(url('days.sql'), { day: DAY, rows }))
  if (days.length <= DAYS_AT_ONCE) return await stageParquet(engine, table, schema, rows, place, options)
  const files: StagedFile[] = []
  const groups = inGroups(
    days.map(([day, count]) => ({ day: day === null ? null : String(day), rows: Number(count) })),
  )
  for (const group of groups) {
    const [only] = group
    const part = `select * from (${rows}) where ${dayIn(group.map(({ day }) => day))}`
    const day = group.length === 1 && only?.day ? { day: only.day } : {}
    files.push(...(await stageParquet(engine, table, schema, part, place, { ...options, ...day })))
  }
  return files
}

/**
 * The same for rows that are dear to make: they are made once, into one local file in the order of their days, from which
 * each group of days reads its stretch. The sorting spills to the disk when it is much.
 */
export async function stageDaysSorted(
  engine: Engine,
  table: TableDefinition,
  schema: Schema,
  rows: string,
  place: string,
  options: Omit<ParquetOptions, 'day'> = {},
): Promise<StagedFile[]> {
  const { without = new Set() } = options
  const file = join(place, `${randomUUID()}.sorted.parquet`)
  const columns = table.columns
    .filter(({ name }) => !without.has(name))
    .map(({ name, type }) => `${identifier(name)}::${SQL_TYPE[type]} as ${identifier(name)}`)
  try {
    await engine.copy(
      sql(url('by-day.sql'), { columns: columns.join(',\n    '), rows, day: DAY, target: literal(file) }),
    )
    const absent = [...without].map((name) => `null as ${identifier(name)}`)
    const sorted = `select ${['*', ...absent].join(', ')} from read_parquet(${list([file])}, hive_partitioning = false)`
    return await stageDays(engine, table, schema, sorted, place, options)
  } finally {
    await rm(file, { force: true })
  }
}

interface DayRows {
  day: string | null
  rows: number
}

/** In the order of the days: full ones alone, and others as many together as one COPY may tell apart. */
export function inGroups<T extends { rows: number }>(days: readonly T[]): T[][] {
  const groups: T[][] = []
  let group: T[] = []
  for (const one of days) {
    if (one.rows >= ROWS_ALONE) {
      groups.push([one])
      continue
    }
    if (group.length === 0) groups.push(group)
    group.push(one)
    if (group.length === DAYS_AT_ONCE) group = []
  }
  return groups
}

/** Of days that follow one another but for some that are written alone: by their names, since a year may have five digits. */
function dayIn(days: readonly DayRows['day'][]): string {
  const named = days.filter((day) => day !== null)
  const some = `${DAY} in (${named.map((day) => `${literal(day)}::date`).join(', ')})`
  if (named.length === days.length) return some
  return named.length === 0 ? `${DAY} is null` : `(${some} or ${DAY} is null)`
}

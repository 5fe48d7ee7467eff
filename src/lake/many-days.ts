import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { dayText } from '../lib/day.ts'
import type { Engine } from '../lib/duckdb.ts'
import { identifier, list, literal, sql } from '../lib/sql.ts'
import { stagedDays } from './days.ts'
import type { Schema } from './iceberg/index.ts'
import { type ParquetOptions, type StagedFile, stageParquet } from './parquet.ts'
import { DAY, FEW_DAYS, SEVERAL, SQL_TYPE, type TableDefinition } from './table.ts'

/** Rows of one day, or of several together, that are worth a file of their own. */
const ENOUGH_ROWS = 16_384
/** Most days in one file of small days: a query for one of them opens the file of all. */
const MAX_DAYS = 366

const url = (name: string) => new URL(`./sql/${name}`, import.meta.url)

/**
 * Writes the rows of a query as Parquet files, one for each day, or one for several small days, in memory
 * that does not grow with the number of days. The query runs once to count days, and once for each file: for
 * rows that are cheap to select by day.
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
  if (days.length <= FEW_DAYS) return await stageParquet(engine, table, schema, rows, place, options)
  const files: StagedFile[] = []
  const groups = inGroups(
    days.map(([day, count]) => ({ day: day === null ? null : String(day), rows: Number(count) })),
  )
  for (const group of groups) {
    const [only] = group
    const part = `select * from (${rows}) where ${dayIn(group.map(({ day }) => day))}`
    const day = group.length > 1 ? SEVERAL : (only?.day ?? undefined)
    files.push(...(await stageParquet(engine, table, schema, part, place, { ...options, day })))
  }
  return files
}

/**
 * Like `stageDays`, for rows that are expensive to compute: they are computed once, into one local file
 * sorted by day, from which each group of days reads its part. The sort spills to disk when it is large.
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

/**
 * Like `stageDays`, for rows that are computed once and are mostly of one day: they are written in their
 * final form, and written again only when they are of several days.
 */
export async function stageOnce(
  engine: Engine,
  table: TableDefinition,
  schema: Schema,
  rows: string,
  place: string,
  options: Omit<ParquetOptions, 'day' | 'without'> = {},
): Promise<StagedFile[]> {
  const [all] = await stageParquet(engine, table, schema, rows, place, { ...options, day: SEVERAL })
  const days = all && stagedDays(all)
  if (!all || !days) return []
  if (days.first === days.last) return [{ ...all, day: dayText(days.first) }]
  try {
    const made = `select * from read_parquet(${list([all.local])}, hive_partitioning = false)`
    return await stageDays(engine, table, schema, made, place, options)
  } finally {
    await rm(all.local, { force: true })
  }
}

interface DayRows {
  day: string | null
  rows: number
}

/** Groups days in their order: large days alone, small ones together until they are large enough. */
export function inGroups<T extends { rows: number }>(days: readonly T[]): T[][] {
  const groups: T[][] = []
  let group: T[] = []
  let rows = 0
  for (const one of days) {
    if (one.rows >= ENOUGH_ROWS) {
      groups.push([one])
      continue
    }
    if (group.length === 0) groups.push(group)
    group.push(one)
    rows += one.rows
    if (rows >= ENOUGH_ROWS || group.length === MAX_DAYS) [group, rows] = [[], 0]
  }
  return groups
}

/**
 * A condition for consecutive days without those that are written alone. Days are listed by name, since a
 * year may have five digits.
 */
function dayIn(days: readonly DayRows['day'][]): string {
  const named = days.filter((day) => day !== null)
  const some = `${DAY} in (${named.map((day) => `${literal(day)}::date`).join(', ')})`
  if (named.length === days.length) return some
  return named.length === 0 ? `${DAY} is null` : `(${some} or ${DAY} is null)`
}

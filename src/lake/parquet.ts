import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBMapValue, type DuckDBValue } from '@duckdb/node-api'
import type { Engine } from '../lib/duckdb.ts'
import { isOutOfMemory, LakeError, sentence } from '../lib/errors.ts'
import { identifier, list, literal, sql } from '../lib/sql.ts'
import { filterKeyOf } from './file-filter.ts'
import { hashOfFile, withHash } from './hash.ts'
import { type ColumnStatistics, type DataFile, metricsOf, type Schema, toStored } from './iceberg/index.ts'
import { faultPoint } from './steps.ts'
import type { Storage } from './storage/contract.ts'
import { fileError } from './storage/file-error.ts'
import { makeFolders } from './storage/folders.ts'
import { DAY, folderOf, SEVERAL, SQL_TYPE, type TableDefinition } from './table.ts'
import type { TableVersion } from './version.ts'

/** A Parquet file that is complete but not yet in the lake. */
export interface StagedFile {
  local: string
  /** UTC date as 2026-01-07; null where rows have none; `several` where rows are of more than one day. */
  day: string | null
  rows: number
  bytes: number
  statistics: ColumnStatistics
  /** Columns of the table that the file does not have: they are null. */
  without: ReadonlySet<string>
}

export interface ParquetOptions {
  /** The day of all rows; `several` writes all rows into one file; undefined writes a file for each day. */
  day?: string | undefined
  /** `sort` orders rows as the table says, `keep` as they come, `any` in the fastest way. */
  order?: 'sort' | 'keep' | 'any'
  /** Large row groups: slower to write, for files that stay. */
  large?: boolean
  /** Columns that are null in all rows. They are omitted, except those that the lake itself needs. */
  without?: ReadonlySet<string>
}

/**
 * zstd at level 1: on these logs its files are a little smaller than at the default level 3, since DuckDB's
 * dictionaries remove repetition first, and it is faster. Parquet's own Bloom filters would cost a tenth of
 * the writing, and exclude nothing here that bounds and sorting do not.
 */
const COMPRESSION = 'compression zstd, compression_level 1, write_bloom_filter false'

/**
 * Small row groups are written faster and in less memory; large ones are better for a file that is read for
 * years. DuckDB allocates a dictionary of the largest size for each text column that a thread writes: a
 * quarter of its usual 1 MiB saves 60 MiB for a wide table, and costs half a percent more disk. Large row
 * groups have half of DuckDB's default size: compacting CloudTrail takes 200 MiB less, and files grow by less
 * than one percent.
 */
const ROW_GROUP = {
  small: 'row_group_size 20480, string_dictionary_page_size_limit 262144',
  large: 'row_group_size 61440',
}

/**
 * Writes the rows of a query as Parquet files of one day each, with the field ids of the table.
 *
 * @param rows a SELECT that gives the table's columns by name
 */
export async function stageParquet(
  engine: Engine,
  table: TableDefinition,
  schema: Schema,
  rows: string,
  place: string,
  { day, order = 'sort', large = false, without: empty = new Set() }: ParquetOptions = {},
): Promise<StagedFile[]> {
  const without = dispensable(table, empty)
  const isThere = ({ name }: { name: string }) => !without.has(name)
  const ids = schema.fields.filter(isThere).map(({ name, id }) => `${identifier(name)}: ${id}`)
  const columns = table.columns
    .filter(isThere)
    .map(({ name, type }) => `${identifier(name)}::${SQL_TYPE[type]} as ${identifier(name)}`)
  const target = join(place, randomUUID())
  const spread = day === undefined
  if (spread) await makeFolders(target)
  try {
    await engine.run(`set preserve_insertion_order = ${order === 'keep'}`)
    const written = await engine.copy(
      sql(new URL('./sql/stage.sql', import.meta.url), {
        columns: columns.join(',\n    '),
        rows,
        order: order !== 'sort' || !table.sort ? '' : `order by ${table.sort.map(identifier).join(', ')}`,
        target: literal(spread ? target : `${target}.parquet`),
        options: `${COMPRESSION}, ${ROW_GROUP[large ? 'large' : 'small']}, field_ids {${ids.join(', ')}}, return_stats${
          spread ? `, partition_by (${DAY}), write_partition_columns true, filename_pattern '{uuid}'` : ''
        }`,
      }),
    )
    const files = written.map((row) => stagedFile(row, day, without))
    const empty = files.filter((file) => file.rows === 0)
    await Promise.all(empty.map((file) => rm(file.local, { force: true })))
    return files.filter((file) => file.rows > 0)
  } catch (thrown) {
    await rm(spread ? target : `${target}.parquet`, { recursive: true, force: true })
    throw /no space left|permission denied/i.test(String(thrown))
      ? fileError('write', target, thrown)
      : thrown
  }
}

/** The columns among these that the lake itself does not need. */
function dispensable(
  { columns, key = [], filter = [], sort = [], time }: TableDefinition,
  empty: ReadonlySet<string>,
): ReadonlySet<string> {
  const bounded = columns.flatMap(({ name, bounds }) => (bounds ? [name] : []))
  const needed = new Set([...key, ...filter, ...sort, time, ...bounded])
  return new Set([...empty].filter((name) => !needed.has(name)))
}

function stagedFile(
  [local, rows, bytes, , columns, partition]: DuckDBValue[],
  day: string | undefined,
  without: ReadonlySet<string>,
): StagedFile {
  const statistics = Object.fromEntries(
    mapEntries(columns).map(([name, found]) => [name, Object.fromEntries(mapEntries(found))]),
  ) as ColumnStatistics
  const [, partitionDay] = mapEntries(partition)[0] ?? []
  const isDay = typeof partitionDay === 'string' && /^\d{4,}-\d\d-\d\d$/.test(partitionDay)
  return {
    local: String(local),
    rows: Number(rows),
    bytes: Number(bytes),
    statistics,
    day: day ?? (isDay ? (partitionDay as string) : null),
    without,
  }
}

function mapEntries(value: DuckDBValue | undefined): [string, DuckDBValue][] {
  return value instanceof DuckDBMapValue ? value.entries.map(({ key, value }) => [String(key), value]) : []
}

/**
 * Copies a staged file into the lake's storage, with a filter of its keys. No reader sees it before a commit.
 */
export async function adopt(
  storage: Storage,
  table: TableDefinition,
  location: { metadata: TableVersion['metadata']; schema: Schema },
  staged: StagedFile,
  filter: Uint8Array | undefined,
): Promise<{ file: DataFile; key: string }> {
  const { sha256, bytes } = await hashOfFile(staged.local, staged.bytes)
  const stem = withHash(randomUUID(), sha256)
  const name = `data/${DAY}=${staged.day ?? 'none'}/${stem}.parquet`
  const key = `${folderOf(table.name)}/${name}`
  if (filter) {
    await storage.write(filterKeyOf(key), filter)
    faultPoint('filter-adopted')
  }
  await storage.adopt(staged.local, key)
  faultPoint('data-adopted')
  const file: DataFile = {
    path: `${location.metadata.location}/${name}`,
    format: 'PARQUET',
    partition:
      staged.day === SEVERAL
        ? {}
        : { [DAY]: staged.day === null ? null : Number(toStored('date', staged.day)) },
    records: staged.rows,
    bytes,
    ...prunable(table, location.schema, metricsOf(location.schema, staged.statistics)),
  }
  return { file, key }
}

/** Removes an adopted file that no commit names from storage, with its filter. */
export async function disown(storage: Storage, key: string): Promise<void> {
  await storage.remove(key)
  await storage.remove(filterKeyOf(key))
}

/**
 * Only the columns that queries prune by: bounds of all columns would make manifests larger than small data
 * files.
 */
function prunable(table: TableDefinition, schema: Schema, metrics: ReturnType<typeof metricsOf>) {
  const wanted = new Set(table.columns.filter(({ bounds }) => bounds).map(({ name }) => name))
  const ids = new Set(schema.fields.filter(({ name }) => wanted.has(name)).map(({ id }) => id))
  const keep = <T>(counts: Map<number, T>) => new Map([...counts].filter(([id]) => ids.has(id)))
  return {
    valueCounts: keep(metrics.valueCounts),
    nullCounts: keep(metrics.nullCounts),
    lower: keep(metrics.lower),
    upper: keep(metrics.upper),
  }
}

/** Runs a query on data files of the lake; when it fails, finds the file that cannot be read. */
export async function readingFiles<T>(
  engine: Engine,
  files: readonly string[],
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await ask()
  } catch (thrown) {
    // Running out of memory says nothing about the file.
    if (isOutOfMemory(thrown)) throw thrown
    for (const file of files) {
      const probe = `select count(columns(*)) from read_parquet(${list([file])}, hive_partitioning = false)`
      await engine.rows(probe).catch((damage) => {
        if (isOutOfMemory(damage)) throw thrown
        throw new LakeError(`a data file cannot be read: ${sentence(damage).split('\n')[0]}`, {
          file,
          remedy:
            'restore that file from a backup; `loglake verify` lists every file that is missing or damaged',
          cause: damage,
        })
      })
    }
    throw thrown
  }
}

/**
 * A FROM item that reads data files by field id, so that files older than a column give null for it.
 *
 * @param rows the number of rows in all files. Without it DuckDB takes files that it reads by field id for
 *   empty ones, and may hold the largest table of a join in memory.
 */
export function readParquet(
  files: readonly string[],
  schema: Schema,
  table: TableDefinition,
  rows?: number,
): string {
  const types = new Map(table.columns.map(({ name, type }) => [name, SQL_TYPE[type]]))
  const fields = schema.fields.map(
    ({ id, name }) =>
      `${id}: {name: ${literal(name)}, type: ${literal(types.get(name) ?? 'varchar')}, default_value: null}`,
  )
  const count = rows ? `, explicit_cardinality = ${rows}` : ''
  return `read_parquet(${list(files)}, schema = map {${fields.join(', ')}}, hive_partitioning = false${count})`
}

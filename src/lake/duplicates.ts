import { dayText } from '../lib/day.ts'
import type { Engine } from '../lib/duckdb.ts'
import { identifier, list, literal, sql } from '../lib/sql.ts'
import { contestRows, forgetContested } from './contested.ts'
import { stagedDays } from './days.ts'
import { heldBy } from './file-filter.ts'
import { type FilterCache, withFilters } from './filters.ts'
import { askedKeys } from './fuse.ts'
import { type DataFile, fromBytes, type Predicate, type Schema } from './iceberg/index.ts'
import { withLocalFiles } from './local-files.ts'
import { readingFiles, type StagedFile } from './parquet.ts'
import { filteredColumns, keyExpression, type StagedKeys, sameKey } from './staged-keys.ts'
import type { Storage } from './storage/contract.ts'
import { allDone, limit } from './storage/lanes.ts'
import { DAY, SQL_TYPE, type TableDefinition } from './table.ts'
import type { TableVersion } from './version.ts'

/**
 * Which new rows the lake has already, without reading the lake. A row's key contains its time, so only files
 * whose bounds of time and day overlap the new rows can hold a duplicate, and of these the filter of a file's
 * keys excludes nearly all others (`file-filter.ts`). A filter is wrong only by suspecting too much: what it
 * suspects is compared exactly, row by row. So the usual batch of new rows reads small filters and no data,
 * and a doubt costs time, never a row. Called again inside a commit, it looks only at the files that other
 * writers have added since.
 */

const url = (name: string) => new URL(`./sql/${name}`, import.meta.url)

/** Hashes up to which suspected rows are selected by a list; above it, every row is compared. */
const MAX_SUSPECTS = 2000

/** New files whose possible duplicates are looked for at once. */
const FILES_AT_ONCE = 8

/** A staged file, and local copies of the lake's files that may hold some of its rows. */
export interface Suspected {
  staged: StagedFile
  /** Local paths of data files, to be released. */
  old: string[]
  /** The number of rows in these files. */
  oldRows: number
  /** Hashes of the suspected rows, up to a few more than `MAX_SUSPECTS`. */
  hashes: Set<bigint>
  /** The first and last time of these rows. */
  from: number
  to: number
}

/**
 * Fetches the files of the lake that may hold duplicates of new rows: file bounds select them, and filters
 * exclude most of those. Several new files are looked up at once, because requests to a bucket take long.
 *
 * @param after the table's sequence number at the last comparison of these rows; -1 for none
 */
export async function suspects(
  storage: Storage,
  table: TableDefinition,
  current: TableVersion,
  fresh: readonly { staged: StagedFile; keys: StagedKeys }[],
  after: number,
  cache: FilterCache,
): Promise<Suspected[]> {
  const lanes = limit(FILES_AT_ONCE)
  return await allDone(
    fresh.map((one) => lanes(() => suspectedOf(storage, table, current, one, after, cache))),
  )
}

async function suspectedOf(
  storage: Storage,
  table: TableDefinition,
  current: TableVersion,
  { staged, keys }: { staged: StagedFile; keys: StagedKeys },
  after: number,
  cache: FilterCache,
): Promise<Suspected> {
  const { time } = table
  const [earliest, latest] = range(keys.times)
  const inTime: Predicate[] =
    time && keys.times.length > 0
      ? [
          { column: time, op: '>=', value: below(earliest) },
          { column: time, op: '<=', value: above(latest) },
        ]
      : []
  const files = await current.files([...sameDays(staged), ...inTime], after)
  const old: Promise<string>[] = []
  const hashes = new Set<bigint>()
  let oldRows = 0
  let from = Number.POSITIVE_INFINITY
  let to = Number.NEGATIVE_INFINITY
  const columns = filteredColumns(table) ?? ''
  const asked = askedKeys(keys.hashes)
  for await (const { file, key, filter } of withFilters(storage, current, files, cache, columns)) {
    const [first, last] = bounds(current, file, time)
    let hit = false
    for (const row of filter ? heldBy(filter, asked) : asked.prints.keys()) {
      const moment = time ? (keys.times[row] as number) : 0
      if (moment < first || moment > last) continue
      hit = true
      from = Math.min(from, moment)
      to = Math.max(to, moment)
      if (hashes.size <= MAX_SUSPECTS)
        hashes.add(
          (BigInt(keys.hashes[row * 2 + 1] as number) << 32n) | BigInt(keys.hashes[row * 2] as number),
        )
    }
    if (!hit) continue
    old.push(storage.local(key, file.bytes))
    oldRows += file.records
  }
  return { staged, old: await allDone(old), oldRows, hashes, from, to }
}

/**
 * Compares new rows with the rows of the lake exactly, where a filter suspects a duplicate, and puts the keys
 * of those that the lake has into the engine's table `repeated`. A stored row with other content goes to the
 * engine's table `contested`, together with the new one.
 *
 * @param schema the table's schema, as the new rows have it
 * @returns the number of keys that were found
 */
export async function findDuplicates(
  engine: Engine,
  table: TableDefinition,
  schema: Schema,
  suspected: readonly Suspected[],
): Promise<number> {
  const { key = [], time } = table
  let found = 0
  for (const { staged, old, oldRows, hashes, from, to } of suspected) {
    if (old.length === 0) continue
    const before = await repeatedCount(engine)
    const near = time ? `epoch_us(old.${identifier(time)}) between ${below(from)} and ${above(to)}` : 'true'
    const question = () =>
      sql(url('duplicates.sql'), {
        keys: key.map((name) => `new.${identifier(name)}`).join(', '),
        new: list([staged.local]),
        old: list(old),
        same: sameKey(table, 'old', 'new'),
        near,
        suspected:
          hashes.size <= MAX_SUSPECTS
            ? `md5_number_lower(${keyExpression(table)}) in (${[...hashes].join(', ')})`
            : 'true',
      })
    await readingFiles(engine, old, () => engine.run(question()))
    const repeated = (await repeatedCount(engine)) - before
    if (repeated > 0) await contestRows(engine, table, schema, { fresh: [staged.local], old, oldRows }, near)
    found += repeated
  }
  return found
}

/**
 * Finds rows without a key that the lake has from an earlier reading of the same objects under another limit.
 * A limit is on time alone, so where the lake has such rows for an object and a time, it has all of them.
 *
 * @param objects names of the objects that are read again
 * @returns the number of pairs of object and time that were found
 */
export async function findStoredBefore(
  engine: Engine,
  storage: Storage,
  table: TableDefinition,
  current: TableVersion,
  fresh: { staged: StagedFile }[],
  objects: readonly string[],
): Promise<number> {
  const { key = [], time } = table
  if (objects.length === 0 || fresh.length === 0 || time === undefined) return 0
  const rows = (files: readonly string[]) =>
    sql(url('keyless.sql'), {
      time: identifier(time),
      files: list(files),
      objects: list(objects),
      keyless: keylessCondition(key),
    })
  const own = rows(fresh.map(({ staged }) => staged.local))
  const [limits] = await engine.rows(
    `select epoch_us(min(timestamp)), epoch_us(max(timestamp)) from (${own})`,
  )
  const [first, last] = limits ?? []
  if (typeof first !== 'bigint' || typeof last !== 'bigint') return 0
  const files = await current.files([
    { column: time, op: '>=', value: first },
    { column: time, op: '<=', value: last },
  ])
  if (files.length === 0) return 0
  await withLocalFiles(storage, current, files, (old) =>
    readingFiles(engine, old, () =>
      engine.run(`insert into stored_before (${own}) intersect (${rows(old)})`),
    ),
  )
  return Number((await engine.rows('select count(*) from stored_before'))[0]?.[0])
}

function keylessCondition(key: readonly string[]): string {
  return key.map((name) => `${identifier(name)} is null`).join(' or ')
}

/** Creates the engine's empty tables that mark new rows as duplicates. */
export async function forgetRepeats(engine: Engine, { key = [], columns }: TableDefinition): Promise<void> {
  const types = new Map(columns.map(({ name, type }) => [name, SQL_TYPE[type]]))
  const fields = key.map((name) => `${identifier(name)} ${types.get(name)}`).join(', ')
  await engine.run(`create or replace temp table repeated (${fields})`)
  await engine.run('create or replace temp table foreign_object (lake_object varchar)')
  await forgetContested(engine)
  await engine.run('create or replace temp table stored_before (lake_object varchar, timestamp timestamptz)')
}

/** Notes objects of this batch that another writer has stored meanwhile. */
export async function noteForeignObjects(engine: Engine, objects: readonly string[]): Promise<void> {
  for (const object of objects) await engine.run(`insert into foreign_object values (${literal(object)})`)
}

/** A SELECT of the staged rows that are not duplicates. */
export function withoutDuplicates(table: TableDefinition, staged: readonly StagedFile[]): string {
  const { key = [], time } = table
  return sql(url('without-duplicates.sql'), {
    new: list(staged.map(({ local }) => local)),
    keys: key.map(identifier).join(', '),
    same: sameKey(table, 'repeated', 'new'),
    keyless: keylessCondition(key),
    timestamp: identifier(time ?? DAY),
  })
}

async function repeatedCount(engine: Engine): Promise<number> {
  return Number((await engine.rows('select count(*) from repeated'))[0]?.[0])
}

function range(times: Float64Array): [number, number] {
  let first = Number.POSITIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  for (const time of times) {
    if (time < first) first = time
    if (time > last) last = time
  }
  return [first, last]
}

/**
 * 16 microseconds: above 2^53, which is reached in the year 2255, the nearest double may be this far from the
 * exact time.
 */
const DOUBLE_STEP = 16n

/** Conditions on the days that duplicates of its rows can have. */
function sameDays(staged: StagedFile): Predicate[] {
  const days = stagedDays(staged)
  if (days === undefined) return [{ column: DAY, op: 'is null' }]
  if (!Number.isFinite(days.first)) return []
  return [
    { column: DAY, op: '>=', value: dayText(days.first) },
    { column: DAY, op: '<=', value: dayText(days.last) },
  ]
}

/** A lower bound of all times whose nearest double is this one. */
function below(micros: number): bigint {
  return Number.isSafeInteger(micros) ? BigInt(micros) : BigInt(micros) - DOUBLE_STEP
}

/** An upper bound of all times whose nearest double is this one. */
function above(micros: number): bigint {
  return Number.isSafeInteger(micros) ? BigInt(micros) : BigInt(micros) + DOUBLE_STEP
}

/** The first and last time of a file as the nearest doubles; infinite when unknown. */
function bounds({ schema }: TableVersion, file: DataFile, time: string | undefined): [number, number] {
  const field = schema.fields.find(({ name }) => name === time)
  const lower = field && file.lower.get(field.id)
  const upper = field && file.upper.get(field.id)
  if (!field || !lower || !upper) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  return [Number(fromBytes(field.type, lower)), Number(fromBytes(field.type, upper))]
}

import { dayText } from '../lib/day.ts'
import type { Engine } from '../lib/duckdb.ts'
import { identifier, list, literal, sql } from '../lib/sql.ts'
import { mayHold } from './bloom.ts'
import { contestRows, forgetContested } from './contested.ts'
import { stagedDays } from './days.ts'
import { type FilterCache, withFilters } from './filters.ts'
import { type DataFile, fromBytes, type Predicate, type Schema } from './iceberg/index.ts'
import { readingFiles, type StagedFile } from './parquet.ts'
import { filteredColumns, keyExpression, type StagedKeys } from './staged-keys.ts'
import type { Storage } from './storage/contract.ts'
import { DAY, SQL_TYPE, type TableDefinition } from './table.ts'
import type { TableVersion } from './version.ts'

const url = (name: string) => new URL(`./sql/${name}`, import.meta.url)

/** Names rows by a list of hashes only while the list is short; else every row is compared. */
const MOST_SUSPECTS = 2000

/**
 * Holds new rows against the rows of the lake, and leaves the keys of those that are there already in the engine's
 * table `repeated`. File bounds name the files that can hold them, filters rule most of those out, and what is left
 * is compared exactly. Where the row that is there says something else, both go to the engine's table `contested`.
 *
 * @param schema the table's, as the new rows have it
 * @param after the table's sequence at which these rows were held against it before; -1 for never
 * @returns how many keys were found
 */
export async function findRepeats(
  engine: Engine,
  storage: Storage,
  table: TableDefinition,
  { current, schema }: { current: TableVersion; schema: Schema },
  fresh: { staged: StagedFile; keys: StagedKeys }[],
  after: number,
  cache: FilterCache,
): Promise<number> {
  const { key = [], time } = table
  let found = 0
  for (const { staged, keys } of fresh) {
    const [earliest, latest] = range(keys.times)
    const files = await current.files(
      [
        ...sameDays(staged),
        ...(time && keys.times.length > 0
          ? [
              { column: time, op: '>=', value: below(earliest) } as const,
              { column: time, op: '<=', value: above(latest) } as const,
            ]
          : []),
      ],
      after,
    )
    const old: string[] = []
    const suspects = new Set<bigint>()
    let from = Number.POSITIVE_INFINITY
    let to = Number.NEGATIVE_INFINITY
    for await (const { file, key: fileKey, filter } of withFilters(
      storage,
      current,
      files,
      cache,
      filteredColumns(table) ?? '',
    )) {
      const [first, last] = bounds(current, file, time)
      let hit = false
      for (let row = 0, at = 0; at < keys.hashes.length; row++, at += 2) {
        const moment = time ? (keys.times[row] as number) : 0
        if (moment < first || moment > last) continue
        const low = keys.hashes[at] as number
        const high = keys.hashes[at + 1] as number
        if (filter && !mayHold(filter, low, high)) continue
        hit = true
        from = Math.min(from, moment)
        to = Math.max(to, moment)
        if (suspects.size <= MOST_SUSPECTS) suspects.add((BigInt(high) << 32n) | BigInt(low))
      }
      if (hit) old.push(await storage.local(fileKey, file.bytes))
    }
    if (old.length === 0) continue
    const before = await repeatedCount(engine)
    const near = time ? `epoch_us(old.${identifier(time)}) between ${below(from)} and ${above(to)}` : 'true'
    const question = () =>
      sql(url('repeats.sql'), {
        keys: key.map((name) => `new.${identifier(name)}`).join(', '),
        new: list([staged.local]),
        old: list(old),
        same: key.map((name) => `old.${identifier(name)} = new.${identifier(name)}`).join(' and '),
        near,
        suspected:
          suspects.size <= MOST_SUSPECTS
            ? `md5_number_lower(${keyExpression(table)}) in (${[...suspects].join(', ')})`
            : 'true',
      })
    try {
      await readingFiles(engine, old, () => engine.run(question()))
      const repeated = (await repeatedCount(engine)) - before
      if (repeated > 0) await contestRows(engine, table, schema, { fresh: [staged.local], old }, near)
      found += repeated
    } finally {
      storage.release(old)
    }
  }
  return found
}

/**
 * Rows without a key, of objects that are read again under another limit. A limit is on the time alone, so where the
 * lake has such rows of an object and a time, an earlier reading stored all of them.
 *
 * @param objects names of the objects that are read again
 * @returns how many moments of these objects were found
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
  const [limits] = await engine.rows(`select epoch_us(min(moment)), epoch_us(max(moment)) from (${own})`)
  const [first, last] = limits ?? []
  if (typeof first !== 'bigint' || typeof last !== 'bigint') return 0
  const files = await current.files([
    { column: time, op: '>=', value: first },
    { column: time, op: '<=', value: last },
  ])
  if (files.length === 0) return 0
  const old = await Promise.all(files.map(({ path, bytes }) => storage.local(current.keyOf(path), bytes)))
  try {
    await readingFiles(engine, old, () =>
      engine.run(`insert into stored_before (${own}) intersect (${rows(old)})`),
    )
  } finally {
    storage.release(old)
  }
  return Number((await engine.rows('select count(*) from stored_before'))[0]?.[0])
}

function keylessCondition(key: readonly string[]): string {
  return key.map((name) => `${identifier(name)} is null`).join(' or ')
}

/** Makes the engine's tables that say which new rows are not new. */
export async function forgetRepeats(engine: Engine, { key = [], columns }: TableDefinition): Promise<void> {
  const types = new Map(columns.map(({ name, type }) => [name, SQL_TYPE[type]]))
  const fields = key.map((name) => `${identifier(name)} ${types.get(name)}`).join(', ')
  await engine.run(`create or replace temp table repeated (${fields})`)
  await engine.run('create or replace temp table foreign_object (lake_object varchar)')
  await forgetContested(engine)
  await engine.run('create or replace temp table stored_before (lake_object varchar, moment timestamptz)')
}

/** Objects of this batch that another writer has brought in meanwhile. */
export async function noteForeignObjects(engine: Engine, objects: readonly string[]): Promise<void> {
  for (const object of objects) await engine.run(`insert into foreign_object values (${literal(object)})`)
}

/** A SELECT of the staged rows that are new. */
export function withoutRepeats({ key = [], time }: TableDefinition, staged: readonly StagedFile[]): string {
  return sql(url('without-repeats.sql'), {
    new: list(staged.map(({ local }) => local)),
    keys: key.map(identifier).join(', '),
    same: key.map((name) => `repeated.${identifier(name)} = new.${identifier(name)}`).join(' and '),
    keyless: keylessCondition(key),
    moment: identifier(time ?? DAY),
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

/** Beyond 2^53, which is in the year 2255, the nearest double is up to 16 microseconds away from the moment. */
const DOUBLE_STEP = 16n

/** The days that a repeat of its rows may be of. */
function sameDays(staged: StagedFile): Predicate[] {
  const days = stagedDays(staged)
  if (days === undefined) return [{ column: DAY, op: 'is null' }]
  if (!Number.isFinite(days.first)) return []
  return [
    { column: DAY, op: '>=', value: dayText(days.first) },
    { column: DAY, op: '<=', value: dayText(days.last) },
  ]
}

/** No later than any moment that this is the nearest double to. */
function below(micros: number): bigint {
  return Number.isSafeInteger(micros) ? BigInt(micros) : BigInt(micros) - DOUBLE_STEP
}

/** No earlier than any moment that this is the nearest double to. */
function above(micros: number): bigint {
  return Number.isSafeInteger(micros) ? BigInt(micros) : BigInt(micros) + DOUBLE_STEP
}

/** A file's first and last moment as the nearest doubles; everything when it is not known. */
function bounds({ schema }: TableVersion, file: DataFile, time: string | undefined): [number, number] {
  const field = schema.fields.find(({ name }) => name === time)
  const lower = field && file.lower.get(field.id)
  const upper = field && file.upper.get(field.id)
  if (!field || !lower || !upper) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  return [Number(fromBytes(field.type, lower)), Number(fromBytes(field.type, upper))]
}

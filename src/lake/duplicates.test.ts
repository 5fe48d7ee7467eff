import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Engine, openEngine } from '../lib/duckdb.ts'
import { literal } from '../lib/sql.ts'
import { bloomOf } from './bloom.ts'
import { plannedMetadata } from './change.ts'
import {
  findDuplicates,
  findStoredBefore,
  forgetRepeats,
  noteForeignObjects,
  suspects,
  withoutDuplicates,
} from './duplicates.ts'
import { encodeFilter, filterKeyOf } from './file-filter.ts'
import { currentSchema, type DataFile } from './iceberg/index.ts'
import { type Lake, openLake } from './lake.ts'
import { adopt, type StagedFile, stageParquet } from './parquet.ts'
import { filteredColumns, hasDuplicates, type StagedKeys, stagedKeys } from './staged-keys.ts'
import { localStorage } from './storage/local.ts'
import { OWN_COLUMNS, type TableDefinition } from './table.ts'
import type { TableVersion } from './version.ts'

const table: TableDefinition = {
  name: 'thing',
  doc: 'One row per thing.',
  columns: [
    { name: 'id', type: 'string', doc: 'Its id.' },
    { name: 'moment', type: 'timestamptz', doc: 'When.', bounds: true },
    { name: 'n', type: 'long', doc: 'A number.' },
    ...OWN_COLUMNS,
  ],
  key: ['id', 'moment'],
  time: 'moment',
}

let engine: Engine
let folder: string
let lake: Lake

beforeAll(async () => {
  engine = await openEngine({ threads: 1 })
})
afterAll(() => engine.close())
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'repeats-'))
  lake = openLake(localStorage(folder), [table])
  await forgetRepeats(engine, table)
})
afterEach(() => rmSync(folder, { recursive: true }))

type Row = [id: string | null, second: number, object?: string]

function select(rows: readonly Row[]): string {
  const values = rows.map(
    ([id, second, object = 'o'], n) =>
      `(${id === null ? 'null' : literal(id)}, '2026-01-07T00:00:00Z'::timestamptz + to_seconds(${second}), ${n}, ${literal(object)})`,
  )
  return `select id::varchar as id, moment, n, moment::date as lake_day, lake_object, moment as lake_ingested_at
    from (values ${values.join(', ')}) as t(id, moment, n, lake_object)`
}

async function staged(rows: string): Promise<StagedFile[]> {
  const base = await (await lake.newest()).table(table.name)
  const schema = currentSchema(plannedMetadata(lake.storage, table, base))
  return await stageParquet(engine, table, schema, rows, await lake.storage.workplace())
}

/** Puts rows into the lake, and returns the keys of their files. */
async function store(rows: readonly Row[]): Promise<string[]> {
  return await storeRows(select(rows))
}

async function storeRows(rows: string): Promise<string[]> {
  const base = await (await lake.newest()).table(table.name)
  const metadata = plannedMetadata(lake.storage, table, base)
  const add: DataFile[] = []
  const keys: string[] = []
  for (const file of await staged(rows)) {
    const { filter } = await stagedKeys(engine, table, file)
    const adopted = await adopt(
      lake.storage,
      table,
      { metadata, schema: currentSchema(metadata) },
      file,
      filter,
    )
    add.push(adopted.file)
    keys.push(adopted.key)
  }
  await lake.commit('test', async () => ({ tables: { thing: { add } } }))
  return keys
}

async function current(): Promise<TableVersion> {
  return (await (await lake.newest()).table(table.name)) as TableVersion
}

/** How many keys of new rows the lake has. */
async function duplicatesOf(fresh: { staged: StagedFile; keys: StagedKeys }[], after = -1): Promise<number> {
  const version = await current()
  const suspected = await suspects(lake.storage, table, version, fresh, after, new Map())
  return await findDuplicates(engine, table, version.schema, suspected)
}

/** The new rows that remain after the comparison with the lake, as `id@second`. */
async function newOf(rows: string, after = -1): Promise<{ found: number; left: string[] }> {
  const fresh = []
  for (const file of await staged(rows))
    fresh.push({ staged: file, keys: await stagedKeys(engine, table, file) })
  const found = await duplicatesOf(fresh, after)
  const files = fresh.map((one) => one.staged)
  return { found, left: await rowsOf(files) }
}

async function rowsOf(files: StagedFile[]): Promise<string[]> {
  const rows = await engine.rows(
    `select coalesce(id, 'null') || '@' || (epoch(moment) - epoch('2026-01-07T00:00:00Z'::timestamptz))::int
     from (${withoutDuplicates(table, files)}) order by moment, n`,
  )
  return rows.map(([row]) => String(row))
}

describe('a repeat', () => {
  it('has the id and the time of a row of the lake', async () => {
    await store([
      ['a', 1],
      ['b', 2],
      ['c', 90_000],
    ])
    const { found, left } = await newOf(
      select([
        ['a', 1],
        ['b', 3],
        ['x', 2],
        ['c', 90_000],
        ['d', 90_001],
      ]),
    )
    expect(found).toBe(2)
    expect(left).toEqual(['x@2', 'b@3', 'd@90001'])
  })

  it('is never a row without an id', async () => {
    await store([
      [null, 1],
      [null, 1],
    ])
    expect(
      await newOf(
        select([
          [null, 1],
          [null, 1],
          [null, 2],
        ]),
      ),
    ).toEqual({
      found: 0,
      left: ['null@1', 'null@1', 'null@2'],
    })
  })

  it('among the new rows alone leaves the first', async () => {
    const [file] = await staged(
      select([
        ['a', 1, 'p'],
        ['a', 1, 'o'],
        ['a', 2],
        [null, 1],
        [null, 1],
      ]),
    )
    expect(hasDuplicates([await stagedKeys(engine, table, file as StagedFile)])).toBe(true)
    expect(await rowsOf([file as StagedFile])).toEqual(['a@1', 'null@1', 'null@1', 'a@2'])
    const kept = await engine.rows(
      `select lake_object from (${withoutDuplicates(table, [file as StagedFile])}) where id = 'a' and n < 2`,
    )
    expect(kept).toEqual([['o']])
  })

  it('is looked for only in what came after', async () => {
    await store([['a', 1]])
    const { sequence } = await current()
    await store([['b', 1]])
    expect(
      await newOf(
        select([
          ['a', 1],
          ['b', 1],
        ]),
        sequence,
      ),
    ).toEqual({ found: 1, left: ['a@1'] })
  })
})

describe('a filter', () => {
  const rows: Row[] = Array.from({ length: 50 }, (_, n) => [`id-${n}`, n])
  const others: Row[] = Array.from({ length: 50 }, (_, n) => [`other-${n}`, n])
  const half: Row[] = [...rows.slice(0, 25), ...others.slice(25)]

  it.each([
    ['that says "perhaps" to everything drops no row', new Uint32Array(8).fill(0xffffffff)],
    ['that is missing', undefined],
  ])('%s', async (_, words) => {
    for (const key of await store(rows)) {
      await lake.storage.remove(filterKeyOf(key))
      if (words)
        await lake.storage.write(
          filterKeyOf(key),
          encodeFilter({ kind: 'bloom', words }, filteredColumns(table) ?? ''),
        )
    }
    expect((await newOf(select(others))).found).toBe(0)
    const { found, left } = await newOf(select(half))
    expect(found).toBe(25)
    expect(left).toEqual(others.slice(25).map(([id, second]) => `${id}@${second}`))
  })

  it('that is damaged hides no repeat', async () => {
    for (const key of await store(rows)) {
      const bytes = Buffer.from(await lake.storage.read(filterKeyOf(key)))
      bytes.fill(0, 4, 36)
      writeFileSync(join(folder, filterKeyOf(key)), bytes)
    }
    expect((await newOf(select(half))).found).toBe(25)
  })

  const many = (from: number, to: number, seconds = 'i') =>
    `select 'id-' || i as id, '2026-01-07T00:00:00Z'::timestamptz + to_seconds(${seconds}) as moment, i as n,
     '2026-01-07'::date as lake_day, 'o' as lake_object, moment as lake_ingested_at from range(${from}, ${to}) as t(i)`

  it('of as many rows as a commit has suspects no file of the day that has none of them', async () => {
    for (const from of [0, 20_000, 40_000]) await storeRows(many(from, from + 20_000, 'i % 80000'))
    const [fresh] = await staged(many(100_000, 140_000, 'i % 80000'))
    const one = { staged: fresh as StagedFile, keys: await stagedKeys(engine, table, fresh as StagedFile) }
    const [found] = await suspects(lake.storage, table, await current(), [one], -1, new Map())
    expect(found).toMatchObject({ old: [], hashes: new Set() })
  })

  it('of an older release, a Bloom filter, finds repeats as well', async () => {
    const [key] = await storeRows(many(0, 1000))
    const [same] = await staged(many(0, 1000))
    const { hashes } = await stagedKeys(engine, table, same as StagedFile)
    await lake.storage.remove(filterKeyOf(key as string))
    const older = encodeFilter(bloomOf(hashes), filteredColumns(table) ?? '')
    await lake.storage.write(filterKeyOf(key as string), older)
    const { found, left } = await newOf(many(900, 1100))
    expect(found).toBe(100)
    expect(left).toHaveLength(100)
  })

  it('with more suspects than are named one by one finds them all', async () => {
    await store(Array.from({ length: 5000 }, (_, n) => [`id-${n}`, n]))
    const { found, left } = await newOf(many(1000, 6000))
    expect(found).toBe(4000)
    expect(left).toHaveLength(1000)
  })
})

it('two hashes that are the same make no repeat', async () => {
  const [file] = await staged(
    select([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ]),
  )
  const keys = await stagedKeys(engine, table, file as StagedFile)
  expect(hasDuplicates([keys])).toBe(false)
  const collided = { ...keys, hashes: new Uint32Array(6).fill(5) }
  expect(hasDuplicates([collided])).toBe(true)
  expect(await rowsOf([file as StagedFile])).toEqual(['a@1', 'b@2', 'c@3'])
})

it('objects that another writer brought in are left out', async () => {
  const [file] = await staged(
    select([
      ['a', 1, "it's"],
      ['b', 2],
      [null, 3, "it's"],
    ]),
  )
  await noteForeignObjects(engine, ["it's"])
  expect(await rowsOf([file as StagedFile])).toEqual(['b@2'])
})

it('of an object that is read again, rows without an id come in once', async () => {
  await store([
    [null, 1, 'o'],
    [null, 1, 'o'],
    [null, 2, 'other'],
    ['a', 1, 'o'],
  ])
  const files = await staged(
    select([
      [null, 1, 'o'],
      [null, 1, 'o'],
      [null, 2, 'o'],
      [null, 90_000, 'o'],
      [null, 2, 'other'],
    ]),
  )
  const fresh = files.map((file) => ({ staged: file }))
  const version = await current()
  expect(await findStoredBefore(engine, lake.storage, table, version, fresh, [])).toBe(0)
  expect(await findStoredBefore(engine, lake.storage, table, version, fresh, ['nothing'])).toBe(0)
  expect(await findStoredBefore(engine, lake.storage, table, version, fresh, ['o'])).toBe(1)
  expect(await rowsOf(files)).toEqual(['null@2', 'null@2', 'null@90000'])
})

describe('beyond the year 2255, where a double holds no single microsecond', () => {
  const at = (id: string, micros: bigint) =>
    `select ${literal(id)} as id, make_timestamptz(${micros}) as moment, 0 as n,
       make_timestamp(${micros})::date as lake_day, 'o' as lake_object, now() as lake_ingested_at`
  const far = 10_413_792_000_000_001n

  it.each([0n, 1n, 2n, 31n, 240_000_000_000_000_007n])('a row %s later comes again', async (later) => {
    const rows = at('a', far + later)
    await storeRows(rows)
    const [file] = await staged(rows)
    const keys = await stagedKeys(engine, table, file as StagedFile)
    const fresh = [{ staged: file as StagedFile, keys }]
    expect(await duplicatesOf(fresh)).toBe(1)
  })

  it.each([1n, 16n])('a row %s later is another one', async (later) => {
    await storeRows(at('a', far))
    const [file] = await staged(at('a', far + later))
    const keys = await stagedKeys(engine, table, file as StagedFile)
    const fresh = [{ staged: file as StagedFile, keys }]
    expect(await duplicatesOf(fresh)).toBe(0)
  })
})

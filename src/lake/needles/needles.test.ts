import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { freshPlace } from '../../../test/lakes.ts'
import { type Engine, openEngine } from '../../lib/duckdb.ts'
import { plannedMetadata } from '../change.ts'
import { compact } from '../compact.ts'
import { currentSchema, type DataFile, type Predicate } from '../iceberg/index.ts'
import { type Lake, openLake } from '../lake.ts'
import { adopt, readParquet, stageParquet } from '../parquet.ts'
import { puffinBlobs } from '../puffin.ts'
import { stagedKeys } from '../staged-keys.ts'
import { localStorage } from '../storage/local.ts'
import { OWN_COLUMNS, type TableDefinition, type TableKey } from '../table.ts'
import { vacuum } from '../vacuum.ts'
import { coverFiles } from './cover.ts'
import { hashOfValue } from './narrow.ts'

const KEYS: readonly TableKey[] = [
  { column: 'id', is: 'uuid' },
  { column: 'request', is: 'uuid' },
  { column: 'who', is: 'name' },
  { column: 'things', path: '$[*].ARN', is: 'arn' },
]
const table: TableDefinition = {
  name: 'thing',
  doc: 'One row per thing.',
  columns: [
    { name: 'id', type: 'string', doc: 'Its id.' },
    { name: 'request', type: 'string', doc: 'Unique in most rows.' },
    { name: 'who', type: 'string', doc: 'Few values.' },
    { name: 'things', type: 'json', doc: 'Many.' },
    ...OWN_COLUMNS,
  ],
  key: ['id'],
  keys: KEYS,
  sort: ['who'],
}
const LIMITS = { limits: { threads: 1, memory: '512MiB' } }
/** Queries at once. */
const AT_ONCE = 20
let engine: Engine
let folder: string

beforeAll(async () => {
  engine = await openEngine({ threads: 2 })
})
afterAll(() => engine.close())
beforeEach(() => {
  folder = freshPlace()
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = (keys = KEYS) => openLake(localStorage(folder), [{ ...table, keys }])

type Part = [from: number, rows: number, day?: string]

/** Commits files of rows with consecutive numbers, all in one commit. */
async function store(lake: Lake, ...parts: Part[]): Promise<void> {
  const metadata = plannedMetadata(lake.storage, table, await (await lake.newest()).table('thing'))
  const schema = currentSchema(metadata)
  const place = await lake.storage.workplace()
  const add: DataFile[] = []
  for (const [from, rows, day = '2026-01-07'] of parts) {
    const select = `select 'id-' || n as id, case when n % 7 > 0 then 'r-' || n end as request,
      'who-' || (n % 13 + ${from} // 1000) as who,
      '[{"ARN":"arn:' || n // 3 || '","type":"x"},{"ARN":"arn:b' || n % 5 || '"}]' as things,
      date '${day}' as lake_day, 'o' as lake_object, now() as lake_ingested_at from range(${from}, ${from + rows}) r(n)`
    const [staged] = await stageParquet(engine, table, schema, select, place, { day })
    if (!staged) throw new Error('no file was made')
    const { filter } = await stagedKeys(engine, table, staged)
    add.push((await adopt(lake.storage, table, { metadata, schema }, staged, filter)).file)
  }
  await lake.commit('test', async () => ({ tables: { thing: { add } } }))
}

/** A day of January. */
const january = (day: number) => `2026-01-${String(day).padStart(2, '0')}`

async function filesFor(lake: Lake, predicates: Predicate[]): Promise<string[]> {
  const found = await (await lake.newest()).table('thing')
  return (await found?.files(predicates))?.map(({ path }) => path) ?? []
}

/** The files that hold each value, found by a scan of every file. */
async function truth(lake: Lake): Promise<Map<string, Set<string>>> {
  const found = await (await lake.newest()).table('thing')
  if (!found) throw new Error('there is no table')
  const where = new Map<string, Set<string>>()
  for (const { path } of await found.files()) {
    const rows = readParquet([await lake.storage.local(found.keyOf(path))], found.schema, table)
    const values = await engine.rows(
      `select distinct 'id', id from ${rows} union all select distinct 'request', request from ${rows} where request is not null
       union all select distinct 'who', who from ${rows}
       union all select distinct 'things', unnest(json_extract_string(things, '$[*].ARN')) from ${rows}`,
    )
    for (const [column, value] of values) {
      const key = `${column}=${value}`
      where.set(key, (where.get(key) ?? new Set()).add(path))
    }
  }
  return where
}

function predicateOf(column: string, value: string): Predicate {
  if (column === 'things') return { column, op: 'has', path: '$[*].ARN', values: [value] }
  return Math.random() < 0.5
    ? { column, op: '=', value }
    : { column, op: 'in', values: [value, `none-${randomUUID()}`] }
}

/** Looks up random values, half of them absent; each answer must include every file that a scan finds. */
async function compareWithScan(lake: Lake, times: number): Promise<{ asked: number; extra: number }> {
  const where = await truth(lake)
  const there = [...where.keys()]
  const found = await (await lake.newest()).table('thing')
  let extra = 0
  const askOne = async (time: number) => {
    const some = there[Math.floor(Math.random() * there.length)] as string
    const [column = '', value = ''] = some.split('=')
    const asked = time % 2 === 0 ? value : `${value}-${randomBytes(4).toString('hex')}`
    const right = where.get(`${column}=${asked}`) ?? new Set()
    const given = new Set((await found?.files([predicateOf(column, asked)]))?.map(({ path }) => path))
    for (const path of right) expect(given.has(path), `${column} ${asked}`).toBe(true)
    extra += given.size - right.size
  }
  for (let time = 0; time < times; time += AT_ONCE)
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, times - time) }, (_, at) => askOne(time + at)))
  return { asked: times, extra }
}

function metadataFiles(end: string): string[] {
  const place = join(folder, 'tables/thing/metadata')
  return readdirSync(place)
    .filter((name) => name.endsWith(end))
    .map((name) => join(place, name))
}

describe('filters of keys', () => {
  it('hash a value as DuckDB does', async () => {
    for (const value of ['', 'a', 'Zoë 🙂', randomUUID()]) {
      const [[hash] = []] = await engine.rows('select md5_number_lower($1::varchar)', [value])
      expect(hashOfValue(value)).toBe(hash)
    }
    expect(createHash('md5').update('').digest()).toHaveLength(16)
  })

  it('beside young files answer for the key that they hold', async () => {
    const lake = open()
    await store(lake, ...Array.from({ length: 5 }, (_, file): Part => [file * 1000, 100]))
    expect(await filesFor(lake, [{ column: 'id', op: '=', value: 'id-3042' }])).toHaveLength(1)
    expect(await filesFor(lake, [{ column: 'id', op: 'in', values: ['id-3042', 'id-7'] }])).toHaveLength(2)
    expect(await filesFor(lake, [{ column: 'id', op: '=', value: 'id-500' }])).toEqual([])
    // They hold no values of other columns.
    expect(await filesFor(lake, [{ column: 'request', op: '=', value: 'r-500' }])).toHaveLength(5)
  })

  it('together leave out no file that has the value, and nearly all that have not', async () => {
    const lake = open()
    const days = [1, 2, 3, 4, 5]
    await store(lake, ...days.map((day): Part => [day * 20_000, 7000, january(day)]))
    await store(lake, ...days.map((day): Part => [day * 20_000 + 7000, 60, january(day)]))
    await compact(lake, LIMITS)
    expect(metadataFiles('.filters.puffin')).not.toEqual([])
    for (const file of metadataFiles('.puffin')) expect(puffinBlobs(readFileSync(file)), file).toBeDefined()
    const { asked, extra } = await compareWithScan(open(), 3000)
    expect(extra / asked).toBeLessThan(0.05)
    const read = counted()
    expect(await filesFor(read.lake, [{ column: 'request', op: '=', value: 'r-100003' }])).toHaveLength(1)
    expect(read.parts()).toEqual([5 * 32 + 4])
  })

  it('of groups that were joined are right, too, and few', async () => {
    const lake = open()
    const place = await lake.storage.workplace()
    for (let step = 0; step < 6; step++) {
      const many: Part[] = [0, 1].map((part) => [
        step * 20_000 + part * 8000,
        6000,
        january(step * 2 + part + 1),
      ])
      await store(lake, ...many, [step * 20_000 + 17_000, 900 + step, january(20)])
      await coverFiles(lake, engine, table, place)
    }
    const groups = (await (await (await lake.newest()).table('thing'))?.listing())?.groups ?? []
    expect(groups.length).toBeLessThan(9)
    expect(groups.reduce((sum, { files }) => sum + files.length, 0)).toBe(18)
    const { extra, asked } = await compareWithScan(open(), 1000)
    expect(extra / asked).toBeLessThan(0.1)
  })

  it('are right after files were compacted and vacuumed away, and columns declared', async () => {
    const few = KEYS.slice(0, 2)
    await store(open(few), ...[0, 1, 2].map((file): Part => [file * 1000, 300]))
    await compact(open(few), LIMITS)
    await store(open(), [9000, 300])
    await compareWithScan(open(), 300)
    await compact(open(), LIMITS)
    await compareWithScan(open(), 300)
    expect(await filesFor(open(), [{ column: 'who', op: '=', value: 'nobody' }])).toEqual([])
    const before = metadataFiles('.filters.puffin').length
    await vacuum(open(), { keepMs: 0, graceMs: 0 })
    expect(metadataFiles('.filters.puffin').length).toBeLessThan(before)
    expect(metadataFiles('.filters.puffin')).toHaveLength(1)
    const { extra } = await compareWithScan(open(), 300)
    expect(extra).toBeLessThan(10)
  })

  it('that are damaged anywhere, cut or missing leave out nothing that is there', async () => {
    const lake = open()
    await store(lake, ...[0, 1, 2, 3].map((file): Part => [file * 9000, 6500, january(file + 1)]))
    await compact(lake, LIMITS)
    const [filters] = metadataFiles('.filters.puffin')
    const [listing] = metadataFiles('.needles.puffin')
    if (!filters || !listing) throw new Error('there are no filters')
    for (const file of [filters, listing]) {
      const whole = readFileSync(file)
      for (let round = 0; round < 12; round++) {
        const wrong = Buffer.from(round % 4 === 3 ? whole.subarray(0, Math.random() * whole.length) : whole)
        for (let bits = 0; bits < 200 && wrong.length > 0; bits++) {
          const at = Math.floor(Math.random() * wrong.length)
          wrong[at] = (wrong[at] as number) ^ (1 << Math.floor(Math.random() * 8))
        }
        writeFileSync(file, wrong)
        await compareWithScan(open(), 15)
      }
      rmSync(file)
      await compareWithScan(open(), 30)
      writeFileSync(file, whole)
    }
    // Rows that are swapped are detected too.
    const whole = readFileSync(filters)
    const row = 4 * 32 + 4
    const swapped = Buffer.from(whole)
    whole.copy(swapped, 4, 4 + row, 4 + 2 * row)
    whole.copy(swapped, 4 + row, 4, 4 + row)
    writeFileSync(filters, swapped)
    await compareWithScan(open(), 500)
  })

  it('that are damaged are made anew, and never copied into a group', async () => {
    const lake = open()
    const place = await lake.storage.workplace()
    for (let file = 0; file < 4; file++) {
      await store(lake, [file * 8000, 6000, january(file + 1)])
      if (file === 3)
        for (const one of metadataFiles('.filters.puffin')) {
          const bytes = readFileSync(one)
          bytes.fill(0, 200, 9000)
          writeFileSync(one, bytes)
        }
      await coverFiles(lake, engine, table, place)
    }
    const { extra } = await compareWithScan(open(), 1000)
    expect(extra).toBeLessThan(50)
  })
})

/** A lake that records which parts of files were read. */
function counted(): { lake: Lake; parts: () => number[] } {
  const storage = localStorage(folder)
  const parts: number[] = []
  const lake = openLake(
    {
      ...storage,
      async readPart(key, from, bytes) {
        parts.push(bytes)
        return await storage.readPart(key, from, bytes)
      },
    },
    [table],
  )
  return { lake, parts: () => parts }
}

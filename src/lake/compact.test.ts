import { rmSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { freshPlace, lakeAt, sleepsBefore, thing } from '../../test/lakes.ts'
import { type Engine, openEngine } from '../lib/duckdb.ts'
import { plannedMetadata } from './change.ts'
import { compact } from './compact.ts'
import { hashIn, hashOfFile } from './hash.ts'
import { currentSchema } from './iceberg/index.ts'
import type { Lake } from './lake.ts'
import { adopt, readParquet, stageParquet } from './parquet.ts'

const LIMITS = { limits: { threads: 1, memory: '256MiB' } }
let engine: Engine
let folder: string

beforeAll(async () => {
  engine = await openEngine({ threads: 1 })
})
afterAll(() => engine.close())
beforeEach(() => {
  folder = freshPlace()
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Commits a file of one row. */
async function store(lake: Lake, id: string, day = '2026-01-07'): Promise<void> {
  const metadata = plannedMetadata(lake.storage, thing, await (await lake.newest()).table('thing'))
  const schema = currentSchema(metadata)
  const rows = `select '${id}' as id, date '${day}' as lake_day, 'o' as lake_object, now() as lake_ingested_at`
  const [staged] = await stageParquet(engine, thing, schema, rows, await lake.storage.workplace(), { day })
  if (!staged) throw new Error('no file was made')
  const { file } = await adopt(lake.storage, thing, { metadata, schema }, staged, undefined)
  await lake.commit('test', async () => ({ tables: { thing: { add: [file] } } }))
}

async function filesAndIds(): Promise<{ files: number; ids: unknown[] }> {
  const lake = lakeAt(folder)
  const table = await (await lake.newest()).table('thing')
  if (!table) throw new Error('there is no table')
  const files = await table.files()
  const paths = await Promise.all(files.map(({ path }) => lake.storage.local(table.keyOf(path))))
  for (const path of paths) expect(hashIn(path)).toBe((await hashOfFile(path)).sha256)
  const ids = await engine.rows(`select id from ${readParquet(paths, table.schema, thing)} order by id`)
  return { files: files.length, ids: ids.map(([id]) => id) }
}

describe('compaction', () => {
  beforeEach(async () => {
    for (const id of ['a', 'b', 'c']) await store(lakeAt(folder), id)
  })

  it('makes one file of those of a day, with the same rows', async () => {
    await store(lakeAt(folder), 'd', '2026-01-08')
    expect(await compact(lakeAt(folder), LIMITS)).toMatchObject([{ filesBefore: 3, filesAfter: 1 }])
    expect(await filesAndIds()).toEqual({ files: 2, ids: ['a', 'b', 'c', 'd'] })
    expect(await compact(lakeAt(folder), LIMITS)).toEqual([])
  })

  it('adds nothing when another one was first', async () => {
    const other = async () => void (await compact(lakeAt(folder), LIMITS))
    const lake = lakeAt(folder, sleepsBefore('catalog/v4.json', other))
    expect(await compact(lake, LIMITS)).toEqual([])
    expect(await filesAndIds()).toEqual({ files: 1, ids: ['a', 'b', 'c'] })
  })

  it('brings back nothing that was removed meanwhile', async () => {
    const removeOne = async () => {
      const lake = lakeAt(folder)
      const [first] = await filesOf(lake)
      if (first) await lake.commit('test', async () => ({ tables: { thing: { remove: [first] } } }))
    }
    const before = (await filesAndIds()).ids
    const lake = lakeAt(folder, sleepsBefore('catalog/v4.json', removeOne))
    expect(await compact(lake, LIMITS)).toEqual([])
    const after = await filesAndIds()
    expect(after.files).toBe(2)
    expect(before).toEqual(expect.arrayContaining(after.ids))
    expect(after.ids).toHaveLength(2)
  })

  it('joins what is due by its policy, a few groups at a time', async () => {
    for (const id of ['d', 'e', 'f']) await store(lakeAt(folder), id, '2026-01-08')
    const nowMs = Date.parse('2026-01-08T12:00:00Z')
    const of = (files: number, ageMs: number) => ({ ...LIMITS, policy: { files, ageMs, nowMs } })
    expect(await compact(lakeAt(folder), of(4, 86_400_000))).toEqual([])
    // The seventh ended half a day ago; the eighth has not ended.
    expect(await compact(lakeAt(folder), of(4, 3_600_000))).toMatchObject([{ filesBefore: 3, filesAfter: 1 }])
    expect((await filesAndIds()).files).toBe(4)
    await store(lakeAt(folder), 'g')
    await store(lakeAt(folder), 'h')
    expect(await compact(lakeAt(folder), { ...of(3, 3_600_000), groups: 1 })).toMatchObject([
      { filesBefore: 3 },
    ])
    expect(await compact(lakeAt(folder), of(3, 3_600_000))).toMatchObject([{ filesBefore: 3 }])
    expect(await filesAndIds()).toEqual({ files: 2, ids: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] })
  })

  it('goes on beside a writer that adds', async () => {
    const lake = lakeAt(
      folder,
      sleepsBefore('catalog/v4.json', () => store(lakeAt(folder), 'd')),
    )
    expect(await compact(lake, LIMITS)).toMatchObject([{ filesBefore: 3, filesAfter: 1 }])
    expect(await filesAndIds()).toEqual({ files: 2, ids: ['a', 'b', 'c', 'd'] })
  })
})

async function filesOf(lake: Lake) {
  return (await (await (await lake.newest()).table('thing'))?.files()) ?? []
}

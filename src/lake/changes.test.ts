import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openEngine } from '../lib/duckdb.ts'
import { list } from '../lib/sql.ts'
import { plannedMetadata } from './change.ts'
import { added, cursorKey, cursorText, type FollowerCursor, parseCursor, START, slowest } from './changes.ts'
import { compact } from './compact.ts'
import { currentSchema, type DataFile } from './iceberg/index.ts'
import { type Lake, openLake } from './lake.ts'
import { adopt, stageParquet } from './parquet.ts'
import { localStorage } from './storage/local.ts'
import { type AppendedTable, OWN_COLUMNS } from './table.ts'
import { vacuum } from './vacuum.ts'
import type { TableVersion } from './version.ts'

const table: AppendedTable = {
  name: 'thing',
  doc: 'One row per thing.',
  columns: [{ name: 'id', type: 'long', doc: 'Its id.' }, ...OWN_COLUMNS],
}

let folder: string
let lake: Lake
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'changes-'))
  lake = openLake(localStorage(folder), [table])
})
afterEach(() => rmSync(folder, { recursive: true }))

const limits = { threads: 1, memory: '256MiB' }

/** Commits a row with this id for each day. */
async function store(id: number, days = ['2026-01-07']): Promise<void> {
  const engine = await openEngine(limits)
  const metadata = plannedMetadata(lake.storage, table, await (await lake.newest()).table(table.name))
  const schema = currentSchema(metadata)
  const rows = `select ${id} as id, unnest(${list(days)})::date as lake_day, 'o' as lake_object, now() as lake_ingested_at`
  const add: DataFile[] = []
  for (const staged of await stageParquet(engine, table, schema, rows, await lake.storage.workplace()))
    add.push((await adopt(lake.storage, table, { metadata, schema }, staged, undefined)).file)
  engine.close()
  await lake.commit('test', async () => ({ tables: { thing: { add } } }))
}

async function setCursor(cursor: Partial<FollowerCursor> | null): Promise<void> {
  const text =
    cursor && cursorText({ sequence: 0, state: 'following', seen: new Date().toISOString(), ...cursor })
  await lake.commit('test', async () => ({ tables: {}, cursors: { [cursorKey('it', 'thing')]: text } }))
}

const current = async () => (await (await lake.newest()).table('thing')) as TableVersion

/** The ids in the files after a position, and the position of the last file. */
async function read(after = START) {
  const version = await lake.newest()
  const files = await added(version, table, after)
  const paths = files.map(({ file }) =>
    join(folder, version.catalog.tables.thing?.folder as string, file.path.split('/thing/')[1] as string),
  )
  if (paths.length === 0) return { ids: [], end: after, files }
  const engine = await openEngine(limits)
  const rows = await engine.rows(
    `select id from read_parquet(${list(paths)}, hive_partitioning = false) order by id`,
  )
  engine.close()
  return { ids: rows.map(([id]) => Number(id)), end: files.at(-1)?.position ?? after, files }
}

describe('what was added since a position', () => {
  it('is the same after a compaction of what was read, and holds nothing of it', async () => {
    for (const id of [1, 2, 3]) await store(id)
    const { ids, end } = await read()
    expect(ids).toEqual([1, 2, 3])
    await setCursor(end)
    await store(4)
    await store(5)
    expect(await compact(lake, { limits })).toMatchObject([{ filesBefore: 3, filesAfter: 1 }])
    expect((await current()).sequence).toBe(6)
    expect((await read(end)).ids).toEqual([4, 5])
  })

  it('stays whole when snapshots are given up and the files that they named are removed', async () => {
    for (const id of [1, 2]) await store(id)
    await setCursor({ sequence: 2 })
    for (const id of [3, 4]) await store(id)
    await compact(lake, { limits })
    const { snapshots, files } = await vacuum(lake, { keepMs: 0, graceMs: 0 })
    expect(snapshots).toBeGreaterThan(0)
    expect(files).toBeGreaterThan(0)
    expect((await read({ sequence: 2 })).ids).toEqual([3, 4])
  })

  it('is in the order of commits; inside a commit a position lies between two files', async () => {
    await store(1, ['2026-01-07', '2026-01-08', '2026-01-09'])
    await store(2)
    const { files } = await read()
    expect(files.map(({ position }) => position.sequence)).toEqual([1, 1, 1, 2])
    expect(files.map(({ position }) => position.file === undefined)).toEqual([false, false, true, true])
    for (const [at, { position }] of files.entries())
      expect((await read(position)).files.map(({ file }) => file.path)).toEqual(
        files.slice(at + 1).map(({ file }) => file.path),
      )
  })
})

describe('compaction', () => {
  it('keeps the number of the newest row, so that other engines and a later position still know its age', async () => {
    for (const id of [1, 2, 3]) await store(id)
    await compact(lake, { limits })
    const [only, ...others] = await (await current()).numbered()
    expect(others).toEqual([])
    expect(only).toMatchObject({ sequence: 3, file: { records: 3 } })
    expect((await current()).sequence).toBe(4)
    expect((await read({ sequence: 3 })).ids).toEqual([])
    expect((await read({ sequence: 2 })).ids).toEqual([1, 2, 3])
  })

  it('leaves what the slowest follower has not read, also of a commit that it has read half of', async () => {
    await store(1, ['2026-01-07', '2026-01-08'])
    await store(2, ['2026-01-07', '2026-01-08'])
    await store(3, ['2026-01-07', '2026-01-08'])
    const half = (await read()).files.find(({ sequence }) => sequence === 2)?.position
    expect(half?.file).toBeDefined()
    await setCursor(half ?? {})
    const held: number[] = []
    expect(await compact(lake, { limits, onHeld: ({ files }) => held.push(files) })).toEqual([])
    expect(held).toEqual([4])
    await setCursor({ sequence: 2 })
    expect(await compact(lake, { limits })).toMatchObject([{ filesBefore: 4, filesAfter: 2 }])
  })

  it('gives up a group when a follower is registered while its files are being merged', async () => {
    for (const id of [1, 2]) await store(id)
    const racing = {
      ...lake,
      commit: async (...args: Parameters<Lake['commit']>) => {
        await setCursor({ sequence: 0 })
        return await lake.commit(...args)
      },
    }
    expect(await compact(racing, { limits })).toEqual([])
    expect((await read()).ids).toEqual([1, 2])
    const { files } = await current().then(async (table) => ({ files: await table.files() }))
    expect(files).toHaveLength(2)
  })

  it('does not wait for a follower that was let go, is done, or was removed', async () => {
    for (const id of [1, 2]) await store(id)
    for (const cursor of [{ state: 'let-go' }, { state: 'done' }, { until: 0 }, null] as const) {
      await setCursor({ sequence: 0 })
      expect(slowest((await lake.newest()).catalog, 'thing')).toBe(0)
      await setCursor(cursor)
      expect(slowest((await lake.newest()).catalog, 'thing')).toBe(Number.POSITIVE_INFINITY)
    }
  })
})

it('a cursor is one line of text', () => {
  const seen = '2026-01-07T22:16:43.000Z'
  for (const cursor of [
    { sequence: 17, state: 'following', seen },
    { sequence: 17, state: 'let-go', seen, file: 'data/lake_day=2026-01-07/a b%.parquet', until: 40 },
  ] as const) {
    expect(cursorText(cursor)).toMatch(/^17 \S+ seen=\S+/)
    expect(parseCursor(cursorText(cursor))).toEqual(cursor)
  }
})

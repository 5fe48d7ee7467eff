import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { folder, ingest, lakeTables, localStorage, openLake } from 'loglake'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compact } from '../../src/lake/compact.ts'
import type { Lake } from '../../src/lake/lake.ts'
import type { TableColumnType, TableDefinition } from '../../src/lake/table.ts'
import { vacuum } from '../../src/lake/vacuum.ts'
import { eventOf, makeObjects } from '../faults/objects.ts'
import { makeHostile } from './hostile.ts'
import { readByHyparquet } from './hyparquet.ts'
import { type Task, tasksOf, wantedOf } from './jobs.ts'
import { type ArrowReading, type Reader, type Reading, startReader } from './readers.ts'

const SAMPLES = fileURLToPath(new URL('../../samples/logs', import.meta.url))

/** What each reader calls a column's type. */
const TYPES: Record<TableColumnType, { iceberg: string; spark: string; arrow: string }> = {
  string: { iceberg: 'string', spark: 'string', arrow: 'string' },
  json: { iceberg: 'string', spark: 'string', arrow: 'string' },
  boolean: { iceberg: 'boolean', spark: 'boolean', arrow: 'bool' },
  long: { iceberg: 'long', spark: 'bigint', arrow: 'int64' },
  double: { iceberg: 'double', spark: 'double', arrow: 'double' },
  timestamptz: { iceberg: 'timestamptz', spark: 'timestamp', arrow: 'timestamp[us, tz=UTC]' },
  date: { iceberg: 'date', spark: 'date', arrow: 'date32[day]' },
  binary: { iceberg: 'binary', spark: 'binary', arrow: 'binary' },
}

/** Columns that a later version of the code wants. */
const wider: TableDefinition[] = lakeTables.map((table) => ({
  ...table,
  columns: [...table.columns, { name: 'added_later', type: 'string', doc: 'Was not there at first.' }],
}))

let root: string
let place: string
let lake: Lake
let arrow: Reader<ArrowReading>
let spark: Reader<Reading>

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'interop-'))
  // A name that a URI could be tempted to write differently.
  place = join(root, 'lake of Zoë 100%25')
  lake = openLake(localStorage(place), lakeTables)
  arrow = startReader('read_arrow.py')
  spark = startReader('read_spark.py')
})

afterAll(() => {
  arrow.close()
  spark.close()
  rmSync(root, { recursive: true, force: true })
})

const stages: { name: string; act(): Promise<void>; holds?(tasks: Task[], before: Task[]): Promise<void> }[] =
  [
    {
      name: 'after ingest',
      async act() {
        await ingest(lake, folder([SAMPLES]), { threads: 2, batchObjects: 40 })
      },
    },
    {
      name: 'after more commits, with repeats',
      async act() {
        const more = join(root, 'more')
        mkdirSync(more)
        makeObjects(more, { objects: 24, seed: 7 })
        makeHostile(more)
        const { records, commits } = await ingest(lake, folder([more]), { threads: 2, batchObjects: 8 })
        expect(commits).toBeGreaterThan(2)
        expect(records.repeated).toBeGreaterThan(50)
      },
    },
    {
      name: 'after a trail of two years, of which small days lie together',
      async act() {
        const trail = join(root, 'trail')
        mkdirSync(trail)
        for (let day = 0; day < 730; day++) {
          const time = new Date(Date.UTC(2021, 0, 1 + day, 12)).toISOString()
          const events = [0, 1].map((at) => ({ ...eventOf(`trail-${day}-${at}`, day), eventTime: time }))
          writeFileSync(join(trail, `${day}.json`), JSON.stringify({ Records: events }))
        }
        await ingest(lake, folder([trail]), { threads: 2 })
        const table = await (await lake.newest()).table('cloudtrail')
        const several = (await table?.files())?.filter(({ partition }) => !('lake_day' in partition)) ?? []
        // Some of what came before is of many days, too.
        expect(several.reduce((sum, { records }) => sum + records, 0)).toBeGreaterThanOrEqual(1460)
        expect(several.length).toBeLessThan(10)
      },
    },
    {
      name: 'after compaction, with a column more',
      async act() {
        lake = openLake(localStorage(place), wider)
        const done = await compact(lake, { targetBytes: 60_000 })
        const tables = done.map(({ table }) => table)
        expect(tables).toEqual(expect.arrayContaining(['cloudtrail', 'ledger', 'reject']))
        expect(done.find(({ table }) => table === 'cloudtrail')?.filesAfter).toBeGreaterThan(1)
        // The files that were made are as old as the newest of their rows, not as their commit.
        const table = await (await lake.newest()).table('cloudtrail')
        const numbers = (await table?.numbered())?.map(({ sequence }) => sequence) ?? []
        expect(Math.max(...numbers)).toBeLessThan((table?.sequence ?? 0) - 1)
      },
      async holds(tasks, before) {
        for (const [at, { definition, facts }] of tasks.entries()) {
          expect(facts.rows, definition.name).toBe(before[at]?.facts.rows)
        }
      },
    },
    {
      name: 'after the older snapshots expired',
      async act() {
        const snapshots = (await (await lake.newest()).table('cloudtrail'))?.metadata.snapshots ?? []
        const kept = snapshots.at(-2)?.['timestamp-ms'] as number
        expect(
          (await vacuum(lake, { keepMs: Date.now() - kept + 20, graceMs: 0 })).snapshots,
        ).toBeGreaterThan(0)
      },
      async holds(tasks, before) {
        const cloudtrail = tasks.find(({ definition }) => definition.name === 'cloudtrail')
        expect(cloudtrail?.job.snapshots).not.toEqual([])
        expectUnchanged(tasks, before)
      },
    },
    {
      name: 'after all but the newest snapshot expired',
      async act() {
        await vacuum(lake, { keepMs: 0, graceMs: 0 })
      },
      async holds(tasks, before) {
        expectUnchanged(tasks, before)
        for (const { table } of tasks) expect(table.metadata.snapshots.length).toBe(1)
        const data: string[] = []
        for await (const { key } of lake.storage.list('tables')) if (key.endsWith('.parquet')) data.push(key)
        expect(data.length).toBe(tasks.flatMap(({ files }) => files).length)
        const gone = before.flatMap(({ job }) => (job.snapshots.length > 0 ? [job] : []))
        await expect(arrow.read(gone)).rejects.toThrow()
        await expect(spark.read(gone)).rejects.toThrow()
      },
    },
  ]

let tasks: Task[] = []

describe.each(stages)('$name', ({ act, holds }) => {
  beforeAll(async () => {
    const before = tasks
    await act()
    tasks = await tasksOf(lake)
    await holds?.(tasks, before)
  })

  test('loglake leaves out files, and has each event once', () => {
    for (const { definition, files, planned, facts, snapshots } of tasks) {
      const { narrow, sample } = wantedOf(definition)
      for (const { files: needed } of planned.slice(0, narrow.length)) {
        expect(needed.length, definition.name).toBeLessThan(files.length)
      }
      if (definition.name !== 'cloudtrail') continue
      for (const { values, distinct } of Object.values(snapshots)) expect(distinct).toBe(values)
      const ids = facts.measures[sample.column]
      expect(ids?.distinct).toBe(ids?.values)
    }
  })

  test('pyiceberg reads the same', async () => {
    for (const [at, { pyiceberg, pyarrow }] of (await arrow.read(tasks.map(({ job }) => job))).entries()) {
      const task = tasks[at] as Task
      expectSame(pyiceberg, task, 'iceberg')
      expect(pyiceberg.hinted).toBe(pyiceberg.snapshot)
      expect(plain(pyiceberg.arrow)).toEqual(typesOf(task, 'arrow'))
      expect(Number(pyiceberg.summary['total-records'])).toBe(task.facts.rows)
      expect(Number(pyiceberg.summary['total-data-files'])).toBe(task.files.length)

      // The data files alone, by pyarrow: their rows, and the ids that go with the schema's.
      expect({ rows: pyarrow.rows, digest: pyarrow.digest }).toEqual(digestOf(task))
      const ids = Object.fromEntries(task.table.schema.fields.map(({ name, id }) => [name, id]))
      expect(ids).toMatchObject(pyarrow.ids)
      expect(typesOf(task, 'arrow')).toMatchObject(plain(pyarrow.types))
    }
  })

  test('hyparquet reads the same rows from the data files', async () => {
    for (const task of tasks) {
      expect(await readByHyparquet(task.job.dataFiles, task.job.columns)).toEqual(digestOf(task))
    }
  })

  test('Spark reads the same', async () => {
    for (const [at, reading] of (await spark.read(tasks.map(({ job }) => job))).entries()) {
      expectSame(reading, tasks[at] as Task, 'spark')
    }
  })
})

/** Expiry changes no row; a table that it writes to for the first time since has a column more. */
function expectUnchanged(tasks: readonly Task[], before: readonly Task[]): void {
  const names = (some: readonly Task[]) => some.map(({ definition }) => definition.name)
  expect(names(tasks)).toEqual(names(before))
  for (const [at, { definition, facts }] of tasks.entries()) {
    const { definition: earlier, facts: said } = before[at] as Task
    if (definition.columns.length === earlier.columns.length) expect(facts).toEqual(said)
    else expect(facts.rows).toBe(said.rows)
  }
}

function expectSame(reading: Reading, task: Task, reader: 'iceberg' | 'spark'): void {
  const { table, facts, files, planned, snapshots } = task
  const { metadata } = table
  expect(reading.types).toEqual(typesOf(task, reader))
  expect(reading.snapshot).toBe(metadata['current-snapshot-id'])
  expect(reading.listed).toEqual(metadata.snapshots.map((snapshot) => snapshot['snapshot-id']))
  expect(reading.files).toEqual(files)
  expect(reading.measures).toEqual(facts.measures)
  expect(reading.samples).toEqual(facts.samples)
  expect({ rows: reading.rows, digest: reading.digest }).toEqual(digestOf(task))
  const asked = task.job.predicates.map((predicates) => JSON.stringify(predicates))
  const byQuestion = (answers: Task['planned']) => answers.map((answer, at) => [asked[at], answer])
  expect(byQuestion(reading.planned)).toEqual(byQuestion(planned))
  expect(reading.snapshots).toEqual(snapshots)
}

function digestOf({ facts: { rows, digest } }: Task): { rows: number; digest: string } {
  return { rows, digest }
}

function typesOf({ definition }: Task, reader: 'iceberg' | 'spark' | 'arrow'): Record<string, string> {
  return Object.fromEntries(definition.columns.map(({ name, type }) => [name, TYPES[type][reader]]))
}

/** Arrow has its texts in two sizes. */
function plain(types: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(types).map(([name, type]) => [name, type.replace('large_', '')]))
}

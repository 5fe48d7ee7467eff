import { randomUUID } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DataFile } from '../src/lake/iceberg/index.ts'
import { type Lake, openLake } from '../src/lake/lake.ts'
import type { Storage } from '../src/lake/storage/contract.ts'
import { localStorage } from '../src/lake/storage/local.ts'
import { OWN_COLUMNS, type TableDefinition } from '../src/lake/table.ts'

/** A table for tests of commits and upkeep: its files need not be Parquet as long as nobody reads rows. */
export const thing: TableDefinition = {
  name: 'thing',
  doc: 'One row per thing.',
  columns: [{ name: 'id', type: 'string', doc: 'Its id.' }, ...OWN_COLUMNS],
}

export function freshPlace(): string {
  return mkdtempSync(join(tmpdir(), 'lake-'))
}

export function lakeAt(folder: string, change: (storage: Storage) => Partial<Storage> = () => ({})): Lake {
  const storage = localStorage(folder)
  return openLake({ ...storage, ...change(storage) }, [thing])
}

/** A file of the table, in the words of its metadata alone; the day counts from 1970-01-01. */
export function fileOf({ storage }: Lake, name: string, day: number, records = 1): DataFile {
  return {
    path: `${storage.root}/tables/thing/data/${name}.parquet`,
    format: 'PARQUET',
    partition: { lake_day: day },
    records,
    bytes: 36,
    lower: new Map(),
    upper: new Map(),
  }
}

/** A file of the table as `adopt` makes it, with rows that nobody reads. */
export async function madeFile(lake: Lake, records = 1): Promise<DataFile> {
  const { storage } = lake
  const local = join(await storage.workplace(), 'made')
  writeFileSync(local, randomUUID())
  const name = `lake_day=2026-01-07/${randomUUID()}`
  await storage.adopt(local, `tables/thing/data/${name}.parquet`)
  return fileOf(lake, name, 20460, records)
}

/** Commits one new file. */
export async function addFile(lake: Lake, records = 1, since = Date.now()): Promise<DataFile> {
  const file = await madeFile(lake, records)
  await lake.commit('test', async () => ({ tables: { thing: { add: [file] } } }), since)
  return file
}

/** How many rows the newest version has, as a program that comes now sees it. */
export async function rowsIn(folder: string): Promise<number> {
  const table = await (await lakeAt(folder).newest()).table('thing')
  return ((await table?.files()) ?? []).reduce((sum, { records }) => sum + records, 0)
}

/** A storage that does something before a key is created for the first time, as if its writer had slept there. */
export function sleepsBefore(key: string, meanwhile: () => Promise<void>) {
  let slept = false
  return (storage: Storage): Partial<Storage> => ({
    async create(created, bytes) {
      if (created === key && !slept) {
        slept = true
        await meanwhile()
      }
      return await storage.create(created, bytes)
    },
  })
}

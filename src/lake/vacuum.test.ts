import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addFile, freshPlace, lakeAt, madeFile, rowsIn } from '../../test/lakes.ts'
import { DAY_MS } from '../lib/day.ts'
import { LakeError } from '../lib/errors.ts'
import { filterKeyOf } from './file-filter.ts'
import type { DataFile } from './iceberg/index.ts'
import { isTableFile } from './names.ts'
import { publicKey } from './publish.ts'
import type { Storage } from './storage/contract.ts'
import { TURN } from './turn.ts'
import { vacuum } from './vacuum.ts'
import { verifyCatalog } from './verify/catalog.ts'

const AT_ONCE = { keepMs: 0, graceMs: 0 }
let folder: string

beforeEach(() => {
  folder = freshPlace()
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function put(key: string, days = 2, text = 'x'): string {
  const path = join(folder, key)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  const then = new Date(Date.now() - days * DAY_MS)
  utimesSync(path, then, then)
  return path
}

function age(days: number): void {
  const then = new Date(Date.now() - days * DAY_MS)
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    utimesSync(join(folder, path), then, then)
}

const pathOf = ({ path }: DataFile) => path.slice('file://'.length)
const H = 'ab'.repeat(32)
const day = 'data/lake_day=2026-01-07'

describe('what a vacuum removes', () => {
  it.each([
    `tables/thing/${day}/${randomUUID()}.parquet`,
    `tables/thing/${day}/${randomUUID()}.${H}.parquet`,
    `tables/thing/${day}/${randomUUID()}.${H}.bloom.puffin`,
    `tables/thing/data/lake_day=none/${randomUUID()}.parquet`,
    `tables/thing/metadata/${randomUUID()}-m.avro`,
    `tables/thing/metadata/${randomUUID()}.${H}-m.avro`,
    `tables/thing/metadata/snap-12-${randomUUID()}.${H}.avro`,
    `tables/thing/metadata/00007-${randomUUID()}.${H}.metadata.json`,
    `tables/thing/metadata/.draft-${randomUUID()}`,
    `catalog/.draft-${randomUUID()}`,
    `staging/123-${randomUUID()}/spill/x`,
  ])('%s, once it is old', async (key) => {
    await addFile(lakeAt(folder))
    const path = put(key)
    const other = put(key.replace(/[0-9a-f]{8}-/, '00000000-'), 0)
    expect(await vacuum(lakeAt(folder), { dryRun: true })).toMatchObject({ files: 1, bytes: 1 })
    expect(existsSync(path)).toBe(true)
    expect(await vacuum(lakeAt(folder))).toMatchObject({ files: 1, bytes: 1 })
    expect([existsSync(path), existsSync(other)]).toEqual([false, true])
  })

  it.each([
    'staging/AWSLogs/111122223333/CloudTrail/eu-central-1/2026/01/07/raw.json',
    `staging/mine-${randomUUID()}/x`,
    'tables/prices/data/prices.csv',
    `tables/prices/${day}/${randomUUID()}.parquet`,
    'tables/thing/data/prices.csv',
    'tables/thing/data/part-0.parquet',
    `tables/thing/${day}/mine.parquet`,
    `tables/thing/${day}/00000-0-${randomUUID()}-00001.parquet`,
    `tables/thing/${day}/below/${randomUUID()}.parquet`,
    `tables/thing/metadata/${randomUUID()}-m0.avro`,
    'tables/thing/metadata/notes.txt',
    'catalog/notes.txt',
    'catalog/v1.json.bak',
    // Another lake, stored below this lake's root.
    'staging/catalog/v1.json',
    `staging/tables/thing/${day}/${randomUUID()}.${H}.parquet`,
    `tables/catalog/v1.json`,
    `tables/tables/thing/${day}/${randomUUID()}.${H}.parquet`,
    `other/staging/12-${randomUUID()}/x`,
    `control/stop/x.json`,
  ])('is not %s', async (key) => {
    await addFile(lakeAt(folder))
    const path = put(key, 400)
    expect(await vacuum(lakeAt(folder), AT_ONCE)).toMatchObject({ snapshots: 0 })
    expect(existsSync(path)).toBe(true)
  })

  it('is not what a version names, nor what a young one does', async () => {
    const first = await addFile(lakeAt(folder))
    const { path } = await addFile(lakeAt(folder), 10)
    await lakeAt(folder).commit('test', async () => ({ tables: { thing: { remove: [first] } } }))
    age(3)
    expect(await vacuum(lakeAt(folder))).toMatchObject({ snapshots: 0 })
    expect(existsSync(pathOf(first))).toBe(true)
    age(8)
    // The version that named it is removed; a snapshot of the newest still names it.
    await vacuum(lakeAt(folder))
    expect(existsSync(pathOf(first))).toBe(true)
    age(8)
    expect(await rowsIn(folder)).toBe(10)
    // A snapshot's age counts from its own timestamp.
    expect((await vacuum(lakeAt(folder), { keepMs: 0 })).snapshots).toBeGreaterThan(0)
    expect(existsSync(pathOf(first))).toBe(false)
    expect(existsSync(path.slice('file://'.length))).toBe(true)
    expect(await rowsIn(folder)).toBe(10)
    expect(await verifyCatalog(lakeAt(folder).storage, await lakeAt(folder).newest())).toEqual([])
  })

  it('is not the filter of a file that is there', async () => {
    const { path } = await addFile(lakeAt(folder))
    const filter = put(filterKeyOf(path.slice(`file://${folder}/`.length)))
    const other = put(`tables/thing/${day}/${randomUUID()}.bloom.puffin`)
    await vacuum(lakeAt(folder), AT_ONCE)
    expect([existsSync(filter), existsSync(other)]).toEqual([true, false])
  })

  it('leaves each number of the catalog taken, and the newest version as it is', async () => {
    for (let n = 0; n < 5; n++) await addFile(lakeAt(folder))
    age(9)
    await vacuum(lakeAt(folder))
    expect(readdirSync(join(folder, 'catalog')).filter((name) => /^v/.test(name))).toHaveLength(6)
    for (const version of [1, 2, 3, 4, 5])
      expect(readFileSync(join(folder, `catalog/v${version}.json`), 'utf8')).toBe('given up\n')
    expect(await rowsIn(folder)).toBe(5)
    expect((await lakeAt(folder).newest()).number).toBe(6)
  })

  it('is nothing where a version is lost', async () => {
    for (let n = 0; n < 4; n++) await addFile(lakeAt(folder))
    const orphan = put(`tables/thing/${day}/${randomUUID()}.parquet`)
    rmSync(join(folder, 'catalog/v2.json'))
    await expect(vacuum(lakeAt(folder))).rejects.toThrow(/version 2 of the lake is missing/)
    expect(existsSync(orphan)).toBe(true)
  })
})

it.each([400 * DAY_MS, -2 * DAY_MS, 600_000])('a clock that is %i ms off is refused', async (offMs) => {
  await addFile(lakeAt(folder))
  const orphan = put(`tables/thing/${day}/${randomUUID()}.parquet`)
  const lake = lakeAt(folder, () => ({ now: async () => Date.now() - offMs }))
  await expect(vacuum(lake)).rejects.toThrow(offMs > 0 ? /ahead of the storage's/ : /behind the storage's/)
  expect(existsSync(orphan)).toBe(true)
  expect((await lakeAt(folder).newest()).catalog.vacuumed).toBeUndefined()
  await vacuum(lakeAt(folder, () => ({ now: async () => Date.now() - 60_000 })))
  expect(existsSync(orphan)).toBe(false)
})

it('says in the catalog from when on files are safe, before it removes any', async () => {
  await addFile(lakeAt(folder))
  put(`tables/thing/${day}/${randomUUID()}.parquet`)
  const said: (string | undefined)[] = []
  const lake = lakeAt(folder, (storage) => ({
    async remove(key) {
      // Its own turn to commit is no file of the lake's.
      if (key !== TURN) said.push((await lakeAt(folder).newest()).catalog.vacuumed)
      await storage.remove(key)
    },
  }))
  await vacuum(lake, { graceMs: DAY_MS })
  expect(said).toHaveLength(1)
  expect(Math.abs(Date.parse(said[0] ?? '') + DAY_MS - Date.now())).toBeLessThan(60_000)
})

it('takes commits that are made meanwhile for no gap, and leaves their files', async () => {
  await addFile(lakeAt(folder))
  let busy = true
  const lake = lakeAt(folder, (storage) => ({
    async *list(prefix) {
      yield* storage.list(prefix)
      for (let n = 0; busy && n < 3; n++) await addFile(lakeAt(folder))
      busy = false
    },
  }))
  await vacuum(lake, { keepMs: 0 })
  expect(await rowsIn(folder)).toBe(4)
  expect(await missingFiles()).toEqual([])
})

/** Files that the newest version names and that do not exist. */
async function missingFiles(): Promise<string[]> {
  const table = await (await lakeAt(folder).newest()).table('thing')
  return ((await table?.files()) ?? []).map(pathOf).filter((path) => !existsSync(path))
}

describe('on a full disk', () => {
  /** A disk that is full until a number of bytes is removed. */
  function full(needed: number) {
    let freed = 0
    return (storage: Storage): Partial<Storage> => {
      const refuse = async (key: string) => {
        if (freed < needed)
          throw new LakeError('no space left to write the lake', { file: key, remedy: 'make room' })
      }
      return {
        async write(key, bytes) {
          await refuse(key)
          return await storage.write(key, bytes)
        },
        async create(key, bytes) {
          await refuse(key)
          return await storage.create(key, bytes)
        },
        async hint(key, bytes) {
          await refuse(key)
          return await storage.hint(key, bytes)
        },
        async remove(key) {
          freed += (await storage.size(key)) ?? 0
          await storage.remove(key)
        },
      }
    }
  }

  it('makes the room that it needs itself', async () => {
    for (let n = 0; n < 4; n++) await addFile(lakeAt(folder))
    put(`staging/123-${randomUUID()}/x`, 2, 'x'.repeat(100))
    const orphan = put(`tables/thing/${day}/${randomUUID()}.${H}.parquet`, 2, 'x'.repeat(1000))
    const done = await vacuum(lakeAt(folder, full(100)), { keepMs: 0 })
    expect(done.files).toBeGreaterThan(2)
    expect(existsSync(orphan)).toBe(false)
    expect(await rowsIn(folder)).toBe(4)
    // The copy of the newest metadata for other engines was not removed.
    const { entry } = (await (await lakeAt(folder).newest()).table('thing')) ?? {}
    expect(existsSync(join(folder, publicKey('tables/thing', entry?.number ?? 0)))).toBe(true)
  })

  it('removes nothing that a commit under way may name', async () => {
    await addFile(lakeAt(folder))
    const file = await madeFile(lakeAt(folder))
    put(file.path.slice(`file://${folder}/`.length))
    await expect(vacuum(lakeAt(folder, full(1 << 30)))).rejects.toThrow(/free a few MiB/)
    expect(existsSync(pathOf(file))).toBe(true)
  })
})

it('names that hold a table of another name are not ours', () => {
  expect(isTableFile(`tables/thing2/${day}/${randomUUID()}.parquet`, 'tables/thing')).toBe(false)
  expect(isTableFile(`x/tables/thing/${day}/${randomUUID()}.parquet`, 'tables/thing')).toBe(false)
})

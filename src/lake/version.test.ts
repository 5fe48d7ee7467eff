import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { thing } from '../../test/lakes.ts'
import { type Lake, openLake } from './lake.ts'
import { localStorage } from './storage/local.ts'
import { metadataCache } from './version.ts'

let folder: string
let lake: Lake
let read: string[]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'version-'))
  const storage = localStorage(folder)
  const counted = {
    ...storage,
    read(key: string) {
      read.push(key)
      return storage.read(key)
    },
  }
  read = []
  lake = openLake(counted, [thing])
})
afterEach(() => rmSync(folder, { recursive: true }))

const commit = () => lake.commit('test', async () => ({ tables: { thing: { add: [] } } }))
const readMetadata = () => read.filter((key) => key.endsWith('.metadata.json'))

it("a table's metadata is read once, until a commit makes another", async () => {
  await commit()
  read = []
  const first = await (await lake.newest()).table('thing')
  expect(await (await lake.newest()).table('thing')).toBe(first)
  expect(readMetadata()).toHaveLength(1)
  await commit()
  read = []
  const second = await (await lake.newest()).table('thing')
  expect(second?.entry.number).toBe(2)
  expect(await (await lake.newest()).table('thing')).toBe(second)
  expect(readMetadata()).toHaveLength(1)
})

it('an older version is still itself once a newer one was asked for', async () => {
  await commit()
  await commit()
  expect((await (await lake.newest()).table('thing'))?.entry.number).toBe(2)
  expect((await (await lake.at(1)).table('thing'))?.entry.number).toBe(1)
  expect((await (await lake.newest()).table('thing'))?.entry.number).toBe(2)
})

it('the cache keeps what was used last, up to its bound', async () => {
  const cache = metadataCache()
  const made: string[] = []
  const get = (key: string) =>
    cache.get(
      key,
      () => 200_000,
      async () => {
        made.push(key)
        return key
      },
    )
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await get(key)
  expect(made).toEqual(['a', 'b', 'c', 'b'])
})

it('a name that every object has is no table', async () => {
  await commit()
  for (const name of ['constructor', '__proto__', 'toString'])
    expect(await (await lake.newest()).table(name)).toBeUndefined()
})

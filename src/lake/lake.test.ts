import { existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addFile, freshPlace, lakeAt, madeFile, rowsIn, sleepsBefore } from '../../test/lakes.ts'
import { DAY_MS } from '../lib/day.ts'
import { UserError } from '../lib/errors.ts'
import { type Catalog, catalogHash } from './catalog.ts'
import type { DataFile } from './iceberg/index.ts'
import { openLake } from './lake.ts'
import { newestVersion } from './newest-version.ts'
import { localStorage } from './storage/local.ts'
import { vacuum } from './vacuum.ts'

let folder: string

beforeEach(() => {
  folder = freshPlace()
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const catalogPath = (version: number) => join(folder, `catalog/v${version}.json`)
const catalog = (version: number) => JSON.parse(readFileSync(catalogPath(version), 'utf8')) as Catalog

async function addFiles(count: number): Promise<void> {
  const lake = lakeAt(folder)
  for (let n = 0; n < count; n++) await addFile(lake)
}

function deferred() {
  let resolve = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve: () => resolve() }
}

/** Advances the clock by some days. */
function age(days: number): void {
  const then = new Date(Date.now() - days * DAY_MS)
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    utimesSync(join(folder, path), then, then)
}

describe('a commit', () => {
  it('names its parent, and the hash of it', async () => {
    await addFiles(3)
    for (const version of [2, 3]) {
      const { parent, parentHash } = catalog(version)
      expect(parent).toBe(catalog(version - 1).commit)
      expect(parentHash).toBe(catalogHash(catalog(version - 1)))
    }
    expect(catalog(1).parentHash).toBeUndefined()
  })

  it('that loses is made again on what won', async () => {
    await addFiles(1)
    const bases: number[] = []
    const lake = lakeAt(
      folder,
      sleepsBefore('catalog/v2.json', async () => void (await addFile(lakeAt(folder), 10))),
    )
    const file = await madeFile(lake, 100)
    const { lost } = await lake.commit('test', async (base) => {
      bases.push(base.number)
      return { tables: { thing: { add: [file] } } }
    })
    expect({ lost, bases }).toEqual({ lost: 1, bases: [1, 2] })
    expect(await rowsIn(folder)).toBe(111)
    // The files that it wrote for the lost commit are gone.
    const named = new Set([1, 2, 3].map((version) => catalog(version).tables.thing?.metadata.split('/')[1]))
    const metadata = readdirSync(join(folder, 'tables/thing/metadata')).filter((name) =>
      /^0.*\.json$/.test(name),
    )
    expect(new Set(metadata)).toEqual(named)
  })

  it('that loses after its files were removed gives up', async () => {
    await addFiles(1)
    const mine: DataFile[] = []
    const lake = lakeAt(
      folder,
      sleepsBefore('catalog/v2.json', async () => {
        await addFile(lakeAt(folder), 10)
        rmSync((mine[0] as DataFile).path.slice('file://'.length))
      }),
    )
    mine.push(await madeFile(lake))
    const commit = lake.commit('test', async () => ({ tables: { thing: { add: mine } } }))
    await expect(commit).rejects.toThrow(/slept so long/)
    expect(await rowsIn(folder)).toBe(11)
  })

  it('whose files are older than a vacuum says is safe gives up', async () => {
    await addFiles(2)
    await vacuum(lakeAt(folder))
    await expect(addFile(lakeAt(folder), 1, Date.now() - 2 * DAY_MS)).rejects.toThrow(/slept so long/)
    expect(await rowsIn(folder)).toBe(2)
    await addFile(lakeAt(folder), 1, Date.now() - DAY_MS / 2)
    expect(await rowsIn(folder)).toBe(3)
  })

  it('that changes no rows leaves the numbers of the tables', async () => {
    await addFiles(1)
    await lakeAt(folder).commit('test', async () => ({ tables: {}, cursors: { a: '1' } }))
    await lakeAt(folder).commit('test', async () => ({ tables: {}, cursors: { b: '2' } }))
    expect(catalog(3)).toMatchObject({ cursors: { a: '1', b: '2' }, tables: catalog(1).tables })
  })
})

it('an older commit does not publish over a newer', async () => {
  await addFiles(1)
  let first = true
  const lake = lakeAt(folder, (storage) => ({
    async create(key, bytes) {
      const created = await storage.create(key, bytes)
      if (key === 'catalog/v2.json' && first) {
        first = false
        await addFile(lakeAt(folder))
      }
      return created
    },
  }))
  await addFile(lake)
  const metadata = join(folder, 'tables/thing/metadata')
  expect(readFileSync(join(metadata, 'version-hint.text'), 'utf8')).toBe('3')
  expect(readFileSync(join(folder, 'catalog/newest'), 'utf8')).toBe('3')
  const own = readFileSync(join(folder, 'tables/thing', catalog(3).tables.thing?.metadata ?? ''))
  expect(readFileSync(join(metadata, 'v3.metadata.json')).equals(own)).toBe(true)
})

it.each([/^00002-.*\.json$/, /^snap-.*\.avro$/, /-m\.avro$/])(
  'a file %s that was rewritten is not read',
  async (name) => {
    await addFiles(2)
    const metadata = join(folder, 'tables/thing/metadata')
    for (const file of readdirSync(metadata).filter((one) => name.test(one))) {
      const bytes = readFileSync(join(metadata, file))
      // Of the same size, and for text still valid in its format.
      const at = bytes.lastIndexOf('lake-')
      if (at > 0) bytes.write('Lake-', at)
      else bytes[bytes.length >> 1] = ~(bytes[bytes.length >> 1] as number)
      writeFileSync(join(metadata, file), bytes)
    }
    await expect(rowsIn(folder)).rejects.toThrow(/its bytes are not those that were committed/)
  },
)

describe('a writer that slept for days', () => {
  /** Two writers, suspended as they commit, while the lake is filled, aged and vacuumed. */
  async function sleep(meanwhile: () => Promise<void>): Promise<string[]> {
    await addFiles(3)
    const outcomes: string[] = []
    const sleepers = [4, 5].map((version) => ({ version, woken: deferred() }))
    const running: Promise<void>[] = []
    for (const { version, woken } of sleepers) {
      const asleep = deferred()
      const lake = lakeAt(
        folder,
        sleepsBefore(`catalog/v${version}.json`, async () => {
          asleep.resolve()
          await woken.promise
        }),
      )
      running.push(
        addFile(lake, 1000).then(
          () => void outcomes.push('done'),
          (thrown) => void outcomes.push(String(thrown.what)),
        ),
      )
      await asleep.promise
      await addFiles(1)
    }
    await addFiles(4)
    age(9)
    await meanwhile()
    for (const [at, { woken }] of sleepers.entries()) {
      woken.resolve()
      await running[at]
    }
    return outcomes
  }

  const slept = 'a commit slept so long that the lake was vacuumed meanwhile'

  it('cannot commit after a vacuum, nor can one after it', async () => {
    const outcomes = await sleep(async () => {
      await addFiles(1)
      await vacuum(lakeAt(folder))
    })
    expect(outcomes).toEqual([slept, slept])
    expect(await rowsIn(folder)).toBe(10)
    const found = await Promise.all([0, 3, 4, 5, 9].map((from) => newestVersion(localStorage(folder), from)))
    expect(found).toEqual([11, 11, 11, 11, 11])
  })

  it('cannot commit where numbers are free again', async () => {
    const outcomes = await sleep(async () => {
      await addFiles(1)
      await vacuum(lakeAt(folder))
      // As an older vacuum did, before there were marks.
      for (const version of [1, 2, 3, 4, 5, 6, 7, 8, 9]) rmSync(catalogPath(version))
      writeFileSync(join(folder, 'catalog/first-is-gone'), '')
    })
    expect(outcomes).toEqual([slept, slept])
    expect(await rowsIn(folder)).toBe(10)
    for (const from of [0, 3, 4, 5, 9]) expect(await newestVersion(localStorage(folder), from)).toBe(11)
    await vacuum(lakeAt(folder))
    expect(existsSync(catalogPath(7))).toBe(true)
    expect(await rowsIn(folder)).toBe(10)
  })

  it('commits as ever where nobody vacuumed', async () => {
    expect(await sleep(async () => undefined)).toEqual(['done', 'done'])
    expect(await rowsIn(folder)).toBe(2009)
  })
})

describe('a version that is lost', () => {
  beforeEach(async () => {
    await addFiles(8)
    rmSync(catalogPath(5))
    writeFileSync(join(folder, 'catalog/newest'), '4')
  })

  it('is not written over', async () => {
    for (let n = 0; n < 2; n++)
      await expect(addFile(lakeAt(folder))).rejects.toThrow(
        /version 5 of the lake is missing[\s\S]*loglake repair/,
      )
    const lake = lakeAt(folder)
    for (let n = 0; n < 2; n++)
      await expect(addFile(lake)).rejects.toThrow(/version 5 of the lake is missing/)
    expect(existsSync(catalogPath(5))).toBe(false)
    expect(existsSync(catalogPath(9))).toBe(false)
  })

  it('does not hide the later ones from a reader', async () => {
    expect((await lakeAt(folder).newest()).number).toBe(8)
    expect(await rowsIn(folder)).toBe(8)
  })

  it('is met by a writer that is at work, too', async () => {
    const lake = lakeAt(folder)
    writeFileSync(catalogPath(5), '')
    writeFileSync(join(folder, 'catalog/newest'), '8')
    expect((await lake.newest()).number).toBe(8)
    await addFiles(2)
    rmSync(catalogPath(9))
    await expect(addFile(lake)).rejects.toThrow(/version 9 of the lake is missing/)
  })
})

it.each(['#', '?', '\n'])('a lake is not made in a folder with %j in its path', async (character) => {
  const place = join(folder, `a${character}b`)
  const lake = openLake(localStorage(place), [])
  expect(await lake.exists()).toBe(false)
  await expect(lake.newest()).rejects.toBeInstanceOf(UserError)
  await expect(lake.commit('test', async () => ({ tables: {} }))).rejects.toThrow(
    /cannot be made in a folder/,
  )
  expect(existsSync(join(place, 'catalog'))).toBe(false)
})

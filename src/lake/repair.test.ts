import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addFile, freshPlace, lakeAt, rowsIn } from '../../test/lakes.ts'
import { LakeError, UserError } from '../lib/errors.ts'
import type { Catalog } from './catalog.ts'
import { publicKey } from './publish.ts'
import { type Repaired, repair } from './repair.ts'
import { verifyCatalog } from './verify/catalog.ts'
import { verifyPublished } from './verify/published.ts'
import type { TableVersion } from './version.ts'

let folder: string

beforeEach(async () => {
  folder = freshPlace()
  for (let n = 0; n < 6; n++) await addFile(lakeAt(folder), 10 ** n)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const catalogPath = (version: number) => join(folder, `catalog/v${version}.json`)
const catalog = (version: number) => JSON.parse(readFileSync(catalogPath(version), 'utf8')) as Catalog
const kinds = ({ repairs }: Repaired) => repairs.map(({ kind }) => kind)

async function codes(): Promise<string[]> {
  const lake = lakeAt(folder)
  return (await verifyCatalog(lake.storage, await lake.newest())).map(({ code }) => code)
}

async function tableCodes(): Promise<string[]> {
  const lake = lakeAt(folder)
  const newest = await lake.newest()
  return (
    await verifyPublished(lake.storage, newest.number, (await newest.table('thing')) as TableVersion)
  ).map(({ code }) => code)
}

/** Version 4 was lost, and a program that did not see the later ones committed it again. */
async function fork(): Promise<void> {
  const published = (version: number) => join(folder, publicKey('tables/thing', version))
  const hint = join(folder, 'tables/thing/metadata/version-hint.text')
  const lost = [hint, ...[4, 5, 6].flatMap((version) => [catalogPath(version), published(version)])]
  const bytes = new Map(lost.map((path) => [path, readFileSync(path)]))
  for (const path of lost) rmSync(path)
  writeFileSync(join(folder, 'catalog/newest'), '3')
  await addFile(lakeAt(folder), 7_000_000)
  bytes.delete(catalogPath(4))
  for (const [path, content] of bytes) writeFileSync(path, content)
}

/** Nothing is left to repair, writers can commit, and the catalog's numbers have no gap. */
async function expectSound(rows: number): Promise<void> {
  expect(await codes()).toEqual([])
  expect(await repair(lakeAt(folder))).toMatchObject({ repairs: [], undecided: false })
  expect(await rowsIn(folder)).toBe(rows)
  await addFile(lakeAt(folder), 1)
  expect(await rowsIn(folder)).toBe(rows + 1)
  const { number } = await lakeAt(folder).newest()
  for (let version = 1; version <= number; version++) expect(readFileSync(catalogPath(version)).length > 0)
}

it('has nothing to do in a sound lake', async () => {
  expect(await repair(lakeAt(folder))).toMatchObject({ version: 6, repairs: [], undecided: false })
  await expectSound(111_111)
})

describe('repairs', () => {
  it.each([[[4]], [[2, 3, 4]], [[2, 5]]])('versions %j that are lost', async (lost) => {
    for (const version of lost) rmSync(catalogPath(version))
    writeFileSync(join(folder, 'catalog/newest'), '1')
    expect(new Set(await codes())).toEqual(new Set(['catalog-gap']))
    const dry = await repair(lakeAt(folder), { dryRun: true })
    expect(readdirSync(join(folder, 'catalog')).filter((name) => /^v/.test(name))).toHaveLength(
      6 - lost.length,
    )
    const done = await repair(lakeAt(folder))
    expect(done).toEqual(dry)
    expect(new Set(kinds(done))).toEqual(new Set(['gap']))
    await expectSound(111_111)
  })

  it('a version before the newest that is damaged', async () => {
    writeFileSync(catalogPath(3), '{"format":1,')
    expect(await codes()).toEqual(['catalog-damaged'])
    expect(kinds(await repair(lakeAt(folder)))).toEqual(['aside'])
    const [aside = ''] = readdirSync(join(folder, 'catalog/aside'))
    expect(readFileSync(join(folder, 'catalog/aside', aside), 'utf8')).toBe('{"format":1,')
    await expectSound(111_111)
  })

  it('the newest version, once it is said which one to keep', async () => {
    writeFileSync(catalogPath(6), '')
    await expect(lakeAt(folder).newest()).rejects.toThrow(/loglake repair/)
    const asked = await repair(lakeAt(folder))
    expect(asked).toMatchObject({ undecided: true, heads: [{ version: 5, rows: { thing: 11_111 } }] })
    expect(readFileSync(catalogPath(6), 'utf8')).toBe('')
    const done = await repair(lakeAt(folder), { keep: asked.heads[0]?.commit })
    expect(kinds(done)).toEqual(['restore', 'aside'])
    expect(done.version).toBe(7)
    await expectSound(11_111)
  })

  it('a hint that is gone or wrong, and copies for others that are stale', async () => {
    const copy = join(folder, publicKey('tables/thing', 6))
    const right = readFileSync(copy)
    for (const [hint, text] of [
      ['0', '{}'],
      ['v6', ''],
    ] as const) {
      writeFileSync(join(folder, 'catalog/newest'), hint)
      writeFileSync(copy, text)
      expect(await codes()).toEqual(['stale-hint'])
      expect(kinds(await repair(lakeAt(folder)))).toEqual(['hint', 'publish'])
      expect(readFileSync(copy).equals(right)).toBe(true)
    }
    await expectSound(111_111)
  })

  it('the hint that other engines read', async () => {
    const hint = join(folder, 'tables/thing/metadata/version-hint.text')
    for (const text of ['7', '3', '']) {
      writeFileSync(hint, text)
      expect(await tableCodes()).toEqual(['stale-for-others'])
      expect(kinds(await repair(lakeAt(folder)))).toEqual(['publish'])
      expect(readFileSync(hint, 'utf8')).toBe('6')
    }
    await expectSound(111_111)
  })

  it('the newest version that is lost, by the hint and by what engines see', async () => {
    rmSync(catalogPath(6))
    rmSync(catalogPath(5))
    expect(await codes()).toEqual(['newest-lost'])
    await expect(addFile(lakeAt(folder))).rejects.toThrow(/version 5 of the lake is missing[\s\S]*repair/)
    const hint = join(folder, 'catalog/newest')
    for (const text of ['6', '4', '1']) {
      writeFileSync(hint, text)
      await expect(addFile(lakeAt(folder))).rejects.toThrow(/version 5 of the lake is missing[\s\S]*repair/)
      expect(await tableCodes()).toEqual(['newest-lost'])
      expect((await repair(lakeAt(folder), { dryRun: true })).repairs.map(({ what }) => what)).toContainEqual(
        expect.stringMatching(/take back/),
      )
    }
    writeFileSync(hint, '6')
    expect(kinds(await repair(lakeAt(folder)))).toEqual(['hint', 'publish'])
    expect(readFileSync(hint, 'utf8')).toBe('4')
    expect(await tableCodes()).toEqual([])
    await expectSound(1_111)
  })

  it.each([1, 2, 4])('all versions but the first two and the newest %d', async (left) => {
    for (let n = 0; n < 7; n++) await addFile(lakeAt(folder), 1)
    for (let version = 3; version <= 13 - left; version++) rmSync(catalogPath(version))
    writeFileSync(join(folder, 'catalog/newest'), '2')
    await expect(addFile(lakeAt(folder))).rejects.toThrow(/version \d+ of the lake is missing/)
    expect(kinds(await repair(lakeAt(folder)))).toEqual(['gap'])
    await expectSound(111_118)
  })

  it('a lake that is locked until a day in the future', async () => {
    const until = new Date(Date.now() + 399 * 86_400_000).toISOString()
    await lakeAt(folder).commit('test', async () => ({ tables: {}, vacuumed: until }))
    await expect(addFile(lakeAt(folder))).rejects.toThrow(/locked until[\s\S]*loglake repair/)
    expect(await codes()).toEqual(['locked'])
    expect(kinds(await repair(lakeAt(folder)))).toEqual(['unlock'])
    await expectSound(111_111)
  })
})

describe('of a fork', () => {
  it('both heads are shown, and nothing is done', async () => {
    await fork()
    expect(await codes()).toEqual(['catalog-fork'])
    const before = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
    const { undecided, heads } = await repair(lakeAt(folder))
    expect({ undecided, heads: heads.map(({ version }) => version) }).toEqual({
      undecided: true,
      heads: [4, 6],
    })
    expect(readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()).toEqual(before)
    await expect(repair(lakeAt(folder), { keep: 'no such commit' })).rejects.toBeInstanceOf(UserError)
  })

  it('the later head is kept', async () => {
    await fork()
    expect(kinds(await repair(lakeAt(folder), { keep: catalog(6).commit }))).toEqual(['aside'])
    await expectSound(111_111)
  })

  it('the earlier head is kept, above the other', async () => {
    await fork()
    const done = await repair(lakeAt(folder), { keep: catalog(4).commit })
    expect(kinds(done).slice(0, 2)).toEqual(['restore', 'aside'])
    const { catalog: newest } = await lakeAt(folder).newest()
    expect(newest).toMatchObject({ version: 7, tables: { thing: { number: 7 } } })
    expect(readFileSync(join(folder, 'tables/thing/metadata/version-hint.text'), 'utf8')).toBe('7')
    await expectSound(7_000_111)
  })
})

it('a version that was rewritten is found', async () => {
  writeFileSync(
    catalogPath(3),
    readFileSync(catalogPath(3), 'utf8').replace('"by": "test"', '"by": "nobody"'),
  )
  expect(await codes()).toEqual(['catalog-altered'])
})

it('a lake of a later format is left alone', async () => {
  writeFileSync(catalogPath(6), JSON.stringify({ ...catalog(6), format: 2 }))
  const thrown = await repair(lakeAt(folder)).catch((error) => error)
  expect(thrown).toBeInstanceOf(LakeError)
  expect(thrown.remedy).toMatch(/upgrade loglake/)
})

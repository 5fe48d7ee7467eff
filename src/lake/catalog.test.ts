import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LakeError } from '../lib/errors.ts'
import {
  type Catalog,
  createCatalog,
  fill,
  giveUp,
  giveUpThousands,
  isFree,
  isGivenUp,
  isLinked,
  readCatalog,
  versionOf,
} from './catalog.ts'
import { beyondGap, findNewest, hintNewest, newestVersion } from './newest-version.ts'
import type { Storage } from './storage/contract.ts'
import { localStorage } from './storage/local.ts'

let folder: string
let storage: Storage

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'catalog-'))
  mkdirSync(join(folder, 'catalog'))
  storage = localStorage(folder)
})
afterEach(() => rmSync(folder, { recursive: true }))

function catalog(version: number, commit = `commit ${version}`, parent = `commit ${version - 1}`): Catalog {
  return { format: 1, lake: 'lake', version, commit, parent, at: '', by: 'test', tables: {}, cursors: {} }
}

function put(...versions: number[]): void {
  for (const version of versions)
    writeFileSync(join(folder, 'catalog', `v${version}.json`), JSON.stringify(catalog(version)))
}

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1)

describe('the newest version', () => {
  it('is 0 in an empty lake', async () => {
    expect(await newestVersion(storage)).toBe(0)
    rmSync(join(folder, 'catalog'), { recursive: true })
    expect(await newestVersion(storage)).toBe(0)
  })

  it('is found from any version that is known, and from none', async () => {
    for (let last = 1; last <= 40; last++) {
      put(last)
      for (let known = 0; known <= last; known++) expect(await newestVersion(storage, known)).toBe(last)
    }
  })

  it('is found from a hint that is old, lost, ahead, gone or none', async () => {
    put(...upTo(20))
    for (const hint of ['1', '7', '20', '21', '4711', '0', '-3', '1.5', '', 'v20', 'Infinity']) {
      writeFileSync(join(folder, 'catalog/newest'), hint)
      expect(await newestVersion(storage), hint).toBe(20)
    }
    await hintNewest(storage, 3)
    for (const version of upTo(12)) rmSync(join(folder, 'catalog', `v${version}.json`))
    expect(await newestVersion(storage)).toBe(20)
  })

  it('is found when the version that is known was removed', async () => {
    put(18, 19, 20)
    expect(await newestVersion(storage, 5)).toBe(20)
  })

  it('is found where the first is left of old ones', async () => {
    put(1, 18, 19, 20)
    expect(await newestVersion(storage, 1)).toBe(20)
    await hintNewest(storage, 1)
    expect(await newestVersion(storage)).toBe(20)
  })

  it('is no draft and no other file', async () => {
    put(1, 2)
    writeFileSync(join(folder, 'catalog/.draft-x'), '')
    writeFileSync(join(folder, 'catalog/v9.json.bak'), '')
    mkdirSync(join(folder, 'catalog/old'))
    writeFileSync(join(folder, 'catalog/old/v30.json'), '')
    expect(await newestVersion(storage)).toBe(2)
    expect(versionOf('catalog/v12.json')).toBe(12)
    expect(versionOf('catalog/v12.json~')).toBeUndefined()
  })
})

describe('a commit', () => {
  it('is the first with its version, or none', async () => {
    const tried = await Promise.all(
      Array.from({ length: 20 }, (_, index) => createCatalog(storage, catalog(1, `writer ${index}`))),
    )
    const winners = tried.flatMap((won, index) => (won ? [`writer ${index}`] : []))
    expect(winners).toEqual([(await readCatalog(storage, 1)).commit])
  })

  it('knows its own when the answer got lost', async () => {
    await createCatalog(storage, catalog(1))
    expect(await createCatalog(storage, catalog(1))).toBe(true)
  })

  it('does not go on from a version that was removed meanwhile', async () => {
    put(5, 6, 7)
    // As in a lake vacuumed by a version that wrote no marks.
    const late = catalog(3)
    expect(await createCatalog(storage, late)).toBe(true)
    expect(await isLinked(storage, late)).toBe(false)
    expect(await newestVersion(storage, 2)).toBe(7)
    expect(await newestVersion(storage, 3)).toBe(7)
    const next = catalog(4, 'of a second sleeper', 'commit 3')
    expect(await createCatalog(storage, next)).toBe(true)
    expect(await isLinked(storage, next)).toBe(false)
    expect(await newestVersion(storage, 4)).toBe(7)
    expect(await isLinked(storage, catalog(8))).toBe(true)
  })

  it('goes on from the very version that it was made of', async () => {
    put(1, 2)
    const other = catalog(3, 'mine', 'another commit 2')
    expect(await createCatalog(storage, other)).toBe(true)
    expect(await isLinked(storage, other)).toBe(false)
    expect(await newestVersion(storage)).toBe(2)
  })

  it('is not the first again', async () => {
    const first = catalog(1, 'mine', '')
    expect(await isLinked(storage, first)).toBe(true)
    writeFileSync(join(folder, 'catalog/first-is-gone'), '')
    expect(await isLinked(storage, first)).toBe(false)
  })
})

describe('a version that is given up', () => {
  it('leaves its number taken', async () => {
    put(...upTo(7))
    await giveUp(storage, upTo(5))
    for (const version of upTo(5)) {
      expect(await createCatalog(storage, catalog(version, 'a sleeper'))).toBe(false)
      expect(await isGivenUp(storage, version)).toBe(true)
    }
    for (let known = 0; known <= 7; known++) expect(await newestVersion(storage, known)).toBe(7)
    await expect(readCatalog(storage, 3)).rejects.toThrow(/version 3 of the lake was given up/)
  })

  it('proves the commit behind it, which its writer has just made', async () => {
    put(...upTo(7))
    const mine = catalog(8)
    await createCatalog(storage, mine)
    await giveUp(storage, upTo(7))
    expect(await isLinked(storage, mine)).toBe(true)
    expect(await newestVersion(storage)).toBe(8)
  })

  it('proves nothing when it never was one', async () => {
    put(7)
    const mine = catalog(4)
    await createCatalog(storage, mine)
    await fill(storage, [1, 2, 3])
    expect(await isLinked(storage, mine)).toBe(false)
    expect(await newestVersion(storage, 4)).toBe(7)
  })

  it('leaves no mark once its thousand is gone, and stays given up', async () => {
    put(1001, 1002)
    await fill(storage, [1000])
    for (const version of upTo(999)) writeFileSync(join(folder, `catalog/v${version}.json`), 'given up\n')
    await giveUpThousands(storage, 1001)
    expect(await isFree(storage, 999)).toBe(true)
    expect(await isFree(storage, 1000)).toBe(false)
    expect(await isGivenUp(storage, 999)).toBe(true)
    expect(await isGivenUp(storage, 1001)).toBe(false)
    const late = catalog(7)
    // The state that another sleeping writer left when it was killed before it checked the newest version.
    put(6)
    expect(await createCatalog(storage, late)).toBe(true)
    for (const known of [0, 5, 6, 7, 1001]) expect(await newestVersion(storage, known)).toBe(1002)
    await hintNewest(storage, 7)
    expect(await newestVersion(storage)).toBe(1002)
    expect(await isLinked(storage, late)).toBe(false)
    expect(await isFree(storage, 7)).toBe(true)
    // The first of the next thousand continues from a version that is gone.
    const first = catalog(1000)
    rmSync(join(folder, 'catalog/v1000.json'))
    await createCatalog(storage, first)
    expect(await isLinked(storage, first)).toBe(true)
  })
})

describe('a version that is lost', () => {
  it.each([[[5]], [[5, 6]], [[9]], [[2, 3, 4, 5, 6, 7, 8]]])('%j hides nothing above it', async (lost) => {
    put(...upTo(12))
    for (const version of lost) rmSync(join(folder, `catalog/v${version}.json`))
    const before = (lost[0] as number) - 1
    await hintNewest(storage, before)
    expect(await findNewest(storage)).toEqual({ version: 12, gap: lost.at(-1) })
    expect(await beyondGap(storage, before)).toBe(lost[0])
    expect(await beyondGap(storage, 12)).toBeUndefined()
    await fill(storage, lost)
    await hintNewest(storage, before)
    expect(await findNewest(storage)).toEqual({ version: 12 })
  })
})

describe('a catalog that cannot be read', () => {
  it.each([
    ['cut', '{"format":1,'],
    ['empty', ''],
    ['of an earlier format', JSON.stringify({ ...catalog(2), format: 0 })],
    ['of another version', JSON.stringify(catalog(3))],
    ['no catalog', 'null'],
  ])('%s: the file and the way out are named', async (_, text) => {
    writeFileSync(join(folder, 'catalog/v2.json'), text)
    const thrown = await readCatalog(storage, 2).catch((error) => error)
    expect(thrown).toBeInstanceOf(LakeError)
    expect(thrown.file).toMatch(/catalog\/v2\.json$/)
    expect(thrown.remedy).toMatch(/backup/)
  })

  it('of a later format is sound: loglake is too old', async () => {
    writeFileSync(join(folder, 'catalog/v2.json'), JSON.stringify({ ...catalog(2), format: 2, tables: [] }))
    const thrown = await readCatalog(storage, 2).catch((error) => error)
    expect(thrown).toBeInstanceOf(LakeError)
    expect(thrown.message).toMatch(/the lake is of format 2, and this loglake knows format 1/)
    expect(thrown.remedy).toMatch(/upgrade loglake/)
    expect(thrown.message).not.toMatch(/backup|mov/)
  })
})

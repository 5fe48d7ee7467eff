import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LakeError } from '../lib/errors.ts'
import {
  type Catalog,
  createCatalog,
  goesOn,
  hintNewest,
  newestVersion,
  readCatalog,
  removeVersions,
  versionOf,
} from './catalog.ts'
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

function catalog(version: number, commit = `commit ${version}`): Catalog {
  return { format: 1, lake: 'lake', version, commit, parent: '', at: '', by: 'test', tables: {}, cursors: {} }
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
    const late = catalog(3)
    expect(await createCatalog(storage, late)).toBe(true)
    expect(await goesOn(storage, late)).toBe(false)
    expect(await goesOn(storage, catalog(8))).toBe(true)
    expect(await goesOn(storage, catalog(1))).toBe(true)
    await removeVersions(storage, [6, 1, 5])
    expect(await goesOn(storage, catalog(1))).toBe(false)
    expect(await newestVersion(storage)).toBe(7)
  })
})

describe('a catalog that cannot be read', () => {
  it.each([
    ['cut', '{"format":1,'],
    ['empty', ''],
    ['of a later format', JSON.stringify({ ...catalog(2), format: 2 })],
    ['of another version', JSON.stringify(catalog(3))],
    ['no catalog', 'null'],
  ])('%s: the file and the way out are named', async (_, text) => {
    writeFileSync(join(folder, 'catalog/v2.json'), text)
    const thrown = await readCatalog(storage, 2).catch((error) => error)
    expect(thrown).toBeInstanceOf(LakeError)
    expect(thrown.file).toMatch(/catalog\/v2\.json$/)
    expect(thrown.remedy).toMatch(/backup/)
  })
})

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LakeError } from '../../lib/errors.ts'
import type { Storage } from './contract.ts'
import { localStorage } from './local.ts'

let folder: string
let storage: Storage

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'storage-'))
  storage = localStorage(join(folder, 'a lake'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const bytes = (text: string) => Buffer.from(text)
const text = async (key: string) => Buffer.from(await storage.read(key)).toString()

describe('a local storage', () => {
  it('tells its root as engines are told it', () => {
    expect(storage.root).toBe(`file://${folder}/a lake`)
    expect(localStorage(`${folder}/`).root).toBe(`file://${folder}`)
  })

  it('gives back what was written', async () => {
    await storage.write('tables/t/metadata/a.json', bytes('one'))
    expect(await text('tables/t/metadata/a.json')).toBe('one')
    expect(await storage.size('tables/t/metadata/a.json')).toBe(3)
    expect(Buffer.from((await storage.find('tables/t/metadata/a.json')) ?? [])).toEqual(bytes('one'))
  })

  it('does not write over a key', async () => {
    await storage.write('a', bytes('one'))
    await expect(storage.write('a', bytes('two'))).rejects.toBeInstanceOf(LakeError)
    expect(await text('a')).toBe('one')
  })

  it('creates a key once, whole, and leaves no draft', async () => {
    const all = Array.from({ length: 30 }, (_, index) => `writer ${index} `.repeat(1000))
    const won = await Promise.all(all.map((one) => storage.create('catalog/v1.json', bytes(one))))
    expect(won.filter(Boolean)).toHaveLength(1)
    expect(await text('catalog/v1.json')).toBe(all[won.indexOf(true)])
    expect(readdirSync(join(folder, 'a lake/catalog'))).toEqual(['v1.json'])
  })

  it('overwrites a hint, whole, and leaves no draft', async () => {
    await Promise.all(['1', '2', '3'].map((one) => storage.hint('catalog/newest', bytes(one))))
    expect(await text('catalog/newest')).toMatch(/^[123]$/)
    expect(readdirSync(join(folder, 'a lake/catalog'))).toEqual(['newest'])
  })

  it('leaves nothing of a workplace where no lake came to be', async () => {
    const below = localStorage(join(folder, 'deep/er'))
    const places = [await below.workplace(), await below.workplace()]
    await below.removeWorkplace(places[1] ?? '')
    expect(readdirSync(join(folder, 'deep/er/staging'))).toHaveLength(1)
    await below.removeWorkplace(places[0] ?? '')
    expect(existsSync(join(folder, 'deep'))).toBe(false)
  })

  it('leaves what was there, and what a lake needs', async () => {
    mkdirSync(join(folder, 'mine'))
    const mine = localStorage(join(folder, 'mine'))
    await mine.removeWorkplace(await mine.workplace())
    expect(readdirSync(join(folder, 'mine'))).toEqual([])
    const place = await storage.workplace()
    await storage.create('catalog/v1.json', bytes('{}'))
    await storage.removeWorkplace(place)
    expect(readdirSync(join(folder, 'a lake')).sort()).toEqual(['catalog', 'staging'])
  })

  it('adopts a file from its workplace', async () => {
    const place = await storage.workplace()
    writeFileSync(join(place, 'x'), 'rows')
    await storage.adopt(join(place, 'x'), 'tables/t/data/lake_day=2026-01-07/x.parquet')
    expect(await text('tables/t/data/lake_day=2026-01-07/x.parquet')).toBe('rows')
    expect(existsSync(join(place, 'x'))).toBe(false)
    expect(await storage.workplace()).not.toBe(place)
  })

  it('lists every key below a prefix', async () => {
    for (const key of ['catalog/v1.json', 'tables/t/data/a', 'tables/t/data/b/c', 'tables/u/d'])
      await storage.write(key, bytes(key))
    const keys: string[] = []
    for await (const found of storage.list('tables/t')) {
      expect(found.bytes).toBe(found.key.length)
      expect(found.writtenMs).toBeGreaterThan(0)
      keys.push(found.key)
    }
    expect(keys.sort()).toEqual(['tables/t/data/a', 'tables/t/data/b/c'])
    for await (const found of storage.list('nothing')) throw new Error(found.key)
  })

  it('removes a key, and does not mind that it is gone', async () => {
    await storage.write('a', bytes('one'))
    await storage.remove('a')
    await storage.remove('a')
    expect(await storage.find('a')).toBeUndefined()
    expect(await storage.size('a')).toBeUndefined()
    expect(await storage.size('a/b')).toBeUndefined()
  })

  it.each(['read', 'local'] as const)('names a file that is missing: %s', async (way) => {
    const thrown = await storage[way]('tables/t/data/gone.parquet').catch((error) => error)
    expect(thrown).toBeInstanceOf(LakeError)
    expect(thrown.message).toMatch(/missing/)
    expect(thrown.file).toBe(join(folder, 'a lake/tables/t/data/gone.parquet'))
    expect(thrown.remedy).toMatch(/backup/)
  })

  it('names a place that is no folder', async () => {
    writeFileSync(join(folder, 'a lake'), '')
    const thrown = await storage.workplace().catch((error) => error)
    expect(thrown).toBeInstanceOf(LakeError)
    mkdirSync(join(folder, 'other'))
    writeFileSync(join(folder, 'other/catalog'), '')
    await expect(localStorage(join(folder, 'other')).create('catalog/v1.json', bytes('x'))).rejects.toThrow(
      LakeError,
    )
  })
})

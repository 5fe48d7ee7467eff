import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { localStorage } from '../lake/storage/local.ts'
import { addEntries, openTiles, tileName } from './tiles.ts'
import {
  consistencyPath,
  emptyRoot,
  inclusionPath,
  inMemory,
  isConsistent,
  leafHash,
  rootOf,
} from './tree.ts'

const place = mkdtempSync(join(tmpdir(), 'loglake-tree-'))
afterAll(() => rmSync(place, { recursive: true }))

/** The vectors of certificate-transparency's own tests of RFC 6962. */
const ENTRIES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
]
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]

it('has the roots of RFC 6962', async () => {
  expect(emptyRoot().toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  const leaves = ENTRIES.map((one) => leafHash(Buffer.from(one, 'hex')))
  for (const [at, root] of ROOTS.entries())
    expect((await inMemory(leaves)(0, at + 1)).toString('hex')).toBe(root)
})

const leaf = (at: number) => leafHash(Buffer.from(`leaf ${at}`))

describe('proofs', () => {
  it('lead from every leaf of every small tree to its root, and from no other', async () => {
    for (let size = 1; size <= 33; size++) {
      const leaves = Array.from({ length: size }, (_, at) => leaf(at))
      const hash = inMemory(leaves)
      const root = await hash(0, size)
      for (let at = 0; at < size; at++) {
        const path = await inclusionPath(at, size, hash)
        expect(rootOf(leaves[at] as Buffer, at, size, path)).toEqual(root)
        expect(rootOf(leaf(size), at, size, path)).not.toEqual(root)
        if (size > 1) expect(rootOf(leaves[at] as Buffer, (at + 1) % size, size, path)).not.toEqual(root)
        expect(rootOf(leaves[at] as Buffer, at, size, [...path, leaf(0)])).toBeUndefined()
      }
    }
  })

  it('say that every tree goes on from every smaller one, and not from another', async () => {
    for (let size = 1; size <= 33; size++) {
      const leaves = Array.from({ length: size }, (_, at) => leaf(at))
      const hash = inMemory(leaves)
      const root = await hash(0, size)
      for (let before = 1; before <= size; before++) {
        const path = await consistencyPath(before, size, hash)
        const first = await hash(0, before)
        expect(isConsistent([before, first], [size, root], path)).toBe(true)
        expect(isConsistent([before, leaf(99)], [size, root], path)).toBe(false)
        expect(isConsistent([before, first], [size, leaf(99)], path)).toBe(false)
      }
    }
  })
})

it('tiles are the same tree, however it grew', async () => {
  const storage = localStorage(join(place, 'lake'))
  const entries = Array.from({ length: 700 }, (_, at) => Buffer.from(`leaf ${at}`))
  const hash = inMemory(entries.map(leafHash))
  let size = 0
  for (const step of [1, 2, 200, 53, 1, 255, 188]) {
    await addEntries(storage, size, entries.slice(size, size + step))
    size += step
    const tiles = openTiles(storage, size)
    expect(await tiles.hash(0, size)).toEqual(await hash(0, size))
    expect((await tiles.entry(size - 1)).toString()).toBe(`leaf ${size - 1}`)
    for (const at of [0, size >> 1, size - 1])
      expect(await inclusionPath(at, size, tiles.hash)).toEqual(await inclusionPath(at, size, hash))
  }
  expect(size).toBe(700)
})

it('names tiles as C2SP does', () => {
  expect([0, 999, 1000, 1_234_067].map(tileName)).toEqual(['000', '999', 'x001/000', 'x001/x234/067'])
})

import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Hashes } from './bloom.ts'
import { askedKeys, fuseHolds, fuseOf } from './fuse.ts'

/** Hashes of texts, as those of rows are. */
function keys(count: number, name: string): Hashes {
  const hashes = new Uint32Array(count * 2)
  for (let key = 0; key < count; key++) {
    const digest = createHash('md5').update(`${name}-${key}`).digest()
    hashes[key * 2] = digest.readUInt32LE(8)
    hashes[key * 2 + 1] = digest.readUInt32LE(12)
  }
  return hashes
}

function held(hashes: Hashes, other: Hashes): number {
  const fuse = fuseOf(hashes)
  if (!fuse) throw new Error('no filter')
  return fuseHolds(fuse, askedKeys(other)).length
}

describe('a fuse filter', () => {
  it.each([1, 2, 3, 4, 5, 10, 31, 100, 1000, 35_714, 300_000])('holds every key of %d', (count) => {
    const hashes = keys(count, 'own')
    expect(held(hashes, hashes)).toBe(count)
  })

  it('holds every key of each small number', () => {
    for (let count = 1; count <= 200; count++) {
      const hashes = keys(count, `of-${count}`)
      expect(held(hashes, hashes)).toBe(count)
    }
  })

  it('rules every other key out, but for one in 2^24', () => {
    expect(held(keys(50_000, 'own'), keys(400_000, 'other'))).toBeLessThan(4)
    let kept = 0
    const few = keys(3, 'few')
    for (let turn = 0; turn < 20; turn++) kept += held(few, keys(10_000, `other-${turn}`))
    expect(kept).toBeLessThan(4)
  })

  it('of no keys holds almost none', () => {
    expect(held(new Uint32Array(0), keys(10_000, 'other'))).toBeLessThan(2)
  })

  it('takes at most 30 bits a key of those of a commit, 28 of those of a large file', () => {
    for (const [count, bits] of [
      [35_000, 30],
      [300_000, 28],
    ] as const) {
      const fuse = fuseOf(keys(count, 'own'))
      expect(((fuse?.low.length ?? 0) * 24) / count).toBeLessThan(bits)
    }
  })

  it('holds keys of which some come twice, and the least and the greatest', () => {
    const twice = Uint32Array.from([...keys(500, 'own'), ...keys(300, 'own')])
    expect(held(twice, twice)).toBe(800)
    const edges = Uint32Array.from([0, 0, 0xffffffff, 0xffffffff, 0, 0xffffffff, 0xffffffff, 0])
    expect(held(edges, edges)).toBe(4)
  })

  it('holds keys that share their slots until they are mixed', () => {
    // Equal lower halves, and upper halves that fall into one slot.
    const alike = Uint32Array.from({ length: 2000 }, (_, at) => (at % 2 === 0 ? 12_345 : at))
    const fuse = fuseOf(alike)
    expect(fuse?.seed).toBeGreaterThan(0)
    expect(held(alike, alike)).toBe(1000)
  })

  it('is none where keys fit under no seed', () => {
    const alike = Uint32Array.from({ length: 2000 }, (_, at) => (at % 2 === 0 ? 12_345 : at))
    expect(fuseOf(alike, 1)).toBeUndefined()
  })
})

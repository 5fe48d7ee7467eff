import { describe, expect, it } from 'vitest'
import { bloomMayHold, bloomOf, type Hashes } from './bloom.ts'

/** Keys that are spread evenly, like hashes. */
function keys(count: number, seed: number): Hashes {
  const hashes = new Uint32Array(count * 2)
  let state = seed
  for (let at = 0; at < hashes.length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    hashes[at] = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) >>> 0
  }
  return hashes
}

function held(hashes: Hashes, other: Hashes): number {
  const filter = bloomOf(hashes)
  let count = 0
  for (let at = 0; at < other.length; at += 2) {
    if (bloomMayHold(filter, other[at] as number, other[at + 1] as number)) count++
  }
  return count
}

describe('a filter', () => {
  it.each([1, 2, 31, 1000, 50_000])('holds every key of %d', (count) => {
    const hashes = keys(count, 7)
    expect(held(hashes, hashes)).toBe(count)
  })

  it('holds the least and the greatest key', () => {
    const edges = Uint32Array.from([0, 0, 0xffffffff, 0xffffffff, 0, 0xffffffff, 0xffffffff, 0])
    expect(held(edges, edges)).toBe(4)
  })

  it('rules almost every other key out', () => {
    expect(held(keys(20_000, 1), keys(20_000, 2))).toBeLessThan(100)
  })

  it('of no keys holds none', () => {
    expect(held(new Uint32Array(0), keys(1000, 3))).toBe(0)
  })
})

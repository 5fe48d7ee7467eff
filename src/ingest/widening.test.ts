import { expect, it } from 'vitest'
import { widening } from './widening.ts'

const MiB = 1 << 20

it('makes batches longer when commits are lost, up to four times, and shorter again when none are', () => {
  const widen = widening()
  expect(widen.full(64 * MiB, 2000)).toEqual({ bytes: 64 * MiB, objects: 2000 })
  widen.committed(1)
  expect(widen.full(64 * MiB, 2000)).toEqual({ bytes: 128 * MiB, objects: 4000 })
  widen.committed(3)
  widen.committed(1)
  expect(widen.full(64 * MiB, 2000)).toEqual({ bytes: 256 * MiB, objects: 8000 })
  for (let commit = 0; commit < 7; commit++) widen.committed(0)
  expect(widen.full(64 * MiB, 2000).objects).toBe(8000)
  widen.committed(0)
  expect(widen.full(64 * MiB, 2000).objects).toBe(4000)
  // One that is lost begins the count anew.
  for (let commit = 0; commit < 7; commit++) widen.committed(0)
  widen.committed(1)
  widen.committed(0)
  expect(widen.full(64 * MiB, 2000).objects).toBe(8000)
  for (let commit = 0; commit < 100; commit++) widen.committed(0)
  expect(widen.full(64 * MiB, 2000)).toEqual({ bytes: 64 * MiB, objects: 2000 })
})

it('makes none longer than 256 MiB, and none shorter than it was set', () => {
  const widen = widening()
  widen.committed(1)
  widen.committed(1)
  expect(widen.full(192 * MiB, 1).bytes).toBe(256 * MiB)
  expect(widen.full(512 * MiB, 1).bytes).toBe(512 * MiB)
})

import { expect, test } from 'vitest'
import { noteTime } from './note-time.ts'

test('a note is later than those before it, whatever the clocks of their makers say', () => {
  expect(noteTime(1000, [])).toBe(1000)
  expect(noteTime(1000, [null, 500, 999])).toBe(1000)
  expect(noteTime(1000, [1000])).toBe(1001)
  expect(noteTime(1000, [null, 900, 61_000])).toBe(61_001)
  // Microseconds of another writer: whole milliseconds later.
  expect(noteTime(1000, [1000.75])).toBe(1001)
})

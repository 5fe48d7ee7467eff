import { expect, test } from 'vitest'
import { holdsHalf, mayHoldHalf, safeJson, unsafeJson, wellFormed, wellFormedJson } from './halves.ts'

test.each([
  ['"plain"', false],
  ['"\\u00e9"', false],
  ['"\\ud83d\\ude00"', false],
  ['"\\\\ud83d"', false],
  ['"\\ud83d"', true],
  ['"\\uDE00\\uD83D\\uDE00"', true],
  ['"\\ud83d\\ud83d\\ude00"', true],
  ['"\\\\\\udc00"', true],
])('%s holds half a pair: %s', (json, expected) => {
  const bytes = Buffer.from(`{"before":1,"a":${json}}`)
  expect(holdsHalf(bytes.subarray(11))).toBe(expected)
  if (expected) expect(mayHoldHalf(bytes)).toBe(true)
  expect(wellFormedJson(json) !== json).toBe(expected)
  const safe = safeJson(json)
  expect(wellFormedJson(safe)).toBe(safe)
  expect(unsafeJson(JSON.parse(safe) as string)).toBe(expected ? json : undefined)
})

test('what is no text is no text with half a pair', () => {
  expect([1, null, true, undefined].map(wellFormed)).toEqual([1, null, true, undefined])
  expect(wellFormed('a\ud83d')).toBe('a\ufffd')
})

test('a text that would pass for a text of ours is told apart from it', () => {
  for (const value of ['"\\ud83d"', '{"a":"\\ud83d"}', '"\\"\\\\ud83d\\""']) {
    const json = JSON.stringify(value)
    const safe = JSON.parse(safeJson(json)) as string
    expect(unsafeJson(safe)).toBe(json)
    expect(safe).not.toBe(JSON.parse(safeJson(value)))
  }
})

test('what only looks like a text of ours is none', () => {
  for (const text of ['\\ud83d', '"\\ud83d', 'a "\\ud83d"']) expect(unsafeJson(text)).toBeUndefined()
})

import { expect, test } from 'vitest'
import { microsOfPlain, microsOfTimestamp, plainTime, saysItAll, timeOfMillis } from './time.ts'

test.each([
  ['2026-01-07T22:16:43Z', '2026-01-07T22:16:43Z'],
  ['20131102T010628Z', '2013-11-02T01:06:28Z'],
  ['2026-01-07T22:16:43.100Z', '2026-01-07T22:16:43.1Z'],
  ['2026-01-07T22:16:43.000Z', '2026-01-07T22:16:43Z'],
  ['2026-01-07T22:16:43.1234567Z', '2026-01-07T22:16:43.123456Z'],
  ['2026-01-07T22:16:43,5Z', '2026-01-07T22:16:43.5Z'],
  ['2019-10-02T17:04:40.989+0000', '2019-10-02T17:04:40.989Z'],
  ['2026-01-07T23:30:00-02:00', '2026-01-08T01:30:00Z'],
  ['2026-01-01T00:30:00+05:30', '2025-12-31T19:00:00Z'],
  ['2026-01-07 22:16:43 UTC', '2026-01-07T22:16:43Z'],
  [' 2026-01-07T22:16:43z\n', '2026-01-07T22:16:43Z'],
  ['2026-01-07T22:16:43', '2026-01-07T22:16:43Z'],
  ['20260107T221643.5', '2026-01-07T22:16:43.5Z'],
  ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00Z'],
  ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
  ['9999-12-31T23:59:59.999999Z', '9999-12-31T23:59:59.999999Z'],
])('%s is %s', (text, plain) => expect(plainTime(text)).toBe(plain))

test.each([
  '',
  'now',
  'infinity',
  '1767824203',
  '2026-01-07',
  '2026-02-29T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-01-07T24:00:00Z',
  '2026-01-07T23:59:60Z',
  '0000-12-31T23:59:59Z',
  '9999-12-31T23:59:59-01:00',
  '0001-01-01T00:00:00+01:00',
  '12026-01-07T22:16:43Z',
  '2026-01-07T22:16:43Z; drop',
])('%s is no moment', (text) => expect(plainTime(text)).toBeUndefined())

test('what is plain stays as it is', () => {
  for (let day = 0; day < 4000; day += 7) {
    const text = new Date(Date.UTC(2020, 0, day, day % 24, day % 60, day % 59)).toISOString().slice(0, 19)
    expect(plainTime(`${text}Z`)).toBe(`${text}Z`)
  }
})

test('milliseconds reach from the first to the last moment', () => {
  expect(timeOfMillis(253_402_300_799_999)).toBe('9999-12-31T23:59:59.999Z')
  expect(timeOfMillis(253_402_300_800_000)).toBeUndefined()
  expect(timeOfMillis(-62_135_596_800_000)).toBe('0001-01-01T00:00:00Z')
  expect(timeOfMillis(-62_135_596_800_001)).toBeUndefined()
})

test('a time says it all when only zeros are left out', () => {
  for (const text of ['2026-01-07T22:16:43Z', '2026-01-07T22:16:43.120Z']) expect(saysItAll(text)).toBe(true)
  const others = ['2026-01-07T22:16:43', '2026-01-07T22:16:43+01:00', '2026-01-07T22:16:43.1234567Z']
  for (const text of [...others, '2026-02-29T22:16:43Z']) expect(saysItAll(text)).toBe(false)
})

test('microseconds are exact, or none', () => {
  for (const text of ['2255-06-05T23:47:34.740991Z', '2300-01-01T00:00:00Z', '9999-12-31T23:59:59Z'])
    expect(BigInt(microsOfPlain(text)) % 1_000_000n).toBe(BigInt(text.slice(20, 26).replace('Z', '') || 0))
  for (const text of ['2255-06-05T23:47:34.740993Z', '2300-01-01T00:00:00.000001Z'])
    expect(microsOfPlain(text)).toBeNaN()
  expect(microsOfTimestamp(Buffer.from('9999-12-31T23:59:59.999Z"'), 0)).toBeNaN()
  expect(microsOfTimestamp(Buffer.from('2026-01-07T22:16:43.123Z"'), 0)).toBe(1_767_824_203_123_000)
})

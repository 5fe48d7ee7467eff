import { expect, test } from 'vitest'
import type { ColumnType } from './types.ts'
import {
  compareBounds,
  fromBytes,
  toBytes,
  toStored,
  truncateLower,
  truncateUpper,
  type Value,
} from './value.ts'

const micros = 1_000_000n

// The bytes of Iceberg's own tests (TestConversions.java), and for the other types those of Appendix D.
const vectors: [ColumnType, Value, number[], Value][] = [
  ['boolean', false, [0], false],
  ['boolean', true, [1], true],
  ['int', 84202, [234, 72, 1, 0], 84202],
  ['int', -1, [255, 255, 255, 255], -1],
  ['long', 200, [200, 0, 0, 0, 0, 0, 0, 0], 200n],
  ['long', 2n ** 63n - 1n, [255, 255, 255, 255, 255, 255, 255, 127], 2n ** 63n - 1n],
  ['double', 6, [0, 0, 0, 0, 0, 0, 24, 64], 6],
  ['double', -0, [0, 0, 0, 0, 0, 0, 0, 128], -0],
  ['date', 1000, [232, 3, 0, 0], 1000],
  ['date', '1972-09-27', [232, 3, 0, 0], 1000],
  ['date', '1969-12-31', [255, 255, 255, 255], -1],
  ['timestamptz', 400_000n, [128, 26, 6, 0, 0, 0, 0, 0], 400_000n],
  ['timestamptz', '1970-01-01T00:00:00.400Z', [128, 26, 6, 0, 0, 0, 0, 0], 400_000n],
  ['string', 'ABC', [65, 66, 67], 'ABC'],
  ['string', 'é😀', [195, 169, 240, 159, 152, 128], 'é😀'],
  ['string', '', [], ''],
  ['binary', Uint8Array.of(0, 255), [0, 255], Uint8Array.of(0, 255)],
]

test.each(vectors)('%s %s', (type, value, bytes, stored) => {
  expect([...toBytes(type, value)]).toEqual(bytes)
  expect(fromBytes(type, Uint8Array.from(bytes))).toEqual(stored)
})

test('a bound that was written before its column was widened', () => {
  expect(fromBytes('long', Uint8Array.of(255, 255, 255, 255))).toBe(-1n)
  expect(fromBytes('double', Uint8Array.of(0, 0, 192, 63))).toBe(1.5)
})

test('a bound of the wrong length is an error', () => {
  expect(() => fromBytes('int', Uint8Array.of(1, 2))).toThrow('a int bound has 2 bytes, not 4')
  expect(() => fromBytes('timestamptz', Uint8Array.of(1, 2, 3, 4))).toThrow('not 8')
})

const times: [string, bigint | null][] = [
  ['2024-03-01T00:00:00Z', 1709251200n * micros],
  ['2024-03-01 00:00:00+00', 1709251200n * micros],
  ['2024-03-01 01:30:00.000001+01:30', 1709251200n * micros + 1n],
  ['2024-02-29T19:00:00-0500', 1709251200n * micros],
  ['2024-03-01', 1709251200n * micros],
  ['2024-03-01T00:00', 1709251200n * micros],
  ['1969-12-31 23:59:59.999999+00', -1n],
  ['0001-01-01T00:00:00Z', -62135596800n * micros],
  ['2024-03-01T00:00:00.123456000Z', 1709251200n * micros + 123456n],
  // A nanosecond is finer than the type: no rounding.
  ['2024-03-01T00:00:00.123456789Z', null],
  ['2024-02-30T00:00:00Z', null],
  ['2024-03-01T24:00:00Z', null],
  ['2024-03-01T00:00:60Z', null],
  ['infinity', null],
  ['0044-01-01 (BC) 00:00:00+00', null],
  ['12024-01-01 00:00:00+00', null],
  ['1709251200', null],
]

test.each(times)('time %s', (text, expected) => {
  expect(toStored('timestamptz', text)).toBe(expected)
})

test('a value that its type cannot hold is no value of it', () => {
  const unsupported: [ColumnType, Value][] = [
    ['int', 2 ** 31],
    ['int', 1.5],
    ['int', '1'],
    ['long', 2n ** 63n],
    ['long', 2 ** 60],
    ['boolean', 1],
    ['date', '2024-13-01'],
    ['date', '2024-03-01T00:00:00Z'],
    ['timestamptz', 1709251200],
    ['string', 'lone \ud83d surrogate'],
    ['string', 5],
    ['binary', 'text'],
    ['double', 1n],
  ]
  for (const [type, value] of unsupported) {
    expect(toStored(type, value), `${type} ${String(value)}`).toBeNull()
    expect(() => toBytes(type, value)).toThrow(`is not a value of type ${type}`)
  }
})

function upper(text: string, length: number): string | null {
  const bytes = truncateUpper('string', Buffer.from(text), length)
  return bytes && Buffer.from(bytes).toString()
}

test('truncated strings: whole code points, the upper bound raised', () => {
  expect(Buffer.from(truncateLower('string', Buffer.from('a😀é😀'), 2)).toString()).toBe('a😀')
  expect(upper('abcdef', 3)).toBe('abd')
  expect(upper('abc', 3)).toBe('abc')
  expect(upper('a😀é😀', 4)).toBe('a😀é😀')
  expect(upper('a😀é😀', 2)).toBe('a😁')
  expect(upper('a\u007fx', 2)).toBe('a\u0080')
})

test('raising skips the surrogates and carries over the largest code point', () => {
  expect(upper('\ud7ffx', 1)).toBe('\ue000')
  expect(upper('a\u{10ffff}x', 2)).toBe('b')
  expect(upper('\u{10ffff}\u{10ffff}x', 2)).toBeNull()
  expect(upper('\u{10ffff}\u{10ffff}', 2)).toBe('\u{10ffff}\u{10ffff}')
  expect(upper('\u{10fffe}x', 1)).toBe('\u{10ffff}')
  expect(upper('\uffffx', 1)).toBe('\u{10000}')
})

test('truncated bytes', () => {
  expect(truncateUpper('binary', Uint8Array.of(1, 255, 9), 2)).toEqual(Uint8Array.of(2))
  expect(truncateUpper('binary', Uint8Array.of(255, 255, 9), 2)).toBeNull()
  expect(truncateLower('binary', Uint8Array.of(1, 2, 3), 2)).toEqual(Uint8Array.of(1, 2))
  expect(truncateUpper('binary', Uint8Array.of(1, 2), 2)).toEqual(Uint8Array.of(1, 2))
})

test('other types are not truncated', () => {
  const bytes = toBytes('long', 5n)
  expect(truncateLower('long', bytes, 2)).toBe(bytes)
  expect(truncateUpper('long', bytes, 2)).toBe(bytes)
})

test('whatever the text, truncated bounds enclose it and are no longer than asked', () => {
  const alphabet = [
    'a',
    'z',
    '\u007f',
    'é',
    '\u07ff',
    '\ud7ff',
    '\ue000',
    '\uffff',
    '😀',
    '\u{10ffff}',
    '\u0000',
  ]
  let seed = 7
  function random(below: number): number {
    // Only the upper bits of this generator are random.
    seed = Math.imul(seed, 1664525) + 1013904223
    return Math.floor(((seed >>> 8) / 2 ** 24) * below)
  }
  for (let n = 0; n < 5000; n++) {
    const text = Array.from({ length: random(6) }, () => alphabet[random(alphabet.length)]).join('')
    const bytes = Buffer.from(text)
    const length = 1 + random(4)
    const low = truncateLower('string', bytes, length)
    const high = truncateUpper('string', bytes, length)
    expect(Buffer.compare(low, bytes)).toBeLessThanOrEqual(0)
    expect(Array.from(Buffer.from(low).toString()).length).toBeLessThanOrEqual(length)
    if (high) {
      expect(Buffer.compare(high, bytes)).toBeGreaterThanOrEqual(0)
      expect(Array.from(Buffer.from(high).toString()).length).toBeLessThanOrEqual(length)
      expect(Buffer.from(Buffer.from(high).toString()).equals(high)).toBe(true)
    } else {
      expect(
        Array.from(text)
          .slice(0, length)
          .every((c) => c === '\u{10ffff}'),
      ).toBe(true)
    }
  }
})

test('bounds compare in the order of their type', () => {
  const sorted: [ColumnType, Value[]][] = [
    ['int', [-5, 0, 300, 2 ** 31 - 1]],
    ['long', [-(2n ** 63n), -1n, 0n, 256n, 2n ** 62n]],
    ['double', [Number.NEGATIVE_INFINITY, -1.5, -0, 0, 1e-300, Number.POSITIVE_INFINITY]],
    ['date', ['1969-01-01', '1970-01-01', '2024-01-01']],
    ['timestamptz', ['1969-12-31T23:59:59Z', '2024-01-01T00:00:00Z', '2024-01-01T00:00:00.000001Z']],
    ['boolean', [false, true]],
    // The order of UTF-8 bytes, which differs from that of JavaScript strings.
    ['string', ['', 'A', 'a', 'é', '\uffff', '😀']],
    ['binary', [Uint8Array.of(), Uint8Array.of(0), Uint8Array.of(0, 0), Uint8Array.of(255)]],
  ]
  for (const [type, values] of sorted) {
    const bytes = values.map((value) => toBytes(type, value))
    for (const [i, a] of bytes.entries()) {
      for (const [j, b] of bytes.entries()) {
        expect(Math.sign(compareBounds(type, a, b)), `${type} ${i} ${j}`).toBe(Math.sign(i - j))
      }
    }
  }
})

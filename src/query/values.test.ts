import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  type DuckDBValue,
} from '@duckdb/node-api'
import { expect, it } from 'vitest'
import { isoTime, plainValue, valueText } from './values.ts'

it.each<[string, DuckDBValue, unknown, string]>([
  ['nothing', null, null, ''],
  ['a text', 'a', 'a', 'a'],
  ['a boolean', true, true, 'true'],
  ['a whole number', 42n, 42, '42'],
  ['a whole number too large for JSON', 2n ** 60n, '1152921504606846976', '1152921504606846976'],
  ['a number that is none', Number.NaN, 'NaN', 'NaN'],
  [
    'a time',
    new DuckDBTimestampTZValue(1_767_824_203_000_000n),
    '2026-01-07T22:16:43Z',
    '2026-01-07T22:16:43Z',
  ],
  ['a day', new DuckDBDateValue(20460), '2026-01-07', '2026-01-07'],
  ['a decimal', new DuckDBDecimalValue(125n, 4, 2), 1.25, '1.25'],
  ['bytes', new DuckDBBlobValue(Uint8Array.of(0, 255)), 'AP8=', 'AP8='],
  ['a list', new DuckDBListValue([1n, null]), [1, null], '[1,null]'],
  ['a structure', new DuckDBStructValue({ a: 1n }), { a: 1 }, '{"a":1}'],
  ['a map', new DuckDBMapValue([{ key: 'k', value: 2n }]), { k: 2 }, '{"k":2}'],
])('%s', (_, value, plain, text) => {
  expect(plainValue(value)).toEqual(plain)
  expect(valueText(value)).toBe(text)
})

it.each([
  [0n, '1970-01-01T00:00:00Z'],
  [-1n, '1969-12-31T23:59:59.999999Z'],
  [1_767_824_203_120_000n, '2026-01-07T22:16:43.12Z'],
  [2n ** 63n - 1n, 'infinity'],
  [-(2n ** 63n) + 1n, '-infinity'],
])('%s microseconds are %s', (micros, text) => {
  expect(isoTime(micros)).toBe(text)
})

import {
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBValue,
} from '@duckdb/node-api'
import { expect, it } from 'vitest'
import { isoTime, jsonText, plainValue, valueText } from './values.ts'

it.each<[string, DuckDBValue, unknown, string]>([
  ['nothing', null, null, ''],
  ['a text', 'a', 'a', 'a'],
  ['a boolean', true, true, 'true'],
  ['a whole number', 42n, 42, '42'],
  ['a whole number beyond 2^53', 2n ** 60n, 2n ** 60n, '1152921504606846976'],
  ['a number that is none', Number.NaN, 'NaN', 'NaN'],
  [
    'a time',
    new DuckDBTimestampTZValue(1_767_824_203_000_000n),
    '2026-01-07T22:16:43Z',
    '2026-01-07T22:16:43Z',
  ],
  ['an array', new DuckDBArrayValue([1n, 2n]), [1, 2], '[1,2]'],
  ...[
    new DuckDBTimestampValue(1_767_824_203_500_000n),
    new DuckDBTimestampMillisecondsValue(1_767_824_203_500n),
    new DuckDBTimestampNanosecondsValue(1_767_824_203_500_000_000n),
  ].map((time): [string, DuckDBValue, string, string] => [
    `a time without a zone, ${time.constructor.name}`,
    time,
    '2026-01-07T22:16:43.5',
    '2026-01-07T22:16:43.5',
  ]),
  ['a second', new DuckDBTimestampSecondsValue(-1n), '1969-12-31T23:59:59', '1969-12-31T23:59:59'],
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
  [253_402_300_799_999_999n, '9999-12-31T23:59:59.999999Z'],
  [253_402_300_800_000_000n, '+010000-01-01T00:00:00Z'],
  [-62_135_596_800_000_000n, '0001-01-01T00:00:00Z'],
  [2n ** 63n - 1n, 'infinity'],
  [-(2n ** 63n) + 1n, '-infinity'],
])('%s microseconds are %s', (micros, text) => {
  expect(isoTime(micros)).toBe(text)
})

it('whole numbers are numbers in JSON, however large, at any depth', () => {
  const text = jsonText({ small: 1, large: 2n ** 63n - 1n, list: [{ x: 2n ** 60n, 'a"b': null }], text: '7' })
  expect(text).toBe(
    '{"small":1,"large":9223372036854775807,"list":[{"x":1152921504606846976,"a\\"b":null}],"text":"7"}',
  )
})

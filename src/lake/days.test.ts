import { expect, test } from 'vitest'
import { byDays, type DaySpan, daysOf, stagedDays } from './days.ts'
import { type DataFile, type Schema, toBytes } from './iceberg/index.ts'
import type { StagedFile } from './parquet.ts'

const schema: Schema = {
  type: 'struct',
  'schema-id': 0,
  fields: [{ id: 7, name: 'lake_day', required: false, type: 'date' }],
}

function file(partition: DataFile['partition'], bounds?: [string, string]): DataFile {
  const of = (day: string | undefined) => new Map(day === undefined ? [] : [[7, toBytes('date', day)]])
  return {
    path: 'a.parquet',
    format: 'PARQUET',
    partition,
    records: 1,
    bytes: 1,
    lower: of(bounds?.[0]),
    upper: of(bounds?.[1]),
  }
}

test('a file has the days of its partition, of its bounds, or may have any', () => {
  expect(daysOf(file({ lake_day: 20_460 }), schema)).toEqual({ first: 20_460, last: 20_460 })
  expect(daysOf(file({ lake_day: null }), schema)).toBeUndefined()
  expect(daysOf(file({}, ['1970-01-02', '1970-03-01']), schema)).toEqual({ first: 1, last: 59 })
  expect(daysOf(file({}), schema)).toEqual({ first: -Infinity, last: Infinity })
})

test('a staged file has its day, or those that its statistics tell when no row is without one', () => {
  const staged = (day: string | null, told: Record<string, string> = {}) =>
    stagedDays({ day, statistics: { '"lake_day"': told } } as unknown as StagedFile)
  expect(staged('1970-01-03')).toEqual({ first: 2, last: 2 })
  expect(staged(null)).toBeUndefined()
  const span = { min: '1970-01-02', max: '1970-01-05' }
  expect(staged('several', { ...span, null_count: '0' })).toEqual({ first: 1, last: 4 })
  expect(staged('several', { ...span, null_count: '3' })).toEqual({ first: -Infinity, last: Infinity })
})

test('what has a day in common is together, also by what lies between', () => {
  const spans: [string, DaySpan | undefined][] = [
    ['b', { first: 5, last: 5 }],
    ['none', undefined],
    ['a', { first: 1, last: 5 }],
    ['c', { first: 6, last: 9 }],
    ['d', { first: 9, last: 9 }],
    ['e', { first: 12, last: 12 }],
  ]
  const groups = byDays(spans, ([, span]) => span).map((group) => group.map(([name]) => name).sort())
  expect(groups).toEqual([['a', 'b'], ['c', 'd'], ['e'], ['none']])
  expect(byDays(spans.slice(1, 2), ([, span]) => span)).toHaveLength(1)
})

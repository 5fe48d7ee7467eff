import { expect, test } from 'vitest'
import type { LogType } from '../../logtypes/contract.ts'
import type { Spool } from './contract.ts'
import { dayNumber, dayOf, type Portion, portions } from './days.ts'

const type = { name: 'cloudtrail' } as LogType

function spool(firstDay: number, lastDay = firstDay, bytes = 1000): Spool {
  const file = `${firstDay}-${lastDay}-${bytes}`
  return {
    file,
    format: 'columns',
    logtype: 'cloudtrail',
    serials: [1],
    bytes,
    longest: 0,
    firstDay,
    lastDay,
    empty: [],
  }
}

/** Consecutive days from the first of January of a year. */
const from = (year: number, count: number) =>
  Array.from({ length: count }, (_, day) => dayOf(dayNumber(year * 10_000 + 101) + day))

const kinds = (found: readonly Portion[]) => found.map(({ kind }) => kind)

test('days have numbers from the year 1 to the last day there can be', () => {
  expect(dayNumber(19700101)).toBe(0)
  expect(dayNumber(20260107)).toBe(Date.parse('2026-01-07') / 86_400_000)
  for (const day of [10101, 991231, 18991231, 20240229, 99991231]) expect(dayOf(dayNumber(day))).toBe(day)
})

test('few days are written one by one, and a file of two is read for both', () => {
  const found = portions(type, [spool(20260101), spool(20260101, 20260102)])
  expect(found).toMatchObject([
    { kind: 'day', day: '2026-01-01', mixed: true, part: [{}, {}] },
    { kind: 'day', day: '2026-01-02', mixed: true, part: [{}] },
  ])
})

test('the last day there can be has no next one', () => {
  expect(portions(type, [spool(99991231)])).toMatchObject([{ kind: 'day', day: '9999-12-31' }])
})

test('of many days those that have little go together, and every file is written once', () => {
  const spools = from(2023, 730).map((day) => spool(day))
  const found = portions(type, spools)
  expect(kinds(found)).toEqual(['several'])
  expect(found.flatMap(({ part }) => part)).toHaveLength(730)
})

test('so many days go together as are enough for a file, in their order', () => {
  const spools = from(2023, 730).map((day) => spool(day, day, 100_000))
  const found = portions(type, spools.toReversed())
  const spans = found.map(({ part }) => {
    const days = part.map(({ firstDay }) => firstDay)
    expect(part.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(12 << 20)
    return [Math.min(...days), Math.max(...days)] as const
  })
  expect(new Set(kinds(found))).toEqual(new Set(['several']))
  expect(found.length).toBeLessThan(10)
  for (const [at, [first]] of spans.entries())
    if (at > 0) expect(first).toBeGreaterThan(spans[at - 1]?.[1] ?? 0)
})

test('what is alone in its span has its day', () => {
  const found = portions(
    type,
    [...from(2023, 1), ...from(1999, 300)].map((day) => spool(day, day, 9 << 20)),
  )
  expect(kinds(found).filter((kind) => kind !== 'day')).toEqual([])
})

test('among many days a full one is written alone, and a file that holds too many is sorted first', () => {
  const few = from(2023, 100).map((day) => spool(day))
  const found = portions(type, [...few, spool(20230105, 20230105, 20 << 20), spool(20230101, 20230901)])
  expect(kinds(found).filter((kind) => kind !== 'several')).toEqual(['day', 'many'])
  expect(found.flatMap(({ part }) => part)).toHaveLength(102)
})

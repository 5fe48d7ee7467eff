import { describe, expect, it } from 'vitest'
import { parseRange, rangeLabel, step } from './range.ts'

const NOW = Date.UTC(2026, 0, 9, 12)
const iso = (ms: number | undefined) =>
  ms === undefined ? undefined : new Date(ms).toISOString().slice(0, 16)
const span = (typed: string) => {
  const found = parseRange(typed, NOW)
  return found && [iso(found.from), iso(found.to)]
}

describe('a span of time as it is typed', () => {
  it.each([
    ['2h', '2026-01-09T10:00', undefined],
    ['last 7d', '2026-01-02T12:00', undefined],
    ['-15m', '2026-01-09T11:45', undefined],
    ['all', undefined, undefined],
    ['2026-01-08 02:00..03:00', '2026-01-08T02:00', '2026-01-08T03:00'],
    ['2026-01-08T02:00:00Z..2026-01-09T02:00:00Z', '2026-01-08T02:00', '2026-01-09T02:00'],
    ['2026-01-08 02:17 ±15m', '2026-01-08T02:02', '2026-01-08T02:32'],
    ['8.1.2026 02:17 +-15m', '2026-01-08T02:02', '2026-01-08T02:32'],
    ['2026-01-08', '2026-01-08T00:00', '2026-01-09T00:00'],
    ['2026-01-08T02:17:26Z', '2026-01-08T02:02', '2026-01-08T02:32'],
    ['1767838646', '2026-01-08T02:02', '2026-01-08T02:32'],
    ['2026-01-08 to now', '2026-01-08T00:00', undefined],
  ])('%s', (typed, from, to) => expect(span(typed)).toEqual([from, to]))

  it.each(['soon', '2026-13-45 ..', '2026-01-09..2026-01-08', '..'])('means nothing: %s', (typed) =>
    expect(span(typed)).toBeUndefined(),
  )

  it('stays relative in an address, and is said in words', () => {
    expect(parseRange('last 24h', NOW)?.text).toBe('-24h')
    expect(rangeLabel(parseRange('-7d', NOW) as never)).toBe('last 7 days')
    expect(rangeLabel(parseRange('2026-01-08 02:00..03:20', NOW) as never)).toBe('8 Jan 02:00 – 03:20')
    expect(rangeLabel(parseRange('2026-01-08', NOW) as never)).toBe('8 Jan 2026')
  })

  it('is stepped by its own length', () => {
    const before = step(parseRange('2026-01-08 02:00..03:00', NOW) as never, -1)
    expect([iso(before?.from), iso(before?.to)]).toEqual(['2026-01-08T01:00', '2026-01-08T02:00'])
    expect(step({ text: 'all' }, 1)).toBeUndefined()
  })
})

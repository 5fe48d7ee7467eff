import { expect, it } from 'vitest'
import { runOf, slotAfter, slotBefore, windowOf } from './schedule.ts'

const at = (text: string) => Date.parse(text)
const iso = (ms: number) => new Date(ms).toISOString()

it.each([
  ['24h', '06:00', '2026-01-08T07:00:00Z', '2026-01-08T06:00:00.000Z', '2026-01-09T06:00:00.000Z'],
  ['24h', '06:00', '2026-01-08T05:59:59Z', '2026-01-07T06:00:00.000Z', '2026-01-08T06:00:00.000Z'],
  ['24h', '06:00', '2026-01-08T06:00:00Z', '2026-01-08T06:00:00.000Z', '2026-01-09T06:00:00.000Z'],
  ['6h', '00:00', '2026-01-08T13:00:00Z', '2026-01-08T12:00:00.000Z', '2026-01-08T18:00:00.000Z'],
  ['30m', '00:10', '2026-01-08T13:05:00Z', '2026-01-08T12:40:00.000Z', '2026-01-08T13:10:00.000Z'],
])('every %s at %s, at %s', (every, time, now, before, after) => {
  const schedule = { every, at: time }
  expect(iso(slotBefore(schedule, at(now)))).toBe(before)
  expect(iso(slotAfter(schedule, at(now)))).toBe(after)
})

it('a window begins where the analysis before it ended, if that is longer ago', () => {
  const slot = at('2026-01-08T06:00:00Z')
  const schedule = { every: '24h' }
  expect(windowOf(schedule, slot, undefined)).toEqual({
    since: '2026-01-07T06:00:00Z',
    until: '2026-01-08T06:00:00Z',
  })
  expect(windowOf(schedule, slot, '2026-01-05T06:00:00Z').since).toBe('2026-01-05T06:00:00Z')
  expect(windowOf(schedule, slot, '2026-01-07T12:00:00Z').since).toBe('2026-01-07T06:00:00Z')
  expect(runOf('nightly', slot)).toBe('nightly-20260108T0600')
})

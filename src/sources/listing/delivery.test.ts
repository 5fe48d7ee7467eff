import { expect, it } from 'vitest'
import { delivered, mayHold } from './delivery.ts'

const span = { sinceMs: Date.parse('2026-01-08T06:00:00Z'), untilMs: Date.parse('2026-02-01T00:00:00Z') }

it.each([
  ['2025', false],
  ['2026', true],
  ['2027', false],
  ['2026-01', true],
  ['2026-02', false],
  ['2026-01-07', false],
  ['2026-01-08', true],
  ['2026-01-31', true],
])('%s may hold something of it: %s', (date, holds) => {
  expect(mayHold(span, date)).toBe(holds)
  expect(mayHold({}, date)).toBe(true)
})

it.each([
  ['AWSLogs/x/2026/01/08/a', 0, true],
  ['AWSLogs/x/2026/02/01/a', span.sinceMs, false],
  ['a.log', span.sinceMs, true],
  ['a.log', span.sinceMs - 1, false],
  ['a.log', span.untilMs, false],
])('%s, written at %i, was delivered then: %s', (key, writtenMs, wanted) => {
  expect(delivered(span, { key, writtenMs, bytes: 1, etag: '', storageClass: 'STANDARD' })).toBe(wanted)
})

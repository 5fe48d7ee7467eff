import { expect, it } from 'vitest'
import { parseTimestamp } from './timestamp.ts'

const NOW = Date.parse('2026-01-10T12:00:00Z')
const micros = (iso: string) => BigInt(Date.parse(iso)) * 1000n

it.each([
  ['2026-01-07', '2026-01-07T00:00:00Z'],
  ['2026-01-07T22:16', '2026-01-07T22:16:00Z'],
  ['2026-01-07 22:16:43', '2026-01-07T22:16:43Z'],
  ['2026-01-07T22:16:43Z', '2026-01-07T22:16:43Z'],
  ['2026-01-07T22:16:43.5z', '2026-01-07T22:16:43.500Z'],
  ['2026-01-07T22:16:43+02:00', '2026-01-07T20:16:43Z'],
  ['2026-01-07T22:16:43-0530', '2026-01-08T03:46:43Z'],
  ['2024-02-29', '2024-02-29T00:00:00Z'],
  ['7d', '2026-01-03T12:00:00Z'],
  ['36h', '2026-01-09T00:00:00Z'],
  ['2w', '2025-12-27T12:00:00Z'],
  ['90m', '2026-01-10T10:30:00Z'],
  [' 30s ', '2026-01-10T11:59:30Z'],
])('%s', (text, iso) => {
  expect(parseTimestamp(text, NOW)).toBe(micros(iso))
})

it('keeps microseconds', () => {
  expect(parseTimestamp('2026-01-07T22:16:43.123456Z', NOW)).toBe(micros('2026-01-07T22:16:43Z') + 123_456n)
})

it.each([
  '',
  'yesterday',
  '7',
  '7 days',
  '-7d',
  '2026',
  '2026-02-30',
  '2026-13-01',
  '2026-01-07T25:00',
  '07/01/2026',
])('"%s" is no moment', (text) => {
  expect(parseTimestamp(text, NOW)).toBeUndefined()
})

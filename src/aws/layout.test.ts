import { expect, it } from 'vitest'
import { dayOfKey } from './layout.ts'

it.each([
  ['s3://b/AWSLogs/111122223333/CloudTrail/eu-central-1/2026/01/07/x.json.gz', '2026-01-07'],
  ['2024/02/29/x', '2024-02-29'],
  ['/logs/2026/01/07', '2026-01-07'],
  ['/logs/2025/12/31/2026/01/01/x', '2025-12-31'],
])('%s is of %s', (key, day) => {
  expect(dayOfKey(key)).toBe(day)
})

it.each([
  '/logs/x.json',
  '/logs/2026-01-07/x',
  '/logs/2026/13/07/x',
  '/logs/2026/02/30/x',
  '/logs/2023/02/29/x',
  '/logs/2026/1/7/x',
  '/logs/12026/01/07/x',
  '/logs/2026/01/077/x',
  '/logs/0000/01/01/x',
  '/logs/2026/00/00/x',
  '',
])('%j tells no day', (key) => {
  expect(dayOfKey(key)).toBeUndefined()
})

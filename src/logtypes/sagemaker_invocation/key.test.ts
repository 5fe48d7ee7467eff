import { expect, test } from 'vitest'
import { placeOf } from './key.ts'

const file = '18-03-869-500def08-452b-4cc6-8de3-b9e0436f5fee.jsonl'

test.each([
  [`s3://bucket/llm-chat/AllTraffic/2026/01/07/22/${file}`, 'llm-chat', 'AllTraffic', '2026-01-07T22:00:00Z'],
  [`llm-chat/AllTraffic/2026/01/07/22/${file}.gz`, 'llm-chat', 'AllTraffic', '2026-01-07T22:00:00Z'],
  // A prefix that contains dates and slashes: the key is parsed from its right end.
  [`/a/2025/12/31/23/ep/v1/2026/01/07/00/${file}`, 'ep', 'v1', '2026-01-07T00:00:00Z'],
  [`s3://bucket/not_a_name/AllTraffic/2026/01/07/22/${file}`, undefined, undefined, '2026-01-07T22:00:00Z'],
  [`s3://bucket/ep/v1/2026/02/30/22/${file}`, undefined, undefined, undefined],
  [`s3://bucket/ep/v1/2026/01/07/24/${file}`, undefined, undefined, undefined],
  [`s3://bucket/ep/v1/2026/01/07/${file}`, undefined, undefined, undefined],
  ['/captures/copy.jsonl', undefined, undefined, undefined],
])('%s', (uri, endpoint, variant, hour) => {
  const found = placeOf(uri)
  expect([found.endpoint, found.variant, found.hour]).toEqual([endpoint, variant, hour])
})

import { describe, expect, it } from 'vitest'
import { holdSentence } from '../../src/claims/sentence.ts'
import type { Cited } from '../../src/claims/support.ts'
import { cited, isProse } from './held.ts'

/** Sentences of differences, sums, lists, units, currencies and several results. */

const services = cited(
  { eventsource: 'VARCHAR', calls: 'BIGINT', errors: 'BIGINT', error_percent: 'DOUBLE' },
  [
    ['bedrock.amazonaws.com', 731, 34, 4.7],
    ['sagemaker.amazonaws.com', 599, 7, 1.2],
    ['s3.amazonaws.com', 495, 16, 3.2],
    ['ecs.amazonaws.com', 242, 0, 0],
  ],
)
const refused = {
  ...cited({ actor: 'VARCHAR', calls: 'BIGINT' }, [
    ['legacy-backup', 12],
    ['goran@example.com via Contractor', 11],
    ['hana@example.com via Billing', 5],
    ['goran@example.com via BreakGlassAdmin', 2],
  ]),
  about: 'Denied calls by caller.',
}
const opened = cited({ who: 'VARCHAR', started: 'TIMESTAMP', ended: 'TIMESTAMP', minutes: 'BIGINT' }, [
  ['emil@example.com', '2026-01-05T09:12:20Z', '2026-01-05T09:30:36Z', 18],
  ['alice@example.com', '2026-01-06T16:05:09Z', '2026-01-06T16:57:48Z', 52],
  ['jonas@example.com', '2026-01-06T21:56:39Z', '2026-01-06T22:38:18Z', 41],
  ['emil@example.com', '2026-01-07T10:12:55Z', '2026-01-07T10:22:10Z', 9],
  ['goran@example.com', '2026-01-08T02:17:26Z', '2026-01-08T02:51:55Z', 34],
])
const models = cited(
  { model: 'VARCHAR', invocations: 'BIGINT', input_tokens: 'BIGINT', output_tokens: 'BIGINT', usd: 'DOUBLE' },
  [
    ['claude-sonnet-4-5', 601, 2215650, 476968, 15.37],
    ['claude-haiku-4-5', 25, 99016, 22169, 0.23],
  ],
)
const lake = {
  ...cited({ calls: 'BIGINT', people: 'BIGINT', first_call: 'TIMESTAMP', last_call: 'TIMESTAMP' }, [
    [4015, 195, '2026-01-05T00:09:11Z', '2026-01-09T23:45:07Z'],
  ]),
  id: 'r2',
}
const off = cited({ eventtime: 'TIMESTAMP', actor: 'VARCHAR', eventname: 'VARCHAR', errorcode: 'VARCHAR' }, [
  ['2026-01-08T04:41:28Z', 'legacy-backup', 'DeleteTrail', 'AccessDenied'],
  ['2026-01-08T02:38:59Z', 'goran@example.com', 'StopLogging', 'AccessDenied'],
])
const noBucket = { ...cited({ eventid: 'VARCHAR' }, []), about: 'Buckets that were deleted.' }

const HONEST: readonly (readonly [string, readonly Cited[]])[] = [
  ['There were 132 more calls to bedrock.amazonaws.com than to sagemaker.amazonaws.com.', [services]],
  ['sagemaker.amazonaws.com had 132 fewer calls than bedrock.amazonaws.com.', [services]],
  ['bedrock.amazonaws.com had more errors than s3.amazonaws.com.', [services]],
  ['bedrock.amazonaws.com had 731 calls, sagemaker.amazonaws.com 599.', [services]],
  ['The busiest service was bedrock.amazonaws.com, followed by sagemaker.amazonaws.com.', [services]],
  ['sagemaker.amazonaws.com and s3.amazonaws.com had 599 and 495 calls.', [services]],
  ['sagemaker.amazonaws.com and s3.amazonaws.com together had 1,094 calls.', [services]],
  ['sagemaker.amazonaws.com had about 600 calls.', [services]],
  ['The most denials, 12, were of legacy-backup.', [refused]],
  ['goran@example.com was refused 13 times in all.', [refused]],
  ['legacy-backup and goran@example.com via Contractor were refused 12 and 11 times.', [refused]],
  ['goran@example.com via BreakGlassAdmin was refused twice.', [refused]],
  ['alice@example.com had a session of 52 minutes.', [opened]],
  ['alice@example.com had a session of 0.87 hours.', [opened]],
  ['The session of alice@example.com lasted 11 minutes longer than that of jonas@example.com.', [opened]],
  ['emil@example.com opened two sessions, of 18 and 9 minutes.', [opened]],
  ['The session of goran@example.com ran from 02:17:26 to 02:51:55.', [opened]],
  ['The first session was of emil@example.com.', [opened]],
  ['claude-sonnet-4-5 read about 2.2 million input tokens.', [models]],
  ['claude-haiku-4-5 cost 23 cents.', [models]],
  ['All models together cost $15.60.', [models]],
  ['The first call was on 5 January, the last on 9 January.', [lake]],
  ['There were about 4,000 calls.', [lake]],
  ['Of 4,015 calls, legacy-backup made 12 that were refused.', [refused, lake]],
  ['StopLogging was called first, DeleteTrail later.', [off]],
]

const FALSE: readonly (readonly [string, readonly Cited[]])[] = [
  ['There were 34 more calls to bedrock.amazonaws.com than to sagemaker.amazonaws.com.', [services]],
  ['There were 599 more calls to bedrock.amazonaws.com than to sagemaker.amazonaws.com.', [services]],
  ['sagemaker.amazonaws.com had 132 more calls than bedrock.amazonaws.com.', [services]],
  ['s3.amazonaws.com had more calls than sagemaker.amazonaws.com.', [services]],
  ['bedrock.amazonaws.com had twice as many errors as s3.amazonaws.com.', [services]],
  ['sagemaker.amazonaws.com had 7 calls and 599 errors.', [services]],
  ['sagemaker.amazonaws.com had 599 calls, s3.amazonaws.com 599.', [services]],
  ['s3.amazonaws.com had 599 calls, sagemaker.amazonaws.com 495.', [services]],
  ['sagemaker.amazonaws.com and s3.amazonaws.com had 495 and 599 calls.', [services]],
  ['599 calls went to s3.amazonaws.com and 495 to sagemaker.amazonaws.com.', [services]],
  ['sagemaker.amazonaws.com and s3.amazonaws.com together had 599 calls.', [services]],
  ['The busiest service was sagemaker.amazonaws.com, followed by bedrock.amazonaws.com.', [services]],
  ['sagemaker.amazonaws.com had about 700 calls.', [services]],
  ['goran@example.com was refused 11 times in all.', [refused]],
  ['legacy-backup and goran@example.com via Contractor were refused 11 and 12 times.', [refused]],
  ['goran@example.com via BreakGlassAdmin was refused 11 times.', [refused]],
  ['goran@example.com via BreakGlassAdmin was refused more than twice.', [refused]],
  ['legacy-backup was refused twice more often than hana@example.com via Billing.', [refused]],
  ['alice@example.com had a session of 52 hours.', [opened]],
  ['alice@example.com had a session of 52 seconds.', [opened]],
  ['alice@example.com had a session of 34 minutes.', [opened]],
  ['The session of alice@example.com lasted 9 minutes longer than that of jonas@example.com.', [opened]],
  ['emil@example.com opened one session.', [opened]],
  ['The session of goran@example.com ran from 02:51:55 to 02:17:26.', [opened]],
  ['The first session was of alice@example.com.', [opened]],
  ['The last session was of emil@example.com.', [opened]],
  ['claude-sonnet-4-5 read about 2.2 billion input tokens.', [models]],
  ['claude-sonnet-4-5 wrote 2,215,650 output tokens.', [models]],
  ['claude-haiku-4-5 cost 0.23 cents.', [models]],
  ['claude-haiku-4-5 cost €0.23.', [models]],
  ['The first call was on 9 January, the last on 5 January.', [lake]],
  ['legacy-backup made 4,015 calls.', [refused, lake]],
  ['legacy-backup was refused 195 times.', [refused, lake]],
  ['There were about 5,000 calls.', [lake]],
  ['DeleteTrail was called first, StopLogging later.', [off]],
  ['Only one of the calls was refused.', [off]],
  ['Nobody deleted anything.', [noBucket]],
]

describe('an honest sentence of figures holds', () => {
  it.each(HONEST.map(([text, all]) => ({ text, all })))('$text', ({ text, all }) => {
    expect(holdSentence(text, all, isProse).struck).toBeUndefined()
  })
})

describe('a false one is struck', () => {
  it.each(FALSE.map(([text, all]) => ({ text, all })))('$text', ({ text, all }) => {
    expect(holdSentence(text, all, isProse).struck).toBeTypeOf('string')
  })
})

import { describe, expect, it } from 'vitest'
import { holdSentence } from '../../src/claims/sentence.ts'
import type { Cited } from '../../src/claims/support.ts'
import { cited, isProse } from './held.ts'

/** Plain sentences over rows, as models write them: those that the rows bear out hold, those that they do not are struck. */

const denied = cited({ actor: 'VARCHAR', errorcode: 'VARCHAR', calls: 'BIGINT', share_percent: 'DOUBLE' }, [
  ['goran', 'AccessDenied', 7, 58.3],
  ['ana', 'AccessDenied', 3, 25],
  ['bo', 'AccessDenied', 1, 8.3],
  ['li', 'AccessDenied', 1, 8.3],
])
/** 2026-01-05 was a Monday. */
const days = cited({ day: 'DATE', calls: 'BIGINT', cost_usd: 'DOUBLE' }, [
  ['2026-01-05', 12, 1.5],
  ['2026-01-07', 40, 3.25],
  ['2026-01-09', 30, 2],
])
const calls = cited(
  { eventtime: 'TIMESTAMP WITH TIME ZONE', actor: 'VARCHAR', eventname: 'VARCHAR', errorcode: 'VARCHAR' },
  [
    ['2026-01-08T02:38:59Z', 'goran', 'StopLogging', 'AccessDenied'],
    ['2026-01-08T04:41:28Z', 'legacy-backup', 'DeleteTrail', 'AccessDenied'],
    ['2026-01-08T05:00:01Z', 'goran', 'StopLogging', 'AccessDenied'],
  ],
)
const first: Cited = { ...calls, rows: calls.rows.slice(0, 2), chosen: [0, 1] }
const sessions = cited({ person: 'VARCHAR', sessions: 'BIGINT', minutes: 'BIGINT' }, [
  ['goran@example.com', 4, 95],
  ['ana@example.com', 2, 12],
])

const HONEST: readonly (readonly [Cited, string])[] = [
  [denied, 'goran was denied more often than ana.'],
  [denied, 'ana was denied fewer times than goran, but more often than bo.'],
  [denied, 'goran accounts for 58.3 % of the denied calls.'],
  [denied, 'goran accounts for about 58% of them.'],
  [denied, 'goran made 58.3 percent of the denied calls.'],
  [denied, 'ana was refused three times.'],
  [denied, 'bo was denied once.'],
  [denied, 'Four people were denied, 12 times altogether.'],
  [denied, "goran's calls were denied 7 times."],
  [denied, 'None of the calls succeeded.'],
  [denied, 'bo and li were denied once each.'],
  [denied, 'goran and ana were denied 7 and 3 times respectively.'],
  [denied, 'goran was denied no fewer than 7 times.'],
  [denied, 'Several calls of goran were denied.'],
  [days, 'In January 2026 there were 82 calls on three days.'],
  [days, 'On Monday there were 12 calls.'],
  [days, 'The busiest day was Wednesday, with 40 calls.'],
  [days, 'Calls increased from 12 on Monday to 40 on Wednesday.'],
  [days, '2026-01-07 had more calls than 2026-01-05.'],
  [days, 'The calls of 7 January cost $3.25.'],
  [days, 'In 2026, there were 82 calls.'],
  [days, 'Calls fell from 40 to 30.'],
  [calls, 'goran called StopLogging twice.'],
  [calls, 'legacy-backup called DeleteTrail once.'],
  [calls, 'The second call was DeleteTrail.'],
  [calls, 'The third call was StopLogging.'],
  [calls, 'The first call was StopLogging, by goran.'],
  [calls, 'All of it happened on Thursday, 8 January 2026.'],
  [calls, 'No call was successful.'],
  [calls, 'There were two StopLoggings and one DeleteTrail.'],
  [first, 'StopLogging was called before DeleteTrail.'],
  [days, 'Each of these days is in January.'],
  [calls, 'goran tried repeatedly to stop logging.'],
  [sessions, 'goran@example.com opened twice as many sessions as ana@example.com: 4 against 2.'],
  [sessions, 'goran@example.com was in sessions for 95 minutes.'],
  [sessions, 'The sessions of ana@example.com lasted 12 minutes, fewer than those of goran@example.com.'],
  [sessions, 'Two people opened 6 sessions.'],
]

const FALSE: readonly (readonly [Cited, string])[] = [
  [denied, 'ana was denied more often than goran.'],
  [denied, 'goran was denied fewer times than ana.'],
  [denied, 'goran accounts for 60 % of the denied calls.'],
  [denied, 'goran accounts for 7 % of the denied calls.'],
  [denied, 'goran made 7 percent of the denied calls.'],
  [denied, 'goran was denied once.'],
  [denied, 'ana was denied twice.'],
  [denied, '7 people were denied.'],
  [denied, 'goran was denied more than 7 times.'],
  [denied, 'ana was denied fewer than 3 times.'],
  [denied, 'Several calls of bo were denied.'],
  [denied, 'None of the calls were denied.'],
  [denied, 'goran was denied for 7 minutes.'],
  [denied, 'goran spent $7.'],
  [denied, 'Half of the people were denied.'],
  [days, 'In February 2026 there were 82 calls.'],
  [days, 'In January 2025 there were 82 calls.'],
  [days, 'In 2025, there were 82 calls.'],
  [days, 'On Tuesday there were 12 calls.'],
  [days, 'On Monday there were 40 calls.'],
  [days, 'Calls increased from 40 to 12.'],
  [days, 'Calls fell from 12 to 40.'],
  [days, '2026-01-05 had more calls than 2026-01-07.'],
  [days, 'The busiest day was Monday.'],
  [days, 'The calls of 2026-01-07 cost $40.'],
  [calls, 'goran called StopLogging once.'],
  [calls, 'goran called StopLogging three times.'],
  [calls, 'The second call was StopLogging.'],
  [calls, 'The fourth call was StopLogging.'],
  [calls, 'All of it happened on Friday.'],
  [calls, 'legacy-backup tried repeatedly to delete the trail.'],
  [calls, 'No call was denied.'],
  [first, 'DeleteTrail was called before StopLogging.'],
  [first, 'StopLogging was called after DeleteTrail.'],
  [first, 'goran called StopLogging later than legacy-backup called DeleteTrail.'],
  [denied, 'goran and ana were denied 7 times each.'],
  [denied, 'Calls increased.'],
  [calls, 'There were two DeleteTrails.'],
  [sessions, 'ana@example.com opened more sessions than goran@example.com.'],
  [sessions, 'goran@example.com opened 95 sessions.'],
  [sessions, 'goran@example.com was in sessions for 4 minutes.'],
  [sessions, '12 people opened sessions.'],
  [sessions, 'Every person opened 4 sessions.'],
]

describe('an honest sentence holds', () => {
  it.each(HONEST.map(([rows, text]) => ({ rows, text })))('$text', ({ rows, text }) => {
    expect(holdSentence(text, [rows], isProse).struck).toBeUndefined()
  })
})

describe('a false sentence is struck', () => {
  it.each(FALSE.map(([rows, text]) => ({ rows, text })))('$text', ({ rows, text }) => {
    expect(holdSentence(text, [rows], isProse).struck).toBeTypeOf('string')
  })
})

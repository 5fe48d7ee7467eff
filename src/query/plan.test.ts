import { expect, it } from 'vitest'
import { openEngine } from '../lib/duckdb.ts'
import { conditions, plannedScans } from './plan.ts'

it.each([
  ["eventname='StartSession'", [{ column: 'eventname', op: '=', value: 'StartSession' }]],
  [
    "eventtime>='2026-01-07 00:00:00+00'::TIMESTAMP WITH TIME ZONE AND lake_day<'2026-01-09'::DATE",
    [
      { column: 'eventtime', op: '>=', value: '2026-01-07 00:00:00+00' },
      { column: 'lake_day', op: '<', value: '2026-01-09' },
    ],
  ],
  ["optional: eventname IN ('a', 'b''c')", [{ column: 'eventname', op: 'in', values: ['a', "b'c"] }]],
  ["(eventname='it''s')", [{ column: 'eventname', op: '=', value: "it's" }]],
  ["eventname='x AND y'", [{ column: 'eventname', op: '=', value: 'x AND y' }]],
  [
    "eventname='a OR b' AND awsregion='c'",
    [
      { column: 'eventname', op: '=', value: 'a OR b' },
      { column: 'awsregion', op: '=', value: 'c' },
    ],
  ],
])('%s', (filter, expected) => {
  expect(conditions(filter)).toEqual(expected)
})

it.each([
  "eventname='a' OR awsregion='b'",
  "lower(eventname)='a'",
  'eventname IS NOT NULL',
  "eventname!='a'",
  "contains(eventname, 'a')",
  "(eventname='a' OR eventname='b') AND true",
  "eventname='a''",
])('%s prunes nothing', (filter) => {
  expect(conditions(filter)).toEqual([])
})

it.each([
  ['select object from (select 1 as uri)', 'LINE 1: select object from'],
  ['select 1\nfrom (select 1 as uri)\nwhere object = 1', 'LINE 3: where object = 1'],
])('an error shows the question as it was asked: %j', async (question, line) => {
  const engine = await openEngine({ threads: 1 })
  const thrown = await plannedScans(engine, question).catch((error: Error) => error.message)
  engine.close()
  expect(thrown).toContain(line)
  expect(thrown).not.toContain('explain')
})

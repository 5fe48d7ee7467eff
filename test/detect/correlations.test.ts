import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Candidate } from '../../src/detect/contract.ts'
import { sigmaDetector } from '../../src/detect/sigma/detector.ts'
import { loadRules } from '../../src/detect/sigma/load.ts'
import { sigmaTables } from '../../src/detect/sigma/tables.ts'
import { type Engine, openEngine } from '../../src/lib/duckdb.ts'
import { cloudtrail } from '../../src/logtypes/cloudtrail/index.ts'
import { logTypes } from '../../src/logtypes/index.ts'
import { correlationCases, correlationText, eventsIn, secondsOf } from './correlations.ts'
import { findIn, makeRows } from './rows.ts'

const tables = sigmaTables(logTypes)
let engine: Engine
beforeAll(async () => {
  engine = await openEngine({ threads: 1 })
})
afterAll(() => engine.close())

/** What is found when events come in some turns: each turn sees its own as new, and those of the turns before it. */
async function inTurns(text: string, turns: readonly (readonly object[])[]): Promise<Candidate[]> {
  const { rules, faults } = loadRules([{ file: 'rules.yml', text }], { tables })
  expect(faults.filter(({ kind }) => kind === 'refused')).toEqual([])
  const detector = sigmaDetector(rules, { tables })
  const found: Candidate[] = []
  await makeRows(engine, cloudtrail, [], 'earlier')
  for (const turn of turns) {
    await makeRows(engine, cloudtrail, turn, 'fresh')
    const before = async (_: string, { from, to }: { from: string; to: string }) =>
      `(select * from earlier where eventtime between '${from}'::timestamptz and '${to}'::timestamptz)`
    found.push(...(await findIn(engine, detector, new Map([['cloudtrail', 'fresh']]), before)))
    await engine.run('insert into earlier select * from fresh')
  }
  return found
}

function burstsOf(found: readonly Candidate[]): Record<string, number[]> {
  const bursts: Record<string, number[]> = {}
  for (const { matched, time, rule } of found) {
    // A rule that the correlation does not rest on reports by itself.
    if (rule.level === 'low') continue
    const [first] = matched
    const name = matched.length > 1 ? (first?.value?.toLowerCase() ?? '') : ''
    bursts[name] = [...(bursts[name] ?? []), secondsOf(time)].sort((a, b) => a - b)
  }
  return bursts
}

describe('a correlation fires when it says', () => {
  test.each(correlationCases)('$name', async (one) => {
    expect(burstsOf(await inTurns(correlationText(one), [eventsIn(one)]))).toEqual(one.bursts)
  })
})

describe('turns do not change what is found', () => {
  test.each(correlationCases.filter(({ name }) => !/range|eq$/.test(name)))('$name', async (one) => {
    const text = correlationText(one)
    const events = eventsIn(one) as { eventTime: string }[]
    const ordered = [...events].sort((a, b) =>
      a.eventTime < b.eventTime ? -1 : a.eventTime > b.eventTime ? 1 : 0,
    )
    const keys = (found: readonly Candidate[]) => found.map(({ key }) => key).sort()
    const whole = await inTurns(text, [events])
    expect(
      keys(
        await inTurns(
          text,
          ordered.map((event) => [event]),
        ),
      ),
    ).toEqual(keys(whole))
    const half = Math.ceil(ordered.length / 2)
    expect(keys(await inTurns(text, [ordered.slice(0, half), ordered.slice(half)]))).toEqual(keys(whole))
    // An average, a percentile and an upper limit may hold of some events, and no longer of more.
    if (/avg|percentile|less than|at most/.test(one.name)) return
    // Late ones first: the same groups fire, each burst once, though its beginning may move.
    const late = await inTurns(text, ordered.map((event) => [event]).reverse())
    const count = (found: readonly Candidate[]) =>
      Object.fromEntries(Object.entries(burstsOf(found)).map(([name, times]) => [name, times.length]))
    expect(count(late)).toEqual(count(whole))
  })
})

test('a row that joins two bursts makes no third one', async () => {
  const correlation =
    '  type: event_count\n  rules:\n    - one\n  group-by:\n    - userAgent\n  timespan: 10s\n  condition:\n    gte: 2\n'
  const text = correlationText({ correlation })
  const [a, b, c, d, between] = eventsIn({
    events: ['0 one a', '1 one a', '20 one a', '21 one a', '11 one a'],
  })
  const turns = [[a, b] as object[], [c, d] as object[], [between] as object[]]
  expect((await inTurns(text, turns)).length).toBe(2)
})

test('a chain: failed three times, and then in', async () => {
  const text = `title: In after failures
name: in
level: critical
correlation:
  type: temporal_ordered
  rules:
    - many_failures
    - two
  group-by:
    - userAgent
  timespan: 60s
---
title: Many failures
name: many_failures
level: low
correlation:
  type: event_count
  rules:
    - one
  group-by:
    - userAgent
  timespan: 10s
  condition:
    gte: 3
---
${correlationText({ correlation: '  type: temporal\n  rules:\n    - three\n  timespan: 1s\n' })}`
  const events = ['0 one a', '1 one a', '2 one a', '30 two a', '0 one b', '1 one b', '30 two b']
  const found = await inTurns(text, [eventsIn({ events })])
  expect(found.map(({ rule }) => rule.title)).toEqual(['In after failures'])
  // The evidence is all of it, not the last failure alone.
  expect(found[0]?.rows.map(({ id }) => id)).toEqual(['event-000', 'event-001', 'event-002', 'event-003'])
  expect(burstsOf(found)).toEqual({ a: [30] })
  const single = await inTurns(
    text,
    eventsIn({ events }).map((event) => [event]),
  )
  expect(single.map(({ key }) => key)).toEqual(found.map(({ key }) => key))
})

test('a chain over lists: the inner rule counts an event once, the outer one sees each item', async () => {
  const text = (gte: number) => `title: In after failures
name: in
level: critical
correlation:
  type: temporal_ordered
  rules:
    - many
    - two
  group-by:
    - requestParameters.keys
  timespan: 60s
---
title: Many
name: many
level: low
correlation:
  type: event_count
  rules:
    - one
  group-by:
    - userAgent
  timespan: 10s
  condition:
    gte: ${gte}
---
${correlationText({ correlation: '  type: temporal\n  rules:\n    - three\n  timespan: 1s\n' })}`
  const events = [
    '0 one a - {"keys":["x","y"]}',
    '1 one a - {"keys":["y","z"]}',
    '5 two b - {"keys":"z"}',
    '6 two b - {"keys":"x"}',
  ]
  const found = await inTurns(text(2), [eventsIn({ events })])
  expect(burstsOf(found)).toEqual({ z: [5] })
  // The evidence has the group's rows alone, and each once.
  expect(found[0]?.rows.map(({ id }) => id)).toEqual(['event-001', 'event-002'])
  expect(found[0]?.count).toBe(2)
  expect(burstsOf(await inTurns(text(3), [eventsIn({ events })]))).toEqual({})
})

test('a filter, and the place of what matched', async () => {
  const text = `title: T
name: t
level: low
logsource: {product: aws, service: cloudtrail}
detection:
  selection: {eventName: one, userAgent|startswith: 'a'}
  condition: selection
---
title: F
name: f
logsource: {product: aws, service: cloudtrail}
filter:
  rules: any
  own: {errorCode: mine}
  condition: not own
`
  const found = await inTurns(text, [eventsIn({ events: ['0 one abc', '1 one abc mine', '2 two abc'] })])
  expect(found.map(({ rows }) => rows[0]?.id)).toEqual(['event-000'])
  expect(found[0]?.matched).toEqual([
    { field: 'eventName', column: 'eventname', value: 'one' },
    { field: 'userAgent', column: 'useragent', value: 'abc' },
  ])
})

test('a rule that DuckDB cannot run is left out, and the others go on', async () => {
  const text = correlationText({
    correlation: '  type: event_count\n  rules:\n    - one\n  timespan: 1s\n  condition:\n    gte: 1\n',
  })
  const { rules } = loadRules([{ file: 'rules.yml', text }], { tables })
  // As when a column has another type than its log type says.
  const broken = tables.map((table) => ({
    ...table,
    columns: [...table.columns, { name: 'not_there', type: 'string' as const }],
  }))
  const more = loadRules(
    [
      {
        file: 'b.yml',
        text: 'title: B\nid: b\nlevel: low\nlogsource: {product: aws, service: cloudtrail}\ndetection:\n  a: {not_there: x}\n  condition: a\n',
      },
    ],
    { tables: broken },
  )
  const detector = sigmaDetector([...rules, ...more.rules], { tables: broken })
  await makeRows(engine, cloudtrail, eventsIn({ events: ['0 one a'] }), 'fresh')
  const failures: string[] = []
  const found: Candidate[] = []
  const rows = {
    engine,
    added: new Map([['cloudtrail', 'fresh']]),
    before: async () => '(select * from fresh where false)',
    failed: ({ title }: { title: string }) => void failures.push(title),
    signal: new AbortController().signal,
  }
  for await (const candidate of detector.find(rows)) found.push(candidate)
  expect(failures).toEqual(['B'])
  expect(found.map(({ rule }) => rule.title)).toEqual(['Correlation'])
})

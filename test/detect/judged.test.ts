import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sigmaDetector } from '../../src/detect/sigma/detector.ts'
import { loadRules } from '../../src/detect/sigma/load.ts'
import { sigmaTables } from '../../src/detect/sigma/tables.ts'
import { type Engine, openEngine } from '../../src/lib/duckdb.ts'
import { cloudtrail } from '../../src/logtypes/cloudtrail/index.ts'
import { logTypes } from '../../src/logtypes/index.ts'
import { correlationText, eventsIn, secondsOf } from './correlations.ts'
import { type Burst, type Event, naiveBursts, type Shape } from './naive.ts'
import { findIn, makeRows } from './rows.ts'

/**
 * Correlations over random logs, whose events come in random turns, judged by loops that follow the words of docs/rules.md.
 * Times have few values, so that many are equal, and lie at both ends of a window.
 */

const TRIALS = 2
const tables = sigmaTables(logTypes)
let engine: Engine
beforeAll(async () => {
  engine = await openEngine({ threads: 1 })
})
afterAll(() => engine.close())

const more = (least: number) => (value: number) => value >= least
const SHAPES: readonly Shape[] = [
  { type: 'event_count', of: ['one'], timespan: 5, holds: more(3), condition: 'gte: 3' },
  {
    type: 'event_count',
    of: ['one', 'two'],
    timespan: 7,
    holds: (n) => n > 3 && n < 6,
    condition: 'gt: 3\n    lt: 6',
  },
  { type: 'event_count', of: ['one', 'two'], timespan: 4, holds: more(4), condition: 'gte: 4', alone: true },
  { type: 'value_count', of: ['one', 'two'], timespan: 6, holds: more(2), condition: 'gte: 2' },
  { type: 'value_count', of: ['one'], timespan: 9, holds: (n) => n === 2, condition: 'eq: 2' },
  { type: 'value_sum', of: ['one', 'three'], timespan: 6, holds: more(8), condition: 'gte: 8' },
  { type: 'value_avg', of: ['one', 'two'], timespan: 8, holds: (n) => n > 4, condition: 'gt: 4' },
  {
    type: 'value_percentile',
    of: ['one', 'two'],
    timespan: 8,
    percentile: 75,
    holds: more(5),
    condition: 'gte: 5',
  },
  { type: 'temporal', of: ['one', 'two'], timespan: 3 },
  { type: 'temporal', of: ['one', 'two', 'three'], timespan: 5, alone: true },
  { type: 'temporal', of: ['one', 'two', 'three'], timespan: 5, holds: more(2), condition: 'gte: 2' },
  { type: 'temporal_ordered', of: ['one', 'two'], timespan: 4 },
  { type: 'temporal_ordered', of: ['two', 'one', 'three'], timespan: 9 },
  { type: 'temporal_ordered', of: ['one', 'two'], timespan: 5, aliased: true },
  {
    type: 'event_count',
    of: ['one', 'two'],
    timespan: 5,
    holds: more(3),
    condition: 'gte: 3',
    aliased: true,
  },
]

/** A count that only grows with more events: then late events cannot take back what was reported. */
const grows = ({ type, condition = '' }: Shape) => !/avg|percentile/.test(type) && !/lt|eq/.test(condition)

function ruleText({ type, of, timespan, condition, percentile, alone, aliased }: Shape): string {
  const lines = [
    `  type: ${type}`,
    `  rules: [${of.join(', ')}]`,
    ...(alone ? [] : [`  group-by: [${aliased ? 'who' : 'userAgent'}]`]),
    ...(aliased ? [`  aliases: {who: {one: userAgent, two: errorCode}}`] : []),
    `  timespan: ${timespan}s`,
  ]
  const field = type.startsWith('value_') ? [`    field: errorCode`] : []
  const own = [
    ...field,
    ...(percentile ? [`    percentile: ${percentile}`] : []),
    ...(condition ? [`    ${condition}`] : []),
  ]
  const conditioned = own.length > 0 ? ['  condition:', ...own] : []
  return correlationText({ correlation: `${[...lines, ...conditioned].join('\n')}\n` })
}

/** Numbers below `n`, the same in every run. */
function random(seed: number): (n: number) => number {
  let state = seed
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * n)
  }
}

function logOf(below: (n: number) => number, { aliased }: Shape): Event[] {
  const pick = <One>(of: readonly One[]) => of[below(of.length)] as One
  return Array.from({ length: 26 + below(20) }, (_, at) => ({
    id: `event-${String(at).padStart(3, '0')}`,
    t: below(40),
    name: pick(['one', 'one', 'two', 'two', 'three', 'four']),
    agent: pick(['a', 'A', 'b', 'b', undefined]),
    code: pick(aliased ? ['a', 'A', 'b', undefined] : ['1', '2', '5', '7', 'x', 'A', undefined]),
  }))
}

async function found(
  shape: Shape,
  turns: readonly (readonly Event[])[],
): Promise<(Burst & { also: string[] })[]> {
  const { rules, faults } = loadRules([{ file: 'rules.yml', text: ruleText(shape) }], { tables })
  expect(faults.filter(({ kind }) => kind === 'refused')).toEqual([])
  const detector = sigmaDetector(rules, { tables })
  const all: (Burst & { also: string[] })[] = []
  await engine.run('create or replace table earlier as select * from log where false')
  for (const turn of turns) {
    const ids = turn.map(({ id }) => `'${id}'`).join(', ')
    await engine.run(`create or replace table fresh as select * from log where eventid in (${ids})`)
    const before = async (_: string, { from, to }: { from: string; to: string }) =>
      `(select * from earlier where eventtime between '${from}'::timestamptz and '${to}'::timestamptz)`
    for (const one of await findIn(engine, detector, new Map([['cloudtrail', 'fresh']]), before)) {
      if (one.rule.level === 'low') continue
      const [id, time, , group = ''] = (JSON.parse(one.key) as string[]).reverse()
      const key = (text: string) => {
        const [at, when, , of = ''] = (JSON.parse(text) as string[]).reverse()
        return `${of} ${secondsOf(when as string)} ${at}`
      }
      const t = secondsOf(time as string)
      all.push({ group, t, id: id as string, rows: one.count, also: (one.also ?? []).map(key) })
    }
    await engine.run('insert into earlier select * from fresh')
  }
  return all
}

const keyOf = ({ group, t, id }: Burst) => `${group} ${t} ${id}`
const shown = (bursts: readonly Burst[]) => bursts.map((one) => `${keyOf(one)}: ${one.rows} rows`).sort()

describe.each(
  SHAPES.map((shape, at) => [`${at} ${shape.type} ${shape.condition ?? ''}`, shape, at] as const),
)('%s', (_, shape, at) => {
  test('finds what loops over the events find, in any turns, and a replay finds nothing else', async () => {
    let bursts = 0
    for (let trial = 0; trial < TRIALS; trial++) {
      const below = random(at * 1000 + trial + 1)
      const events = logOf(below, shape)
      const lines = events.map(({ t, name, agent = '-', code = '-' }) => `${t} ${name} ${agent} ${code}`)
      await makeRows(engine, cloudtrail, eventsIn({ events: lines }), 'log')
      const whole = naiveBursts(shape, events)
      bursts += whole.length
      expect(shown(await found(shape, [events])), lines.join('\n')).toEqual(shown(whole))
      if (!grows(shape)) continue
      // In order of time or not, cut anywhere, also between events of one second.
      const order = below(2) === 0 ? [...events].sort((a, b) => a.t - b.t) : events
      const turns: Event[][] = [[]]
      for (const event of order) {
        if (below(7) === 0) turns.push([])
        turns.at(-1)?.push(event)
      }
      const some = turns.filter((turn) => turn.length > 0)
      const reported: Burst[] = []
      const seen: Event[] = []
      for (const turn of some) {
        const earlier = naiveBursts(shape, seen)
        seen.push(...turn)
        for (const burst of naiveBursts(shape, seen))
          if (
            !earlier.some(
              (one) =>
                one.group === burst.group &&
                one.firings.some(({ t }) => burst.firings.some((own) => own.t === t)),
            )
          )
            reported.push(burst)
      }
      const live = await found(shape, some)
      expect(shown(live), some.map((turn) => turn.map(({ id }) => id).join(' ')).join('\n')).toEqual(
        shown(reported),
      )
      const known = new Set(live.map(keyOf))
      for (const burst of await found(shape, [events]))
        expect(
          [keyOf(burst), ...burst.also].some((key) => known.has(key)),
          keyOf(burst),
        ).toBe(true)
    }
    expect(bursts).toBeGreaterThan(0)
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sigmaDetector } from '../../src/detect/sigma/detector.ts'
import { loadRules } from '../../src/detect/sigma/load.ts'
import { sigmaTables } from '../../src/detect/sigma/tables.ts'
import { type Engine, openEngine } from '../../src/lib/duckdb.ts'
import { cloudtrail } from '../../src/logtypes/cloudtrail/index.ts'
import { logTypes } from '../../src/logtypes/index.ts'
import { cases, eventsOf, ruleOf } from './cases.ts'
import { findIn, makeRows } from './rows.ts'

const tables = sigmaTables(logTypes)
let engine: Engine
beforeAll(async () => {
  engine = await openEngine({ threads: 1 })
})
afterAll(() => engine.close())

test('there are enough of them', () => {
  expect(cases.length).toBeGreaterThanOrEqual(150)
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length)
})

describe('rules match the events that they say', () => {
  test.each(cases.map((one, at) => ({ ...one, at })))('$name', async (one) => {
    const { rules, faults } = loadRules([{ file: 'case', text: ruleOf(one, one.at) }], { tables })
    expect(faults.filter(({ kind }) => kind === 'refused')).toEqual([])
    await makeRows(engine, cloudtrail, eventsOf(one), 'trail')
    const [[rows] = []] = await engine.rows('select count(*)::int from trail')
    expect(rows).toBe(one.yes.length + one.no.length)
    const found = await findIn(engine, sigmaDetector(rules, { tables }), new Map([['cloudtrail', 'trail']]))
    const ids = found.flatMap(({ rows: evidence }) => evidence.map(({ id }) => id))
    expect(ids.sort()).toEqual(one.yes.map((_, at) => `event-${at}`).sort())
  })
})

test('JSON that is broken in a column makes no rule fail', async () => {
  const wanted = cases.filter(({ detection }) => /requestParameters|additionalEventData/.test(detection))
  const texts = wanted.map((one) => ({ file: one.name, text: ruleOf(one, cases.indexOf(one)) }))
  const { rules } = loadRules(texts, { tables })
  await makeRows(engine, cloudtrail, [{ ...eventsOf({ yes: [{}], no: [] })[0], resources: [] }], 'trail')
  const broken = ['{"a": "x', '[', '["a"', '"a', '{"a":"\\ud800"}', 'null', '']
  for (const json of broken) {
    await engine.run('update trail set requestparameters = $1, additionaleventdata = $1, resources = $1', [
      json,
    ])
    await findIn(engine, sigmaDetector(rules, { tables }), new Map([['cloudtrail', 'trail']]))
  }
})

test('a text with NUL, quotes and comment signs stays a text', async () => {
  const values = ['a\u0000b', "'", '"', "\\'", '--', '/*', '$$', ';', '{{x}}', '\u202e', "x' or '1'='1"]
  const detection = (value: string, key: string) =>
    `  selection:\n    ${JSON.stringify(key)}: ${JSON.stringify(value)}\n  condition: selection`
  const texts = values.flatMap((value, at) =>
    ['userAgent', 'userAgent|contains', 'requestParameters.a|startswith', `requestParameters.${value}`].map(
      (key, one) => ({
        file: `${at}-${one}`,
        text: ruleOf({ name: key, detection: detection(value, key), yes: [], no: [] }, at * 10 + one),
      }),
    ),
  )
  const { rules, faults } = loadRules(texts, { tables })
  expect(faults).toEqual([])
  await makeRows(engine, cloudtrail, eventsOf({ yes: [{ userAgent: 'curl' }], no: [] }), 'trail')
  expect(await findIn(engine, sigmaDetector(rules, { tables }), new Map([['cloudtrail', 'trail']]))).toEqual(
    [],
  )
})

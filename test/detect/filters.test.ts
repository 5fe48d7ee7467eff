import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sigmaDetector } from '../../src/detect/sigma/detector.ts'
import { loadRules } from '../../src/detect/sigma/load.ts'
import { sigmaTables } from '../../src/detect/sigma/tables.ts'
import { type Engine, openEngine } from '../../src/lib/duckdb.ts'
import { cloudtrail } from '../../src/logtypes/cloudtrail/index.ts'
import { logTypes } from '../../src/logtypes/index.ts'
import { eventsOf } from './cases.ts'
import { findIn, makeRows } from './rows.ts'

/** Filters as they run: which events of a rule are left. */

const tables = sigmaTables(logTypes)
let engine: Engine
beforeAll(async () => {
  engine = await openEngine({ threads: 1 })
})
afterAll(() => engine.close())

const LOGSOURCE = 'logsource: {product: aws, service: cloudtrail}\n'
const RULE = `title: R\nname: r\nlevel: low\n${LOGSOURCE}detection: {own: {eventName: GetObject}, condition: own}\n`
const filter = (name: string, section: string) =>
  `---\ntitle: ${name}\nname: ${name}\n${LOGSOURCE}filter:\n  rules: any\n${section}`

const EVENTS = [
  {},
  { userAgent: 'robot' },
  { userAgent: 'robot', errorCode: 'AccessDenied' },
  { userAgent: 'person', requestParameters: { bucketName: 'public' } },
  { eventName: 'PutObject' },
]

/** The places of the events that are found. */
async function left(...filters: string[]): Promise<number[]> {
  const { rules, faults } = loadRules([{ file: 'rules.yml', text: [RULE, ...filters].join('') }], { tables })
  expect(faults.filter(({ kind }) => kind === 'refused')).toEqual([])
  await makeRows(engine, cloudtrail, eventsOf({ yes: EVENTS, no: [] }), 'trail')
  const found = await findIn(engine, sigmaDetector(rules, { tables }), new Map([['cloudtrail', 'trail']]))
  return found.flatMap(({ rows }) => rows.map(({ id }) => Number(id.replace('event-', '')))).sort()
}

const robots = filter('robots', '  own: {userAgent: robot}\n  condition: not own\n')

describe('what filters leave', () => {
  test('all, without one', async () => expect(await left()).toEqual([0, 1, 2, 3]))

  test('what it does not name; an event without the field stays', async () =>
    expect(await left(robots)).toEqual([0, 3]))

  test('its identifier is another one than that of the rule with the same name', async () =>
    expect(await left(filter('same', '  own: {eventName: PutObject}\n  condition: not own\n'))).toEqual([
      0, 1, 2, 3,
    ]))

  test('a condition that is not negated keeps what it names', async () =>
    expect(await left(filter('only', '  own: {userAgent: robot}\n  condition: own\n'))).toEqual([1, 2]))

  test('a condition of several identifiers', async () =>
    expect(
      await left(
        filter(
          'both',
          '  a_robot: {userAgent: robot}\n  a_denial: {errorCode: AccessDenied}\n  condition: not all of a_*\n',
        ),
      ),
    ).toEqual([0, 1, 3]))

  test('a value below JSON', async () =>
    expect(
      await left(filter('public', '  own: {requestParameters.bucketName: public}\n  condition: not own\n')),
    ).toEqual([0, 1, 2]))

  test('several are added up', async () =>
    expect(
      await left(robots, filter('people', '  own: {userAgent: person}\n  condition: not own\n')),
    ).toEqual([0]))

  test('one that contradicts the rule leaves nothing', async () =>
    expect(await left(filter('none', '  own: {eventName: PutObject}\n  condition: own\n'))).toEqual([]))
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import { sigmaDetector } from '../../src/detect/sigma/detector.ts'
import { loadRules } from '../../src/detect/sigma/load.ts'
import { sigmaTables } from '../../src/detect/sigma/tables.ts'
import { type Engine, openEngine } from '../../src/lib/duckdb.ts'
import { cloudtrail } from '../../src/logtypes/cloudtrail/index.ts'
import { logTypes } from '../../src/logtypes/index.ts'
import { eventsOf } from './cases.ts'
import { findIn, makeRows } from './rows.ts'

/** What a finding says of the values that matched. */

const tables = sigmaTables(logTypes)
let engine: Engine
beforeAll(async () => {
  engine = await openEngine({ threads: 1 })
})
afterAll(() => engine.close())

/** The matched fields and values of the one event, when the rule finds it. */
async function matched(
  selection: string,
  event: object,
): Promise<[string, string | undefined][] | undefined> {
  const text = `title: R\nname: r\nlevel: low\nlogsource: {product: aws, service: cloudtrail}\ndetection: {own: {${selection}}, condition: own}\n`
  const { rules, faults } = loadRules([{ file: 'rule.yml', text }], { tables })
  expect(faults).toEqual([])
  await makeRows(engine, cloudtrail, eventsOf({ yes: [event], no: [] }), 'trail')
  const [found] = await findIn(engine, sigmaDetector(rules, { tables }), new Map([['cloudtrail', 'trail']]))
  return found?.matched.map(({ field, value }) => [field, value])
}

test('values below lists are shown, all of them', async () => {
  const items = [
    { fromPort: 22, ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] } },
    { fromPort: 3389, ipRanges: { items: [{ cidrIp: '10.0.0.0/8' }] } },
  ]
  expect(
    await matched(
      'requestParameters.ipPermissions.items.fromPort: 22, requestParameters.ipPermissions.items.ipRanges.items.cidrIp: 0.0.0.0/0',
      { requestParameters: { ipPermissions: { items } } },
    ),
  ).toEqual([
    ['requestParameters.ipPermissions.items.fromPort', '22, 3389'],
    ['requestParameters.ipPermissions.items.ipRanges.items.cidrIp', '0.0.0.0/0, 10.0.0.0/8'],
  ])
})

test('one that is missing has none', async () => {
  expect(await matched('errorCode: null', {})).toEqual([['errorCode', undefined]])
})

test.each([
  ['requestParameters.account', '012345678901'],
  ['requestParameters.number', '9007199254740993'],
])('%s is matched by the digits of %s as they are written, without quotes', async (field, digits) => {
  const key = field.split('.')[1] as string
  expect(await matched(`${field}: ${digits}`, { requestParameters: { [key]: digits } })).toEqual([
    [field, digits],
  ])
  const near = String(BigInt(digits) - 1n)
  expect(await matched(`${field}: ${digits}`, { requestParameters: { [key]: near } })).toBeUndefined()
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Engine, openEngine } from '../../lib/duckdb.ts'
import { logTypes } from '../../logtypes/index.ts'
import { lintRules } from './lint.ts'
import { sigmaTables } from './tables.ts'

const folder = mkdtempSync(join(tmpdir(), 'loglake-lint-'))
let engine: Engine
beforeAll(async () => {
  engine = await openEngine({ threads: 1 })
})
afterAll(() => {
  engine.close()
  rmSync(folder, { recursive: true })
})

async function messages(text: string): Promise<string[]> {
  const path = join(folder, 'rule.yaml')
  writeFileSync(path, text)
  const { faults } = await lintRules([{ path }], { tables: sigmaTables(logTypes) }, engine)
  return faults.map(({ message }) => message).filter((one) => /field|aliases|is off/.test(one))
}

const base = (service: string, own: string) =>
  `title: Base\nname: base\nlevel: low\nlogsource: {product: aws, service: ${service}}\ndetection: {own: {${own}}, condition: own}\n`

test('fields that no event has, and aliases without use, are said of correlations, too', async () => {
  const correlation = (more: string) =>
    `${base('cloudtrail', 'eventName: x')}---\ntitle: C\nname: c\nlevel: low\ncorrelation: {type: event_count, rules: [base], timespan: 1h, condition: {gte: 5}, ${more}}\n`
  expect(await messages(correlation('group-by: [sourceIPAddress]'))).toEqual([])
  expect(await messages(correlation('group-by: [sourceIPAdress]'))).toEqual([
    'correlation: sourceIPAdress: cloudtrail has no such field, it is looked for in unmapped: did you mean "sourceIPAddress"?',
  ])
  const aliased = 'group-by: [who], aliases: {who: {base: userIdentity.arn}, whom: {base: userAgent}}'
  expect(await messages(correlation(aliased))).toEqual([
    'correlation.aliases: whom is in neither `group-by` nor `field`',
  ])
})

test('rules under a correlation that is off are said to be silent', async () => {
  const correlation = (more: string) =>
    `${base('cloudtrail', 'eventName: x')}---\ntitle: C\nname: c\nlevel: low\noff: too loud\ncorrelation: {type: event_count, rules: [base], timespan: 1h, group-by: [awsRegion], condition: {gte: 5}${more}}\n`
  expect(await messages(correlation(''))).toEqual([
    'correlation: it is off, and its rules report nothing by themselves (base): with `generate: true` they would',
  ])
  expect(await messages(correlation(', generate: true'))).toEqual([])
})

test('the kind of an event of SageMaker has the name that AWS gives it', async () => {
  expect(await messages(base('sagemaker_event', 'detail-type: SageMaker Model State Change'))).toEqual([])
})

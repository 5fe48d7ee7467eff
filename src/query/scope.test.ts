import { expect, it } from 'vitest'
import type { TableDefinition } from '../lake/table.ts'
import { holds } from '../lake/table.ts'
import { logTables } from '../tables/index.ts'
import { predicatesOf, unlimitedBy, whereOf } from './scope.ts'

const table = (name: string) => logTables.find((one) => one.name === name) as TableDefinition
const scope = {
  since: '2026-01-06T00:00:00Z',
  until: '2026-01-08T00:00:00Z',
  accounts: ['111122223333', "o'brien"],
  regions: ['eu-central-1'],
}

it('limits a table by its time, account and Region, and quotes what it is given', () => {
  expect(whereOf(predicatesOf(table('cloudtrail'), scope))).toBe(
    ` where "eventtime" >= '2026-01-06T00:00:00Z' and "eventtime" < '2026-01-08T00:00:00Z' and "recipientaccountid" in ('111122223333', 'o''brien') and "awsregion" in ('eu-central-1')`,
  )
})

it('limits a table to a single account or Region, too', () => {
  expect(
    whereOf(predicatesOf(table('cloudtrail'), { accounts: ['111122223333'], regions: ['eu-central-1'] })),
  ).toBe(` where "recipientaccountid" in ('111122223333') and "awsregion" in ('eu-central-1')`)
})

it('leaves a table whole that has no such column', () => {
  expect(predicatesOf(table('sagemaker_invocation'), { accounts: ['111122223333'] })).toEqual([])
  expect(unlimitedBy(table('sagemaker_invocation'), scope)).toEqual(['account', 'region'])
  expect(unlimitedBy(table('cloudtrail'), scope)).toEqual([])
  expect(whereOf([])).toBe('')
})

it.each(logTables.map(({ name }) => name))('%s has at most one column for each', (name) => {
  for (const what of ['account', 'region'])
    expect(table(name).columns.filter((column) => holds(column, what)).length).toBeLessThan(2)
})

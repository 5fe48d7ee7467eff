import { describe, expect, it } from 'vitest'
import { mayPass, ownerOf, passes } from './filter.ts'
import { filterSection } from './settings.ts'

const filter = (given: object) => filterSection().parse(given)
const KEY = 'AWSLogs/111122223333/CloudTrail/eu-central-1/2026/01/07/x.json.gz'

describe('an owner', () => {
  it.each([
    [KEY, '111122223333', 'eu-central-1'],
    [`a/AWSLogs/b/${KEY}`, '111122223333', 'eu-central-1'],
    [
      'p/AWSLogs/o-exampleorgid/444455556666/CloudTrail-Insight/us-gov-west-1/2026/01/07/x',
      '444455556666',
      'us-gov-west-1',
    ],
    [
      'AWSLogs/111122223333/BedrockModelInvocationLogs/us-east-1/2026/01/08/13/x',
      '111122223333',
      'us-east-1',
    ],
    ['endpoint/AllTraffic/2026/01/07/22/x.jsonl', undefined, undefined],
    ['AWSLogs/1111/CloudTrail/eu-central-1/x', undefined, undefined],
  ])('of %s', (key, account, region) => {
    expect(ownerOf(key)).toEqual(account === undefined ? {} : { account, region })
  })
})

describe('a filter', () => {
  it.each([
    [{}, true],
    [{ accounts: ['111122223333'], regions: ['eu-central-1'] }, true],
    [{ accounts: ['444455556666'] }, false],
    [{ regions: ['us-east-1', 'us-east-2'] }, false],
    [{ include: ['AWSLogs/1111'] }, true],
    [{ include: ['other/'] }, false],
    [{ exclude: ['AWSLogs/'] }, false],
    [{ match: 'CloudTrail/(eu|us)-' }, true],
    [{ match: '^CloudTrail' }, false],
    [{ reject: '/2026/01/' }, false],
  ])('%j lets it pass: %s', (given, wanted) => {
    expect(passes(filter(given))(`s3://logs/${KEY}`)).toBe(wanted)
  })

  it('by account lets pass what names none', () => {
    expect(
      passes(filter({ accounts: ['444455556666'], regions: ['eu-west-1'] }))('s3://b/endpoint/x.jsonl'),
    ).toBe(true)
  })

  it('knows from its folder what it cannot hold', () => {
    const wanted = mayPass(filter({ accounts: ['111122223333'], regions: ['eu-central-1'] }))
    expect(wanted('AWSLogs/')).toBe(true)
    expect(wanted('AWSLogs/111122223333/')).toBe(true)
    expect(wanted('AWSLogs/444455556666/')).toBe(false)
    expect(wanted('p/AWSLogs/o-exampleorgid/444455556666/CloudTrail/')).toBe(false)
    expect(wanted('AWSLogs/111122223333/CloudTrail/us-east-1/')).toBe(false)
    expect(wanted('AWSLogs/111122223333/CloudTrail/eu-central-1/')).toBe(true)
    expect(wanted('endpoint/AllTraffic/')).toBe(true)
  })

  it.each([{ match: '(' }, { accounts: ['1'] }, { include: 'AWSLogs/' }, { key: 'x' }])(
    '%j is none',
    (given) => {
      expect(filterSection().safeParse(given).success).toBe(false)
    },
  )
})

import { describe, expect, it } from 'vitest'
import { filteredBy, mayPass, ownerOf } from './filter.ts'
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
    [{}, undefined],
    [{ accounts: ['111122223333'], regions: ['eu-central-1'] }, undefined],
    [{ accounts: ['444455556666'] }, 'its account'],
    [{ regions: ['us-east-1', 'us-east-2'] }, 'its Region'],
    [{ include: ['AWSLogs/1111'] }, undefined],
    [{ include: ['other/'] }, 'its key'],
    [{ exclude: ['AWSLogs/'], accounts: ['444455556666'] }, 'its key'],
    [{ match: 'CloudTrail/(eu|us)-' }, undefined],
    [{ match: '^CloudTrail' }, 'a regular expression'],
    [{ reject: '/2026/01/' }, 'a regular expression'],
  ])('%j leaves it out by %s', (given, by) => {
    expect(filteredBy(filter(given))(`s3://logs/${KEY}`)).toBe(by)
  })

  it('by account lets pass what names none', () => {
    expect(
      filteredBy(filter({ accounts: ['444455556666'], regions: ['eu-west-1'] }))('s3://b/endpoint/x.jsonl'),
    ).toBeUndefined()
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

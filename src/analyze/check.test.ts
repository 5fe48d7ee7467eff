import { describe, expect, it } from 'vitest'
import { factsOfEntries, factsOfLines, unsupported } from './check.ts'
import type { Entry } from './entry.ts'
import type { Line } from './map/contract.ts'

function line(handle: string, text: string, events: number, service: string): Line {
  const region = 'eu-central-1'
  const who = { principal: 'goran@example.com via BreakGlassAdmin', account: '111122223333' }
  return {
    handle,
    text: `${handle} ${text}`,
    events,
    ids: [],
    service: `${service}.amazonaws.com`,
    region,
    ...who,
  }
}

const lines = [
  line(
    'e3',
    '2026-01-08T09:12:00Z-09:40:11Z x120 s3 GetObject eu-central-1 AccessDenied from 203.0.113.7 arn:aws:s3:::logs',
    120,
    's3',
  ),
  line(
    'e4',
    '2026-01-08T10:00:00Z ec2 AuthorizeSecurityGroupIngress eu-central-1 write {"fromPort":22,"cidrIp":"0.0.0.0/0"}',
    1,
    'ec2',
  ),
]
const item = {
  key: 'goran@example.com via BreakGlassAdmin',
  account: '111122223333',
  from: '2026-01-08T09:12:00Z',
  to: '2026-01-08T10:00:00Z',
  events: 130,
}
const facts = factsOfLines(item, lines)

describe('a sentence holds when its rows say it', () => {
  it.each([
    'goran@example.com was refused GetObject 120 times from 203.0.113.7 in eu-central-1.',
    'GetObject on arn:aws:s3:::logs, 2026-01-08T09:12:00Z to 09:40:11Z.',
    'It looks like reconnaissance and should be looked into.',
    'CloudTrail shows two kinds of call, 121 events together.',
    'Port 22 was opened to 0.0.0.0/0 by AuthorizeSecurityGroupIngress.',
    'The role BreakGlassAdmin was used in account 111122223333.',
    'Repeated failed attempts to read S3 may point to credential abuse.',
  ])('%s', (sentence) => {
    expect(unsupported(sentence, facts)).toBeUndefined()
  })
})

describe('a sentence is struck when they do not', () => {
  it.each([
    ['a number', 'GetObject was called 121 times.'],
    ['a number of another call', 'AuthorizeSecurityGroupIngress was called 120 times.'],
    ['a part of a number', 'GetObject was called 12 times.'],
    ['a number in a word', 'seventy secrets were read.'],
    ['an API', 'DeleteBucket was called.'],
    ['an API of another verb', 'LeaveOrganization was called.'],
    ['another', 'ImportKeyPair was called.'],
    ['an address', 'It came from 203.0.113.70.'],
    ['an address of another call', 'AuthorizeSecurityGroupIngress came from 203.0.113.7.'],
    ['a time', 'It began at 09:13:00.'],
    ['a day', 'It began on 2026-01-09.'],
    ['a Region', 'It was done in us-east-1.'],
    ['an account', 'It was done in 999988887777.'],
    ['a person', 'mallory@example.com did it.'],
    ['a person by name', 'Mallory did it.'],
    ['a person whom many examples have', 'Alice read secrets.'],
    ['a role', 'MalloryAdminRole was used.'],
    ['root', 'Root did it.'],
    ['root, in small letters', 'This was root.'],
    ['a deed', 'The calls destroyed data.'],
    ['a theft', 'Data was stolen.'],
    ['an ARN', 'On arn:aws:s3:::other.'],
    ['an event', 'See 438a898e-0e1d-4286-8a35-fb163ef7445b.'],
    ['a service', 'By kms.amazonaws.com.'],
    ['a service by its short name', 'KMS was used.'],
    [
      'much at once',
      'Alice and Mallory stole seventy secrets with MalloryAdminRole; Root deleted every trail, and KMS keys were destroyed.',
    ],
  ])('%s: %s', (_, sentence) => {
    expect(unsupported(sentence, facts)).toBeTypeOf('string')
  })
})

it('what puts findings together is held against the rows of all of them', () => {
  const entry = (id: string, own: Line): Entry => ({
    ...{
      id,
      severity: 'high',
      text: `${own.text.split(' ').at(2)} was called.`,
      struck: false,
      ids: [],
      from: [id],
    },
    ...{
      events: own.events,
      principals: [own.principal],
      services: [own.service],
      regions: [own.region],
      accounts: [own.account],
    },
    facts: factsOfLines(item, [own]),
  })
  const both = factsOfEntries(
    lines.map((own, at) => entry(`f${at}`, own)),
    'eu-central-1',
  )
  expect(
    unsupported('These belong together: GetObject and AuthorizeSecurityGroupIngress, 121 events.', both),
  ).toBeUndefined()
  expect(unsupported('These belong together: GetObject and DeleteTrail, 121 events.', both)).toBeTypeOf(
    'string',
  )
  expect(unsupported('GetObject was called 122 times.', both)).toBeTypeOf('string')
})

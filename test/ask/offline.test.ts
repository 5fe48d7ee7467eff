import { describe, expect, it } from 'vitest'
import { inDigits } from '../../src/agent/offline/amounts.ts'
import { nowOf, timeIn } from '../../src/agent/offline/clock.ts'
import { finderIn } from '../../src/agent/offline/find.ts'
import { parametersFrom, untaken } from '../../src/agent/offline/parameters.ts'
import { thingsIn } from '../../src/agent/offline/things.ts'
import { logTypes } from '../../src/logtypes/index.ts'
import { namedQueries } from '../../src/query/named.ts'

const questions = namedQueries(logTypes).map(({ name, title, doc, names }) => ({
  ...{ name, title, doc },
  parameters: [...names].map(([parameter, meaning]) => ({ name: parameter, doc: meaning })),
}))
const finder = finderIn(questions, [])

/** Questions as people ask them, with the named question that answers each. */
const ASKED: readonly (readonly [question: string, name: string])[] = [
  ['Who was denied access?', 'access-denied'],
  ['what did AKIAIOSFODNN7EXAMPLE do?', 'by-access-key'],
  ['what came from 198.51.100.23 last week?', 'by-address'],
  ['What did goran@example.com do?', 'by-person'],
  ['who turned off logging?', 'capture-switched-off'],
  ['who signed in to the console without MFA?', 'console-logins'],
  ['Who failed to log in to the console?', 'console-logins'],
  ['which calls did root make?', 'root-activity'],
  ['who assumed which role?', 'roles-assumed'],
  ['who are the busiest callers?', 'top-callers'],
  ['which new access keys were created?', 'new-access-keys'],
  ['which sessions lasted longer than 60 minutes?', 'sessions-longer-than'],
  ['which sessions were refused?', 'sessions-refused'],
  ['sessions outside working hours', 'sessions-at-night'],
  ['what did each model cost per day?', 'cost-by-model'],
  ['who spent most on models?', 'cost-by-identity'],
  ['cost by team', 'cost-by-team'],
  ['which tools of agents fail?', 'failing-tools'],
  ['which agents ran, the longest first?', 'agent-runs'],
  ['what did agents do in AWS while they ran?', 'agents-calling-aws'],
  ['which model calls does CloudTrail not have?', 'calls-not-in-cloudtrail'],
  ['hours without any CloudTrail event', 'silent-hours'],
  ['which training jobs failed and who started them?', 'who-started-failed-jobs'],
  ['guardrail interventions', 'guardrails'],
  ['which answers were cut off?', 'cut-off'],
  ['risky commands on terminals', 'risky-commands'],
  ['what happened around 2026-01-07T22:16:43Z?', 'timeline'],
  ['everything about arn:aws:s3:::support-temp', 'by-resource'],
  ['models that nobody had used before', 'new-models'],
  ['who invokes which endpoint?', 'endpoint-invocations'],
]

describe('the question that is meant', () => {
  it.each(ASKED)('%s: %s', (asked, name) => {
    const found = finder
      .rank(asked, thingsIn(asked))
      .slice(0, 3)
      .map(({ entry }) => entry.name)
    expect(found).toContain(name)
  })

  it('is first for most', () => {
    const first = ASKED.filter(([asked, name]) => finder.rank(asked, thingsIn(asked))[0]?.entry.name === name)
    expect(first.length).toBeGreaterThanOrEqual(Math.ceil(ASKED.length * 0.8))
  })

  it.each([
    ['new models used this month', 'new-models'],
    ['new model callers', 'new-model-callers'],
    ['sessions with "rm -rf"', 'session-search'],
    ['sessions > 1h', 'sessions-longer-than'],
    ['guardrail hits', 'guardrails'],
  ])('%s: first is %s', (asked, name) => {
    expect(finder.rank(asked, thingsIn(asked))[0]?.entry.name).toBe(name)
  })

  it('is none for words that no question has', () => {
    expect(finder.rank('xyzzy plugh', thingsIn('xyzzy plugh'))).toEqual([])
  })
})

it('finds what a question names', () => {
  const things = thingsIn(
    'Did ana@example.com use AKIAIOSFODNN7EXAMPLE from 198.51.100.7 or 2001:db8::1 on arn:aws:s3:::b/key, i-0abc123def4567890 in eu-central-1, account 111122223333, for 30 minutes, "rm -rf"?',
  )
  expect(things).toMatchObject({
    ...{
      emails: ['ana@example.com'],
      keys: ['AKIAIOSFODNN7EXAMPLE'],
      addresses: ['198.51.100.7', '2001:db8::1'],
    },
    ...{ arns: ['arn:aws:s3:::b/key'], instances: ['i-0abc123def4567890'], regions: ['eu-central-1'] },
    ...{ accounts: ['111122223333'], amounts: [{ number: 30, unit: 'minutes' }], quoted: ['rm -rf'] },
  })
  expect(thingsIn('at 12:30:45 we had 1.2.3.4.5 and 999.1.1.1').addresses).toEqual([])
})

it.each([
  ['sessions-longer-than', 'longer than 2 hours', { minutes: '120' }],
  ['by-person', 'what did "goran" do', { person: 'goran' }],
  ['timeline', 'around 2026-01-07 22:16', { moment: '2026-01-07T22:16Z' }],
  ['models-outside-regions', 'outside eu-central-1 and eu-west-1', { regions: 'eu-central-1,eu-west-1' }],
  ['cost-by-team', 'cost by "project"', { key: 'project' }],
  ['by-access-key', 'what did it do', {}],
  ['sessions-longer-than', 'longer than an hour and a half', { minutes: '90' }],
  ['sessions-longer-than', 'longer than half an hour', { minutes: '30' }],
  ['sessions-longer-than', 'longer than a day', { minutes: '1440' }],
  ['sessions-longer-than', 'longer than 3600 seconds', { minutes: '60' }],
  ['sessions-longer-than', 'longer than 90 seconds', {}],
  ['by-person', 'what did arn:aws:iam::111122223333:user/bob do?', { person: 'bob' }],
  ['by-resource', 'what did arn:aws:iam::111122223333:user/bob do?', {}],
  [
    'by-resource',
    'what happened to arn:aws:iam::111122223333:user/bob?',
    { resource: 'arn:aws:iam::111122223333:user/bob' },
  ],
])('%s takes from "%s" %j', (name, asked, parameters) => {
  const question = questions.find((one) => one.name === name)
  expect(question && parametersFrom(question, thingsIn(inDigits(asked)), undefined).parameters).toEqual(
    parameters,
  )
})

describe('time', () => {
  const clock = new Date('2026-11-30T12:00:00Z')
  const then = nowOf('2026-01-09T23:50:00Z', clock)

  it('is that of the newest event when that is long ago, and is said so', () => {
    expect(then).toMatchObject({ time: '2026-01-09T23:50:00.000Z', source: 'newest event' })
    expect(then.note).toContain('324 days ago')
    expect(nowOf('2026-11-30T10:00:00Z', clock)).toMatchObject({ source: 'clock', note: '' })
    expect(nowOf(null, clock)).toMatchObject({ source: 'clock' })
  })

  it.each([
    ['yesterday', '2026-01-08T00:00:00Z', '2026-01-09T00:00:00Z'],
    ['today', '2026-01-09T00:00:00Z', '2026-01-10T00:00:00Z'],
    ['this week', '2026-01-05T00:00:00Z', '2026-01-12T00:00:00Z'],
    ['last 3 days', '2026-01-06T23:50:00Z', '2026-01-09T23:50:00.001Z'],
    ['on 2026-01-07', '2026-01-07T00:00:00Z', '2026-01-08T00:00:00Z'],
    ['since 2026-01-07', '2026-01-07T00:00:00Z', undefined],
    ['before January 7th', undefined, '2026-01-07T00:00:00Z'],
    ['between 5 January and 7 January 2026', '2026-01-05T00:00:00Z', '2026-01-08T00:00:00Z'],
    ['in December', '2025-12-01T00:00:00Z', '2026-01-01T00:00:00Z'],
    ['in January 2026', '2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'],
    ['on Wednesday', '2026-01-07T00:00:00Z', '2026-01-08T00:00:00Z'],
    ['2 days ago', '2026-01-07T00:00:00Z', '2026-01-08T00:00:00Z'],
    ['two days ago', '2026-01-07T00:00:00Z', '2026-01-08T00:00:00Z'],
    ['in the last two hours', '2026-01-09T21:50:00Z', '2026-01-09T23:50:00.001Z'],
    ['the day before yesterday', '2026-01-07T00:00:00Z', '2026-01-08T00:00:00Z'],
    ['last night', '2026-01-08T18:00:00Z', '2026-01-09T06:00:00Z'],
    ['since yesterday', '2026-01-08T00:00:00Z', undefined],
    ['since Monday', '2026-01-05T00:00:00Z', undefined],
    ['wednesday', '2026-01-07T00:00:00Z', '2026-01-08T00:00:00Z'],
    ['between 8 and 9 january', '2026-01-08T00:00:00Z', '2026-01-10T00:00:00Z'],
    ['January 5-7', '2026-01-05T00:00:00Z', '2026-01-08T00:00:00Z'],
    ['from 5 January until 7 January', '2026-01-05T00:00:00Z', '2026-01-08T00:00:00Z'],
    ['since 2026-01-05 until 2026-01-06', '2026-01-05T00:00:00Z', '2026-01-07T00:00:00Z'],
    ['since 2026-01-08T22:00:00Z', '2026-01-08T22:00:00Z', undefined],
    ['after 2026-01-08 22:00+01:00', '2026-01-08T21:00:00Z', undefined],
    ['between 2026-01-07T01:00Z and 2026-01-07T02:00Z', '2026-01-07T01:00:00Z', '2026-01-07T02:00:00Z'],
    ['on 8.1.2026', '2026-01-08T00:00:00Z', '2026-01-09T00:00:00Z'],
    ['on 13/01/2026', '2026-01-13T00:00:00Z', '2026-01-14T00:00:00Z'],
    ['on 1/13/2026', '2026-01-13T00:00:00Z', '2026-01-14T00:00:00Z'],
    ['in 2031', '2031-01-01T00:00:00Z', '2032-01-01T00:00:00Z'],
    ['since December', '2025-12-01T00:00:00Z', undefined],
    ['before January 2026', undefined, '2026-01-01T00:00:00Z'],
    ['from yesterday', '2026-01-08T00:00:00Z', '2026-01-09T00:00:00Z'],
    ['from last Tuesday', '2026-01-06T00:00:00Z', '2026-01-07T00:00:00Z'],
    ['from yesterday on', '2026-01-08T00:00:00Z', undefined],
    ['in Q4', '2025-10-01T00:00:00Z', '2026-01-01T00:00:00Z'],
    ['in Q1 2026', '2026-01-01T00:00:00Z', '2026-04-01T00:00:00Z'],
    ['last quarter', '2025-10-01T00:00:00Z', '2026-01-01T00:00:00Z'],
    ['this year', '2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z'],
    ['after 7 January', '2026-01-08T00:00:00Z', undefined],
    ['after 2026-01-08T22:00:00Z', '2026-01-08T22:00:00Z', undefined],
    ['for December', '2025-12-01T00:00:00Z', '2026-01-01T00:00:00Z'],
    ['last December', '2025-12-01T00:00:00Z', '2026-01-01T00:00:00Z'],
    ['last January', '2025-01-01T00:00:00Z', '2025-02-01T00:00:00Z'],
    ['in the last 24h', '2026-01-08T23:50:00Z', '2026-01-09T23:50:00.001Z'],
    ['past 7d', '2026-01-02T23:50:00Z', '2026-01-09T23:50:00.001Z'],
    ['between 02:00 and 03:00 on 8 January', '2026-01-08T02:00:00Z', '2026-01-08T03:00:00Z'],
    ['on 8 January 2026 from 00:00 to 05:00 UTC', '2026-01-08T00:00:00Z', '2026-01-08T05:00:00Z'],
    ['between 2 and 4pm on January 8th', '2026-01-08T14:00:00Z', '2026-01-08T16:00:00Z'],
    ['from 22:00 to 02:00 on 2026-01-08', '2026-01-08T22:00:00Z', '2026-01-09T02:00:00Z'],
    ['yesterday between 9 am and 12 pm', '2026-01-08T09:00:00Z', '2026-01-08T12:00:00Z'],
  ])('"%s" is a span', (asked, from, until) => {
    const { span, unread } = timeIn(`what happened ${asked}?`, then)
    expect([span?.from, span?.until, unread]).toEqual([from, until, []])
  })

  it.each([
    ['around 8 January at 04:41', '2026-01-08T04:41:00Z'],
    ['around January 8, 04:41:28', '2026-01-08T04:41:28Z'],
    ['around 2026-01-08 at 4:41 UTC', '2026-01-08T04:41:00Z'],
  ])('"%s" is a moment', (asked, iso) => {
    const { span, unread, moments } = timeIn(`what happened ${asked}?`, then)
    expect([span, unread, moments.map((one) => one.iso)]).toEqual([undefined, [], [iso]])
  })

  it.each([
    ['on 2026-02-31', '2026-02-31'],
    ['on 01/08/2026', '01/08/2026'],
    ['on 30 february', '30 february'],
    ['tomorrow', 'tomorrow'],
    ['next week', 'next week'],
    ['after 22:00 on 8 january 2026', '22:00'],
    ['at 10pm', '10pm'],
    ['last weekend', 'last weekend'],
    ['in the last days', 'last days'],
    ['between 25:00 and 26:00 on 8 January', 'between 25:00 and 26:00 on 8 january'],
    ['since 2026-01-08 before 2026-01-02', '2026-01-08 … 2026-01-02'],
  ])('"%s" is told to be no time that can be read', (asked, words) => {
    expect(timeIn(`what happened ${asked}?`, then).unread).toEqual([words])
  })

  it.each([
    'who was denied in account 111122223333?',
    'what happened around 2026-01-07T22:16:43Z?',
    'what did 192.0.2.200:443 and 2001:db8::1 do?',
    'what did arn:aws:sts::111122223333:assumed-role/a/2026-01-08 do?',
    'who may read 2000 rows, and in 24 regions?',
    'sessions of more than 60 minutes, outside working hours, 24/7',
  ])('is none where none is named: %s', (asked) => {
    expect(timeIn(asked, then)).toMatchObject({ span: undefined, unread: [] })
  })
})

it('knows what of a question nothing takes', () => {
  const left = (asked: string, parameters: Record<string, string> = {}) =>
    untaken(thingsIn(asked), { parameters, tellsTime: false }, false)
  expect(left('who was denied in us-east-1 of 111122223333?')).toEqual(['111122223333', 'us-east-1'])
  expect(left('what did 192.0.2.200:443 do?', { address: '192.0.2.200' })).toEqual([])
  expect(left('outside eu-central-1 and eu-west-1', { regions: 'eu-central-1,eu-west-1' })).toEqual([])
  expect(left('what did a@example.com and b@example.com do?', { person: 'a@example.com' })).toEqual([
    'b@example.com',
  ])
})

import { expect, it } from 'vitest'
import { type Candidate, MAX_EVIDENCE, type Rule } from './contract.ts'
import { findingId, findingOf } from './finding.ts'

const rule: Rule = {
  id: 'r1',
  version: '0123456789abcdef',
  title: 'A rule',
  description: 'Something\n happened.',
  level: 'high',
  status: 'test',
  logsources: [],
  tables: ['cloudtrail'],
  references: [],
  falsepositives: [],
  tags: [],
  attack: ['T1078'],
  atlas: [],
  owasp: ['LLM01'],
  fields: [],
  reports: true,
  origin: { file: 'x.yaml', line: 1 },
}

const candidate: Candidate = {
  rule,
  time: '2026-01-07T22:16:43.000000Z',
  table: 'cloudtrail',
  rows: [{ table: 'cloudtrail', id: 'e1', time: '2026-01-07T22:16:43.000000Z' }],
  count: 1,
  key: 'cloudtrail e1',
  actor: 'alice',
  matched: [
    { field: 'eventName', column: 'eventname', value: 'x'.repeat(500) },
    { field: 'userIdentity.userName', column: 'useridentity_username', value: 'alice' },
    { field: 'password', column: 'password', value: 'hunter2' },
  ],
}
const holds = (_: string, column: string) =>
  ({ useridentity_username: ['person'], password: ['secret', 'outside'] })[column] ?? []

it('an id is of the rule, its version and the rows, and of nothing else', () => {
  const id = findingId(rule, 'key')
  expect(id).toMatch(/^[0-9a-f]{32}$/)
  expect(findingId({ ...rule, title: 'other' } as Rule, 'key')).toBe(id)
  expect(findingId({ ...rule, version: 'other' }, 'key')).not.toBe(id)
  expect(findingId({ ...rule, id: 'other' }, 'key')).not.toBe(id)
  expect(findingId(rule, 'other')).not.toBe(id)
})

it('all rows that prove it are its evidence, in their order, up to a bound', () => {
  const rows = Array.from({ length: MAX_EVIDENCE + 1 }, (_, at) => ({
    table: 'cloudtrail',
    id: `e${at}`,
    time: '2026-01-07T22:16:43.000000Z',
  }))
  for (const count of [1, 2, MAX_EVIDENCE, MAX_EVIDENCE + 1]) {
    const { evidence, evidence_rows } = findingOf(
      { ...candidate, rows: rows.slice(0, count), count },
      'sigma',
      holds,
    )
    expect(JSON.parse(evidence)).toEqual(rows.slice(0, Math.min(count, MAX_EVIDENCE)))
    expect(evidence_rows).toBe(count)
  }
})

it('values of people and secrets are named, long ones are cut, in the explanation, too', () => {
  const row = findingOf(candidate, 'sigma', holds)
  const matched = JSON.parse(row.matched) as { value: string }[]
  expect(matched.map(({ value }) => value)).toEqual([`${'x'.repeat(200)}…`, '[person]', '[secret]'])
  expect(row.explanation).toContain('userIdentity.userName = [person]')
  expect(row.explanation).not.toContain('hunter2')
  expect(row.explanation).toContain('Something happened.')
})

it('a field that matched by being missing is said to be, and a description ends as a sentence', () => {
  const missing: Candidate = {
    ...candidate,
    rule: { ...rule, description: 'Detects use of root' },
    matched: [{ field: 'errorCode', column: 'errorcode' }, { field: '' }],
  }
  const { explanation } = findingOf(missing, 'sigma', holds)
  expect(explanation).toContain('Detects use of root. Proof: one row of cloudtrail; errorCode is not there.')
})

it('findings of one actor on one day are of one group, others are not', () => {
  const group = (change: Partial<Candidate>) =>
    findingOf({ ...candidate, ...change }, 'sigma', holds).group_id
  expect(group({ key: 'other', time: '2026-01-07T23:00:00.000000Z' })).toBe(group({}))
  expect(group({ time: '2026-01-08T00:00:00.000000Z' })).not.toBe(group({}))
  expect(group({ actor: 'bob' })).not.toBe(group({}))
})

it('in JSON and texts, what is a secret by its name or its form is named', () => {
  const token = `ghp_${'aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY1zA2'}`
  const row = findingOf(
    {
      ...candidate,
      matched: [
        { field: 'requestParameters.masterUserPassword', column: 'requestparameters', value: 'hunter2' },
        {
          field: 'requestParameters.url',
          column: 'requestparameters',
          value: `https://${token}@example.com/`,
        },
        { field: 'requestParameters.enableNetworkIsolation', column: 'requestparameters', value: 'false' },
      ],
    },
    'sigma',
    () => [],
  )
  const values = (JSON.parse(row.matched) as { value: string }[]).map(({ value }) => value)
  expect(values[0]).toBe('[secret]')
  expect(values[1]).not.toContain(token)
  expect(values[2]).toBe('false')
  expect(row.explanation).not.toContain(token)
})

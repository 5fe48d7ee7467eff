import { afterAll, beforeAll, expect, it } from 'vitest'
import type { AskAnswer } from '../../src/agent/contract.ts'
import { type Served, served } from '../api/served.ts'

// Answers without a model, over the sample lake: what is taken from a question, what is run, and what is said of the rest.

let lake: Served
beforeAll(async () => {
  lake = await served()
}, 240_000)
afterAll(() => lake.close())

async function ask(question: string): Promise<AskAnswer> {
  const response = await lake.post('operator:ana@example.com', 'ask', { question, model: 'off' })
  const lines = (await response.text()).trim().split('\n')
  return (JSON.parse(lines.at(-1) ?? '') as { answer: AskAnswer }).answer
}

it.each([
  ['what did goran do?', 'by-person', { person: 'goran@example.com' }],
  ['What did Legacy-Backup do?', 'by-person', { person: 'legacy-backup' }],
  ['who assumed BreakGlassAdmin?', 'roles-assumed', { role: 'BreakGlassAdmin' }],
  ['which sessions lasted longer than half an hour?', 'sessions-longer-than', { minutes: '30' }],
  ['which sessions lasted longer than two hours?', 'sessions-longer-than', { minutes: '120' }],
])('takes plain names that the lake has, and amounts in words: %s', async (question, name, parameters) => {
  const { mode, results } = await ask(question)
  expect(mode).toBe('named')
  expect(results).toMatchObject([{ name, parameters }])
  expect(results[0]?.rows.length).toBeGreaterThan(0)
})

it('reads another language with its times, and says so', async () => {
  const { results, notes } = await ask('Wem wurde am 8. Januar 2026 der Zugriff verweigert?')
  expect(results).toMatchObject([
    { name: 'access-denied', since: '2026-01-08T00:00:00Z', until: '2026-01-09T00:00:00Z' },
  ])
  expect(notes.join('\n')).toContain('Read as German')
})

it.each([
  ['cost per team in January', '2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'],
  ['cost by team, December', '2025-12-01T00:00:00Z', '2026-01-01T00:00:00Z'],
  ['Kosten pro Team im März', '2025-03-01T00:00:00Z', '2025-04-01T00:00:00Z'],
])('limits the rows to a month, in whatever words: %s', async (question, since, until) => {
  const { results } = await ask(question)
  expect(results).toMatchObject([{ name: 'cost-by-team', since, until }])
})

it('leads from the ARN of a user to what the user did, not to what was done to the user', async () => {
  const { mode, nearest, notes } = await ask('what did arn:aws:iam::111122223333:user/legacy-backup do?')
  expect(mode).toBe('nearest')
  expect(nearest[0]).toMatchObject({ name: 'by-person', parameters: { person: 'legacy-backup' } })
  expect(notes.join('\n')).toContain('nothing in it takes arn:aws:iam::111122223333:user/legacy-backup')
})

it('runs nothing that would leave out an API or a service that is named', async () => {
  const { mode, nearest } = await ask('How many API calls of KMS and CreateSnapshot were there?')
  expect(mode).toBe('nearest')
  const [first] = nearest
  expect(first).toMatchObject({ name: 'cloudtrail', kind: 'table' })
  expect(first?.command).toBe(
    `loglake query "from cloudtrail where eventsource in ('kms.amazonaws.com') and eventname in ('CreateSnapshot')"`,
  )
  const sql = /"(.*)"$/.exec(first?.command ?? '')?.[1] ?? ''
  const response = await lake.post('operator:ana', 'query', { sql, limit: 5 })
  expect(response.status).toBe(200)
})

it.each([
  [
    'who deleted an IAM user?',
    `loglake query "from cloudtrail where eventsource in ('iam.amazonaws.com') and regexp_matches(eventname, '^(Delete|Remove|Terminate).*User')"`,
  ],
  [
    'who made a bucket public on 8 January?',
    `loglake query "from cloudtrail where regexp_matches(eventname, '^(Put|Modify|Share|Add|Authorize|Delete).*(Bucket|PublicAccessBlock)')" --since 2026-01-08T00:00:00Z --until 2026-01-09T00:00:00Z`,
  ],
  [
    'what was deleted?',
    `loglake query "from cloudtrail where regexp_matches(eventname, '^(Delete|Remove|Terminate)')"`,
  ],
])('leads to the calls that did what is asked: %s', async (question, command) => {
  const { mode, nearest } = await ask(question)
  expect(mode).toBe('nearest')
  expect(nearest[0]).toMatchObject({ name: 'cloudtrail', command })
  const sql = /"(.*)"/.exec(command)?.[1] ?? ''
  const response = await lake.post('operator:ana', 'query', { sql, limit: 5 })
  expect(response.status).toBe(200)
})

it('takes a name of an endpoint for no person', async () => {
  const { nearest, notes } = await ask('p99 latency of churn-scoring')
  expect(nearest[0]).toMatchObject({ name: 'cloudwatch_metric/latency', parameters: {} })
  expect(notes.join('\n')).toContain('nothing in it takes churn-scoring')
})

it('says that nothing has a word, where the nearest does not say so itself', async () => {
  const { mode, notes } = await ask('which employees are on holiday?')
  expect(mode).toBe('nearest')
  expect(notes.join('\n')).toContain('No question, view or table here has the word "holiday"')
})

it('runs nothing for two people, of whom a question takes one', async () => {
  const { mode, notes, nearest } = await ask('what did goran and jonas do?')
  expect(mode).toBe('nearest')
  expect(nearest[0]?.name).toBe('by-person')
  expect(notes.join('\n')).toContain('nothing in it takes jonas')
})

it('finds people whose name is an example in our own texts', async () => {
  const { nearest, notes } = await ask('what did alice do?')
  expect(nearest[0]?.name).toBe('by-person')
  // Two names of the lake: one of them would be a part of the answer only.
  expect(notes.join('\n')).toContain('nothing in it takes alice and alice@example.com')
})

it('says that nobody has a name', async () => {
  const { mode, nearest, notes } = await ask('what did bob do on 9 January?')
  expect(mode).toBe('nearest')
  expect(nearest[0]?.name).toBe('by-person')
  expect(notes.join('\n')).toContain('The lake has nobody and nothing called "bob"')
})

it('takes a day and a time of day for a moment', async () => {
  const { results } = await ask('what happened around 8 January at 04:41?')
  expect(results).toMatchObject([{ name: 'timeline', parameters: { moment: '2026-01-08T04:41:00Z' } }])
})

it('leads to the digest where a summary is wanted', async () => {
  const { notes } = await ask('Give me a summary of yesterday')
  expect(notes.join('\n')).toContain(
    '`loglake digest --since 2026-01-08T00:00:00Z --until 2026-01-09T00:00:00Z`',
  )
})

it('finds nothing under names that nobody has', async () => {
  const { results, nearest } = await ask('what did zorblax-the-unknown do?')
  for (const { parameters } of [...results, ...nearest])
    expect(JSON.stringify(parameters)).not.toContain('zorblax')
})

import { afterAll, beforeAll, expect, it } from 'vitest'
import { failures, type Served, served } from './served.ts'

// Questions that people save: whose they are, who sees them, and what whoever runs them gets.

const KIM = 'analyst:kim@example.com'
const FARAH = 'manager:farah@example.com'
const AUDITOR = 'auditor:eve@example.com'
const OPERATOR = 'operator:ana@example.com'

let lake: Served
beforeAll(async () => {
  lake = await served()
}, 240_000)
afterAll(async () => {
  await lake.close()
  expect(failures).toEqual([])
})

interface Question {
  id: string
  name: string
  sql: string
  parameters: Record<string, string | null>
  shared: boolean
  mine: boolean
  owner: string
}

const BY = `select coalesce(useridentity_sessioncontext_sourceidentity, useridentity_username, split_part(useridentity_arn, '/', -1)) as who, count(*) as calls
from cloudtrail where $name::varchar is null or eventname = $name group by all order by all`

async function save(as: string, more: Partial<Question> = {}): Promise<Question> {
  const answer = await lake.post(as, 'saved-save', { name: 'Calls by name', sql: BY, shared: false, ...more })
  expect(answer.status).toBe(200)
  return (await answer.json()) as Question
}

async function saved(as: string): Promise<Question[]> {
  return ((await (await lake.get(as, 'saved')).json()) as { questions: Question[] }).questions
}

async function run(as: string, { sql, parameters }: Pick<Question, 'sql' | 'parameters'>) {
  const answer = await lake.post(as, 'query', { sql, parameters })
  return { status: answer.status, body: (await answer.json()) as { rows: unknown[][]; detail: string } }
}

it('are of who saved them, until they share them', async () => {
  const own = await save(KIM, { parameters: { name: 'StartSession' } })
  expect(own).toMatchObject({ mine: true, owner: 'kim@example.com', parameters: { name: 'StartSession' } })
  expect(await saved(KIM)).toEqual([own])
  expect(await saved(FARAH)).toEqual([])
  const shared = await save(KIM, { shared: true })
  // The one of that name is replaced.
  expect((await saved(KIM)).map(({ id }) => id)).toEqual([shared.id])
  expect(await saved(FARAH)).toEqual([{ ...shared, mine: false }])
})

it('are run with the rows and masks of who runs them, and not of who saved them', async () => {
  const [question] = (await saved(FARAH)) as [Question]
  const parameters = { name: 'StartSession' }
  const [all, some, none] = await Promise.all(
    [KIM, FARAH, AUDITOR].map((as) => run(as, { ...question, parameters })),
  )
  expect(all?.body.rows.length).toBeGreaterThan(some?.body.rows.length as number)
  expect(some?.body.rows.map(([who]) => who)).toEqual(
    expect.arrayContaining(['alice@example.com', 'chen@example.com']),
  )
  expect(JSON.stringify(some?.body.rows)).not.toContain('goran')
  expect(none?.body.rows).toEqual([])
  const texts = await save(OPERATOR, {
    name: 'Prompts',
    shared: true,
    sql: 'select input_inputbodyjson::varchar as said from bedrock_invocation where input_inputbodyjson is not null limit 5',
  })
  const whole = await run(OPERATOR, texts)
  const masked = await run(FARAH, texts)
  expect([whole.status, masked.status]).toEqual([200, 200])
  expect(JSON.stringify(whole.body.rows)).toContain('messages')
  expect(masked.body.rows.length).toBeGreaterThan(0)
  for (const [said] of masked.body.rows) expect(said).toMatch(/^\[masked, \d+ characters\]$/)
})

it('say no more than the guard lets whoever runs them say', async () => {
  const hostile = await save(OPERATOR, { name: 'Files', shared: true, sql: "select * from glob('/*')" })
  for (const as of [KIM, FARAH, AUDITOR]) expect((await run(as, hostile)).status).toBe(400)
})

it('have parameters that are values and never SQL', async () => {
  const name = "x' or true --"
  expect((await run(KIM, { sql: BY, parameters: { name } })).body.rows).toEqual([])
  const missing = await run(KIM, { sql: BY, parameters: {} })
  expect([missing.status, missing.body.detail]).toEqual([
    400,
    expect.stringMatching(/a value is wanted for each \$name .* given is none/),
  ])
  const odd = await run(KIM, { sql: BY, parameters: { name: 'a', other: 'b' } })
  expect([odd.status, odd.body.detail]).toEqual([400, expect.stringMatching(/given are \$name, \$other/)])
  const exported = await lake.post(KIM, 'query-export', { sql: BY, parameters: { name: 'StartSession' } })
  expect((await exported.text()).split(/\r?\n/)[0]).toBe('who,calls')
})

it('are removed by their owner, and where they are shared by an operator', async () => {
  const own = await save(FARAH, { name: 'Mine' })
  const remove = async (as: string, id: string) => (await lake.post(as, 'saved-remove', { id })).status
  expect(await remove(OPERATOR, own.id)).toBe(404)
  expect(await remove(KIM, own.id)).toBe(404)
  expect(await remove(FARAH, own.id)).toBe(200)
  expect(await remove(FARAH, own.id)).toBe(404)
  const shared = (await saved(AUDITOR)).find(({ name }) => name === 'Calls by name')
  expect(await remove(FARAH, shared?.id ?? '')).toBe(404)
  expect(await remove(OPERATOR, shared?.id ?? '')).toBe(200)
  expect((await saved(KIM)).some(({ name }) => name === 'Calls by name')).toBe(false)
})

it('are not of who may ask no SQL', async () => {
  expect((await lake.get('asked:goran@example.com', 'saved')).status).toBe(403)
  expect((await lake.post('asked:goran@example.com', 'saved-save', { name: 'a', sql: 'b' })).status).toBe(403)
})

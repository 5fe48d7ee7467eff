import { afterAll, beforeAll, expect, it } from 'vitest'
import { failures, type Served, SPAN, served } from './served.ts'

const OPERATOR = 'operator:ana@example.com'
/** The run of the sample logs in which a customer's words instruct the agent. */
const RUN = { who: 'ticket-45602' }

let lake: Served
beforeAll(async () => {
  lake = await served()
}, 480_000)
afterAll(async () => {
  await lake.close()
  expect(failures).toEqual([])
})

interface Row {
  id: string
  rule: string
  arn: string
  title: string
  state: string
  suppressed_why: string | null
}

interface Run {
  id: string
  findings: number
}

async function json<Body>(response: Response | Promise<Response>): Promise<Body> {
  return (await (await response).json()) as Body
}

const list = async (state: string, as = OPERATOR) =>
  (await json<{ rows: Row[] }>(lake.get(as, 'findings', { ...SPAN, state }))).rows

it('a run counts its findings, and its passages are flagged', async () => {
  const { rows } = await json<{ rows: Run[] }>(lake.get(OPERATOR, 'conversations', { ...SPAN, ...RUN }))
  const flagged = rows.filter(({ findings }) => findings > 0)
  expect(flagged).toHaveLength(1)
  const only = await json<{ rows: Run[]; total: number }>(
    lake.get(OPERATOR, 'conversations', { ...SPAN, only: 'findings' }),
  )
  expect(only.total).toBeGreaterThan(0)
  expect(only.rows.map(({ id }) => id)).toContain(flagged[0]?.id)
  for (const { findings } of only.rows) expect(findings).toBeGreaterThan(0)
  const run = await json<{
    conversation: Run
    calls: { messages: { parts: { passage?: { text: string; flags: Flag[] } }[] }[] }[]
  }>(lake.get(OPERATOR, 'conversation', { id: flagged[0]?.id as string }))
  expect(run.conversation.findings).toBe(flagged[0]?.findings)
  const passages = run.calls.flatMap(({ messages }) =>
    messages.flatMap(({ parts }) => parts.flatMap(({ passage }) => (passage ? [passage] : []))),
  )
  const flags = passages.flatMap(({ text, flags: own }) =>
    own.map(({ kind, from, to }) => [kind, text.slice(from, to)]),
  )
  expect(flags).toEqual([
    [expect.stringContaining('injection'), expect.stringMatching(/ignore all previous/i)],
  ])
})

interface Flag {
  kind: string
  from: number
  to: number
}

it('a suppression hides what it names until its end, with its maker and reason', async () => {
  const open = await list('open')
  const [one] = open.filter(({ arn }) => arn?.includes('BreakGlassAdmin'))
  if (!one) throw new Error('the sample logs have findings')
  const given = { rule: one.rule, actor: one.arn, until: '2100-01-01T00:00:00Z', reason: 'A drill.' }
  const refused = await lake.post('manager:dalia@example.com', 'suppress', given)
  expect(refused.status).toBe(403)
  for (const wrong of [
    { until: given.until, reason: given.reason },
    { ...given, reason: ' ' },
    { ...given, until: '2020-01-01T00:00:00Z' },
  ])
    expect((await lake.post(OPERATOR, 'suppress', wrong)).status).toBe(422)
  expect(await list('suppressed')).toEqual([])
  const made = await json<{ id: string; hides: number }>(lake.post(OPERATOR, 'suppress', given))
  const hidden = await list('suppressed')
  expect(hidden).toHaveLength(made.hides)
  expect(hidden).toContainEqual({
    ...one,
    state: 'suppressed',
    suppressed_by: made.id,
    suppressed_why: 'A drill.',
  })
  expect((await list('open')).length).toBe(open.length - made.hides)
  const sql = `select made_by, why from suppression where id = '${made.id}'`
  const { rows } = await json<{ rows: string[][] }>(lake.post(OPERATOR, 'query', { sql }))
  expect(rows).toEqual([['ana@example.com', 'A drill.']])
  const { rows: standing } = await json<{ rows: object[] }>(lake.get(OPERATOR, 'suppressions'))
  expect(standing).toEqual([
    expect.objectContaining({
      title: one.title,
      id: made.id,
      hides: made.hides,
      ended: false,
      until: given.until,
      reason: 'A drill.',
    }),
  ])
  expect((await lake.post('manager:dalia@example.com', 'suppression-end', { id: made.id })).status).toBe(403)
  expect((await lake.post(OPERATOR, 'suppression-end', { id: "no such'" })).status).toBe(404)
  expect(await json(lake.post(OPERATOR, 'suppression-end', { id: made.id }))).toEqual({ shows: made.hides })
  expect(await list('open')).toEqual(open)
  // A second time changes nothing: the newest row says already that it has ended.
  expect(await json(lake.post(OPERATOR, 'suppression-end', { id: made.id }))).toEqual({ shows: 0 })
  const { rows: ended } = await json<{ rows: object[] }>(lake.get(OPERATOR, 'suppressions'))
  expect(ended).toEqual([expect.objectContaining({ id: made.id, hides: 0, ended: true, reason: 'A drill.' })])
})

it('findings are taken and closed in the words of the tables', async () => {
  const [one] = await list('open')
  if (!one) throw new Error('the sample logs have findings')
  await lake.post(OPERATOR, 'triage', { ids: [one.id], to: 'taken' })
  expect((await list('mine')).map(({ id, state }) => [id, state])).toEqual([[one.id, 'taken']])
  const close = { ids: [one.id], to: 'closed', verdict: 'duplicate', reason: 'Another says the same.' }
  expect((await lake.post(OPERATOR, 'triage', close)).status).toBe(200)
  expect(await list('closed')).toEqual([expect.objectContaining({ id: one.id, verdict: 'duplicate' })])
})

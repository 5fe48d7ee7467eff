import { afterAll, beforeAll, expect, it } from 'vitest'
import { unzipped } from '../../src/review/evidence/zip.ts'
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
      alone: made.hides,
      ended: false,
      until: given.until,
      reason: 'A drill.',
    }),
  ])
  // A second one over the same and more: each says all that it hides, and together each finding counts once.
  const wider = await json<{ id: string; hides: number }>(
    lake.post(OPERATOR, 'suppress', { ...given, rule: undefined, actor: '*' }),
  )
  expect(wider.hides).toBe(open.length)
  expect(await json(lake.get(OPERATOR, 'suppressions'))).toMatchObject({
    rows: [
      { id: wider.id, hides: open.length, alone: open.length - made.hides },
      { id: made.id, hides: made.hides, alone: 0 },
    ],
    hidden: open.length,
    total: 2,
  })
  expect(await json(lake.post(OPERATOR, 'suppression-end', { id: wider.id }))).toEqual({
    shows: open.length - made.hides,
  })
  expect((await lake.post('manager:dalia@example.com', 'suppression-end', { id: made.id })).status).toBe(403)
  expect((await lake.post(OPERATOR, 'suppression-end', { id: "no such'" })).status).toBe(404)
  expect(await json(lake.post(OPERATOR, 'suppression-end', { id: made.id }))).toEqual({ shows: made.hides })
  expect(await list('open')).toEqual(open)
  // A second time changes nothing: the newest row says already that it has ended.
  expect(await json(lake.post(OPERATOR, 'suppression-end', { id: made.id }))).toEqual({ shows: 0 })
  const { rows: ended } = await json<{ rows: object[] }>(lake.get(OPERATOR, 'suppressions'))
  expect(ended.find((row) => 'id' in row && row.id === made.id)).toMatchObject({
    ...{ hides: 0, alone: 0, ended: true, reason: 'A drill.' },
  })
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

it('findings are listed by resource, verdict and assignee, of one or of none', async () => {
  const of = async (...where: string[]) =>
    (
      await json<{
        rows: { id: string; what: string | null; verdict: string | null; assignee: string | null }[]
      }>(lake.get(OPERATOR, 'findings', { ...SPAN, state: 'all', where, limit: '1000' }))
    ).rows
  const all = await of()
  const some = all.find(({ what }) => what !== null)
  expect(await of(`what:${some?.what}`)).toEqual(all.filter(({ what }) => what === some?.what))
  expect(await of(`resource~${some?.what?.slice(1)}`)).toEqual(
    all.filter(({ what }) => what?.includes(some?.what?.slice(1) ?? '')),
  )
  expect(await of('verdict:duplicate')).toEqual(all.filter(({ verdict }) => verdict === 'duplicate'))
  expect(await of('verdict:duplicate')).toHaveLength(1)
  const mine = await of('assignee:ana@example.com')
  expect(mine).toEqual(all.filter(({ assignee }) => assignee === 'ana@example.com'))
  expect(mine.length).toBeGreaterThan(0)
  expect(await of('assignee:')).toHaveLength(all.length - mine.length)
})

it('what is reopened has no verdict, with its history; a verdict closes', async () => {
  const [open] = await list('open')
  const id = open?.id as string
  const row = async () =>
    (
      await json<{ rows: object[] }>(lake.get(OPERATOR, 'findings', { ...SPAN, state: 'all', limit: '1000' }))
    ).rows
      .map((one) => one as Row & { verdict: string | null; reason: string | null; assignee: string | null })
      .find((one) => one.id === id)
  const set = async (given: object) => {
    const { status } = await lake.post(OPERATOR, 'triage', { ids: [id], ...given })
    return status
  }
  expect(await set({ to: 'closed', verdict: 'false', reason: ' ' })).toBe(422)
  expect(await set({ to: 'taken', verdict: 'false', reason: 'x' })).toBe(422)
  expect(await set({ to: 'open', verdict: 'false', reason: 'x' })).toBe(422)
  expect(await set({ to: 'closed', verdict: 'false', reason: 'The rule is wrong.', assignee: 'bo' })).toBe(
    200,
  )
  expect(await row()).toMatchObject({ state: 'closed', verdict: 'false', reason: 'The rule is wrong.' })
  expect(await set({ to: 'open' })).toBe(200)
  expect(await row()).toMatchObject({ state: 'open', verdict: null, reason: null, assignee: 'bo' })
  expect(await set({ to: 'open', assignee: '' })).toBe(200)
  expect(await row()).toMatchObject({ state: 'open', verdict: null, assignee: null })
  const { history } = await json<{ history: object[] }>(lake.get(OPERATOR, 'finding', { id }))
  expect(history).toMatchObject([
    { state: 'closed', verdict: 'false', reason: 'The rule is wrong.', assignee: 'bo' },
    { state: 'open', verdict: null, reason: null },
    { state: 'open', verdict: null, assignee: '' },
  ])
  // The evidence has every note, also the one that holds no longer.
  const bundle = Buffer.from(await (await lake.get(OPERATOR, 'evidence', { finding: id })).arrayBuffer())
  const files = unzipped(bundle)
  const notes = [...files].filter(([name]) => name.includes('finding_note'))
  expect(notes).toHaveLength(1)
  const kept = String(notes[0]?.[1]).trim().split('\n')
  expect(kept.map((line) => JSON.parse(line))).toMatchObject([{ verdict: 'false' }, { verdict: null }, {}])
  // Suppressed, then closed, then reopened: it is in one list at a time, and the lists add up.
  const until = '2100-01-01T00:00:00Z'
  const made = await json<{ id: string }>(
    lake.post(OPERATOR, 'suppress', { rule: open?.rule, actor: '*', until, reason: 'A drill.' }),
  )
  const where = async () => {
    const lists = await Promise.all(['open', 'closed', 'suppressed'].map((state) => list(state)))
    const all = await list('all')
    expect(
      lists
        .flat()
        .map((one) => one.id)
        .sort(),
    ).toEqual(all.map((one) => one.id).sort())
    return lists.map((rows) => rows.filter((one) => one.id === id).length)
  }
  expect(await where()).toEqual([0, 0, 1])
  expect(await set({ to: 'closed', verdict: 'benign', reason: 'A drill.' })).toBe(200)
  expect(await where()).toEqual([0, 1, 0])
  expect(await row()).toMatchObject({ state: 'closed', verdict: 'benign', suppressed_by: null })
  expect(await set({ to: 'open' })).toBe(200)
  expect(await where()).toEqual([0, 0, 1])
  await lake.post(OPERATOR, 'suppression-end', { id: made.id })
  expect(await where()).toEqual([1, 0, 0])
})

it('all that match are those of the list that a person looks at', async () => {
  const [open, closed] = [await list('open'), await list('closed')]
  expect(open.length).toBeGreaterThan(0)
  expect(closed.length).toBeGreaterThan(0)
  const matching = { ...SPAN, state: 'closed' }
  const again = await json(lake.post(OPERATOR, 'triage', { matching, to: 'open' }))
  expect(again).toEqual({ changed: closed.length })
  expect(await list('closed')).toEqual([])
  expect((await list('open')).length).toBe(open.length + closed.length)
})

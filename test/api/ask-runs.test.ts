import { afterAll, beforeAll, expect, it } from 'vitest'
import { writeAskRuns } from './ask-runs.ts'
import { type Served, served } from './served.ts'

const DALIA = 'manager:dalia@example.com'
const FARAH = 'manager:farah@example.com'
const OPERATOR = 'operator:ana@example.com'
const ALL = { from: '2026-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' }

let lake: Served
beforeAll(async () => {
  lake = await served()
  await writeAskRuns(lake.asking.services.lake)
}, 240_000)
afterAll(() => lake.close())

const json = async (response: Response) => (await response.json()) as Record<string, unknown>
const asked = async (as: string) =>
  (await json(await lake.get(as, 'sessions', { ...ALL, kind: 'ask' }))).rows as { id: string }[]

it('are among the runs to review, those that a model planned, of those whose manager looks', async () => {
  const [row, ...others] = await asked(OPERATOR)
  expect(others).toEqual([])
  expect(row).toMatchObject({
    ...{ id: 'run-with-model', kind: 'ask', who: 'goran@example.com', acting_as: 'loglake ask' },
    ...{ where: 'bedrock/scripted', calls: 3, errors: 1, outcome: 'done', why: ['1 refused step'] },
    review: { id: 'ask:run-with-model', state: 'assigned', reviewer: 'dalia@example.com' },
  })
  expect((await asked(DALIA)).map(({ id }) => id)).toEqual(['run-with-model'])
  expect(await asked(FARAH)).toEqual([])
  expect((await lake.get(FARAH, 'agent-run', { id: 'run-with-model' })).status).toBe(404)
  const all = (await json(await lake.get(OPERATOR, 'sessions', { ...ALL, limit: '1000' }))).rows as {
    kind: string
  }[]
  expect(new Set(all.map(({ kind }) => kind))).toEqual(new Set(['session', 'run', 'ask']))
})

it('are shown step by step, as their manager sees them, without what is personal', async () => {
  const shown = await json(await lake.get(DALIA, 'agent-run', { id: 'run-with-model' }))
  expect(shown).toMatchObject({
    run: { asked_by: 'goran@example.com', turns: 3, struck_out: 1, cost_usd: 0.01 },
    claims: [{ text: 'He did 3 things.', verdict: 'struck out', evidence: [{ result: 'r1', rows: [1] }] }],
    steps: [{ tool: 'run_sql', outcome: 'refused', said: 'No.', sql: 'select 1', rows: 1 }],
  })
  expect((shown.run as { question: string }).question).not.toContain('goran@')
})

it('are decided on, over the rows of the run and its steps', async () => {
  const { review } = await json(await lake.get(DALIA, 'review', { id: 'ask:run-with-model' }))
  const { seq } = review as { seq: number }
  const decided = await json(
    await lake.post(DALIA, 'review-decide', {
      ...{ id: 'ask:run-with-model', seq, decision: 'deny', reason: 'There is no need for that.' },
    }),
  )
  expect(decided).toMatchObject({ kind: 'ask', state: 'closed', decision: 'deny' })
  const after = await json(await lake.get(DALIA, 'review', { id: 'run-with-model' }))
  const steps = after.steps as { evidence_digest: string | null }[]
  expect(steps.at(-1)?.evidence_digest).toMatch(/^[0-9a-f]{64}$/)
  expect(after.checklist).toMatchObject({ rows_offered: 2 })
})

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { ModelSettings } from '../../src/model/settings.ts'
import { type AskedLake, askedLake } from './lake.ts'
import { type Scripted, scriptedServer } from './scripted.ts'
import { setKeys, wires } from './wires.ts'

let server: Scripted
let lake: AskedLake
beforeAll(async () => {
  setKeys()
  server = await scriptedServer()
  lake = await askedLake({ hostile: false })
})
afterAll(async () => {
  await lake.close()
  await server.close()
})
beforeEach(() => {
  server.asked.length = 0
  // A token is a byte in three of all that is sent, more than most providers count.
  server.script = ({ body }) => ({
    ...{ tools: [{ name: 'run_sql', input: { sql: 'select * from cloudtrail' } }] },
    usage: { input: Math.ceil(body.length / 3), output: 100 },
  })
})

const settings = (limits: Partial<ModelSettings['limits']>): ModelSettings => {
  const made = (wires[0] as (typeof wires)[number]).settings(server.url)
  return { ...made, limits: { ...made.limits, ...limits } }
}

it.each([0.003, 0.01, 0.02, 0.05])('never costs more than its limit, US$ %d', async (usd) => {
  const { answer } = await lake.ask(
    'Who was denied?',
    settings({ usd, output_tokens: 100, turns: 100, statements: 100 }),
  )
  expect(answer.cost.ended).toBe('usd')
  expect(answer.cost.usd).toBeLessThanOrEqual(usd)
})

it('goes as far as its limit lets it', async () => {
  const { answer } = await lake.ask(
    'Who was denied?',
    settings({ usd: 0.05, output_tokens: 100, turns: 100, statements: 100 }),
  )
  expect(answer.cost.turns).toBeGreaterThan(1)
})

it('lets who asks lower the limit, and not raise it', async () => {
  const limits = { usd: 0.02, output_tokens: 100, turns: 100, statements: 100 }
  const raised = await lake.ask('Who was denied?', settings(limits), { max_usd: 5 })
  expect(raised.answer.cost).toMatchObject({ ended: 'usd' })
  expect(raised.answer.cost.usd).toBeLessThanOrEqual(0.02)
  const lowered = await lake.ask('Who was denied?', settings(limits), { max_usd: 0 })
  expect(lowered.answer.cost).toMatchObject({ ended: 'usd', turns: 0, usd: 0 })
})

it.each([
  ['What did each model cost?', /no rows of .*bedrock_invocation/],
  ['Who was denied access in 2024?', /none that it has: cloudtrail from 2026-01-07 to 2026-01-07/],
])('says why nothing is found, and never that nothing is missing: %s', async (question, why) => {
  const { answer } = await lake.ask(question)
  expect(answer.results.at(-1)?.rows).toEqual([])
  const notes = answer.notes.join(' ')
  expect(notes).toMatch(why)
  expect(notes).not.toMatch(/has all that was delivered/)
})

it('tells a model the same of its own SQL', async () => {
  server.script = [
    { tools: [{ name: 'run_sql', input: { sql: 'select * from session_log' } }] },
    {
      tools: [{ name: 'run_sql', input: { sql: "select * from cloudtrail where eventtime < '2024-05-01'" } }],
    },
    { tools: [{ name: 'answer', input: { claims: [] } }] },
  ]
  await lake.ask('Which sessions were there?', settings({}))
  expect(server.asked[1]?.results[0]).toMatch(/no rows of session_log/)
  expect(server.asked[2]?.results[0]).toMatch(/none that it has: cloudtrail/)
})

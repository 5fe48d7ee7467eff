import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Served, served } from './served.ts'

let open: Served
beforeAll(async () => {
  open = await served()
}, 240_000)
afterAll(() => open.close())

test('a question of an analyst that grows without end is ended with its reason, and the next is answered', async () => {
  const grows =
    "with recursive t(n, s) as (select 1, 'x' union all select n + 1, s || s from t where n < 40) select n, length(s) from t"
  const ended = await open.post('analyst:ana@example.com', 'query', { sql: grows })
  expect(ended.status).toBe(400)
  expect(await ended.json()).toMatchObject({
    title: 'Too much memory',
    detail: expect.stringContaining('ask for less'),
  })
  const steps = Array.from({ length: 25 }, (_, at) => `a${at} || a${at} as a${at + 1}`).join(', ')
  const folded = await open.post('analyst:ana@example.com', 'query', {
    sql: `select eventname as a0, ${steps} from cloudtrail`,
  })
  expect(folded.status).toBe(400)
  expect(await folded.json()).toMatchObject({ detail: expect.stringContaining('too large to plan') })
  const next = await open.post('analyst:ana@example.com', 'query', { sql: 'select 1 as n' })
  expect(next.status).toBe(200)
  expect(await next.json()).toMatchObject({ rows: [[1]] })
}, 120_000)

test('all that a page asks for at once is answered, though each request makes many statements', async () => {
  const names = ['overview', 'sessions', 'conversations', 'usage', 'overview', 'findings']
  const asked = names.map((name, at) =>
    // A different end each: an answer that is kept asks for nothing.
    open.get('analyst:ana@example.com', name, {
      from: '2026-01-05T00:00:00Z',
      to: `2026-01-10T0${at}:00:00Z`,
    }),
  )
  expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200])
})

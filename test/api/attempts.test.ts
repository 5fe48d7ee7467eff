import { afterAll, beforeAll, expect, it } from 'vitest'
import { attempts, errorLeaks, statements } from './attempts.ts'
import { failures, type Served, served } from './served.ts'

/**
 * Her people are chen, alice and an agent. These names of others are in no row of theirs, so that they would come from another
 * row. Who else had a hand in the reviews of her people she may know.
 */
const FARAH = 'manager:farah@example.com'
const OTHERS = /goran|emil@|bruno|jonas|kofi|break.?glass|legacy-backup|feature-loader|scoring-api/i

let lake: Served
beforeAll(async () => {
  lake = await served()
}, 240_000)
afterAll(async () => {
  await lake.close()
  expect(failures.map(String)).toEqual([])
})

it('makes at least 200 attempts, 90 of them by errors', () => {
  expect(new Set(attempts).size).toBeGreaterThanOrEqual(200)
  expect(errorLeaks.length).toBe(90)
})

it('what the attempts look for is there, for an operator', async () => {
  const answer = await lake.post('operator:ana', 'query', {
    sql: 'select distinct actor from cloudtrail',
    limit: 1000,
  })
  expect(await answer.text()).toMatch(OTHERS)
})

it.each(attempts.map((attempt) => [attempt.slice(0, 100).replaceAll('\0', '\\0'), attempt] as const))(
  'is refused, or shows nothing of others: %s',
  async (_, attempt) => {
    const sql = attempt.replaceAll('{lake}', lake.place)
    const response = await lake.post(FARAH, 'query', { sql, limit: 10_000 })
    const text = await response.text()
    expect([200, 400, 403, 422, 503]).toContain(response.status)
    // The question itself comes back in no answer; a message may name its words.
    const body = text.replaceAll('goran%', '')
    expect(body).not.toMatch(OTHERS)
    if (statements.includes(attempt) || attempt.includes('{lake}')) expect(response.status).not.toBe(200)
    else expect(body).not.toContain(lake.place)
  },
)

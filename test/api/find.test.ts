import { afterAll, beforeAll, expect, it } from 'vitest'
import { failures, type Served, served } from './served.ts'

const OPERATOR = 'operator:ana@example.com'
const ADDRESS = '198.51.100.23'

let lake: Served
beforeAll(async () => {
  lake = await served()
}, 240_000)
afterAll(async () => {
  await lake.close()
  expect(failures).toEqual([])
})

async function times(span: { from?: string; to?: string }): Promise<string[]> {
  const answer = await lake.get(OPERATOR, 'find', { text: ADDRESS, limit: '1000', ...span })
  expect(answer.status).toBe(200)
  const { rows } = (await answer.json()) as { rows: { time: string }[] }
  return rows.map(({ time }) => time)
}

it('finds rows of the span alone, also in a file that reaches beyond it', async () => {
  const all = await times({})
  const middle = all[Math.floor(all.length / 2)] as string
  expect((all[0] as string) < middle && middle < (all.at(-1) as string)).toBe(true)
  expect(await times({ from: middle })).toEqual(all.filter((time) => time >= middle))
  expect(await times({ to: middle })).toEqual(all.filter((time) => time < middle))
})

it('takes no input of the command line over HTTP', async () => {
  for (const [name, input] of [
    ['query', { sql: 'select 1', rows: true }],
    ['query-export', { sql: 'select 1', rows: true }],
    ['named', { name: 'access-denied', rows: true }],
  ] as const)
    expect((await lake.post(OPERATOR, name, input)).status).toBe(422)
  expect((await lake.get(OPERATOR, 'find', { text: ADDRESS, whole: 'true' })).status).toBe(422)
  expect((await lake.get(OPERATOR, 'find', { text: ADDRESS, limit: '1001' })).status).toBe(422)
})

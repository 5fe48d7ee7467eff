import { afterAll, beforeAll, expect, it } from 'vitest'
import { failures, type Served, served } from './served.ts'

// Who was first seen in a span, held against all calls; what was asked of one span is kept for the next.

const OPERATOR = 'operator:ana@example.com'
const FARAH = 'manager:farah@example.com'

let lake: Served
beforeAll(async () => {
  lake = await served()
}, 240_000)
afterAll(async () => {
  await lake.close()
  expect(failures).toEqual([])
})

interface Overview {
  first_seen: { kind: string; who: string; time: string }[]
  newest: string | null
}

async function overview(as: string, from: string, to: string): Promise<Overview> {
  const answer = await lake.get(as, 'overview', { from, to })
  expect(answer.status).toBe(200)
  return (await answer.json()) as Overview
}

async function firstCalls(as: string): Promise<[who: string, first: string][]> {
  const sql = `select actor, strftime(min(time), '%Y-%m-%dT%H:%M:%SZ') as first from activity_10min
    where actor is not null group by actor order by first desc, actor`
  return ((await (await lake.post(as, 'query', { sql })).json()) as { rows: [string, string][] }).rows
}

it.each([OPERATOR, FARAH])('%s sees the newest of each span, whatever was asked before', async (as) => {
  const calls = await firstCalls(as)
  expect(calls.length).toBeGreaterThan(2)
  const since = calls.at(-1)?.[1] as string
  let told = 0
  for (let day = 4; day < 12; day++) {
    const at = (one: number) => `2026-01-${String(one).padStart(2, '0')}T00:00:00Z`
    for (const until of [at(day + 1), '2026-02-01T00:00:00Z']) {
      const { first_seen, newest } = await overview(as, at(day), until)
      const wanted = calls
        .filter(([, first]) => first >= at(day) && first < until && at(day) > since)
        .slice(0, 8)
        .map(([who, time]) => ({ who, time }))
      const found = first_seen.filter(({ kind }) => kind === 'actor').map(({ who, time }) => ({ who, time }))
      expect([day, until, found]).toEqual([day, until, wanted])
      expect(newest).not.toBeNull()
      told += found.length
    }
  }
  if (as === OPERATOR) expect(told).toBeGreaterThan(5)
})

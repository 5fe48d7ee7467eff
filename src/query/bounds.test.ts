import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openLake } from '../lake/lake.ts'
import { localStorage } from '../lake/storage/local.ts'
import { UserError } from '../lib/errors.ts'
import { lakeTables } from '../tables/index.ts'
import { questionsGivenUp, TooMuchMemory } from './bounds.ts'
import { watchMemory } from './memory-watch.ts'
import { openQueryEngine, type QueryEngine } from './question.ts'

const lake = openLake(localStorage(mkdtempSync(join(tmpdir(), 'loglake-bounds-'))), lakeTables)
let queryEngine: QueryEngine
let hurried: QueryEngine
beforeAll(async () => {
  const limits = { threads: 1, memory: '128MiB', spill: '' }
  queryEngine = await openQueryEngine(lake, { limits })
  hurried = await openQueryEngine(lake, { limits: { ...limits, seconds: 1 } })
}, 60_000)
afterAll(() => {
  queryEngine.close()
  hurried.close()
})

async function count(question: string, of = queryEngine): Promise<number> {
  const answer = await of.ask(question)
  try {
    let rows = 0
    for await (const _ of answer.rows()) rows++
    return rows
  } finally {
    answer.close()
  }
}

const THOUSAND = '(select range::varchar as s from range(1000))'

test.each([
  [
    'a text',
    `with recursive t(n, s) as (select 1, 'x' union all select n + 1, s || s from t where n < 40) select n, length(s) from t`,
  ],
  [
    'a list',
    'with recursive t(n, s) as (select 1, [1] union all select n + 1, list_concat(s, s) from t where n < 40) select n, len(s) from t',
  ],
  [
    'a text of many rows',
    `with recursive t(n, s) as (from ${THOUSAND} select 1, s union all select n + 1, s || s from t where n < 40) select length(s) from t`,
  ],
  [
    'what a join gathers',
    `select string_agg(a.s || b.s, '') from ${THOUSAND} a, ${THOUSAND} b, ${THOUSAND} c`,
  ],
  ['what a join sorts', `from ${THOUSAND} a, ${THOUSAND} b, ${THOUSAND} c order by a.s || b.s || c.s`],
])(
  '%s that grows without end is ended, and nothing else is',
  async (_, question) => {
    await expect(count(question)).rejects.toThrow(TooMuchMemory)
    expect(await count('from range(5)')).toBe(5)
  },
  60_000,
)

test.each([
  ['recursion', 'with recursive t(n) as (select 1 union all select n from t) select count(*) from t'],
  [
    'a join',
    `select count(*) from ${THOUSAND} a, ${THOUSAND} b, ${THOUSAND} c, ${THOUSAND} d where a.s > b.s || c.s || d.s`,
  ],
  ['rows without end', `from ${THOUSAND} a, ${THOUSAND} b, ${THOUSAND} c`],
])(
  '%s that takes too long is ended with its reason',
  async (_, question) => {
    await expect(count(question, hurried)).rejects.toThrow(/^the question took more than 1 s/)
    expect(await count('from range(5)', hurried)).toBe(5)
  },
  60_000,
)

test('a step that no interrupt reaches is not waited for, and the next question is answered meanwhile', async () => {
  const step = "select levenshtein(repeat('a', 10000), repeat('b', 10000) || i) from range(60) as t(i)"
  await expect(count(step, hurried)).rejects.toThrow(/^the question took more than 1 s/)
  expect(questionsGivenUp()).toBe(1)
  expect(await count('from range(5)', hurried)).toBe(5)
  const stop = new AbortController()
  const cancelled = queryEngine.ask(step, { signal: stop.signal })
  stop.abort()
  await expect(cancelled).rejects.toThrow('the question was cancelled')
  expect(await count('from range(5)')).toBe(5)
}, 60_000)

test('an answer that breaks off is none, and says why', async () => {
  const late = "select case when i = 500000 then error('it is late') else i end from range(1000000) as t(i)"
  await expect(count(late)).rejects.toThrow(/it is late/)
  await expect(count("select ('x' || i)::int from range(100) as t(i)")).rejects.toThrow(UserError)
})

test('an answer that is cancelled on its way is none', async () => {
  const stop = new AbortController()
  const answer = await queryEngine.ask('from range(100000000)', { signal: stop.signal })
  const read = async () => {
    let rows = 0
    for await (const _ of answer.rows()) if (++rows === 100_000) stop.abort()
  }
  await expect(read()).rejects.toThrow('the question was cancelled')
  answer.close()
})

test('memory is looked at while somebody asks, and what is kept is given once', async () => {
  let resident = 300 << 20
  const watch = watchMemory('256MiB', () => resident)
  const stopped = async (until: number) => {
    let times = 0
    const end = watch.enter(() => times++)
    resident = until
    await new Promise((done) => setTimeout(done, 60))
    end()
    return times
  }
  const growth = (256 + 512) << 20
  expect(await stopped((300 << 20) + growth)).toBe(0)
  resident = 300 << 20
  expect(await stopped((301 << 20) + growth)).toBeGreaterThan(0)
  // A stopped question's memory is counted into the base once, with one more growth; after that the limit
  // holds.
  expect(await stopped((300 << 20) + 2 * growth)).toBe(0)
  expect(await stopped((301 << 20) + 2 * growth)).toBeGreaterThan(0)
  expect(await stopped((301 << 20) + 2 * growth)).toBeGreaterThan(0)
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, it, vi } from 'vitest'
import { openLake } from '../lake/lake.ts'
import { localStorage } from '../lake/storage/local.ts'
import { lakeTables } from '../tables/index.ts'
import { openQueryEngine } from './question.ts'
import { EngineLost } from './renewable.ts'

const folder = mkdtempSync(join(tmpdir(), 'loglake-lost-'))
afterAll(() => rmSync(folder, { recursive: true }))

const lake = openLake(localStorage(folder), lakeTables)
/** Where a question fails as it does when DuckDB has ended its engine. */
const newest = vi.fn(lake.newest)
afterEach(() => newest.mockReset().mockImplementation(lake.newest))
const queries = await openQueryEngine({ ...lake, newest }, { limits: { threads: 1 }, views: [] })
afterAll(() => queries.close())

const lost = () => Promise.reject(new Error('FATAL Error: the database has been invalidated'))

async function count(): Promise<unknown> {
  const answer = await queries.ask('select count(*) from ledger')
  try {
    for await (const [value] of answer.rows()) return value
  } finally {
    answer.close()
  }
  return undefined
}

it('a question whose engine another one ended is asked again, on a new engine', async () => {
  newest.mockImplementationOnce(lost)
  expect(await Promise.all([count(), count()])).toEqual([0n, 0n])
  expect(newest).toHaveBeenCalledTimes(3)
})

it('one that ends its engine is asked twice, and told; the next one is answered', async () => {
  newest.mockImplementationOnce(lost).mockImplementationOnce(lost)
  await expect(count()).rejects.toThrow(EngineLost)
  expect(newest).toHaveBeenCalledTimes(2)
  expect(await count()).toBe(0n)
})

import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openLake } from '../lake/lake.ts'
import { localStorage } from '../lake/storage/local.ts'
import { lakeTables } from '../tables/index.ts'
import { questionsGivenUp } from './bounds.ts'
import { openQueryEngine } from './question.ts'

test('a question is given up while it is planned, and the next one is planned beside it', async () => {
  const lake = openLake(localStorage(mkdtempSync(join(tmpdir(), 'loglake-planning-'))), lakeTables)
  const queryEngine = await openQueryEngine(lake, { limits: { threads: 1 } })
  try {
    // DuckDB computes constants while it plans, and no interrupt reaches one of them.
    const constants = Array.from(
      { length: 40 },
      (_, i) => `levenshtein(repeat('a', 10000), repeat('b', ${9999 - i}))`,
    )
    const stop = new AbortController()
    const asked = queryEngine.ask(`select ${constants.join(' + ')}`, { signal: stop.signal })
    setTimeout(() => stop.abort(), 100)
    await expect(asked).rejects.toThrow('the question was cancelled')
    expect(questionsGivenUp()).toBe(1)
    const answer = await queryEngine.ask('select 7 as n')
    const rows: unknown[] = []
    for await (const row of answer.rows()) rows.push(row)
    answer.close()
    expect(rows).toEqual([[7]])
  } finally {
    queryEngine.close()
  }
}, 60_000)

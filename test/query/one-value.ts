import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { openLake } from '../../src/lake/lake.ts'
import { localStorage } from '../../src/lake/storage/local.ts'
import { openQueryEngine, type QueryEngine } from '../../src/query/question.ts'
import { type Plain, plainValue } from '../../src/query/values.ts'
import { lakeTables } from '../../src/tables/index.ts'

/** Asks an engine over an empty lake, which a file of tests opens and closes, for the one value of a query. */
export function oneValueEngine(): (sql: string) => Promise<Plain> {
  const folder = mkdtempSync(join(tmpdir(), 'loglake-one-value-'))
  let queryEngine: QueryEngine
  beforeAll(async () => {
    queryEngine = await openQueryEngine(openLake(localStorage(folder), lakeTables), {
      limits: { threads: 1 },
    })
  }, 60_000)
  afterAll(() => {
    queryEngine.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return async (sql) => {
    const answer = await queryEngine.ask(sql)
    try {
      for await (const row of answer.rows()) return plainValue(row[0] ?? null)
      return '(no row)'
    } finally {
      answer.close()
    }
  }
}

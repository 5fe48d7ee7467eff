import { expect, test } from 'vitest'
import { openEngine } from '../lib/duckdb.ts'
import { SQL_WORDS } from './words.ts'

test('are those that the engine keeps for itself', async () => {
  const engine = await openEngine({ threads: 1 })
  const rows = await engine.rows(
    "select keyword_name from duckdb_keywords() where keyword_category = 'reserved'",
  )
  engine.close()
  expect([...SQL_WORDS].sort()).toEqual(rows.map(([word]) => String(word)).sort())
})

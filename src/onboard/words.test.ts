import { expect, test } from 'vitest'
import { openEngine } from '../lib/duckdb.ts'
import { SQL_WORDS } from './words.ts'

test('are those that a question would have to quote', async () => {
  const engine = await openEngine({ threads: 1 })
  const words: string[] = []
  for (const [word, category] of await engine.rows(
    'select keyword_name, keyword_category from duckdb_keywords()',
  )) {
    const asked = engine.rows(`select ${word}, min(${word}) from (select 1 as "${word}") group by all`)
    const fails = await asked.then(
      () => false,
      () => true,
    )
    if (fails || category === 'reserved') words.push(String(word))
  }
  engine.close()
  expect([...SQL_WORDS].sort()).toEqual(words.sort())
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Engine, openEngine } from '../lib/duckdb.ts'
import { identifier } from '../lib/sql.ts'
import { logTables } from '../tables/index.ts'
import { ownViews } from './own-views.ts'
import { viewName } from './view.ts'
import { createViews } from './view-engine.ts'

/**
 * JSON nested 100,000 deep in every JSON column of every table: no view and no function may end the process.
 */

const DEPTH = 100_000
const deep = [
  `'{"q":' || repeat('{"a":', ${DEPTH}) || '1' || repeat('}', ${DEPTH}) || '}'`,
  `'{"userIdentity":' || repeat('{"b":[', ${DEPTH / 2}) || '"]]"' || repeat(']}', ${DEPTH / 2}) || '}'`,
]
let engine: Engine
beforeAll(async () => {
  engine = await lakeOfDeepRows()
}, 60_000)
afterAll(() => engine.close())

async function lakeOfDeepRows(): Promise<Engine> {
  const engine = await openEngine({ threads: 2 })
  await createViews(engine, logTables, ownViews())
  for (const { name, columns } of logTables) {
    for (const text of deep) {
      const values = columns.map(({ name: column, type }) => {
        // Views filter on these names.
        if (column === 'eventsource') return "'ssm.amazonaws.com'"
        if (column === 'eventname') return "'StartSession'"
        if (type === 'json') return `(${text})`
        if (type === 'string') return "'x'"
        return type === 'timestamptz' ? "'2026-01-07 00:00:00Z'" : type === 'date' ? "'2026-01-07'" : 'null'
      })
      await engine.run(`insert into ${identifier(name)} select ${values.join(', ')}`)
    }
  }
  return engine
}

describe('rows that are nested 100,000 deep', () => {
  it.each(ownViews().map((view) => [viewName(view)]))(
    'are read through the view %s',
    async (view) => {
      const reader = await engine.connection.stream(`from ${view}`)
      for (;;) {
        const chunk = await reader.fetchChunk()
        if (!chunk || chunk.rowCount === 0) break
      }
    },
    120_000,
  )

  it.each([
    'json_structure(unmapped)',
    "json_contains(unmapped, '1')",
    "json_contains('1', unmapped)",
    "json_merge_patch('{}', unmapped)",
    "json_merge_patch(unmapped, '{}', unmapped)",
    'json_group_structure(unmapped)',
    'json_pretty(unmapped)',
    'json_keys(unmapped)',
    'from_json(unmapped, \'"json"\')',
    "unmapped -> '$.q.a.a'",
    "unmapped ->> 'q'",
    "json_extract_string(unmapped, '$.q')",
  ])(
    'are given to %s',
    async (call) => {
      const rows = await engine.rows(`select ${call} from cloudtrail`)
      expect(rows.length).toBeGreaterThan(0)
    },
    60_000,
  )
})

it('what is wide and not deep is left as it is', async () => {
  const engine = await openEngine({ threads: 1 })
  await createViews(engine, [], [])
  const wide = JSON.stringify(Array.from({ length: 3000 }, (_, n) => ({ a: [{ b: n, '}]"': '{[' }] })))
  const levels = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
  const asked = async (text: string) => (await engine.rows('select trino.is_deep($1)', [text]))[0]?.[0]
  expect(await asked(wide)).toBe(false)
  expect(await asked(levels(400))).toBe(false)
  expect(await asked(levels(700))).toBe(true)
  expect(await asked('not { json '.repeat(1000))).not.toBeNull()
  engine.close()
})

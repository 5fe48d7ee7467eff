import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Engine, openEngine } from '../lib/duckdb.ts'
import { deserialized, readStatement, serialized } from './statement.ts'

let engine: Engine
beforeAll(async () => {
  engine = await openEngine({ threads: 1 })
})
afterAll(() => engine.close())

describe('numbers of a question', () => {
  it.each([
    '1.2345678901234567e0',
    '0.30000000000000004e0 > 0',
    '-0.12345678901234567e0',
    '12345678901234567',
    '-123456789012345678901234567890',
    '12345678901234567890.5',
    '1e400',
    '-1e400',
    "'12345678901234567 Infinity'",
  ])('%s is read as DuckDB reads it', async (number) => {
    const { select } = await readStatement(engine, `select ${number} as n`)
    expect(await engine.rows(select)).toEqual(await engine.rows(`select ${number} as n`))
  })

  it.each(['12345678901234567', '123456789012345678901234567890'])(
    '%s is the same once its tree was written out',
    async (number) => {
      const { statements = [] } = await serialized(engine, `select ${number} as n`)
      const text = await deserialized(engine, { error: false, statements })
      expect(await engine.rows(text)).toEqual(await engine.rows(`select ${number} as n`))
    },
  )

  it('one beyond DOUBLE cannot be written out, and the error says what can', async () => {
    const { statements = [] } = await serialized(engine, 'select 1e400')
    await expect(deserialized(engine, { error: false, statements })).rejects.toThrow("'Infinity'::double")
  })
})

describe('forms of Athena that cannot be parsed', () => {
  it.each([
    ["select listagg(a, ',') within group (order by a) from t", "string_agg(a, ',' ORDER BY b)"],
    ["select json_value(a, 'lax $.b' returning bigint) from t", 'CAST(json_value(a, path) AS bigint)'],
    ["select json_query(a, 'lax $.b' with array wrapper) from t", 'without clauses'],
    ['select cast(a as array(varchar)) from t', 'VARCHAR[] for ARRAY(VARCHAR)'],
    ['select * from t match_recognize (pattern (a b) define a as true)', 'window functions'],
  ])('%s', async (question, instead) => {
    await expect(readStatement(engine, question)).rejects.toThrow(instead)
  })
})

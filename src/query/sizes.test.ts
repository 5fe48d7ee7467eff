import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Engine, openEngine } from '../lib/duckdb.ts'
import { UserError } from '../lib/errors.ts'
import { checkSizes, MAKERS } from './sizes.ts'
import { readStatement } from './statement.ts'

let engine: Engine
beforeAll(async () => {
  engine = await openEngine()
})
afterAll(() => engine.close())

const check = async (question: string) => checkSizes((await readStatement(engine, question)).tree)

test.each([
  'select len(range(500000000))',
  'select len(range(0, -500000000, -1))',
  'select len(range(500000000::hugeint))',
  "select len(range('500000000'::int))",
  'select len(range(99999999999999999999999))',
  'select len(generate_series(1, 1000 * 1000 * 1000))',
  'select len(range((select 500000000)))',
  'with t as (select 500000000 as n) select len(range(n)) from t',
  'select len(range(10000 * n)) from t',
  "select length(repeat('x', 10000000000))",
  "select length('x'.repeat(10000000000))",
  "select length(repeat(repeat('x', 10000), 10000))",
  "select length(repeat('0123456789', 9999))",
  "select length(lpad('x', 2000000000, 'y'))",
  "select length(rpad('x', n, 'y')) from t",
  'select length(bar(1, 0, 10, 2000000000))',
  'select len(list_resize([1], 2000000000))',
  "select length(bitstring('0', 2000000000))",
  'select ngrams(range(10000), 5000)',
  "select sequence(date '0001-01-01', date '9999-01-01')",
  "select length(format('{:1000000000d}', 1))",
  "select length(format('{:{}}', 1, 1000000000))",
  "select length(printf('%1000000000d', 1))",
  "select length(printf('%*d', 1000000000, 1))",
  'select length(format(eventname, 1)) from t',
  "select len(range(timestamp '2020-01-01', timestamp '2026-01-01', interval 1 second))",
  "select len(range(min(eventtime), max(eventtime), interval '1 minute')) from t",
  'select list_transform(range(10000), lambda x: range(10000))',
  'select list_transform(items, lambda x: list_transform(range(5000), lambda y: range(5000))) from t',
  'select 1 where len(range(500000000)) > 1',
  'select count(*) filter (where len(range(500000000)) > 1) from t',
  'select list(n order by len(range(500000000))) from t',
  'select sum(n) over (order by len(range(500000000))) from t',
  'from unnest(range(500000000)) as t(n)',
  'from t order by len(range(500000000))',
  'select (select len(range(500000000)))',
])('refuses %s', async (question) => {
  await expect(check(question)).rejects.toThrow(UserError)
})

test.each([
  'select count(*) from range(500000000)',
  'from generate_series(1, 500000000) as t(n)',
  'select unnest(range(24))',
  'select unnest(generate_series(1, 10000))',
  'select range(5, 100, 5), range(-3)',
  'select range(length(eventname) - 1) from t',
  'select range(least(n, 1000)) from t',
  "select lpad(hour::varchar, 2, '0'), repeat('-', 80), repeat('=', length(eventname)) from t",
  'select bar(n, 0, max(n) over (), 40), bar(n, 0, 10) from t',
  "select format('{:.2f} of {}', 1.5, 2), printf('%05d', 7)",
  "select unnest(generate_series(date '2026-01-01', date '2026-12-31', interval 1 day))",
  "select unnest(range(min(eventtime), max(eventtime), interval '1 day')) from t",
  "select unnest(range(timestamp '2026-01-01', timestamp '2026-01-02', interval 1 minute))",
  'select list_transform(range(100), lambda x: range(10))',
  'select list_transform(items, lambda x: range(5)) from t',
])('answers %s', async (question) => {
  await expect(check(question)).resolves.toBeUndefined()
})

test('a list of 200,000 values is not taken for one that is nested too deeply', async () => {
  const values = Array.from({ length: 200_000 }, (_, at) => at).join(', ')
  await expect(check(`select n from t where n in (${values})`)).resolves.toBeUndefined()
  await expect(check(`select range(least(n, ${values})) from t`)).resolves.toBeUndefined()
})

test('every function that makes values of a size is one of DuckDB, or of loglake', () => {
  const csv = readFileSync(new URL('./functions/duckdb.csv', import.meta.url), 'utf8')
  for (const name of Object.keys(MAKERS))
    expect(csv.includes(`,${name},`) || ['ngrams', 'sequence'].includes(name), name).toBe(true)
})

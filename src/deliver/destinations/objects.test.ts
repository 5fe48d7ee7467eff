import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Engine, openEngine } from '../../lib/duckdb.ts'
import { literal } from '../../lib/sql.ts'
import { parquet } from './objects.ts'

const folder = mkdtempSync(join(tmpdir(), 'loglake-objects-'))
let engine: Engine
beforeAll(async () => {
  engine = await openEngine({ threads: 1 })
})
afterAll(() => {
  engine.close()
  rmSync(folder, { recursive: true })
})

let made = 0

async function written(...rows: object[]): Promise<{ types: Record<string, string>; rows: unknown[] }> {
  const part = rows.map((row, n) => ({ id: String(n), table: 't', time: 1, text: JSON.stringify(row) }))
  const file = join(folder, `${made++}.parquet`)
  writeFileSync(file, await parquet(part))
  const described = await engine.rows(`describe select * from ${literal(file)}`)
  const types = Object.fromEntries(described.map(([name, type]) => [String(name), String(type)]))
  const texts = await engine.rows(`select to_json(t)::varchar from ${literal(file)} as t`)
  return { types, rows: texts.map(([text]) => JSON.parse(String(text))) }
}

it('columns of all objects have the same types, whatever their values look like', async () => {
  const one = {
    id: 'eea3dfc0-42ad-496f-9999-39811cd6781d',
    at: '2026-01-07T22:16:43Z',
    day: '2026-01-07',
    count: 7,
    user: { id: '4b9e37f4-559b-402d-ae08-016ea84b6f7e', n: 1 },
    list: ['2026-01-07'],
  }
  const other = {
    id: 'shared',
    at: 'never',
    day: 'monday',
    count: -7,
    user: { id: 'ada', n: -1 },
    list: ['x'],
  }
  const [first, second] = [await written(one, one), await written(other)]
  expect(first.types).toEqual(second.types)
  expect(first.types).toMatchObject({ id: 'VARCHAR', at: 'VARCHAR', count: 'BIGINT', list: 'VARCHAR[]' })
  expect(first.rows).toEqual([one, one])
  expect(second.rows).toEqual([other])
})

it('numbers of more than 63 bits, nulls and mixed values are kept', async () => {
  const text = '{"n":18446744073709551615,"none":null,"mixed":1}'
  const { types, rows } = await written(JSON.parse(text) as object, { n: 1, none: null, mixed: 'a' })
  expect(types).toMatchObject({ none: 'VARCHAR' })
  expect(rows).toMatchObject([{ none: null }, { n: 1, none: null, mixed: 'a' }])
})

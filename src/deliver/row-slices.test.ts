import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { TableColumnType, TableDefinition } from '../lake/table.ts'
import { openEngine } from '../lib/duckdb.ts'
import { rowsOf, rowTextsOf } from './rows.ts'

const root = mkdtempSync(join(tmpdir(), 'loglake-wide-'))
afterAll(() => rmSync(root, { recursive: true }))

const ROWS = 20_000
const LENGTH = 640
const column = (name: string, type: TableColumnType) => ({ name, type, doc: '' })
const table: TableDefinition = {
  name: 'wide',
  doc: 'Rows of the test.',
  key: ['id'],
  time: 'time',
  columns: [
    column('id', 'string'),
    column('prompt', 'string'),
    column('time', 'timestamptz'),
    column('lake_ingested_at', 'timestamptz'),
    column('answer', 'json'),
    column('none', 'string'),
    column('last', 'string'),
  ],
} as never

/** A file as the lake has it: one part of it holds all rows, whose texts have next to nothing in common. */
async function file(): Promise<string> {
  const path = join(root, 'wide.parquet')
  const engine = await openEngine({ threads: 1, memory: '512MiB' })
  const text = (seed: number) =>
    `(select string_agg(md5(concat(n, '/', part, '/${seed}')), '"') from range(${LENGTH / 32}) as parts (part))`
  await engine.run(
    `copy (select n::varchar as id, case when n % 5 = 0 then '' else ${text(1)} end as prompt,
      make_timestamptz((n * 7919) % ${ROWS}) as time, make_timestamptz(0) as lake_ingested_at,
      case when n % 3 = 0 then null else to_json(${text(2)}) end as answer, null::varchar as none, ${text(3)} as last
      from range(${ROWS}) as made (n)) to '${path}' (format parquet, compression zstd, row_group_size 20480)`,
  )
  engine.close()
  return path
}

it('wide rows are read in the memory of a part of their file, in order, each with its fields as they are', async () => {
  const engine = await openEngine({ threads: 1, memory: '96MiB', spill: join(root, 'spill') })
  const from = `(from read_parquet('${await file()}'))`
  const texts: string[] = []
  let at = 0
  for await (const rows of rowTextsOf(engine, table, from, 'true')) {
    // What is a few rows at once is a few bytes at once.
    expect(rows.length).toBeLessThanOrEqual(32)
    for (const { text, name, time } of rows) {
      expect(Math.round(time * 1e6)).toBe(at++)
      if (texts.length < 1000) texts.push(text)
      const n = Number(name)
      expect((n * 7919) % ROWS).toBe(at - 1)
    }
  }
  expect(at).toBe(ROWS)
  at = 0
  for await (const rows of rowsOf(engine, table, from, 'true'))
    for (const row of rows) {
      const n = Number(row.id)
      expect(String(row.prompt)).toHaveLength(n % 5 === 0 ? 0 : LENGTH + LENGTH / 32 - 1)
      const fields = ['id', 'prompt', 'time', 'lake_ingested_at', ...(n % 3 === 0 ? [] : ['answer']), 'last']
      expect(Object.keys(row)).toEqual(fields)
      if (at < texts.length) expect(JSON.stringify(row)).toBe(texts[at])
      at++
    }
  expect(at).toBe(ROWS)
  engine.close()
})

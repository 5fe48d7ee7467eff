import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openEngine } from '../lib/duckdb.ts'
import { plannedMetadata } from './change.ts'
import { contested, contestRows, forgetContested } from './contested.ts'
import { forgetRepeats } from './duplicates.ts'
import { currentSchema } from './iceberg/index.ts'
import { openLake } from './lake.ts'
import { stageParquet } from './parquet.ts'
import { localStorage } from './storage/local.ts'
import { OWN_COLUMNS, type TableDefinition } from './table.ts'

const table: TableDefinition = {
  name: 'thing',
  doc: 'One row per thing.',
  columns: [
    { name: 'id', type: 'string', doc: 'Its id.' },
    { name: 'moment', type: 'timestamptz', doc: 'When.', bounds: true },
    { name: 'note', type: 'string', doc: 'A text.', content: true },
    ...OWN_COLUMNS,
  ],
  key: ['id', 'moment'],
  time: 'moment',
}

/** Rows with the ids `from` to `to`, the last included, and a text of 320 letters. */
const rowsWith = (from: number, to: number, salt: string) => `
  select 'id-' || n as id, '2026-01-07T00:00:00Z'::timestamptz as moment,
    string_agg(md5(n || '${salt}' || part), '') as note,
    '2026-01-07'::date as lake_day, 'o' as lake_object, '2026-01-07T00:00:00Z'::timestamptz as lake_ingested_at
  from range(${from}, ${to + 1}) as t(n), range(10) as p(part)
  group by n`

it('holds the few new rows in memory, not the many stored ones that they are compared with', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'contested-'))
  const writing = await openEngine({ threads: 1 })
  // Less than the stored texts take, and nothing is spilled to disk.
  const engine = await openEngine({ threads: 1, memory: '32MiB', spill: '' })
  try {
    const lake = openLake(localStorage(folder), [table])
    const schema = currentSchema(plannedMetadata(lake.storage, table, undefined))
    const stage = async (rows: string) =>
      await stageParquet(writing, table, schema, rows, await lake.storage.workplace())
    const stored = await stage(rowsWith(1, 200_000, 'stored'))
    const fresh = await stage(rowsWith(1, 20, 'new'))
    await forgetRepeats(engine, table)
    await forgetContested(engine)
    await engine.run(
      `insert into repeated select 'id-' || n, '2026-01-07T00:00:00Z'::timestamptz from range(1, 11) as t(n)`,
    )
    const files = {
      fresh: fresh.map(({ local }) => local),
      old: stored.map(({ local }) => local),
      oldRows: 200_000,
    }
    await contestRows(engine, table, schema, files, 'true')
    const pairs = []
    for await (const pair of contested(engine)) pairs.push(pair)
    expect(pairs).toHaveLength(10)
    expect(pairs.every(({ said, known }) => said[0] !== known[0])).toBe(true)
  } finally {
    engine.close()
    writing.close()
    rmSync(folder, { recursive: true })
  }
}, 60_000)

import { rmSync } from 'node:fs'
import { afterAll, expect, it } from 'vitest'
import { freshPlace } from '../../test/lakes.ts'
import { openEngine } from '../lib/duckdb.ts'
import { list } from '../lib/sql.ts'
import { append, type NewRow } from './append.ts'
import { openLake } from './lake.ts'
import { localStorage } from './storage/local.ts'
import { OWN_COLUMNS, type TableDefinition } from './table.ts'

const said: TableDefinition = {
  name: 'said',
  doc: 'One row per thing that somebody wrote.',
  columns: [
    { name: 'id', type: 'string', doc: 'Its id.' },
    { name: 'words', type: 'string', doc: 'As it was written.' },
    { name: 'input', type: 'json', doc: 'The same, as JSON.' },
    ...OWN_COLUMNS,
  ],
}

const place = freshPlace()
afterAll(() => rmSync(place, { recursive: true }))

it('keeps whatever somebody writes, and every row can be read afterwards', async () => {
  const lake = openLake(localStorage(place), [said])
  const written = [
    'plain',
    'half \ud800 of a pair',
    'the other \udc00',
    'a pair \u{1f600}',
    'nul \0',
    '\\ud800',
    '"',
  ]
  const rows = written.map(
    (words, at): NewRow => ({ id: String(at), words, input: JSON.stringify({ words }) }),
  )
  await append(lake, 'test', async () => ({ rows: [{ table: said, rows }] }))

  const table = await (await lake.newest()).table('said')
  const files = ((await table?.files()) ?? []).map(({ path }) => path)
  const engine = await openEngine({ threads: 1, memory: '256MiB', spill: place })
  try {
    const read = await engine.rows(
      `select words, input ->> '$.words' as told from read_parquet(${list(files)}) order by id`,
    )
    const whole = written.map((words) => words.toWellFormed())
    expect(read.map(([words]) => words)).toEqual(whole)
    expect(read.map(([, told]) => told)).toEqual(whole)
  } finally {
    engine.close()
  }
})

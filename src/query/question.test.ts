import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openLake } from '../lake/lake.ts'
import { localStorage } from '../lake/storage/local.ts'
import type { Values } from '../lib/duckdb.ts'
import { UserError } from '../lib/errors.ts'
import { lakeTables } from '../tables/index.ts'
import { ask } from './question.ts'

const folder = mkdtempSync(join(tmpdir(), 'loglake-question-'))
const lake = openLake(localStorage(folder), lakeTables)

async function answer(question: string, values?: Values) {
  const found = await ask(lake, question, { ...(values ? { values } : {}), limits: { threads: 1 } })
  try {
    const rows = []
    for await (const row of found.rows()) rows.push(row)
    return rows
  } finally {
    found.close()
  }
}

describe('is answered', () => {
  it.each<[string, number]>([
    ['select 1', 1],
    ['-- a comment\nselect 1;', 1],
    ['from cloudtrail', 0],
    ['with a as (from ledger) select count(*) from a', 1],
    ["from (pivot cloudtrail on eventname in ('a') using count(*) group by lake_day)", 0],
    ['explain select 1', 1],
    ['describe cloudtrail', 90],
    ['select count(*) from cloudtrail join ledger using (lake_object) join reject using (lake_object)', 1],
  ])('%s', async (question, least) => {
    expect((await answer(question)).length).toBeGreaterThanOrEqual(least === 90 ? 60 : least)
  })

  it('with values, by place and by name', async () => {
    expect(await answer('select $1::varchar || $2', ["it's", ' safe'])).toEqual([["it's safe"]])
    expect(await answer('select $a::int where $b::varchar is null', { a: 7, b: null })).toEqual([[7]])
  })
})

describe('is refused', () => {
  it.each([
    ['another statement', 'select 1; select 2', /one statement at a time/],
    ['a statement behind a comment', 'select 1; --\n drop table ledger', /one statement at a time/],
    ['nothing', '  -- nothing', /no statement/],
    ['COPY', `copy (select 1) to '${folder}/evil.csv'`, /./],
    ['EXPORT', `export database '${folder}/evil'`, /./],
    ['SET', 'set threads = 1', /only read/],
    ['RESET', 'reset lock_configuration', /only read/],
    ['PRAGMA', 'pragma enable_external_access', /./],
    ['CALL', 'call duckdb_functions()', /./],
    ['INSTALL', 'install httpfs', /only read/],
    ['LOAD', 'load httpfs', /only read/],
    ['ATTACH', `attach '${folder}/evil.db'`, /only read/],
    ['CREATE', 'create table x (a int)', /only read/],
    ['INSERT', 'insert into ledger (version) values (1)', /./],
    ['DELETE', 'delete from ledger', /./],
    ['PIVOT as a statement', 'pivot cloudtrail on eventname', /from \(pivot/],
    ['a file', "select * from read_csv('/etc/passwd')", /./],
    ['a file as text', "select * from read_text('/etc/passwd')", /./],
    ['a file as a table', "select * from '/etc/passwd'", /./],
    ['a list of files', "select * from glob('/etc/*')", /./],
    ['a file of the network', "select * from read_csv('http://127.0.0.1:1/x.csv')", /./],
    ['the environment', "select getenv('HOME')", /./],
    ['a column that there is not', 'select nosuch from cloudtrail', /nosuch/],
    ['what fails on its way', "select error('half-way')", /half-way/],
    ['a value that is missing', 'select $1', /./],
  ])('%s', async (_, question, why) => {
    const failure = await answer(question).then(
      (rows) => new Error(`it was answered with ${rows.length} rows`),
      (thrown: Error) => thrown,
    )
    expect(failure).toBeInstanceOf(UserError)
    expect(failure.message).toMatch(why)
  })
})

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Engine, openEngine } from '../lib/duckdb.ts'
import { type View, viewName, viewsIn } from './view.ts'
import { createViews } from './view-engine.ts'

const root = mkdtempSync(join(tmpdir(), 'loglake-views-'))
let folders = 0

/** Creates a folder with these files. */
function folderOf(files: Record<string, string>): string {
  const folder = join(root, String(++folders))
  for (const [name, text] of Object.entries({ ...files, 'README.md': 'no view' })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

const calls = {
  name: 'calls',
  doc: 'One row per call.',
  columns: [{ name: 'eventname', type: 'string', doc: 'The operation.' }],
} as const

async function withViews<Result>(views: View[], use: (engine: Engine, order: string[]) => Promise<Result>) {
  const engine = await openEngine({ threads: 1 })
  try {
    return await use(engine, (await createViews(engine, [calls], views)).map(viewName))
  } finally {
    engine.close()
  }
}

const refused = (files: Record<string, string>) =>
  (async () => withViews(viewsIn(folderOf(files)), async () => 'made'))()

it('each .sql file is a view, in the order of their needs', async () => {
  const views = viewsIn(
    folderOf({
      'a.sql': '-- The first\nselect * from main.b join x.c using (eventname)',
      'b.sql': 'with a as (select 1) select eventname from calls, a;',
      'x/c.sql': 'FROM B',
    }),
  )
  expect(views.map(({ title }) => title)).toEqual(['The first', '', ''])
  await withViews(views, async (engine, order) => {
    expect(order).toEqual(['b', 'x.c', 'a'])
    await engine.run("insert into calls values ('StartSession')")
    expect(await engine.rows('from a')).toEqual([['StartSession']])
  })
})

it('a view finds the tables of the connection that asks', async () => {
  const views = viewsIn(folderOf({ 'a.sql': 'from calls' }))
  await withViews(views, async (engine) => {
    await engine.run('drop table calls')
    const beside = await engine.beside()
    await beside.run("create temp view calls as select 'Here' as eventname")
    expect(await beside.rows('from a')).toEqual([['Here']])
    beside.close()
  })
})

describe('is refused, with file and line', () => {
  it.each<[string, Record<string, string>, RegExp]>([
    ['what does not parse', { 'a.sql': '-- T\nselect 1\nfroom calls c d' }, /\/a\.sql:3: .*syntax error/],
    ['a column that there is not', { 'a.sql': '-- T\nselect\n  nosuch\nfrom calls' }, /\/a\.sql:3: .*nosuch/],
    ['a table that there is not', { 'a.sql': 'select 1\nfrom nosuch' }, /\/a\.sql:2: .*nosuch/],
    ['two statements', { 'a.sql': 'select 1; select 2' }, /\/a\.sql: one SELECT is wanted, and these are 2/],
    ['nothing', { 'a.sql': '-- nothing' }, /\/a\.sql: one SELECT is wanted, and these are 0/],
    ['a change', { 'a.sql': 'select 1; drop table calls' }, /\/a\.sql: .*Only SELECT/],
    ['a circle', { 'a.sql': 'from b', 'b.sql': 'from a' }, /in a circle: a, b, a/],
    ["a table's name", { 'calls.sql': 'select 1' }, /\/calls\.sql: there is another "calls" already/],
    ['a name that is none', { 'a"b.sql': 'select 1' }, /a"b\.sql: a view is named by its file/],
    ['a schema that is none', { 'A b/c.sql': 'select 1' }, /A b: a schema is named by its folder/],
    ["a schema of DuckDB's", { 'temp/c.sql': 'select 1' }, /temp: "temp" is a schema of DuckDB's own/],
  ])('%s', async (_, files, why) => {
    await expect(refused(files)).rejects.toThrow(why)
  })

  it('a folder that there is not', () => {
    expect(() => viewsIn(join(root, 'nosuch'))).toThrow(/nosuch: views cannot be read/)
  })
})

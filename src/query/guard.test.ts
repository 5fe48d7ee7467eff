import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLake } from '../lake/lake.ts'
import { localStorage } from '../lake/storage/local.ts'
import { openEngine } from '../lib/duckdb.ts'
import { UserError } from '../lib/errors.ts'
import { lakeTables } from '../tables/index.ts'
import { knownFunctions } from './guard.ts'
import { openQueryEngine, type QueryEngine } from './question.ts'

const folder = mkdtempSync(join(tmpdir(), 'loglake-guard-'))
const lake = openLake(localStorage(folder), lakeTables)
writeFileSync(join(folder, 'secret.csv'), 'a\nto be kept\n')
let queryEngine: QueryEngine
beforeAll(async () => {
  queryEngine = await openQueryEngine(lake, {
    limits: { threads: 1, memory: '512MiB', spill: join(folder, 'spill') },
  })
}, 60_000)
afterAll(() => queryEngine.close())

async function answer(question: string, of = queryEngine) {
  const found = await of.ask(question)
  try {
    const rows = []
    for await (const row of found.rows()) rows.push(row)
    return rows
  } finally {
    found.close()
  }
}

const failure = (question: string) =>
  answer(question).then(
    (rows) => `answered with ${rows.length} rows`,
    (thrown: Error) => thrown,
  )

it('has a verdict for each function of the DuckDB that is installed, and for no other', async () => {
  const engine = await openEngine({ threads: 1 })
  const rows = await engine.rows('select distinct function_type, function_name from duckdb_functions()')
  engine.close()
  const listed = knownFunctions().map(({ kind, name }) => `${kind} ${name}`)
  expect(listed.sort()).toEqual(rows.map(([kind, name]) => `${kind} ${name}`).sort())
  for (const { name, allowed, why } of knownFunctions())
    expect({ name, said: why !== '' }).toEqual({ name, said: !allowed })
})

describe('each function that is refused', () => {
  const refused = knownFunctions().filter(({ allowed, kind }) => !allowed && kind !== 'pragma')
  it('is refused by its name, whatever it is given', async () => {
    for (const { kind, name } of refused) {
      const called = `"${name}"`
      const question = kind.startsWith('table') ? `from ${called}('x')` : `select ${called}('x')`
      const thrown = (await failure(question)) as Error
      expect(thrown, question).toBeInstanceOf(UserError)
      expect(thrown.message, question).toContain(`the function ${name} is not for questions`)
    }
    expect(refused.length).toBeGreaterThan(150)
  }, 60_000)
})

const file = join(folder, 'secret.csv')
const out = join(folder, 'written')
const attempts = [
  // Writing functions, in every place of a statement.
  `select * from enable_logging(level := 'info', storage := 'file', storage_path := '${out}', storage_buffer_size := 1)`,
  "from enable_logging(storage := 'stdout')",
  'from "enable_logging"()',
  'from ENABLE_LOGGING()',
  'from main.enable_logging()',
  'from system.main.enable_logging()',
  'select (select count(*) from enable_logging())',
  'select exists (from enable_logging())',
  'select * from cloudtrail where eventname in (select x::varchar from enable_logging() t(x))',
  'with a as (from enable_logging()) from a',
  'with a as materialized (from enable_logging()) select 1',
  'with recursive a as (select 1 union all from enable_logging()) from a',
  'from (values (1)) v(x), lateral (from enable_logging())',
  'from cloudtrail join enable_logging() on true',
  'select 1 union all select count(*) from enable_logging()',
  'select 1 except (select count(*) from enable_logging())',
  'select 1 order by (select count(*) from enable_logging())',
  'select 1 limit (select count(*) from enable_logging())',
  'select 1 group by (select count(*) from enable_logging())',
  'select count(*) having (select count(*) from enable_logging()) = 0',
  'select count(*) filter (where exists (from enable_logging())) from cloudtrail',
  'select row_number() over (order by (select count(*) from enable_logging()))',
  'select case when true then (select count(*) from enable_logging()) end',
  'select [x for x in (select list(1) from enable_logging())]',
  'select list_transform([1], lambda x: (select count(*) from enable_logging()))',
  'from (pivot (from enable_logging()) on x in (1) using count(*))',
  'from (unpivot (from enable_logging()) on x)',
  'from range((select count(*) from enable_logging()))',
  'select * replace ((select count(*) from enable_logging()) as eventname) from cloudtrail',
  'select columns(lambda c: exists (from enable_logging())) from cloudtrail',
  'describe from enable_logging()',
  'summarize from enable_logging()',
  'describe (select * from enable_logging())',
  'explain from enable_logging()',
  'explain analyze from enable_logging()',
  'explain (analyze) from enable_logging()',
  'explain (analyze, format json) from enable_logging()',
  'from enable_profiling()',
  'from disable_logging()',
  'from truncate_duckdb_logs()',
  'from checkpoint()',
  'from force_checkpoint()',
  "select write_log('x')",
  "select write_log('x', level := 'error', scope := 'database')",
  "select 'x'.write_log()",
  'select setseed(0.5)',
  "select nextval('s')",
  // Other statements, bare and inside of EXPLAIN.
  'explain create table memory.main.cloudtrail as select 42 as x',
  'explain analyze create table memory.main.cloudtrail as select 42 as x',
  'explain (analyze) create table x as select 1',
  'explain /* a */ analyze -- b\n create table x as select 1',
  `explain analyze copy (select 1) to '${out}'`,
  'explain analyze insert into ledger (version) values (1)',
  'explain analyze set threads = 1',
  'explain explain select 1',
  'explain analyze drop table ledger',
  'explain',
  'explain analyze',
  'explain (format nonsense) select 1',
  `copy (select 1) to '${out}'`,
  `copy cloudtrail to '${out}' (format parquet)`,
  `export database '${out}'`,
  `attach '${out}.db'`,
  `attach '${out}.db' as x (type duckdb)`,
  'create temp table t as select 1',
  'create macro m() as 1',
  'create view v as select 1',
  'create secret (type s3)',
  'drop view session',
  'alter table ledger rename to x',
  'update ledger set version = 1',
  'set variable x = 1',
  'prepare p as select 1',
  'execute p',
  'use system',
  'begin',
  'vacuum',
  'analyze',
  'load json',
  'force install httpfs',
  'call enable_logging()',
  'pragma enable_logging',
  'pragma database_list',
  'select 1; from enable_logging()',
  'select 1;;from enable_logging()',
  'with a as (insert into ledger (version) values (1) returning *) from a',
  // Reading what is not a table of the lake.
  `from '${file}'`,
  `from "${file}"`,
  `from read_csv('${file}')`,
  `from read_text('${file}')`,
  `from read_blob('${folder}/*')`,
  `from glob('${folder}/*')`,
  `from sniff_csv('${file}')`,
  `from query('from read_text(''${file}'')')`,
  `from query_table('${file}')`,
  `from query_table(['cloudtrail'])`,
  `from parquet_metadata('${folder}/*')`,
  `with "${file}" as (select 1 as a) select * from "${file}", (from '/etc/passwd')`,
  `select * from (with "${file}" as (select 1 as a) from "${file}") x, '${file}' y`,
  `from "${file}", (with "${file}" as (select 1) from "${file}")`,
  `with a as (from "${file}"), "${file}" as (select 1) from a`,
  `describe '${file}'`,
  `summarize '${file}'`,
  `from json_execute_serialized_sql(json_serialize_sql('select 1'))`,
  "select json_serialize_plan('from cloudtrail')",
  "select json_deserialize_sql('{}')",
  "from sql_auto_complete('select')",
  // What reveals the engine's state or other questions.
  'from duckdb_logs',
  'from duckdb_logs()',
  "from duckdb_logs_parsed('QueryLog')",
  'from duckdb_settings()',
  'from duckdb_secrets()',
  'from duckdb_prepared_statements()',
  'from duckdb_temporary_files()',
  'from duckdb_external_file_cache()',
  'from duckdb_views()',
  'from duckdb_tables',
  'from sqlite_master',
  'from pg_catalog.pg_class',
  'from information_schema.tables',
  'from system.information_schema.tables',
  'from pragma_database_size()',
  'show databases',
  'show all tables',
  'show variables',
  "select current_setting('temp_directory')",
  "select getvariable('x')",
  'select current_query()',
  'select pg_catalog.pg_sleep(1)',
  "select getenv('HOME')",
  'from memory.main.cloudtrail',
  'from temp.cloudtrail',
  // What ends the process, or never ends.
  'select cast(unmapped as variant) from cloudtrail',
  'select unmapped::struct(a variant) from cloudtrail',
  "select system.main.json_structure('{}')",
  "select system.json_merge_patch('{}', '{}')",
  "select pg_catalog.json_contains('{}', '{}')",
  "select finalize('x'::blob)",
  'select sleep_ms(1000000)',
  'from repeat_row(1, 2, num_rows := 1000000000000)',
  'from repeat(1, 1000000000000)',
  'from test_all_types()',
  'from test_vector_types(null::int)',
  "select __internal_compress_string_ubigint('x')",
  'select 1 \0; from enable_logging()',
]

describe(`none of ${attempts.length} attempts`, () => {
  const before = { lake: readdirSync(folder), temp: temporary() }
  it('is answered', async () => {
    for (const question of attempts) {
      const thrown = await failure(question)
      expect(thrown, question).toBeInstanceOf(UserError)
      expect(String((thrown as Error).message), question).not.toMatch(/to be kept|root:|INTERNAL/)
    }
    expect(attempts.length).toBeGreaterThanOrEqual(100)
  }, 60_000)

  it('leaves anything behind', async () => {
    expect({ lake: readdirSync(folder), temp: temporary() }).toEqual(before)
    expect(await answer('from cloudtrail')).toEqual([])
    expect(await answer('show tables')).toEqual(await answer('show tables', await openQueryEngine(lake)))
  }, 60_000)
})

/** Names in the temporary folder that an engine may have created. */
function temporary(): string[] {
  return readdirSync(tmpdir()).filter((name) => /duckdb|written|\.tmp$/.test(name))
}

it.each([
  'select upper(eventname), eventname.upper() from cloudtrail',
  'with recursive a(x) as (select 1 union all select x + 1 from a where x < 3) from a',
  'with a as (select 1 as x), b as (from a) from b, a',
  'select * from cloudtrail, lateral (select 1 as one)',
  "select [x + 1 for x in [1, 2]], {'a': 1}, map {'k': 1}, cast('1' as int), extract(year from now())",
  'select unnest([1, 2]), grouping(lake_day) from cloudtrail group by grouping sets ((lake_day), ())',
  'select sum(records_read) over (order by version rows between 1 preceding and current row), lag(version) over w from ledger window w as (order by version)',
  'show tables',
  'describe session',
  'summarize ledger',
  'explain (format json) select 1',
  'explain analyze select count(*) from cloudtrail',
  'from loglakeblog.from_cloudtrail_readready',
  "select main.upper('a'), current_date, current_user, version()",
  "from json_each('[1, 2]'), generate_series(1, 2), unnest([1]) with ordinality as t(a, b)",
  "select c.eventname from main.cloudtrail c where c.eventname similar to 'a.*' and c.lake_day between '2026-01-01' and '2026-01-02'",
  'values (1)',
  'from (unpivot (select 1 as a, 2 as b) on a, b)',
])('is answered: %s', async (question) => {
  await expect(answer(question)).resolves.toBeInstanceOf(Array)
})

it.each([
  ['select uppper(eventname) from cloudtrail', /there is no function "uppper": did you mean "upper"\?/],
  ['from cloudtrial', /there is no table "cloudtrial": did you mean "cloudtrail"\?/],
  ["select 1 from cloudtrail where eventname = 'a' and requestparameters ->> 'b' = 'c'", /->> binds looser/],
  ['from enable_logging()', /enable_logging .*--unguarded/],
])('%s: the error says what to do', async (question, why) => {
  expect(((await failure(question)) as Error).message).toMatch(why)
})

it("a user's view is held to the same", async () => {
  const view = { schema: 'main', name: 'mine', file: 'mine.sql', title: '', doc: '', names: new Map() }
  const open = (sql: string, unguarded = false) =>
    openQueryEngine(lake, { views: [{ ...view, sql }], unguarded })
  await expect(open('select * from duckdb_settings()')).rejects.toThrow(
    /mine\.sql: the function duckdb_settings/,
  )
  const queryEngine = await open('select name from duckdb_settings()', true)
  expect((await answer('from mine', queryEngine)).length).toBeGreaterThan(0)
  await expect(answer(`from read_text('/etc/passwd')`, queryEngine)).rejects.toThrow(/disabled/)
  await expect(answer('set threads = 1', queryEngine)).rejects.toThrow(/only read/)
  await expect(answer('explain analyze create table x as select 1', queryEngine)).rejects.toThrow(/only read/)
  queryEngine.close()
}, 60_000)

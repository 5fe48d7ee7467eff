import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { folder, ingest } from 'loglake'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compact } from '../../src/lake/compact.ts'
import { logTypes } from '../../src/logtypes/index.ts'
import { namedQueries } from '../../src/query/named.ts'
import { portableSql, whyNotPortable, withValues } from '../../src/query/portable/statement.ts'
import { portableName, portableViews, readableViews } from '../../src/query/portable/views.ts'
import { openQueryEngine, type QueryEngine } from '../../src/query/question.ts'
import { type View, viewName } from '../../src/query/view.ts'
import { type Opened, openLocation } from '../../src/workspace/open.ts'
import { viewsOf } from '../../src/workspace/views.ts'
import { loglake } from '../e2e/program.ts'
import { eventOf } from '../faults/objects.ts'
import { type InGlue, lakeInGlue } from './in-glue.ts'
import { alike, ownRows, type Row, written } from './same.ts'
import { startTrino, type Trino } from './trino.ts'

/**
 * Trino, a real one, answers as our own engine does: over the Iceberg REST catalog of `loglake serve` and a lake on disk, and over the
 * Glue mirror of a lake in S3.
 */

const root = mkdtempSync(join(tmpdir(), 'engines-'))
const place = join(root, 'lake')
let opened: Opened
let views: readonly View[]
let queryEngine: QueryEngine
let server: ChildProcess
let uri: string
let trino: Trino
let inGlue: InGlue

beforeAll(async () => {
  for (const args of [
    ['demo', '--no-serve'],
    ['follow', '--once'],
  ]) {
    const { code, err } = await loglake([...args, '--lake', place])
    expect([code, err]).toEqual([0, expect.anything()])
  }
  opened = openLocation({ lake: place })
  views = viewsOf(opened.config)
  queryEngine = await openQueryEngine(opened.lake, { views })
  const program = fileURLToPath(new URL('../../dist/cli/loglake.cjs', import.meta.url))
  server = spawn(process.execPath, [program, 'serve', '--port', '0', '--lake', place])
  const [said] = (await once(server.stdout as NodeJS.ReadableStream, 'data')) as [Buffer]
  uri = `${/http:\/\/127\.0\.0\.1:\d+/.exec(said.toString())?.[0]}/iceberg`
  inGlue = await lakeInGlue(root)
  trino = await startTrino({
    glue: inGlue.properties,
    loglake: {
      'iceberg.catalog.type': 'rest',
      'iceberg.rest-catalog.uri': uri,
      'iceberg.rest-catalog.warehouse': 'loglake',
      'fs.hadoop.enabled': 'true',
    },
  })
  // It has started before a node of it takes work.
  for (;;) {
    const thrown = await trino.rows('loglake', 'select count(*) from cloudtrail').then(
      () => undefined,
      (why) => String(why),
    )
    if (thrown === undefined) break
    if (!thrown.includes('NO_NODES_AVAILABLE')) throw new Error(thrown)
    await wait(500)
  }
}, 600_000)
afterAll(async () => {
  await trino?.stop()
  await inGlue?.stop()
  if (server?.kill('SIGTERM')) await once(server, 'exit')
  queryEngine?.close()
  rmSync(root, { recursive: true, force: true })
})

const rowsThere = async (sql: string, catalog = 'loglake'): Promise<Row[]> =>
  (await trino.rows(catalog, sql)).map((row) => row.map(written))

/** A table without what only a lake's own files have a form for. */
function selectOf({ lake }: Opened, name: string): string {
  const columns = lake.tables
    .get(name)
    ?.columns.filter(({ type }) => type !== 'binary')
    .map((one) => `"${one.name}"`)
  return `select ${columns?.join(', ')} from ${name}`
}

/** The views that another engine can read, each with the two statements that ask them for all that is no structure. */
async function viewSelects({ lake }: Opened): Promise<{ name: string; own: string; theirs: string }[]> {
  const { catalog } = await lake.newest()
  const there = readableViews(await portableViews(views, [...lake.tables.values()]), catalog.tables)
  return there.map(({ name, columns }) => {
    const own = views.find((view) => portableName(view) === name) as View
    const flat = columns
      .filter(({ type }) => !/^(struct|map)|\[\]$/.test(type))
      .map((one) => `"${one.name}"`)
      .join(', ')
    return { name, own: `select ${flat} from ${viewName(own)}`, theirs: `select ${flat} from "${name}"` }
  })
}

test('what is checked in is what the generator makes of our SQL', () => {
  execFileSync(resolve('.venv/bin/python'), ['scripts/portable-sql.py', '--check'], { stdio: 'pipe' })
})

describe('Trino over the REST catalog', () => {
  test('lists the tables and views', async () => {
    const names = (await rowsThere('show tables')).map(([name]) => name)
    const { catalog } = await opened.lake.newest()
    expect(names).toEqual(expect.arrayContaining([...Object.keys(catalog.tables), 'session', 'bedrock_call']))
  })

  test('has every row of every table', async () => {
    const { catalog } = await opened.lake.newest()
    for (const name of Object.keys(catalog.tables)) {
      const sql = selectOf(opened, name)
      alike(name, await ownRows(queryEngine, sql), await rowsThere(sql))
    }
  })

  test('answers each view as our own engine does', async () => {
    const all = await viewSelects(opened)
    expect(all.length).toBeGreaterThan(15)
    for (const { name, own, theirs } of all)
      alike(name, await ownRows(queryEngine, own), await rowsThere(theirs))
  })

  test('answers each named query as our own engine does', async () => {
    const { catalog } = await opened.lake.newest()
    const all = namedQueries(logTypes)
    let asked = 0
    for (const { name, sql, file, names } of all) {
      if (whyNotPortable(file) !== undefined) continue
      const ported = portableSql(file, 'trino')
      expect(ported, name).toBeDefined()
      const values = Object.fromEntries([...names.keys()].map((key) => [key, null]))
      const theirs = await rowsThere(withValues(ported as string, values, 'trino')).catch((thrown) => {
        // The samples have no such log, or nothing has made such a row yet.
        const [, missing] = /\.(\w+)' does not exist/.exec(String(thrown)) ?? []
        if (missing !== undefined && !catalog.tables[missing]) return undefined
        throw new Error(`${name}: ${thrown}`)
      })
      if (!theirs) continue
      alike(name, await ownRows(queryEngine, sql, values), theirs)
      asked++
    }
    expect(asked).toBeGreaterThan(75)
  })

  test('reads earlier versions, and goes on while files are compacted and columns come', async () => {
    const before = await rowsThere('select count(*) from cloudtrail')
    const snapshots = await rowsThere('select snapshot_id from "cloudtrail$snapshots" order by committed_at')
    const asking = Promise.all(
      [1, 2, 3].map(() => rowsThere('select count(*), count(eventid) from cloudtrail')),
    )
    await compact(opened.lake, {})
    for (const [counts] of await asking) expect(counts?.[0]).toBe(before[0]?.[0])
    expect(await rowsThere('select count(*) from cloudtrail')).toEqual(before)
    const [first] = snapshots
    const then = await rowsThere(`select count(*) from cloudtrail for version as of ${first?.[0]}`)
    expect(Number(then[0]?.[0])).toBeLessThanOrEqual(Number(before[0]?.[0]))
  })

  test('is refused what would write', async () => {
    for (const sql of [
      'create table mine (a integer)',
      "delete from cloudtrail where eventname = 'ConsoleLogin'",
      'insert into model_usage_10min select * from model_usage_10min',
      'drop table cloudtrail',
      'create view mine as select 1 as one',
      'create schema mine',
    ])
      await expect(rowsThere(sql), sql).rejects.toThrow()
    expect((await rowsThere('select count(*) from cloudtrail'))[0]?.[0]).toBe('4015')
  })

  test('reads files that hold several days, and leaves them out by their days', async () => {
    const trail = join(root, 'trail')
    mkdirSync(trail)
    for (let day = 1; day <= 28; day++) {
      const eventTime = `2024-02-${String(day).padStart(2, '0')}T12:00:00Z`
      const Records = [0, 1].map((at) => ({ ...eventOf(`trail-${day}-${at}`, day), eventTime }))
      writeFileSync(join(trail, `${day}.json`), JSON.stringify({ Records }))
    }
    await ingest(opened.lake, folder([trail]), { threads: 1 })
    const files = await (await (await opened.lake.newest()).table('cloudtrail'))?.files()
    expect(files?.some(({ partition }) => !('lake_day' in partition))).toBe(true)
    const byDay = 'select lake_day, count(*) from cloudtrail group by lake_day'
    alike('days', await ownRows(queryEngine, byDay), await rowsThere(byDay))
    const one = "select eventid from cloudtrail where lake_day = date '2024-02-07'"
    expect((await rowsThere(one)).flat().sort()).toEqual(['trail-7-0', 'trail-7-1'])
  })

  test('answers `loglake queries --engine trino` in our formats', async () => {
    const config = join(root, 'loglake.yaml')
    writeFileSync(config, `lake: ${place}\nengines:\n  trino: {url: "${trino.url}"}\n`)
    const asked = ['queries', 'access-denied', '--format', 'csv', '--config', config]
    const [own, theirs] = [await loglake(asked), await loglake([...asked, '--engine', 'trino'])]
    expect(theirs.err).toMatch(/^trino: .* read, .* s, \d{8}_/)
    expect(theirs.out).toBe(own.out)
    const capped = await loglake([
      ...[
        'query',
        'select * from cloudtrail a, cloudtrail b where a.useragent < b.useragent',
        '--engine',
        'trino',
      ],
      ...['--max-bytes', '1', '--format', 'json', '--config', config],
    ])
    expect([capped.code, capped.err]).toEqual([2, expect.stringContaining('--max-bytes')])
    const wrong = await loglake(['query', 'select nothing', '--engine', 'trino', '--config', config])
    expect(wrong.err).toContain("Column 'nothing' cannot be resolved")
  })
})

describe('Trino over the Glue mirror', () => {
  test('has every row of every table, and answers each view, as our own engine does', async () => {
    const own = await openQueryEngine(inGlue.opened.lake, { views })
    try {
      const { catalog } = await inGlue.opened.lake.newest()
      const names = Object.keys(catalog.tables)
      expect(names.length).toBeGreaterThan(10)
      expect((await rowsThere('show tables', 'glue')).map(([name]) => name)).toEqual(
        expect.arrayContaining(names),
      )
      for (const name of names) {
        const sql = selectOf(inGlue.opened, name)
        alike(name, await ownRows(own, sql), await rowsThere(sql, 'glue'))
      }
      const all = await viewSelects(inGlue.opened)
      expect(all.length).toBeGreaterThan(15)
      for (const { name, own: ours, theirs } of all)
        alike(name, await ownRows(own, ours), await rowsThere(theirs, 'glue'))
    } finally {
      own.close()
    }
  })

  test('sees the next version once the mirror has shown it', async () => {
    const count = async () => (await rowsThere('select count(*) from ledger', 'glue'))[0]?.[0]
    const before = Number(await count())
    const object = join(root, 'one.json')
    writeFileSync(object, JSON.stringify({ Records: [{ eventVersion: '1.11', eventID: 'seen-by-trino' }] }))
    await inGlue.run('ingest', object)
    expect(Number(await count())).toBe(before)
    await inGlue.run('mirror')
    expect(Number(await count())).toBe(before + 1)
  })
})

test('pyiceberg reads it over the same catalog', async () => {
  const program = `
import json, sys
from pyiceberg.catalog import load_catalog
catalog = load_catalog("loglake", type="rest", uri=sys.argv[1])
names = sorted(name for _, name in catalog.list_tables("loglake"))
rows = {name: len(catalog.load_table(("loglake", name)).scan(selected_fields=("lake_day",)).to_arrow()) for name in names}
print(json.dumps(rows))
`
  const told = execFileSync(resolve('.venv/bin/python'), ['-c', program, uri], { encoding: 'utf8' })
  const rows = JSON.parse(told.trim().split('\n').at(-1) as string)
  const [[own] = []] = await ownRows(queryEngine, 'select count(*) from cloudtrail')
  expect(rows).toMatchObject({ cloudtrail: Number(own) })
  expect(Number(own)).toBe(4015 + 56)
})

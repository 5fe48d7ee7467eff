import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { folder, ingest, localStorage, openLake } from 'loglake'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { agentRunTable } from '../../src/agent/tables.ts'
import { accessTable } from '../../src/api/access-table.ts'
import { undelivered } from '../../src/deliver/tables.ts'
import { finding } from '../../src/detect/tables.ts'
import { digestViews } from '../../src/digests/report.ts'
import { digestTable } from '../../src/digests/tables.ts'
import { followerViews } from '../../src/followers/index.ts'
import { append } from '../../src/lake/append.ts'
import { logTypes } from '../../src/logtypes/index.ts'
import { namedQueries, parametersOf } from '../../src/query/named.ts'
import { ownViews } from '../../src/query/own-views.ts'
import { portableSql, whyNotPortable } from '../../src/query/portable/statement.ts'
import { openQueryEngine, type QueryEngine } from '../../src/query/question.ts'
import { viewName } from '../../src/query/view.ts'
import { tablesWith } from '../../src/workspace/logtypes.ts'
import { fixturesOf } from './fixtures.ts'
import { writeFixtures } from './stored.ts'

/** Every named query and every view, asked of one lake that holds the samples and the fixtures of all log types. */

/** Rows that no object brings: loglake makes them in its work. */
const MADE = { time: '2026-01-07T10:00:00Z', lake_day: '2026-01-07' }
const OWN = [
  {
    table: accessTable,
    rows: [{ ...MADE, id: 'a', subject: 's', name: 'ana', operation: 'query', outcome: 'shown', rows: 3 }],
  },
  {
    table: agentRunTable,
    rows: [{ ...MADE, run: 'r', asked_by: 'ana', question: 'who turned off logging?', mode: 'named' }],
  },
  {
    table: undelivered,
    rows: [{ ...MADE, id: 'u', route: 'siem', destination: 'splunk', code: '400', rows: 1 }],
  },
  {
    table: digestTable,
    rows: [
      {
        end_time: MADE.time,
        lake_day: MADE.lake_day,
        lake_object: 's3://b/d',
        state: 'unsigned',
        checked: 1,
      },
    ],
  },
  { table: finding, rows: [{ ...MADE, id: 'f', rule: 'r', title: 't', severity: 'high' }] },
]

const root = mkdtempSync(join(tmpdir(), 'queries-'))
let queryEngine: QueryEngine
beforeAll(async () => {
  const lake = openLake(localStorage(join(root, 'lake')), tablesWith([]))
  for (const type of logTypes) {
    const fixtures = writeFixtures(fixturesOf(type))
    await ingest(lake, folder([fixtures]), { threads: 1 })
    rmSync(fixtures, { recursive: true, force: true })
  }
  const samples = fileURLToPath(new URL('../../samples/logs', import.meta.url))
  await ingest(lake, folder([samples]), { threads: 1 })
  await append(lake, 'test', async () => ({ rows: OWN }))
  queryEngine = await openQueryEngine(lake, { views: [...ownViews(), ...followerViews(), ...digestViews()] })
}, 120_000)
afterAll(() => {
  queryEngine.close()
  rmSync(root, { recursive: true, force: true })
})

test.each(ownViews().map((view) => [viewName(view)]))('the view %s can be read whole', async (view) => {
  const answer = await queryEngine.ask(`from ${view}`)
  let count = 0
  for await (const _ of answer.rows()) count++
  answer.close()
  expect(count).toBeGreaterThan(0)
})

const queries = namedQueries(logTypes)

test('there are at least forty', () => expect(queries.length).toBeGreaterThanOrEqual(40))

test.each(logTypes.map((type) => [type.name, type] as const))('%s has some', (_, { queries: place }) => {
  expect(queries.some(({ file }) => file.startsWith(fileURLToPath(place)))).toBe(true)
})

describe.each(queries.map((query) => [query.name, query] as const))('%s', (name, query) => {
  test('says what it asks, and names its parameters', () => {
    expect(name).toMatch(/^([a-z_]+\/)?[a-z][a-z0-9-]*$/)
    expect(query.title).toMatch(/^[A-Z].*[^.]$/)
    expect(query.doc).toMatch(/^[A-Z].*\.$/)
    const used = query.sql.replace(/^--.*$/gm, '').matchAll(/'[^']*'|\$([a-z_]+)/g)
    const parameters = new Set(Array.from(used, ([, parameter]) => parameter).filter(Boolean))
    expect(parameters).toEqual(new Set(query.names.keys()))
  })

  // `arg_min` and `arg_max` skip a row whose value is null, and show another row's in its place.
  test('shows the values of the row that it speaks of', () => {
    expect(query.sql).not.toMatch(/\barg_?(min|max)\(|\b(min|max)_by\(/i)
  })

  test('is there for other engines, or says why not', () => {
    const { file } = query
    expect(portableSql(file, 'trino') ?? whyNotPortable(file)).toBeDefined()
  })

  test('finds something', async () => {
    const answer = await queryEngine.ask(query.sql, { values: parametersOf(query, []) })
    const first = await answer.rows().next()
    answer.close()
    expect(first.done, 'the samples and fixtures hold something that it finds').toBe(false)
  })
})

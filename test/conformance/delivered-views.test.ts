import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { folder, ingest, type Lake, lakeTables, localStorage, openLake } from 'loglake'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/config/config.ts'
import { rehearse } from '../../src/deliver/dry-run.ts'
import { routeFollower, shapedRows } from '../../src/deliver/follower.ts'
import { openMasking } from '../../src/deliver/masking.ts'
import { type Route, routesOf, shapedTable } from '../../src/deliver/routes.ts'
import type { Shape } from '../../src/deliver/shapes/contract.ts'
import { shapes } from '../../src/deliver/shapes/index.ts'
import { deliverTables } from '../../src/deliver/tables.ts'
import { retry, skip } from '../../src/deliver/undelivered.ts'
import { catchUp } from '../../src/follow/follow.ts'
import { replay } from '../../src/follow/replay.ts'
import { kindsOf } from '../../src/logtypes/contract.ts'
import { logTypes } from '../../src/logtypes/index.ts'
import { ownViews } from '../../src/query/own-views.ts'
import { ask } from '../../src/query/question.ts'
import { type RowView, rowViewOf } from '../../src/query/row-views/row-view.ts'
import { type View, viewName } from '../../src/query/view.ts'
import { treatmentOf } from '../../src/scan/index.ts'
import { begin } from '../../src/workspace/routes.ts'
import { type Hec, startHec } from '../receivers/hec.ts'
import { findMarks, markedRow, SECRET } from './shaped.ts'

const root = mkdtempSync(join(tmpdir(), 'loglake-views-'))
const samples = fileURLToPath(new URL('../../samples/logs', import.meta.url))
const limits = { threads: 1, memory: '256MiB' }
const tables = [...lakeTables, ...deliverTables]
const made = (name: string, sql: string): View => ({
  ...{ schema: 'main', name, sql, file: `views/${name}.sql`, title: '', doc: '', names: new Map() },
})

const STEPS = `with calls as (
  select c.*, upper(eventname) as what from cloudtrail as c where useridentity_arn like 'arn:aws:%'
)
select
  eventid, eventtime as moment, what, split_part(useridentity_arn, '/', -1) as who,
  sourceipaddress as ip, {'name': useridentity_username, 'from': sourceipaddress} as person,
  requestparameters ->> '$.roleArn' as role, what = 'CONSOLELOGIN' as is_login, 1.5 as weight
from calls
where what <> 'DECRYPT'
order by eventid`
const mine: readonly View[] = [
  made('steps', STEPS),
  made(
    'of_steps',
    'from steps as s select * exclude (weight), s.moment + interval 1 day as next where is_login',
  ),
  made('only_iam', "select * from cloudtrail where eventsource = 'iam.amazonaws.com'"),
  made('renamed', 'select id, who from (select eventid, useridentity_arn from cloudtrail) as r (id, who)'),
  made(
    'turned',
    `select eventid, reverse(useridentity_arn) as turned, hex(useragent) as hexed, to_base64(useragent::blob) as coded,
       md5(useridentity_username) as hashed, length(errormessage) as long, cloudtrail as all_of_it,
       concat_ws(', ', useridentity_username, sourceipaddress, errormessage, requestparameters) as joined,
       errormessage as eventid from cloudtrail`,
  ),
  made(
    'numbers',
    "select eventid, regexp_extract(useragent, '\\d+')::bigint as version, useridentity_username::bigint as person from cloudtrail",
  ),
]
const views = [...ownViews(), ...mine]

let lake: Lake
let hec: Hec
beforeAll(async () => {
  lake = openLake(localStorage(join(root, 'lake')), tables)
  await ingest(lake, folder([samples]), { threads: 1, batchObjects: 60 })
})
afterEach(async () => await hec?.stop())
afterAll(() => rmSync(root, { recursive: true }))

async function routes(given: string, match = 'all'): Promise<Route[]> {
  const yaml = `destinations:
  splunk: {type: splunk-hec, url: "${hec?.url ?? 'http://127.0.0.1:9'}", token: "a-token", index: aws}
deliver: {mask_key: "0123456789abcdef", match: ${match}}
routes:
${given}`
  const { values, line } = parseConfig(yaml, 'loglake.yaml')
  const place = (key: string) => (line(key) === undefined ? undefined : `loglake.yaml:${line(key)}`)
  return await routesOf({ ...values, place }, { tables, types: logTypes, views })
}

async function rowsOf(question: string): Promise<Record<string, unknown>[]> {
  const answer = await ask(lake, question, { views, limits })
  const rows: Record<string, unknown>[] = []
  for await (const row of answer.rows())
    rows.push(Object.fromEntries(answer.columns.map((name, at) => [name, row[at]])))
  answer.close()
  return rows
}

const options = { version: '0.0.0', groupBytes: 64 << 10, patienceMs: 20_000 }
const send = async (route: Route) => {
  await begin(lake, route)
  return await catchUp(lake, routeFollower(route, options), { limits, turnBytes: 256 << 10 })
}

describe.each(views.map((view) => [viewName(view), view] as const))('the view %s', (name, { file, sql }) => {
  it('is followed, or it is told at which line it cannot be', async () => {
    // Those are opened below.
    if (FOLLOWED.includes(name)) return
    const found = await rowViewOf(name, views, tables).catch((thrown: Error) => thrown)
    if (!(found instanceof Error)) throw new Error(`${name} can be followed`)
    const [, at, why] = /^(.*?:\d+): it (.+)$/.exec(found.message) ?? []
    expect(at, found.message).toBeDefined()
    expect(at?.startsWith(file)).toBe(true)
    const line = sql.split('\n')[Number(at?.split(':').at(-1)) - 1] ?? ''
    expect(line.trim(), why).not.toBe('')
  })
})

const FOLLOWED = [
  ...['athena.cloudtrail_logs', 'cloudtrail_lake', 'loglakeblog.from_bedrock_readready'],
  ...['loglakeblog.from_cloudtrail_readready', 'loglakeblog.from_cloudwatch_readready'],
  ...mine.map(({ name }) => name),
]

it.each([
  ['select a.eventid\nfrom cloudtrail as a\njoin session_log using (accountid)', 3, 'joins'],
  ['select a.eventid from cloudtrail a,\nsession_log', 2, 'joins'],
  ['select eventname,\n  count(*) as n\nfrom cloudtrail group by eventname', 3, 'groups'],
  ['select 1 + 1,\n  1 + count(*) as n\nfrom cloudtrail', 2, 'adds rows up'],
  ['select eventname from cloudtrail\ngroup by eventname', 2, 'groups'],
  ['select eventname from cloudtrail\ngroup by all', 1, 'groups'],
  ['select distinct\n eventname from cloudtrail', 2, 'repeats'],
  ['select eventname from cloudtrail\nlimit 3', 2, 'LIMIT'],
  ['select eventname,\nrow_number() over () as n from cloudtrail', 2, 'window'],
  [
    'select eventname from cloudtrail\nwhere eventid in (select requestid from bedrock_invocation)',
    2,
    'within',
  ],
  ["select eventname,\n unnest(['a', 'b']) as x from cloudtrail", 2, 'unnest'],
  ['select eventid from cloudtrail\nunion all select eventid from cloudtrail', 2, 'together'],
  ["select columns('event.*')\nfrom cloudtrail", 1, 'COLUMNS'],
  ["select * from\nread_text('/etc/passwd')", 2, 'else than a table'],
  ['select * from cloudtrail\nusing sample 3', 1, 'sample'],
  ['with recursive a as (select 1 as n union all select n + 1 from a) select n from a', 1, 'WITH RECURSIVE'],
  ['select eventid from cloudtrail\nqualify row_number() over () = 1', 2, 'QUALIFY'],
  ['select e from (\n select max(eventid) as e from cloudtrail)', 2, 'adds rows up'],
])('%j is refused at its line', async (sql, line, why) => {
  const thrown = await rowViewOf('odd', [...views, made('odd', sql)], tables).catch((one: Error) => one)
  expect(String(thrown)).toContain(`views/odd.sql:${line}: `)
  expect(String(thrown)).toContain(why)
})

it('a view that asks another one is refused at the line of that one', async () => {
  const all = [
    made('outer', 'select * from inner_one'),
    made('inner_one', 'select eventid\nfrom cloudtrail limit 1'),
  ]
  await expect(rowViewOf('outer', all, tables)).rejects.toThrow(
    'views/inner_one.sql:2: it takes some rows only',
  )
})

it('a mistake in a route over a view has the line of both', async () => {
  await expect(routes('  a: {table: session, to: splunk}\n')).rejects.toThrow(
    /^loglake\.yaml:5: routes\.a\.table: the view session cannot be followed; .*session\.sql:\d+: it /,
  )
  await expect(routes('  a: {table: stepz, to: splunk}\n')).rejects.toThrow('did you mean "steps"')
  await expect(routes('  a: {table: steps, to: splunk, shape: ocsf}\n')).rejects.toThrow(
    'take the shape rows or template',
  )
  await expect(routes('  a: {table: steps, to: splunk, where: "eventsource is null"}\n')).rejects.toThrow(
    /^loglake\.yaml:5: routes\.a\.where: .*eventsource/,
  )
  await expect(
    routes('  a: {table: steps, to: splunk}\n  b: {table: cloudtrail, to: splunk}\n', 'first'),
  ).rejects.toThrow(/^loglake\.yaml:6: .*the same table or view/)
})

it.each([
  ['only_iam', []],
  ['numbers', ['useragent', 'useridentity_username']],
  [
    'steps',
    ['eventname', 'useridentity_arn', 'useridentity_username', 'sourceipaddress', 'requestparameters'],
  ],
] as const)('the view %s computes its columns of a few of the table', async (name, read) => {
  const { table, unchanged, read: found } = await rowViewOf(name, views, tables)
  expect([...found]).toEqual(expect.arrayContaining([...read]))
  expect(found.size).toBeLessThan(table.columns.length / 4)
  // Where it computes none, no row is given to an engine a second time.
  expect(unchanged.size === table.columns.length).toBe(read.length === 0)
})

describe.each(FOLLOWED.map((name) => [name] as const))('no marked value leaves by the view %s', (name) => {
  it.each(['masked', 'metadata', 'drop'] as const)('%s', async (policy) => {
    const route = await routeOver(name, 'rows')
    route.policy = { ...route.policy, name: policy }
    const view = route.view as RowView
    const { columns } = view.table
    const masking = await openMasking(route, findMarks)
    const [masked] = await masking.mask([markedRow(columns)])
    masking.close()
    const isKept = (treatment: string) => treatment === 'keep'
    const kept = columns.filter((column) => {
      const kinds = kindsOf(column as Parameters<typeof kindsOf>[0])
      const text = column.text as never
      return isKept(treatmentOf(policy === 'drop' ? 'masked' : policy, { kinds, text }))
    })
    expect(JSON.stringify(masked?.maskings)).not.toContain(SECRET)
    // By column: what is the table's is masked as in the table, and what is computed has no mark at all.
    for (const { name: column } of view.definition.columns) {
      const of = view.unchanged.get(column)
      const sent = String(masked?.row?.[column])
      if (of === undefined) expect(readings(sent), column).not.toContain(SECRET)
      else if (!kept.some((one) => one.name === of)) expect(readings(sent), column).not.toContain(SECRET)
    }
    if (!masked?.row) return expect(policy).toBe('drop')
    for (const shape of ['rows', 'template']) {
      const shaped = await routeOver(name, shape)
      const open = await shaped.shape.open({ ...shaped, table: shapedTable(shaped), version: '0.0.0' })
      const [sent] = await shapedRows(shaped, open, [{ key: masked.key, row: masked.row }])
      open.close?.()
      const allowed = new Set(kept.map((one) => `${SECRET}${one.name.replaceAll('_', 'x')}`))
      for (const [found] of readings(sent?.text ?? '').matchAll(/Zq7-marked-value-\w+/g))
        expect(allowed).toContain(found)
    }
  })
})

const over = new Map<string, Promise<Route[]>>()

/** Made once: a view is read anew for each route. */
async function routeOver(name: string, shape: string): Promise<Route> {
  const found =
    over.get(name) ?? routes(`  a: {table: ${name}, to: splunk, shape: template, template: "*"}\n`)
  over.set(name, found)
  const [route] = (await found) as [Route]
  return { ...route, shape: shapes.find((one) => one.name === shape) as Shape }
}

/** A text, and what a reader could make of it: turned around, and out of hex and base64. */
function readings(text: string): string {
  const runs = (pattern: RegExp, encoding: 'hex' | 'base64') =>
    Array.from(text.matchAll(pattern), ([run]) => Buffer.from(run, encoding).toString('latin1'))
  const turned = [...text].reverse().join('')
  return [text, turned, ...runs(/[0-9A-Fa-f]{16,}/g, 'hex'), ...runs(/[\w+/-]{16,}/g, 'base64')].join('\n')
}

it('rows of a view leave with the columns of the view, under the ids of their table, as it has them', async () => {
  hec = await startHec()
  const [route] = (await routes(
    '  steps: {table: steps, to: splunk, policy: full, from: start, where: "ip <> \'203.0.113.7\'"}\n',
  )) as [Route]
  const wanted = await rowsOf(
    "select * replace (to_json(person)::varchar as person, moment::varchar as moment) from steps where ip <> '203.0.113.7' order by eventid",
  )
  expect(await rehearse(lake, route, { version: '0.0.0' })).toMatchObject({
    ...{ table: 'steps', matching: wanted.length },
    rows: Number((await rowsOf('select count(*) as n from cloudtrail'))[0]?.n),
  })
  await send(route)
  const events = hec.events
    .map(({ event }) => event)
    .toSorted((a, b) => (String(a.eventid) < String(b.eventid) ? -1 : 1))
  expect(events.length).toBeGreaterThan(100)
  expect(events.map(({ moment: _, ...event }) => event)).toEqual(
    wanted.map(({ moment: _, ...row }) => {
      const some = Object.entries(row).filter(([, value]) => value !== null)
      return Object.fromEntries(some.map(([key, value]) => [key, key === 'weight' ? 1.5 : value]))
    }),
  )
  for (const { event, fields } of hec.events)
    expect(fields).toMatchObject({
      loglake_table: 'cloudtrail',
      loglake_id: `cloudtrail/${event.eventid}/${event.moment}`,
    })
  const before = hec.events.length
  expect(await send(route)).toEqual([])
  await replay(lake, routeFollower(route, options), { limits, as: 'again', span: {} })
  expect(hec.events.length).toBe(2 * before)
})

it('which rows a view has is asked of the rows as they are, and what leaves of masked ones', async () => {
  hec = await startHec()
  const [route] = (await routes(
    '  logins: {table: of_steps, to: splunk, policy: masked, from: start, where: "who is not null"}\n',
  )) as [Route]
  await send(route)
  const wanted = await rowsOf('select eventid, who, ip from of_steps where who is not null')
  expect(wanted.length).toBeGreaterThan(3)
  expect(new Set(hec.events.map(({ event }) => event.eventid))).toEqual(
    new Set(wanted.map(({ eventid }) => eventid)),
  )
  const sent = JSON.stringify(hec.events)
  for (const { who, ip } of wanted) {
    expect(sent).not.toContain(`"${who}"`)
    expect(sent).not.toContain(`"${ip}"`)
  }
  expect(hec.events.every(({ event }) => /^\[(ADDRESS|PERSON):/.test(String(event.ip)))).toBe(true)
  const told = await rowsOf("select distinct table_name, column_name from redaction where route = 'logins'")
  expect(told).toContainEqual({ table_name: 'cloudtrail', column_name: 'sourceipaddress' })
  expect(told.map(({ column_name }) => column_name)).not.toContain('awsregion')
})

it('a value that cannot be computed of a masked one is left out, and holds nothing up', async () => {
  hec = await startHec()
  const [route] = (await routes('  numbers: {table: numbers, to: splunk, from: start}\n')) as [Route]
  await send(route)
  const [{ n, versions } = {}] = await rowsOf(
    "select count(*) as n, count(try_cast(regexp_extract(useragent, '\\d+') as bigint)) as versions from cloudtrail",
  )
  expect(hec.events).toHaveLength(Number(n))
  expect(hec.events.filter(({ event }) => typeof event.version === 'number')).toHaveLength(Number(versions))
  expect(hec.events.every(({ event }) => event.person === undefined)).toBe(true)
})

it('a filter alone keeps what other shapes need, and refused rows are retried and skipped as of a table', async () => {
  hec = await startHec()
  hec.refuse = () => 15
  const [route] = (await routes(
    '  iam: {table: only_iam, to: splunk, policy: full, shape: record, from: start}\n',
  )) as [Route]
  await send(route)
  const [{ n } = {}] = await rowsOf('select count(*) as n from only_iam')
  expect(hec.events).toHaveLength(0)
  delete hec.refuse
  const signal = new AbortController().signal
  expect(await retry(lake, route, { ids: [], signal, patienceMs: 1000 })).toEqual({
    delivered: Number(n),
    refused: [],
  })
  expect(hec.events.every(({ event }) => event.eventSource === 'iam.amazonaws.com')).toBe(true)
  expect(await skip(lake, route, 'nothing is left')).toBe(0)
})

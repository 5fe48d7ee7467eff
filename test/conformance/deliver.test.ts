import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { folder, ingest, lakeTables, localStorage, openLake } from 'loglake'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { parseConfig } from '../../src/config/config.ts'
import { rehearse } from '../../src/deliver/dry-run.ts'
import { type DeliverOptions, routeFollower } from '../../src/deliver/follower.ts'
import { type Route, routesOf, spanOf } from '../../src/deliver/routes.ts'
import type { OpenShape } from '../../src/deliver/shapes/contract.ts'
import { deliverTables } from '../../src/deliver/tables.ts'
import { retry, skip } from '../../src/deliver/undelivered.ts'
import { catchUp } from '../../src/follow/follow.ts'
import { replay } from '../../src/follow/replay.ts'
import { logTypes } from '../../src/logtypes/index.ts'
import { ask } from '../../src/query/question.ts'
import { begin } from '../../src/workspace/routes.ts'
import { type Hec, type HecEvent, startHec } from '../receivers/hec.ts'

const root = mkdtempSync(join(tmpdir(), 'loglake-deliver-'))
const samples = fileURLToPath(new URL('../../samples/logs', import.meta.url))
const limits = { threads: 1, memory: '256MiB' }
const known = { tables: [...lakeTables, ...deliverTables], types: logTypes }
let made = 0

async function newLake(withRows = true) {
  const lake = openLake(localStorage(join(root, `lake-${made++}`)), [...lakeTables, ...deliverTables])
  if (withRows) await ingest(lake, folder([samples]), { threads: 1, batchObjects: 60 })
  return lake
}

async function routes(yaml: string): Promise<Route[]> {
  const { values, line } = parseConfig(yaml, 'loglake.yaml', {
    A_TOKEN: 'a-token',
    MASK_TOKEN: '0123456789abcdef',
  })
  const place = (key: string) => (line(key) === undefined ? undefined : `loglake.yaml:${line(key)}`)
  return await routesOf({ ...values, place }, known)
}

async function rowsOf(lake: Awaited<ReturnType<typeof newLake>>, question: string): Promise<unknown[][]> {
  const answer = await ask(lake, question, { views: [], limits })
  try {
    const rows: unknown[][] = []
    for await (const row of answer.rows()) rows.push(row)
    return rows
  } finally {
    answer.close()
  }
}

const options: DeliverOptions = { version: '0.0.0', groupBytes: 64 << 10, patienceMs: 20_000 }

async function send(
  lake: Awaited<ReturnType<typeof newLake>>,
  route: Route,
  more: Partial<DeliverOptions> = {},
) {
  await begin(lake, route)
  return await catchUp(lake, routeFollower(route, { ...options, ...more }), { limits, turnBytes: 256 << 10 })
}

let lake: Awaited<ReturnType<typeof newLake>>
let hec: Hec
beforeAll(async () => {
  lake = await newLake()
})
afterEach(async () => await hec?.stop())
afterAll(() => rmSync(root, { recursive: true }))

function config(name: string, more = ''): string {
  return `
destinations:
  splunk: {type: splunk-hec, url: "${hec.url}", token: "\${A_TOKEN}", index: aws, batch_events: 100}
deliver: {mask_key: "\${MASK_TOKEN}"}
routes:
  ${name}: {table: cloudtrail, shape: rows, policy: full, to: splunk, from: start${more}}
`
}

const ids = () => hec.events.map(({ event }) => String(event.eventid))

it('every row is delivered once, commit by commit, in the order of its time within a group', async () => {
  hec = await startHec()
  const [route] = (await routes(config('all-rows'))) as [Route]
  await send(lake, route)
  const wanted = await rowsOf(lake, 'select eventid from cloudtrail order by all')
  expect(ids().toSorted()).toEqual(wanted.map(([id]) => id))
  const before = hec.events.length
  expect(await send(lake, route)).toEqual([])
  expect(hec.events.length).toBe(before)
})

it('what is refused is in undelivered with its answer, and can be sent again by hand', async () => {
  hec = await startHec()
  hec.refuse = ({ event }) => (event.eventname === 'ConsoleLogin' ? 15 : undefined)
  const [route] = (await routes(config('refusing'))) as [Route]
  await send(lake, route)
  const refused = await rowsOf(
    lake,
    "select code, answer, json_extract_string(event, '$.eventname'), rows from undelivered where route = 'refusing'",
  )
  const logins = Number(
    (await rowsOf(lake, "select count(*) from cloudtrail where eventname = 'ConsoleLogin'"))[0]?.[0],
  )
  const all = Number((await rowsOf(lake, 'select count(*) from cloudtrail'))[0]?.[0])
  expect(logins).toBeGreaterThan(3)
  expect(refused).toHaveLength(logins)
  expect(refused[0]).toEqual([
    '15',
    expect.stringContaining('Error in handling indexed fields'),
    'ConsoleLogin',
    1n,
  ])
  expect(hec.events).toHaveLength(all - logins)

  const signal = new AbortController().signal
  expect(await retry(lake, route, { ids: [], signal, patienceMs: 1000 })).toMatchObject({ delivered: 0 })
  delete hec.refuse
  const again = await retry(lake, route, { ids: [], signal, patienceMs: 1000 })
  expect(again).toEqual({ delivered: logins, refused: [] })
  expect(new Set(ids()).size).toBe(all)
  expect(await retry(lake, route, { ids: [], signal })).toEqual({ delivered: 0, refused: [] })
  expect(
    await rowsOf(
      lake,
      "select count(*) filter (where delivered_at is null), count(*) from undelivered where route = 'refusing'",
    ),
  ).toEqual([[0n, BigInt(logins)]])
})

it('a receiver that is down gets everything when it is back, in order, and is waited for in place', async () => {
  hec = await startHec()
  const port = Number(new URL(hec.url).port)
  const [route] = (await routes(config('outage', ', where: "eventsource = \'iam.amazonaws.com\'"'))) as [
    Route,
  ]
  await hec.stop()
  const outages: string[] = []
  const sending = send(lake, route, { onOutage: (outage) => void outages.push(outage?.why ?? 'over') })
  await new Promise((done) => setTimeout(done, 1_500))
  hec = await startHec({ port })
  await sending
  const wanted = await rowsOf(
    lake,
    "select eventid from cloudtrail where eventsource = 'iam.amazonaws.com' order by all",
  )
  expect(ids().toSorted()).toEqual(wanted.map(([id]) => id))
  expect(outages.length).toBeGreaterThan(1)
  expect(outages.at(-1)).toBe('over')
})

it('a route that is added later begins now; what is skipped is accounted for; a replay sends it', async () => {
  hec = await startHec()
  const fresh = await newLake(false)
  const [late] = (await routes(config('late').replace('from: start', 'from: now'))) as [Route]
  const [early] = (await routes(config('early'))) as [Route]
  await begin(fresh, early)
  await ingest(fresh, folder([samples]), { threads: 1, batchObjects: 60 })
  await send(fresh, late)
  expect(hec.events).toEqual([])
  const all = Number((await rowsOf(fresh, 'select count(*) from cloudtrail'))[0]?.[0])
  expect(await skip(fresh, early, 'it was a drill')).toBe(all)
  await send(fresh, early)
  expect(hec.events).toEqual([])
  expect(await rowsOf(fresh, 'select route, code, answer, rows from undelivered')).toEqual([
    ['early', 'skipped', 'it was a drill', BigInt(all)],
  ])
  await replay(fresh, routeFollower(early, options), { limits, as: 'early-again' })
  expect(new Set(ids()).size).toBe(all)
})

it('of routes where the first that fits takes a row, each row goes by one', async () => {
  hec = await startHec()
  const yaml = `
destinations:
  splunk: {type: splunk-hec, url: "${hec.url}", token: "\${A_TOKEN}", batch_events: 500}
deliver: {match: first}
routes:
  first-iam: {table: cloudtrail, where: "eventsource = 'iam.amazonaws.com'", policy: full, to: splunk, from: start, with: {sourcetype: iam}}
  first-errors: {table: cloudtrail, where: "errorcode <> ''", policy: full, to: splunk, from: start, with: {sourcetype: errors}}
  first-rest: {table: cloudtrail, policy: full, to: splunk, from: start, with: {sourcetype: rest}}
`
  for (const route of await routes(yaml)) await send(lake, route)
  const counts = await rowsOf(
    lake,
    `select case when eventsource = 'iam.amazonaws.com' then 'iam' when errorcode <> '' then 'errors' else 'rest' end as what, count(*)
     from cloudtrail group by all order by all`,
  )
  const told = counts.map(([what]) => [
    what,
    BigInt(hec.events.filter(({ sourcetype }) => sourcetype === what).length),
  ])
  expect(told).toEqual(counts)
  expect(hec.events).toHaveLength(4015)
})

it('with several batches at once every row is delivered once; a rate is kept', async () => {
  hec = await startHec()
  const more =
    ", concurrency: 4, rows_per_second: 2000, where: \"eventsource in ('iam.amazonaws.com', 'sts.amazonaws.com')\""
  const [route] = (await routes(config('fast', more))) as [Route]
  const since = performance.now()
  await send(lake, route)
  const wanted = await rowsOf(
    lake,
    "select eventid from cloudtrail where eventsource in ('iam.amazonaws.com', 'sts.amazonaws.com') order by all",
  )
  expect(ids().toSorted()).toEqual(wanted.map(([id]) => id))
  // The last batch of 100 need not be waited for.
  expect(performance.now() - since).toBeGreaterThan(((wanted.length - 800) / 2000) * 1000)
})

it('a dry run counts, shows three examples masked as they would leave, and sends nothing', async () => {
  hec = await startHec()
  const [route] = (await routes(config('rehearsed').replace('policy: full', 'policy: masked'))) as [Route]
  const found = await rehearse(lake, route, { version: '0.0.0' })
  const all = Number((await rowsOf(lake, 'select count(*) from cloudtrail'))[0]?.[0])
  expect(found).toMatchObject({ route: 'rehearsed', rows: all, matching: all, dropped: 0 })
  expect(found.examples).toHaveLength(3)
  for (const { text } of found.examples) expect(text).toMatch(/"sourceipaddress":"\[ADDRESS:[0-9a-f]{16}\]"/)
  expect(hec.requests).toBe(0)
})

it('a dry run of a route that begins with a date counts rows from then on', async () => {
  hec = await startHec()
  const [[at] = []] = await rowsOf(lake, 'select max(eventtime)::date::varchar from cloudtrail')
  const [route] = (await routes(config('dated').replace('from: start', `from: ${at}`))) as [Route]
  const found = await rehearse(lake, route, { version: '0.0.0' })
  const [[later] = []] = await rowsOf(lake, `select count(*) from cloudtrail where eventtime >= '${at}'`)
  expect(found).toMatchObject({ rows: Number(later), matching: Number(later) })
  expect(Number(later)).toBeLessThan(4015)
  // And it sends those alone.
  await begin(lake, route)
  await catchUp(lake, routeFollower(route, options), { limits, span: spanOf(route) })
  expect(hec.events).toHaveLength(Number(later))
})

it('a condition that cannot be computed for a row is told without the value of the row', async () => {
  hec = await startHec()
  const failing = ', where: "useridentity_username::int > 0"'
  const [route] = (await routes(config('failing', failing))) as [Route]
  const names = (
    await rowsOf(
      lake,
      'select distinct useridentity_username from cloudtrail where useridentity_username is not null',
    )
  )
    .flat()
    .map(String)
  for (const work of [() => send(lake, route), () => rehearse(lake, route, { version: '0.0.0' })]) {
    const thrown = await work().then(() => '', String)
    expect(thrown).toMatch(/the condition cannot be computed for every row \(Conversion Error: .*try_cast/)
    for (const name of names) expect(thrown).not.toContain(name)
  }
})

it.each(['cloudtrail', 'bedrock_invocation', 'guardduty_finding'])(
  'rows of %s that nothing changes leave without being read, and are the same',
  async (name) => {
    hec = await startHec()
    const [route] = (await routes(
      config(`as-read-${name.replaceAll('_', '-')}`).replace('table: cloudtrail', `table: ${name}`),
    )) as [Route]
    const sent: Record<string, HecEvent>[] = []
    for (const isAsRead of [true, false]) {
      hec.events.length = 0
      const shape = {
        ...route.shape,
        open: async (about: never) => without(await route.shape.open(about), isAsRead),
      }
      const follower = routeFollower({ ...route, name: `${route.name}-${isAsRead}`, shape }, options)
      await catchUp(lake, follower, { limits })
      sent.push(Object.fromEntries(hec.events.map((event) => [event.fields?.loglake_id ?? '', event])))
    }
    expect(Object.keys(sent[0] ?? {}).length).toBeGreaterThan(0)
    expect(sent[0]).toEqual(sent[1])
  },
)

function without(shape: OpenShape, isAsRead: boolean): OpenShape {
  const { isAsRead: _, ...rest } = shape
  return isAsRead ? shape : rest
}

const MISTAKES: readonly [yaml: string, told: RegExp][] = [
  [
    '  a: {table: cloudtrial, to: splunk}',
    /^loglake\.yaml:5: routes\.a\.table: there is no table or view "cloudtrial": did you mean "cloudtrail"\?$/,
  ],
  ['  a: {table: ledger, to: splunk}', /no table "ledger"|cannot be followed/],
  [
    '  a: {table: cloudtrail, to: splink}',
    /routes\.a\.to: there is no destination "splink": did you mean "splunk"/,
  ],
  [
    '  a:\n    table: cloudtrail\n    to: splunk\n    where: eventsorce = 1',
    /^loglake\.yaml:9: routes\.a\.where: .*eventsorce/,
  ],
  [
    '  a: {table: cloudtrail, to: splunk, where: "eventname in (select content from read_text(\'/etc/passwd\'))"}',
    /question within/,
  ],
  ['  a: {table: cloudtrail, to: splunk, where: "true) or (select 1"}', /routes\.a\.where/],
  ['  a: {table: cloudtrail, to: splunk, where: "1; drop table added"}', /routes\.a\.where/],
  ['  a: {table: cloudtrail, to: splunk, shape: template}', /template/],
  ['  a: {table: cloudtrail, to: splunk, shape: template, template: "count(*)"}', /routes\.a\.template/],
  [
    '  a: {table: cloudtrail, to: splunk, shape: template, template: "1 from read_csv(\'x\')"}',
    /routes\.a\.template/,
  ],
  ['  a: {table: session_log, to: splunk, shape: ocsf}', /OCSF has no class for rows of session_log/],
  [
    '  a: {table: cloudtrail, to: splunk, with: {sourctype: x}}',
    /routes\.a\.with: splunk-hec has no setting "sourctype": did you mean "sourcetype"/,
  ],
  [
    '  a: {table: cloudtrail, to: splunk, from: 2026-02-30}',
    /^loglake\.yaml:5: routes\.a\.from: there is no time 2026-02-30/,
  ],
  ['  a: {table: cloudtrail, to: splunk, policy: masked}', /needs deliver\.mask_key/],
]

it('a route of another shape than its destination takes is told with its line', async () => {
  const settings = '{type: security-lake, bucket: security, source: loglake, region: eu-central-1}'
  const yaml = `destinations:\n  lake: ${settings}\nroutes:\n  a: {table: cloudtrail, to: lake, policy: full, shape: ecs}\n`
  await expect(routes(yaml)).rejects.toThrow(
    'loglake.yaml:4: routes.a.shape: a destination of type security-lake takes the shape ocsf alone',
  )
})

it.each(MISTAKES)('a mistake is told with its line: %s', async (lines, told) => {
  hec = await startHec()
  const policy = lines.includes('policy:')
    ? lines
    : lines
        .replace('to: spl', 'policy: full, to: spl')
        .replace('\n    policy: full, to', '\n    policy: full\n    to')
  const yaml = `destinations:\n  splunk: {type: splunk-hec, url: "${hec.url}", token: x}\n\nroutes:\n${policy}\n`
  await expect(routes(yaml)).rejects.toThrow(told)
})

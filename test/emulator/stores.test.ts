import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { folder, ingest, type Lake, lakeTables, localStorage, logTables, openLake } from 'loglake'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/config/config.ts'
import { type DeliverOptions, routeFollower } from '../../src/deliver/follower.ts'
import type { Outage } from '../../src/deliver/patience.ts'
import { type Route, routesOf } from '../../src/deliver/routes.ts'
import { deliverTables } from '../../src/deliver/tables.ts'
import { retry } from '../../src/deliver/undelivered.ts'
import { catchUp } from '../../src/follow/follow.ts'
import { logTypes } from '../../src/logtypes/index.ts'
import { ask } from '../../src/query/question.ts'
import { begin } from '../../src/workspace/routes.ts'
import { hasOpenSearch, type OpenSearch, startOpenSearch } from './opensearch.ts'
import { hasVictoriaLogs, startVictoriaLogs, type VictoriaLogs } from './victorialogs.ts'

/** Stores that are none of ours are sent to by routes, and then asked what they have. */
const limits = { threads: 1, memory: '256MiB' }
const root = mkdtempSync(join(tmpdir(), 'loglake-stores-'))
const samples = fileURLToPath(new URL('../../samples/logs', import.meta.url))
let lake: Lake
beforeAll(async () => {
  lake = openLake(localStorage(join(root, 'lake')), [...lakeTables, ...deliverTables])
  await ingest(lake, folder([samples]), { threads: 1 })
})
afterAll(() => rmSync(root, { recursive: true }))

async function routeOf(destination: object, route: object): Promise<Route> {
  const sections = {
    destinations: { store: destination },
    routes: {
      [`route-${made++}`]: { table: 'cloudtrail', policy: 'full', from: 'start', to: 'store', ...route },
    },
  }
  const { values } = parseConfig(JSON.stringify(sections), 'stores')
  const known = { tables: logTables, types: logTypes }
  const [found] = await routesOf({ ...values, place: () => undefined }, known)
  return found as Route
}
let made = 0

async function send(route: Route, more: Partial<DeliverOptions> = {}): Promise<void> {
  await begin(lake, route)
  const options = { version: '0.0.0', groupBytes: 1 << 20, patienceMs: 20_000, ...more }
  await catchUp(lake, routeFollower(route, options), { limits })
}

async function rowsOf(question: string): Promise<unknown[][]> {
  const answer = await ask(lake, question, { views: [], limits })
  try {
    const rows: unknown[][] = []
    for await (const row of answer.rows()) rows.push(row)
    return rows
  } finally {
    answer.close()
  }
}

const numberOf = async (question: string) => Number((await rowsOf(question))[0]?.[0])
const refusedBy = async ({ name }: Route) =>
  await rowsOf(`select code, answer from undelivered where route = '${name}' and delivered_at is null`)

/** What the lake has, as texts by column. */
async function cloudtrail(columns: readonly string[]): Promise<Map<string, (string | undefined)[]>> {
  const list = columns.map((name) => `${name}::varchar`).join(', ')
  const rows = await rowsOf(`select eventid, ${list} from cloudtrail`)
  return new Map(
    rows.map(([id, ...values]) => [
      String(id),
      values.map((one) => (one === null ? undefined : String(one))),
    ]),
  )
}
const COLUMNS = ['eventname', 'eventsource', 'sourceipaddress', 'useragent', 'requestparameters', 'actor']

describe.skipIf(!hasOpenSearch)('OpenSearch', () => {
  let store: OpenSearch
  beforeAll(async () => {
    store = await startOpenSearch()
  })
  afterAll(() => store.stop())

  const into = (index: string, more = {}) => ({ type: 'opensearch', url: store.url, index, ...more })
  async function documents(index: string) {
    await store.ask('POST', `/${index}/_refresh`)
    const { hits } = await store.ask('GET', `/${index}/_search?size=10000&track_total_hits=true`)
    expect(hits.hits).toHaveLength(hits.total.value)
    return hits.hits as { _id: string; _source: Record<string, unknown> }[]
  }

  it('has every row once, as it is in the lake, however often it is sent', async () => {
    for (let n = 0; n < 2; n++) {
      const route = await routeOf(into('rows', { batch_events: 100 }), {})
      await send(route)
      expect(await refusedBy(route)).toEqual([])
    }
    const found = await documents('rows')
    const wanted = await cloudtrail(COLUMNS)
    expect(found).toHaveLength(wanted.size)
    for (const { _id, _source } of found) {
      expect(_id).toBe(`cloudtrail/${_source.eventid}/${_source.eventtime}`)
      expect(COLUMNS.map((name) => _source[name])).toEqual(wanted.get(String(_source.eventid)))
    }
  })

  it.each(logTables.map(({ name }) => name))('takes every row of %s, in each shape for it', async (table) => {
    for (const shape of ['rows', 'ecs', 'ocsf']) {
      const index = `${table}-${shape}`.replaceAll('_', '-')
      const route = await routeOf(into(index), { table, shape }).catch((thrown: Error) => {
        expect(thrown.message).toContain('OCSF has no class')
      })
      if (!route) continue
      await send(route)
      expect(await refusedBy(route)).toEqual([])
    }
  })

  it('refuses for good what its mapping cannot hold; after that is mended, a retry brings it', async () => {
    const mapping = (type: string) => ({ mappings: { properties: { sourceipaddress: { type } } } })
    await store.ask('PUT', '/strict', mapping('ip'))
    const route = await routeOf(into('strict'), {})
    await send(route)
    const odd = await numberOf(
      "select count(*) from cloudtrail where not regexp_matches(sourceipaddress, '^[0-9.]+$|:')",
    )
    const refused = await refusedBy(route)
    expect(odd).toBeGreaterThan(0)
    expect(refused).toHaveLength(odd)
    for (const [code, answer] of refused) {
      expect(code).toBe('400')
      expect(answer).toContain('mapper_parsing_exception')
    }
    const all = await numberOf('select count(*) from cloudtrail')
    expect(await documents('strict')).toHaveLength(all - odd)
    await store.ask('DELETE', '/strict')
    await store.ask('PUT', '/strict', mapping('keyword'))
    const signal = new AbortController().signal
    expect(await retry(lake, route, { ids: [], signal, patienceMs: 20_000 })).toMatchObject({
      delivered: odd,
      refused: [],
    })
    expect(await refusedBy(route)).toEqual([])
    expect(await documents('strict')).toHaveLength(odd)
  })

  it('with an index that may not be written the route waits, refuses no row, and then brings all', async () => {
    await store.ask('PUT', '/blocked', { settings: { 'index.blocks.write': true } })
    const route = await routeOf(into('blocked'), { table: 'sagemaker_event' })
    const outages: Outage[] = []
    const onOutage = (outage: Outage | undefined) => void (outage && outages.push(outage))
    await expect(send(route, { patienceMs: 1000, onOutage })).rejects.toThrow(/403.*index write/)
    expect(outages.length).toBeGreaterThan(0)
    await store.ask('PUT', '/blocked/_settings', { 'index.blocks.write': false })
    await send(route)
    expect(await refusedBy(route)).toEqual([])
    expect(await documents('blocked')).toHaveLength(await numberOf('select count(*) from sagemaker_event'))
  })

  it('that stands still in the middle gets everything once it goes on', async () => {
    const route = await routeOf(into('halted', { batch_events: 50, timeout_seconds: 2 }), {})
    const outages: Outage[] = []
    let isHalted = false
    await send(route, {
      patienceMs: 60_000,
      onSent() {
        if (!isHalted) store.halt(true)
        isHalted = true
      },
      onOutage(outage) {
        if (outage) outages.push(outage)
        if (outages.length === 2) store.halt(false)
      },
    })
    expect(outages.length).toBeGreaterThanOrEqual(2)
    expect(await refusedBy(route)).toEqual([])
    expect(await documents('halted')).toHaveLength(await numberOf('select count(*) from cloudtrail'))
  })

  it('keeps a data stream, too', async () => {
    await store.ask('PUT', '/_index_template/streams', {
      index_patterns: ['logs-*'],
      data_stream: {},
    })
    for (let n = 0; n < 2; n++) {
      const route = await routeOf(into('logs-cloudtrail'), { shape: 'ecs' })
      await send(route)
      expect(await refusedBy(route)).toEqual([])
    }
    const { data_streams } = await store.ask('GET', '/_data_stream/logs-cloudtrail')
    expect(data_streams).toHaveLength(1)
    const found = await documents('logs-cloudtrail')
    expect(found).toHaveLength(await numberOf('select count(*) from cloudtrail'))
  })
})

describe.skipIf(!hasVictoriaLogs)('VictoriaLogs', () => {
  let store: VictoriaLogs
  beforeAll(async () => {
    store = await startVictoriaLogs()
  })
  afterAll(() => store.stop())

  /** Rows of a query against the lake's, by the columns whose fields a prefix stands before. */
  async function isSame(query: string, prefix: string): Promise<void> {
    const found = await store.rows(query)
    const wanted = await cloudtrail(COLUMNS)
    expect(found).toHaveLength(wanted.size)
    expect(new Set(found.map((row) => row[`${prefix}eventid`]))).toEqual(new Set(wanted.keys()))
    for (const row of found)
      expect(COLUMNS.map((name) => row[`${prefix}${name}`])).toEqual(
        wanted.get(String(row[`${prefix}eventid`])),
      )
  }

  it("has what came by Splunk's collector, with its time and fields", async () => {
    await send(
      await routeOf(
        { type: 'splunk-hec', url: store.url, token: 'any', sourcetype: 'aws:cloudtrail', host: 'one' },
        {},
      ),
    )
    await isSame('sourcetype:="aws:cloudtrail"', 'event.')
    const [row] = await store.rows('sourcetype:="aws:cloudtrail" | limit 1')
    const name = `cloudtrail/${row?.['event.eventid']}/${row?.['event.eventtime']}`
    expect(row).toMatchObject({ 'fields.loglake_id': name, host: 'one' })
    expect(Date.parse(String(row?._time))).toBe(Date.parse(String(row?.['event.eventtime'])))
  })

  it('has what came by _bulk', async () => {
    const url = `${store.url}/insert/elasticsearch`
    const headers = { index: 'cloudtrail', batch_events: 100 }
    await send(await routeOf({ type: 'opensearch', url, ...headers }, {}))
    await isSame('eventid:*', '')
  })
})

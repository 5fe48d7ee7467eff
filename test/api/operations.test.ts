import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commitAccess } from '../../src/api/access-table.ts'
import { answersOnce } from '../../src/api/contract.ts'
import { operations } from '../../src/api/index.ts'
import { writeAskRuns } from './ask-runs.ts'
import { GIVEN, SESSION } from './given.ts'
import { failures, type Served, SPAN, served } from './served.ts'

const OPERATOR = 'operator:ana@example.com'
const DALIA = 'manager:dalia@example.com'
const FARAH = 'manager:farah@example.com'

let lake: Served
beforeAll(async () => {
  lake = await served()
  await writeAskRuns(lake.asking.services.lake)
}, 240_000)
afterAll(async () => {
  await lake.close()
  expect(failures).toEqual([])
})

async function firstId(name: string): Promise<string> {
  const { rows } = (await (await lake.get(OPERATOR, name, SPAN)).json()) as { rows: { id: string }[] }
  return rows[0]?.id as string
}

describe('what an operation answers', () => {
  const reads = operations.filter((one) => one.kind === 'read' && answersOnce(one))
  it.each(reads.map((one) => [one.name, one] as const))('%s is as its contract says', async (name, one) => {
    const given =
      name === 'conversation'
        ? { id: await firstId('conversations') }
        : name === 'conversation-text'
          ? { requestid: await firstId('conversations'), of: 'system' }
          : name === 'finding'
            ? { id: await firstId('findings') }
            : GIVEN[name]
    expect(given, `a test gives ${name} something`).toBeDefined()
    const response = await lake.get(OPERATOR, name, given)
    const body = await response.json()
    expect(response.status, JSON.stringify(body)).toBe(200)
    const parsed = one.output.safeParse(body)
    expect(parsed.error?.issues.slice(0, 3)).toBeUndefined()
  })

  it('has a tag as long as its tables stay the same, and is not sent again', async () => {
    const first = await lake.get(OPERATOR, 'usage', GIVEN.usage)
    const tag = first.headers.get('etag')
    expect(tag).toMatch(/^"/)
    const again = await lake.get(OPERATOR, 'usage', GIVEN.usage)
    expect(again.headers.get('etag')).toBe(tag)
    expect(again.headers.get('server-timing')).toContain('cache')
    const other = await lake.get(DALIA, 'usage', GIVEN.usage)
    expect(other.headers.get('etag')).not.toBe(tag)
  })
})

describe('a download', () => {
  const sql = 'select 1 as one'
  const formats = ['csv', 'csv-safe', 'ndjson', 'parquet']
  const asked: Record<string, Record<string, string>[]> = {
    'usage-export': formats.map((format) => ({ ...SPAN, format })),
    'query-export': formats.map((format) => ({ sql, format })),
    evidence: [{ sql }],
    'session-export': ['cast', 'text'].map((format) => ({ id: SESSION, format })),
  }
  const downloads = operations.filter(({ answers }) => answers === 'download')
  it.each(downloads.map((one) => [one.name, one] as const))(
    '%s has the media types of its description, each of them',
    async (name, { kind, mediaTypes }) => {
      const description = (await (await lake.get(OPERATOR, 'openapi.json')).json()) as {
        paths: Record<string, Record<string, { responses: { 200: { content: object } } }>>
      }
      const described = description.paths[`/api/${name}`]?.[kind === 'read' ? 'get' : 'post']
      expect(Object.keys(described?.responses[200].content ?? {})).toEqual(mediaTypes)
      const types = new Set<string | null>()
      for (const given of asked[name] ?? []) {
        const response = await (kind === 'read' ? lake.get : lake.post)(OPERATOR, name, given)
        expect(response.status, await response.text()).toBe(200)
        types.add(response.headers.get('content-type'))
      }
      expect([...types]).toEqual(mediaTypes)
    },
  )
})

describe('the digest', () => {
  interface Digest {
    since: string
    until: string
    events: number
    lines: { principal: string; said: string; ids: string[]; severity: string; kind: string }[]
  }
  const digest = async (as: string, given = {}) => {
    const response = await lake.get(as, 'digest', {
      since: '2026-01-08T00:00:00Z',
      until: '2026-01-09T00:00:00Z',
      ...given,
    })
    return { status: response.status, body: (await response.json()) as Digest & { detail?: string } }
  }

  it('tells what stands out, each line with its events, of those who are asked for', async () => {
    const { body } = await digest(OPERATOR)
    expect(body.events).toBe(806)
    const high = body.lines.filter(({ severity }) => severity === 'high').map(({ said }) => said)
    expect(high.join('\n')).toMatch(/legacy-backup: bedrock DeleteModelInvocationLoggingConfiguration/)
    expect(body.lines.every(({ ids }) => ids.length > 0)).toBe(true)
    const some = await digest(OPERATOR, { principals: ['*via Contractor'] })
    expect(some.body.events).toBeGreaterThan(0)
    expect(
      some.body.lines.every(({ principal }) => principal === '' || principal.endsWith('via Contractor')),
    ).toBe(true)
  })

  it('ends behind the newest event by itself, and refuses a window that is none', async () => {
    const { until } = (await (await lake.get(OPERATOR, 'digest')).json()) as Digest
    expect(until).toBe('2026-01-09T23:45:08Z')
    const none = await digest(OPERATOR, { until: '2026-01-08T00:00:00Z' })
    expect([none.status, none.body.detail]).toEqual([
      400,
      expect.stringContaining('no event can be in between'),
    ])
  })

  it('has of a manager the rows of their people, and of an auditor none', async () => {
    const { body } = await digest(FARAH)
    expect(body.events).toBeGreaterThan(0)
    expect(body.events).toBeLessThan(806)
    expect(JSON.stringify(body)).not.toContain('goran@example.com')
    expect((await digest('auditor:eve@example.com')).status).toBe(403)
  })
})

describe('activity', () => {
  interface Page {
    rows: { eventid: string; eventtime: string }[]
    next: string | null
    stopped: boolean
  }
  const pages = async (limit: string, where: string[]) => {
    const rows: Page['rows'] = []
    let after: string | undefined
    for (let n = 0; n < 500; n++) {
      const query = { ...SPAN, limit, where, deep: 'true', ...(after === undefined ? {} : { after }) }
      const page = (await (await lake.get(OPERATOR, 'activity', query)).json()) as Page
      rows.push(...page.rows)
      if (page.next === null) return rows
      after = page.next
    }
    throw new Error('the list has no end')
  }

  it('walks back through every row once, in order, whatever the size of a page', async () => {
    const [large, small] = [await pages('2000', []), await pages('300', [])]
    expect(large.length).toBe(4015)
    expect(new Set(large.map(({ eventid }) => eventid)).size).toBe(4015)
    expect(small).toEqual(large)
    const times = large.map(({ eventtime }) => eventtime)
    expect(times).toEqual([...times].sort().reverse())
  })

  it.each([
    [['errorcode:*']],
    [['error:AccessDenied', 'error:NoSuchKey']],
    [['-service:s3.amazonaws.com', 'region:eu-central-1']],
    [['readonly:false']],
    [['errorcode:']],
  ])('counts as many as it lists: %s', async (where) => {
    const rows = await pages('2000', where)
    const chart = await (await lake.get(OPERATOR, 'activity-chart', { ...SPAN, where })).json()
    expect(chart).toMatchObject({ counted: 'summary', total: rows.length })
  })

  it('asks no summary for what it does not have, and says so', async () => {
    const where = ['requestparameters~support-temp']
    const chart = await (await lake.get(OPERATOR, 'activity-chart', { ...SPAN, where })).json()
    expect(chart).toMatchObject({ counted: 'no', total: 0 })
    expect((await pages('100', where)).length).toBeGreaterThan(0)
  })
})

describe('who sees what', () => {
  const own = SESSION // goran's, whose manager is dalia
  const missing = '00000000-0000-0000-0000-000000000000'
  const byId = ['session', 'session-output', 'session-calls', 'review', 'record']
  const plain = async (response: Response) => {
    const body = (await response.json()) as Record<string, unknown>
    return { status: response.status, ...body, instance: '' }
  }

  it.each(byId)('%s of another person is as if it were not there', async (name) => {
    expect((await lake.get(DALIA, name, { id: own })).status).toBe(200)
    const foreign = await plain(await lake.get(FARAH, name, { id: own }))
    expect(foreign.status).toBe(404)
    expect(foreign).toEqual(await plain(await lake.get(FARAH, name, { id: missing })))
  })

  it('use by day adds up to the use in all, day after day', async () => {
    interface Use {
      total: { invocations: number; cost_usd: number }
      groups: {
        keys: string[]
        invocations: number
        cost_usd: number | null
        latency_ms_p95: number | null
      }[]
    }
    const use = async (more: object) =>
      (await (await lake.get(OPERATOR, 'usage', { ...SPAN, by: ['day'], ...more })).json()) as Use
    const { total, groups } = await use({})
    const days = groups.map(({ keys: [day] }) => day as string)
    expect(days.length).toBeGreaterThan(3)
    expect(days).toEqual([...new Set(days)].sort())
    expect(groups.reduce((sum, { invocations }) => sum + invocations, 0)).toBe(total.invocations)
    expect(groups.reduce((sum, { cost_usd }) => sum + (cost_usd ?? 0), 0)).toBeCloseTo(total.cost_usd, 6)
    const one = await use({ where: [`day:${days[1]}`] })
    expect(one.groups).toEqual([expect.objectContaining({ ...groups[1], series: expect.any(Array) })])
    expect(one.groups[0]?.latency_ms_p95).toBeGreaterThan(0)
  })

  it('a manager sees sessions, counts, facets, findings and use of their people only', async () => {
    const mine = ['chen@example.com', 'alice@example.com']
    const json = async (name: string, more = {}) =>
      await (await lake.get(FARAH, name, { ...SPAN, ...more })).json()
    const sessions = (await json('sessions', { kind: 'session' })) as { rows: { who: string }[] }
    expect(new Set(sessions.rows.map(({ who }) => who))).toEqual(new Set(mine))
    const facets = (await json('activity-facets', { values: '200' })) as {
      facets: { field: string; values: { value: string; events: number }[] }[]
    }
    const actors = facets.facets.find(({ field }) => field === 'actor')?.values ?? []
    expect(actors.length).toBeGreaterThan(0)
    for (const { value } of actors) expect(mine.some((name) => value.startsWith(name))).toBe(true)
    const chart = (await json('activity-chart')) as { total: number }
    expect(chart.total).toBe(actors.reduce((sum, { events }) => sum + events, 0))
    const usage = (await json('usage', { by: ['who'] })) as { groups: { keys: string[] }[] }
    const conversations = (await json('conversations')) as { rows: { who: string; role: string }[] }
    for (const { who, role } of conversations.rows)
      expect(mine.includes(who) || role === 'SupportAgentRole').toBe(true)
    expect(usage.groups.length).toBeGreaterThan(0)
    const findings = (await json('findings', { state: 'all' })) as {
      rows: { who: string; arn: string | null }[]
    }
    for (const { who, arn } of findings.rows)
      expect(mine.includes(who) || arn?.includes(':assumed-role/SupportAgentRole/')).toBe(true)
  })

  it.each([
    ['auditor:eve@example.com', ['sessions', 'activity', 'overview', 'session', 'sources', 'review']],
    ['asked:goran@example.com', ['sessions', 'activity', 'overview', 'access-log', 'tables']],
    ['manager:dalia@example.com', ['sources', 'rejects', 'access-log', 'doctor']],
    ['analyst:kim@example.com', ['access-log', 'period-report', 'doctor']],
  ])('%s may not call %s', async (as, names) => {
    for (const name of names) {
      const response = await lake.get(as, name, GIVEN[name])
      expect([response.status, name]).toEqual([403, name])
    }
  })

  it('an auditor asks two tables in SQL, and no log', async () => {
    const rows = async (sql: string) =>
      ((await (await lake.post('auditor:eve@example.com', 'query', { sql })).json()) as { rows: unknown[][] })
        .rows
    expect(await rows('select count(*) from cloudtrail')).toEqual([[0]])
    expect(await rows('select count(*) from session_log')).toEqual([[0]])
    expect(await rows('select count(*) from access_log')).toEqual([[0]])
  })

  it('who saw what is for operators and auditors, in SQL too', async () => {
    await lake.post(OPERATOR, 'query', { sql: "select 'what an operator asked'" })
    await commitAccess(lake.asking.services.lake, lake.asking.accessLog)
    const seen = async (as: string) => {
      const response = await lake.post(as, 'query', { sql: 'select count(*)::int from access_log' })
      return ((await response.json()) as { rows: number[][] }).rows[0]?.[0] ?? 0
    }
    expect(await seen(OPERATOR)).toBeGreaterThan(0)
    expect(await seen('auditor:eve@example.com')).toBeGreaterThan(0)
    for (const as of ['analyst:ada@example.com', 'manager:dalia@example.com'])
      expect([as, await seen(as)]).toEqual([as, 0])
  })

  it('the access log has every call, with what was refused', async () => {
    await lake.get('auditor:eve@example.com', 'sessions', SPAN)
    const log = (await (await lake.get(OPERATOR, 'access-log', GIVEN['access-log'])).json()) as {
      rows: { operation: string; outcome: string; name: string }[]
    }
    expect(log.rows).toContainEqual(
      expect.objectContaining({ operation: 'sessions', outcome: 'refused', name: 'eve@example.com' }),
    )
    expect(log.rows.length).toBeGreaterThan(50)
  })
})

describe('when the access log cannot be written', () => {
  it('nothing is shown, and the answer says why', async () => {
    const broken = await served()
    await broken.asking.accessLog.close()
    const response = await broken.get(OPERATOR, 'overview', SPAN)
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).not.toBeNull()
    const body = (await response.json()) as Record<string, unknown>
    expect(body.detail).toContain('access log cannot be written')
    expect(body).not.toHaveProperty('totals')
    broken.asking.services.close()
  })
})

describe('what summaries answer is what rows say', () => {
  const WHERE = ['errorcode:*', 'awsregion:us-east-1', '-eventname:GetObject']
  const SQL = "errorcode is not null and eventname is distinct from 'GetObject'"
  const rowsOf = async (sql: string) => {
    const answer = await lake.post(OPERATOR, 'query', { sql, limit: 10_000 })
    return ((await answer.json()) as { rows: unknown[][] }).rows
  }

  it('pages of rows, however far back the next row is', async () => {
    const ids: string[] = []
    let after: string | null = ''
    while (after !== null) {
      const query = { ...SPAN, where: WHERE, limit: '3', deep: 'true', ...(after && { after }) }
      const answer: Response = await lake.get(OPERATOR, 'activity', query)
      const page = (await answer.json()) as { rows: { eventid: string }[]; next: string | null }
      ids.push(...page.rows.map(({ eventid }) => eventid))
      after = page.next
    }
    const all = await rowsOf(
      `select eventid from cloudtrail where awsregion = 'us-east-1' and ${SQL} order by eventtime desc, eventid desc`,
    )
    expect(ids.length).toBeGreaterThan(10)
    expect(ids).toEqual(all.map(([id]) => id))
  })

  it('facets, of which each leaves out its own conditions alone', async () => {
    const answer = await lake.get(OPERATOR, 'activity-facets', { ...SPAN, where: WHERE, values: '200' })
    const { facets } = (await answer.json()) as {
      facets: { field: string; values: { value: string; events: number }[] }[]
    }
    const counted = (name: string) =>
      Object.fromEntries(
        facets.find(({ field }) => field === name)?.values.map(({ value, events }) => [value, events]) ?? [],
      )
    const counts = async (name: string, where: string) =>
      Object.fromEntries(await rowsOf(`select ${name}, count(*) from cloudtrail where ${where} group by all`))
    expect(counted('awsregion')).toEqual(await counts('awsregion', SQL))
    expect(counted('actor')).toEqual(await counts('actor', `awsregion = 'us-east-1' and ${SQL}`))
    expect(counted('errorcode')).toEqual(
      await counts('errorcode', "awsregion = 'us-east-1' and eventname is distinct from 'GetObject'"),
    )
  })
})

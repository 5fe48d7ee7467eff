import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ask, lakeTables, localStorage, openLake } from 'loglake'
import { beforeAll, describe, expect, it } from 'vitest'
import { ALL_SAMPLES, freshFolder } from './program.ts'
import { rowsOf, warm } from './warm.ts'

const folder = freshFolder()
const place = join(folder, 'lake')
const rows = <Row>(sql: string) => rowsOf<Row>(place, sql)

beforeAll(async () => {
  const { code, err } = await warm(['ingest', ALL_SAMPLES, '--lake', place])
  expect({ code, err }).toEqual({ code: 0, err: '' })
}, 120_000)

describe('the published queries run to the letter', () => {
  const published = (name: string) =>
    readFileSync(new URL(`./published/${name}.sql`, import.meta.url), 'utf8')

  it('sessions: what was typed, beside the call that opened the session', async () => {
    const found = await rows<Record<string, string>>(published('session-join'))
    const night = found.filter(
      ({ eventname, session_from_cloudwatch: text }) =>
        eventname === 'StartSession' && text?.includes('support-temp'),
    )
    expect(night.length).toBeGreaterThanOrEqual(2)
    expect(night[0]).toMatchObject({
      eventsource: 'ssm.amazonaws.com',
      logaccountid: '111122223333',
      loggroup: '/aws/ssm/sessionlogs',
      subscriptionfilters: '["to-firehose"]',
    })
    expect(found.filter(({ eventsource }) => eventsource !== 'ssm.amazonaws.com')).toEqual([])
  })

  it('models: what they were asked, beside who called', async () => {
    const found = await rows<Record<string, unknown>>(
      `select * from (${published('bedrock-join')}) where input_message_with_tool_use <> ''`,
    )
    expect(found.length).toBeGreaterThan(50)
    for (const row of found) {
      expect(row.eventsource).toBe('bedrock.amazonaws.com')
      expect(row.input_message_with_tool_use).toMatch(/^\{"input":\{.*"type":"tool_use"\}$/s)
    }
    const [all] = await rows<{ n: number }>(`select count(*) as n from (${published('bedrock-join')})`)
    const [events] = await rows<{ n: number }>('select count(*) as n from cloudtrail')
    expect(all).toEqual(events)
  })
})

describe('a session', () => {
  it('is there although it was refused, silent, or never announced', async () => {
    const found = await rows('select outcome, count(*) as n from session group by outcome order by outcome')
    expect(found).toEqual([
      { outcome: 'opened', n: 10 },
      { outcome: 'refused', n: 4 },
      { outcome: 'unannounced', n: 1 },
    ])
    const silent = await rows(
      "select who from session where outcome = 'opened' and output_events = 0 order by who",
    )
    expect(silent).toEqual([{ who: 'alice@example.com' }, { who: 'bruno@example.com' }])
    const [unannounced] = await rows("from session where outcome = 'unannounced'")
    expect(unannounced).toMatchObject({
      started: null,
      who: 'hana@example.com',
      output_events: 3,
      eventid: null,
    })
  })

  it('has nothing to do with StartSession of Athena or SageMaker', async () => {
    expect(
      await rows(
        "select count(*) as others, count(f_sessionid) as joined from cloudtrail where eventname = 'StartSession' and eventsource <> 'ssm.amazonaws.com'",
      ),
    ).toEqual([{ others: 3, joined: 0 }])
  })

  it('tells who, from where, on which machine, when, how long, how much, and what else', async () => {
    const [night] = await rows<Record<string, unknown>>("from session where acting_as = 'BreakGlassAdmin'")
    expect(night).toMatchObject({
      who: 'goran@example.com',
      sourceipaddress: '203.0.113.250',
      started: '2026-01-08T02:17:26Z',
      minutes: 34,
      terminated_by: 'dalia@example.com',
      output_lines: 25,
      api_calls: 6,
      api_changes: 4,
      api_errors: 2,
    })
    const list = JSON.parse(String(night?.api_call_list)) as { action: string; error: string | null }[]
    expect(list.map(({ action }) => action)).toContain('cloudtrail:StopLogging')
    expect(list.every(({ action }) => action !== 'ssm:StartSession')).toBe(true)
  })

  it('has the calls of 15 minutes before and after, of the same credentials or source identity', async () => {
    const calls = await rows<{ least: number; most: number; others: number }>(
      `select
         min(date_diff('second', session_started, calls.eventtime)) as least,
         max(date_diff('second', coalesce(ended, started), calls.eventtime)) as most,
         count_if(calls.useridentity_accesskeyid is distinct from session.useridentity_accesskeyid
           and calls.useridentity_sessioncontext_sourceidentity
             is distinct from session.useridentity_sessioncontext_sourceidentity) as others
       from session
       join session_api_call as around on around.session_eventid = session.eventid
       join cloudtrail as calls on calls.eventid = around.eventid`,
    )
    expect(calls[0]?.others).toBe(0)
    expect(calls[0]?.least).toBeGreaterThanOrEqual(-900)
    expect(calls[0]?.most).toBeLessThanOrEqual(900)
  })
})

describe('a model call', () => {
  it('is one row, whichever log tells of it, and says whose word its identity is', async () => {
    const [counts] = await rows(
      "select count(*) as calls, count(distinct requestid) as requests, count_if(told_by = 'both') as both, count_if(identity_from is null) as nobody from bedrock_call",
    )
    const [log] = await rows<{ n: number }>('select count(*) as n from bedrock_invocation')
    const [trail] = await rows<{ n: number }>(
      "select count(*) as n from cloudtrail where eventsource = 'bedrock.amazonaws.com' and (eventname like 'InvokeModel%' or eventname like 'Converse%')",
    )
    expect(counts).toEqual({ calls: trail?.n, requests: trail?.n, both: log?.n, nobody: 0 })
    expect(await rows('select distinct identity_from, told_by from bedrock_call order by all')).toEqual([
      { identity_from: 'cloudtrail', told_by: 'cloudtrail' },
      { identity_from: 'invocation log', told_by: 'both' },
    ])
  })

  it('has its place in its conversation', async () => {
    const run = await rows<Record<string, unknown>>(
      "select call, tools_called, message_count from conversation where conversation in (select conversation from conversation where tools_called = 'read_file') order by call",
    )
    expect(run.slice(0, 3)).toEqual([
      { call: 1, tools_called: 'list_files_in_s3', message_count: 1 },
      { call: 2, tools_called: 'read_file', message_count: 3 },
      { call: 3, tools_called: 'issue_refund', message_count: 5 },
    ])
    const [shrinking] = await rows<{ n: number }>(
      'select count(*) as n from (select message_count < lag(message_count) over (partition by conversation order by call) as shorter from conversation) where shorter',
    )
    expect(shrinking?.n).toBe(0)
  })

  it('is found by the id that the invocation log has for it', async () => {
    const [found] = await rows<Record<string, number>>(
      `select count(*)::int as calls, count_if(run.conversation_id = log.conversation_id)::int as same
       from conversation as run join bedrock_invocation as log using (requestid) where log.conversation_id is not null`,
    )
    expect(found?.calls).toBeGreaterThan(50)
    expect(found?.same).toBe(found?.calls)
  })

  it('is paid for by a person', async () => {
    const { out } = await warm(['queries', 'cost-by-identity', '--lake', place, '--format', 'json'])
    const paid = JSON.parse(out) as { role: string; person: string | null; cost_usd: number | null }[]
    const people = await rows<{ who: string }>("select distinct who from model_usage where who like '%@%'")
    expect(people.length).toBeGreaterThan(1)
    for (const { who } of people) expect(paid.map(({ person }) => person)).toContain(who)
    expect(paid.filter(({ person }) => /^i-[0-9a-f]+$/.test(person ?? ''))).toEqual([])
  })

  it('costs what the list of prices says, and nothing is not zero', async () => {
    const sql =
      "select model, sum(invocations)::int as n, sum(cost_usd) as cost from model_usage where service = 'bedrock' and failed < invocations group by all order by n desc"
    const costs = await rows<{ model: string; cost: number | null }>(sql)
    const cost = (model: string) => costs.find((one) => one.model.includes(model))?.cost
    const byRegion = await rows<{ region: string; cost: number | null; unpriced: number }>(
      "select region, sum(cost_usd) as cost, sum(unpriced)::int as unpriced from model_usage where model like '%titan%' group by all order by all",
    )
    // Of this model, the list has the price of some Regions.
    expect(byRegion).toEqual([
      { region: 'eu-central-1', cost: null, unpriced: 50 },
      { region: 'us-east-1', cost: expect.any(Number), unpriced: 0 },
    ])
    expect(cost('sonnet')).toBeGreaterThan(10)

    const prices = join(folder, 'prices.csv')
    const config = join(folder, 'loglake.yaml')
    writeFileSync(config, `lake: ${place}\nprices: prices.csv\n`)
    writeFileSync(
      prices,
      'model,input,output,source\namazon.titan-embed-text-v2:0,1000000,0,"ours, agreed"\nanthropic.claude-sonnet-4-5-20250929,0,0,\n',
    )
    const asked = await warm(['query', sql, '--config', config, '--format', 'json'])
    const mine = JSON.parse(asked.out) as typeof costs
    const [tokens] = await rows<{ n: number }>(
      "select sum(input_tokens)::int as n from bedrock_call where model like '%titan%'",
    )
    expect(mine.find(({ model }) => model.includes('titan'))?.cost).toBe(tokens?.n)
    expect(mine.find(({ model }) => model.includes('haiku'))?.cost).toBeCloseTo(Number(cost('haiku')), 6)

    writeFileSync(prices, 'model,input,output\nx,1,cheap\n')
    const { code, err } = await warm(['query', 'select 1', '--config', config])
    expect({ code, err }).toEqual({
      code: 2,
      err: `error: ${prices}:2: output: an amount in US dollars is wanted, not "cheap"\n`,
    })
  })
})

it('CloudTrail Lake is asked in its own words', async () => {
  const [row] = await rows(`
    SELECT userIdentity.sessionContext.sessionIssuer.userName AS role, element_at(requestParameters, 'target') AS target,
      json_extract_scalar(eventJson, '$.eventName') AS name, count(*) AS n
    FROM cloudtrail_lake
    WHERE eventSource = 'ssm.amazonaws.com' AND eventName = 'StartSession'
      AND eventTime > '2026-01-08 00:00:00' AND eventTime < from_iso8601_timestamp('2026-01-08T09:00:00Z')
      AND errorCode IS NULL
    GROUP BY 1, 2, 3`)
  expect(row).toEqual({ role: 'BreakGlassAdmin', target: 'i-f57141bee17f19aaa', name: 'StartSession', n: 1 })
})

it.each([
  ["select count(*) from loglakeblog.from_cloudtrail_readready where eventtime >= '2026-01-09'"],
  ["select count(*) from loglakeblog.from_bedrock_readready where request_time < '2026-01-06'"],
  ["select count(*) from cloudtrail_lake where lake_day = '2026-01-09'"],
  [
    "with day as (select * from cloudtrail_lake where eventTime >= '2026-01-09') select count(*) from day join session_log using (lake_day)",
  ],
])('files are left out through views: %s', async (sql) => {
  const answer = await ask(openLake(localStorage(place), lakeTables), sql)
  answer.close()
  expect(answer.files.read).toBeGreaterThan(0)
  expect(answer.files.read).toBeLessThan(answer.files.all)
})

describe("a user's views", () => {
  const views = join(folder, 'mine')
  const config = join(folder, 'views.yaml')
  const asked = (...args: string[]) => warm([...args, '--config', config])
  beforeAll(() => {
    mkdirSync(join(views, 'team'), { recursive: true })
    writeFileSync(config, `lake: ${place}\nviews: mine\n`)
    writeFileSync(
      join(views, 'night_work.sql'),
      '-- Sessions at night \u001b[2J\n-- One row per session.\n-- hour: When.\nselect *, hour(started) as hour from session where hour(started) < 6\n',
    )
    writeFileSync(join(views, 'team', 'refused.sql'), "from night_work where outcome = 'refused'")
  })

  it('are asked, listed and described like tables', async () => {
    const { out } = await asked('query', 'select count(*) as n from team.refused', '--format', 'csv')
    expect(out).toBe('n\r\n2\r\n')
    const listed = (await asked('tables')).out
    expect(listed).toMatch(/\nnight_work +Sessions at night \\u001b\[2J\n/)
    expect(listed).toMatch(/\nteam\.refused\n/)
    const { out: page } = await asked('describe', 'night_work')
    expect(page).toMatch(/hour +bigint +When\./)
    expect(page).toMatch(/outcome +varchar +`opened`, `refused`/)
    expect((await asked('describe', 'night_wrok')).err).toMatch(/did you mean "night_work"\?/)
  })

  it.each<[string, string, string, RegExp]>([
    ['a mistake', 'broken.sql', '-- T\nselect\n  nosuch\nfrom session', /mine\/broken\.sql:3: .*nosuch/],
    [
      'a name that is taken',
      'session.sql',
      'select 1',
      /mine\/session\.sql: there is another "session" already/,
    ],
    ['a change', 'drop.sql', 'drop table ledger', /mine\/drop\.sql: Only SELECT/],
    [
      'a file of the machine',
      'passwd.sql',
      "from read_text('/etc/passwd')",
      /mine\/passwd\.sql:1: .*disabled/,
    ],
  ])('are refused for %s, with the place', async (_, file, text, why) => {
    const other = join(freshFolder(), 'loglake.yaml')
    mkdirSync(join(other, '..', 'mine'))
    writeFileSync(other, `lake: ${place}\nviews: ./mine\n`)
    writeFileSync(join(other, '..', 'mine', file), text)
    const { code, out, err } = await warm(['query', `from ${file.replace('.sql', '')}`, '--config', other])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(why)
  })
})

describe('a named query', () => {
  const asked = (...args: string[]) => warm(['queries', ...args, '--lake', place])

  it('is listed with its title and tables', async () => {
    const { out } = await asked('--format', 'json')
    const list = JSON.parse(out) as Record<string, string>[]
    expect(list.length).toBeGreaterThanOrEqual(40)
    expect(list.find(({ query }) => query === 'sessions-longer-than')).toMatchObject({
      title: 'Sessions that lasted long',
      tables: 'session',
      parameters: 'minutes',
    })
  })

  it('is asked, with parameters, or printed', async () => {
    const long = async (...args: string[]) =>
      JSON.parse((await asked('sessions-longer-than', '--format', 'json', ...args)).out).length
    expect(await long()).toBe(4)
    expect(await long('--set', 'minutes=45')).toBe(2)
    expect((await asked('sessions-longer-than', '--sql')).out).toMatch(/^-- Sessions that lasted long\n/)
  })

  it.each<[string, string[], RegExp]>([
    ['a name nearly right', ['sesions-longer-than'], /did you mean "sessions-longer-than"\?/],
    ['part of a name', ['refused'], /there is sessions-refused/],
    ['no such parameter', ['sessions-longer-than', '--set', 'minute=3'], /did you mean "minutes"\?/],
    ['no value', ['sessions-longer-than', '--set', 'minutes'], /written name=value/],
    ['a value of another kind', ['sessions-longer-than', '--set', 'minutes=1); drop'], /Could not convert/],
  ])('is refused for %s', async (_, args, why) => {
    const { code, out, err } = await asked(...args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(why)
  })
})

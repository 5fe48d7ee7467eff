import { describe, expect, it } from 'vitest'
import type { Described } from '../../claims/contract.ts'
import { proseOf } from '../../claims/prose.ts'
import { originsOfResults } from '../../claims/statement.ts'
import type { Result } from '../contract.ts'
import { sealsOf } from '../seal.ts'
import { checkClaim } from './claim.ts'

const COLUMNS =
  'eventid eventtime eventsource eventname errorcode awsregion recipientaccountid actor sourceipaddress useragent readonly'
const column = (name: string, doc = 'What it says.') => ({ name, type: 'string', doc })
const tables: Described[] = [
  {
    name: 'cloudtrail',
    kind: 'table',
    doc: 'Calls of APIs that CloudTrail recorded: who deleted a trail, which user invoked what, and whether recording was switched off.',
    columns: [
      ...COLUMNS.split(' ').map((name) => column(name)),
      column(
        'who',
        'Who acted, as in alice or Amazon: the root user, an operator, max, or `Lambda`. Granted with success.',
      ),
    ],
  },
  { name: 'model_price', kind: 'table', doc: 'Prices.', columns: [column('model'), column('input')] },
]
const isProse = proseOf(tables, [])

/** The two calls that tried to switch recording off, as the question with that name answers. */
const OFF: Result = {
  ...{ id: 'r1', kind: 'named', name: 'capture-switched-off', title: 'Recording switched off', sql: '' },
  ...{ parameters: {}, since: null, until: null, version: 5, more: false, keys: [], flagged: [] },
  columns: [
    'eventtime',
    'actor_kind',
    'actor',
    'eventname',
    'of_what',
    'errorcode',
    'sourceipaddress',
    'awsregion',
  ].map((name) => ({ name, type: 'VARCHAR' })),
  rows: [
    [
      ...['2026-01-08T04:41:28Z', 'IAM user', 'legacy-backup', 'DeleteModelInvocationLoggingConfiguration'],
      ...[null, 'AccessDenied', '2001:db8:bad:7::66', 'us-east-1'],
    ],
    [
      ...['2026-01-08T02:38:59Z', 'assumed role', 'goran@example.com via BreakGlassAdmin', 'StopLogging'],
      ...['organisation-trail', 'AccessDenied', '203.0.113.250', 'us-east-1'],
    ],
  ],
}

/** A result of a model's own SQL. */
function ofSql(sql: string, columns: readonly string[], rows: unknown[][]): Result {
  const typed = columns.map((name, at) => ({
    name,
    type: typeof rows[0]?.[at] === 'number' ? 'BIGINT' : 'VARCHAR',
  }))
  return { ...OFF, kind: 'sql', name: null, title: 'SQL of the model', sql, columns: typed, rows }
}

async function judged(text: string, result: Result, rows: number[] = []) {
  const origins = await originsOfResults([result], tables)
  const about = ({ kind }: Result) =>
    kind === 'named' ? 'Recording switched off. Calls that stop logging.' : ''
  return checkClaim(
    { text, evidence: [{ result: 'r1', rows }] },
    { results: [result], origins, seals: sealsOf(() => true), isProse, about },
  )
}

describe('what rows say holds', () => {
  it.each([
    '2 calls tried to switch recording off, and both ended in AccessDenied.',
    'goran@example.com called StopLogging, and legacy-backup called DeleteModelInvocationLoggingConfiguration.',
    'goran@example.com and legacy-backup were both denied.',
    'All calls came from us-east-1.',
    'StopLogging was called at 02:38:59 by goran@example.com via BreakGlassAdmin.',
    'The latest call was DeleteModelInvocationLoggingConfiguration.',
    'legacy-backup is an IAM user.',
    'One of them was StopLogging.',
    'Two people were refused.',
  ])('%s', async (text) => {
    expect(await judged(text, OFF)).toMatchObject({ verdict: 'holds' })
  })

  const denied = ofSql(
    "select actor, count(*) as calls from cloudtrail where errorcode = 'AccessDenied' group by all order by calls desc limit 3",
    ['actor', 'calls'],
    [
      ['goran', 7],
      ['ana', 3],
      ['bo', 2],
    ],
  )
  it.each([
    'goran was denied most often, 7 times.',
    'goran made 7 calls that ended in AccessDenied, and ana made 3.',
    'bo had 2 failures of access.',
  ])('%s', async (text) => {
    expect(await judged(text, denied)).toMatchObject({ verdict: 'holds' })
  })

  it.each([
    ["select * from cloudtrail where eventname = 'DeleteBucket'", 'No bucket was deleted.'],
    ["select * from cloudtrail where eventname = 'StopLogging'", 'Nobody called StopLogging.'],
    ["select * from cloudtrail where errorcode = 'AccessDenied'", 'No calls were denied.'],
  ])('nothing, where that was asked: %s', async (sql, text) => {
    const made = await judged(text, ofSql(sql, ['eventid'], []))
    expect([made.verdict, made.why]).toMatchObject(['holds', made.why])
  })

  it.each([
    ['select sum(case when errorcode is null then 0 else 1 end) as n from cloudtrail', 'There were 5.'],
    ['select count(distinct actor) as n from cloudtrail', 'There were 5.'],
    [
      'select round(100.0 * count(*) filter (where errorcode is not null) / count(*), 1) as n from cloudtrail',
      'There were 5.',
    ],
    [
      'with x as (select actor, count(*) as n from cloudtrail group by all) select max(n) as n from x',
      'There were 5.',
    ],
    ["select date_diff('minute', min(eventtime), max(eventtime)) as n from cloudtrail", 'There were 5.'],
    ['select count(*) as n from cloudtrail semi join model_price on model = eventname', 'There were 5.'],
  ])('numbers of the table: %s', async (sql, text) => {
    expect(await judged(text, ofSql(sql, ['n'], [[5]]))).toMatchObject({ verdict: 'holds' })
  })
})

describe('what rows do not say is struck out', () => {
  it.each([
    ['a name of an example', 'Alice switched recording off.'],
    ['who no row has', 'The root user deleted the trail.'],
    ['a company', 'Amazon did it.'],
    ['a person whose name is a word', 'Max did it.'],
    ['the same in small letters', 'max did it.'],
    ['a word that is also a name', 'Will did it.'],
    ['a service', 'Lambda was invoked.'],
    ['another service', 's3 was called.'],
    ['an outcome', 'An IAM user stopped recording with success.'],
    ['a deed', 'goran@example.com created a user.'],
    ['a part that somebody has not', 'An operator called StopLogging.'],
    ['what another did', 'legacy-backup called StopLogging.'],
    ['both did what one did', 'legacy-backup and goran@example.com called StopLogging.'],
    [
      'each did what the other did',
      'goran@example.com called DeleteModelInvocationLoggingConfiguration, and legacy-backup called StopLogging.',
    ],
    ['another time', 'goran@example.com called StopLogging at 04:41:28.'],
    ['most, of a half', 'Most calls came from legacy-backup.'],
    ['all, of a half', 'All calls came from legacy-backup.'],
    ['the latest, of an earlier', 'The latest call was StopLogging.'],
    ['a count of others', 'legacy-backup made 2 calls.'],
    ['what was not', 'goran@example.com did not call StopLogging.'],
    ['nobody, where there are rows', 'Nobody called StopLogging.'],
  ])('%s: %s', async (_, text) => {
    expect(await judged(text, OFF)).toMatchObject({ verdict: 'struck out' })
  })

  it('a count of some of many, and of those that a limit lets through', async () => {
    const rows = Array.from({ length: 5 }, (_, at) => [`e${at}`, 'goran'])
    const sql = 'select eventid, actor from cloudtrail'
    const all = ofSql(sql, ['eventid', 'actor'], rows)
    expect(await judged('goran made 5 calls.', all)).toMatchObject({ verdict: 'holds' })
    expect(await judged('goran made 2 calls.', all, [1, 2])).toMatchObject({ verdict: 'struck out' })
    const limited = ofSql(`${sql} limit 5`, ['eventid', 'actor'], rows)
    expect(await judged('goran made 5 calls.', limited)).toMatchObject({ verdict: 'struck out' })
  })

  it('a number of somebody else', async () => {
    const sql = 'select actor, count(*) as calls from cloudtrail group by all'
    const counted = ofSql(
      sql,
      ['actor', 'calls'],
      [
        ['goran', 7],
        ['ana', 3],
      ],
    )
    expect(await judged('ana made 7 calls.', counted)).toMatchObject({ verdict: 'struck out' })
    expect(await judged('ana made the most calls.', counted)).toMatchObject({ verdict: 'struck out' })
    expect(await judged('goran made 7 of the 10 calls.', counted)).toMatchObject({ verdict: 'holds' })
  })

  it.each([
    "select 'go'||'ran2' as actor, ('9'||'99')::int as calls, count(*) from cloudtrail",
    "select reverse('2narog') as actor, length(repeat('x', 31)) * 32 + 7 as calls, count(*) from cloudtrail",
    "select concat('goran', 2) as actor, 999 as calls, 1 as n from cloudtrail",
    "select replace(actor, 'mallory', 'goran2') as actor, count(*) * count(*) as calls, 1 from cloudtrail group by all",
    "select translate(actor, 'abc', 'xyz') as actor, count(*) + 1 as calls, 1 from cloudtrail group by all",
    "select regexp_replace(actor, '.*', 'goran2') as actor, count(*) * 1000 as calls, 1 from cloudtrail group by all",
    'select left(actor, 1) || substr(eventname, 2, 5) as actor, left(recipientaccountid, 3)::int as calls, 1 from cloudtrail',
    'select max(a.actor) as actor, count(*) as calls, 1 from (select reverse(actor) as actor from cloudtrail) a, cloudtrail b',
    "select chr(103) || 'oran2' as actor, (select count(*) from cloudtrail a cross join cloudtrail b) as calls, 1 from cloudtrail",
    "select coalesce(null, 'goran2') as actor, count(*) as calls, 1 from cloudtrail a join cloudtrail b on a.eventname = b.eventname group by 1",
    "select case when true then 'goran2' end as actor, sum(case when true then 9 end) as calls, 1 from cloudtrail",
    "with x as (select * from cloudtrail union all select * from cloudtrail) select 'goran2' as actor, count(*) as calls, 1 from x",
    "select upper('goran2') as actor, count(*) as calls, 1 from (select * from cloudtrail limit 999)",
    "select v as actor, n as calls, 1 from cloudtrail, (values ('goran2', 999)) t(v, n)",
    "select 'goran2' as actor, calls + 0 as calls, 1 from (select 999 as calls from cloudtrail)",
    "select 'goran2' as x, x as actor, count(*) as calls from cloudtrail cross join range(3)",
    "select lag(actor, 1, 'goran2') over () as actor, 999 as calls, 1 from cloudtrail",
    "select strftime(eventtime, 'goran2') as actor, 999 as calls, 1 from cloudtrail",
    'this is no SQL',
  ])('what a statement makes up: %s', async (sql) => {
    const made = ofSql(sql, ['actor', 'calls', 'n'], [['goran2', 999, 1]])
    expect(await judged('goran2 was there.', made)).toMatchObject({ verdict: 'struck out' })
    expect(await judged('There were 999 calls.', made)).toMatchObject({ verdict: 'struck out' })
  })

  it('a time that a statement makes up', async () => {
    const made = ofSql(
      "select strptime('2031' || '-01-01', '%Y-%m-%d') as day, count(*) as n from cloudtrail",
      ['day', 'n'],
      [['2031-01-01T00:00:00Z', 5]],
    )
    expect(await judged('On 2031-01-01 there were 5 calls.', made)).toMatchObject({ verdict: 'struck out' })
  })

  it.each([
    ["select count(*) filter (where errorcode = 'AccessDenied') as d, count(*) as n from cloudtrail"],
    [
      "select count(*) as n from cloudtrail where eventid in (select eventid from cloudtrail where errorcode = 'AccessDenied')",
    ],
    ["select n from (select count(*) as n from cloudtrail) where 'AccessDenied' = 'AccessDenied'"],
    ["select (select count(*) from cloudtrail) as n from cloudtrail where errorcode = 'AccessDenied'"],
    ["select count(*) as n from cloudtrail where errorcode = 'AccessDenied' or true"],
    ["select count(*) as n from cloudtrail where not (errorcode = 'AccessDenied')"],
    ["select count(*) as n from cloudtrail where errorcode in ('AccessDenied', 'Throttled')"],
    ["select count(*) as n from cloudtrail group by errorcode having max(errorcode) = 'AccessDenied'"],
    [
      "select b.n from cloudtrail a, (select count(*) as n from cloudtrail) b where a.errorcode = 'AccessDenied'",
    ],
  ])('a condition that is not of all rows: %s', async (sql) => {
    const columns = /as d/.test(sql) ? ['d', 'n'] : ['n']
    const result = ofSql(sql, columns, [columns.map((name) => (name === 'd' ? 12 : 4015))])
    expect(await judged('4015 calls ended in AccessDenied.', result)).toMatchObject({ verdict: 'struck out' })
    const honest = ofSql(
      "select count(*) as n from cloudtrail where errorcode = 'AccessDenied'",
      ['n'],
      [[12]],
    )
    expect(await judged('12 calls ended in AccessDenied.', honest)).toMatchObject({ verdict: 'holds' })
  })

  it.each([
    ["select * from cloudtrail where eventname = 'DeleteBucket'", 'No one did anything wrong.'],
    ["select * from cloudtrail where eventname = 'DeleteBucket'", 'Nobody deleted a trail.'],
    ["select * from cloudtrail where eventname = 'DeleteBucket'", 'Nothing suspicious was found.'],
    ['select * from cloudtrail where false', 'No calls were denied.'],
  ])('nothing, where something else was asked: %s, %s', async (sql, text) => {
    expect(await judged(text, ofSql(sql, ['eventid'], []))).toMatchObject({ verdict: 'struck out' })
  })
})

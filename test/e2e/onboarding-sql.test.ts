import { describe, expect, test } from 'vitest'
import { type Place, visit, WarmPlace, YAML } from './place.ts'

describe('a change of a log type', () => {
  const GUESTS = `  - name: guests\n    type: long\n    doc: How many came along.\n    path: guests\n`

  async function changed(yaml: string): Promise<Place> {
    const place = new WarmPlace({ 'logs/a.json': visit({ who: 'a', seconds: 3, guests: 1 }) })
    expect(await place.run('ingest', 'logs')).toMatchObject({ code: 0 })
    place.write({ 'logtypes/visits/logtype.yaml': yaml, 'logs/b.json': visit({ who: 'b', guests: 2 }) })
    return place
  }

  test('adds a column at the end of a table that is there', async () => {
    const place = await changed(YAML + GUESTS)
    expect(await place.rows('select who, guests from visits')).toEqual([{ who: 'a', guests: null }])
    expect(await place.run('ingest', 'logs')).toMatchObject({ code: 0 })
    const found = await place.rows('select who, guests, seconds, unmapped from visits order by who')
    expect(found).toEqual([
      { who: 'a', guests: null, seconds: 3, unmapped: '{"kind":"visit","guests":1}' },
      { who: 'b', guests: 2, seconds: null, unmapped: '{"kind":"visit"}' },
    ])
    expect(await place.run('compact')).toMatchObject({ code: 0 })
    expect(await place.rows('select who, guests, seconds, unmapped from visits order by who')).toEqual(found)
    expect(await place.run('verify')).toMatchObject({ code: 0 })
  })

  test.each([
    [
      'type',
      YAML.replace('type: long', 'type: double'),
      'yaml:17: .*column seconds would change its type from long to double',
    ],
    [
      'name',
      YAML.replace('name: seconds', 'name: secs'),
      'yaml:1: .*column seconds would be dropped or renamed',
    ],
    [
      'id',
      YAML.replace('{hash: record}', 'who'),
      'yaml:1: .*the key of the table would change from \\(id, moment\\) to \\(who, moment\\)',
    ],
    [
      'time',
      YAML.replace('time: moment', 'time: later') +
        GUESTS.replace('guests', 'later').replace('long', 'timestamptz'),
      'yaml:1: .*the key of the table would change from \\(id, moment\\) to \\(id, later\\)',
    ],
  ])('is refused when it is another %s', async (_, yaml, message) => {
    const place = await changed(yaml)
    const { code, err } = await place.run('ingest', 'logs')
    expect(err).toMatch(new RegExp(`^error: logtypes/visits/logtype\\.${message}`))
    expect(code).toBe(2)
    place.write({ 'logtypes/visits/logtype.yaml': YAML })
    expect(await place.rows('select who from visits')).toEqual([{ who: 'a' }])
  })
})

describe("the user's SQL", () => {
  const DERIVED = `  - name: minutes\n    type: double\n    doc: How many minutes it took.\n`
  const withSql = (sql: string, logs: Record<string, string> = {}) =>
    new WarmPlace({
      'logtypes/visits/logtype.yaml': YAML + DERIVED,
      'logtypes/visits/flatten.sql': sql,
      ...logs,
    })
  const ALL = 'select *, seconds / 60 as minutes from record'

  test('makes columns that no field holds', async () => {
    const place = withSql(`-- Minutes.\n${ALL}; -- {{that}} is all\n;`, {
      'logs/a.json': visit({ seconds: 90 }),
    })
    expect(await place.run('ingest', 'logs')).toMatchObject({ code: 0, err: '' })
    expect(await place.rows('select minutes from visits')).toEqual([{ minutes: 1.5 }])
  })

  test('that cannot work is refused before anything is read', async () => {
    const place = withSql('select *,\n  secs as minutes\nfrom record', {
      'logs/a.json': visit({ seconds: 90 }),
    })
    for (const args of [
      ['ingest', 'logs'],
      ['logtypes', 'test', 'logtypes/visits'],
    ]) {
      const { code, err } = await place.run(...args)
      expect(err).toMatch(
        /^error: logtypes\/visits\/flatten\.sql:2: Binder Error: Referenced column "secs" not found/,
      )
      expect(code).toBe(2)
    }
    expect((await place.run('tables')).err).toMatch(/there is no lake/)
  })

  test.each([
    ['loses a record', `${ALL} where seconds is null`],
    [
      'makes two of one',
      `select * from (${ALL}), (values (1), (2)) as twice (n)`.replace('select *', 'select * exclude (n)'),
    ],
  ])('that %s commits nothing', async (_, sql) => {
    const place = withSql(sql, { 'logs/a.json': visit({ seconds: 90 }) })
    const { code, err } = await place.run('ingest', 'logs')
    expect(err).toMatch(
      /^error: logtypes\/visits\/flatten\.sql:1: it makes \d rows? of 1 record: one row for each is wanted\n$/,
    )
    expect(code).toBe(2)
    expect((await place.run('tables')).err).toMatch(/there is no lake/)
  })

  test('that fails at one record rejects that one', async () => {
    const logs = {
      'logs/a.jsonl': [visit({ seconds: 1 }), visit({ seconds: 2, who: 'x' }), visit({ seconds: 3 })].join(
        '\n',
      ),
    }
    for (const bad of [
      "coalesce(who, '9')::long",
      '9223372036854775800 + seconds * case when who is null then 0 else 99 end',
    ]) {
      const place = withSql(`select *, ${bad} as minutes from record`, logs)
      expect(await place.run('ingest', 'logs')).toMatchObject({ code: 0 })
      expect(await place.rows('select seconds from visits order by all')).toEqual([
        { seconds: 1 },
        { seconds: 3 },
      ])
      expect(await place.rows('select decode(bytes) like $$%"x"%$$ as itself from reject')).toEqual([
        { itself: true },
      ])
    }
  })

  test('cannot put a row under a day that is not its own, or under none', async () => {
    const logs = {
      'logs/a.jsonl': [visit({ seconds: 1 }), visit({ seconds: 2, at: 1767911000000 })].join('\n'),
    }
    const moved = withSql(ALL.replace('*', '* replace (moment + interval 40 days as moment)'), logs)
    expect(await moved.run('ingest', 'logs')).toMatchObject({ code: 0 })
    expect(
      await moved.rows(
        'select lake_day::varchar as day, moment::date::varchar as moment from visits order by all',
      ),
    ).toEqual([
      { day: '2026-02-16', moment: '2026-02-16' },
      { day: '2026-02-17', moment: '2026-02-17' },
    ])
    const none = withSql(
      ALL.replace('*', '* replace (case when seconds = 2 then moment end as moment)'),
      logs,
    )
    expect(await none.run('ingest', 'logs')).toMatchObject({ code: 0 })
    expect(await none.rows('select seconds from visits')).toEqual([{ seconds: 2 }])
    expect(await none.run('verify')).toMatchObject({ code: 0 })
  })
})

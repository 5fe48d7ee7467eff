import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { type Place, visit, WarmPlace, YAML } from './place.ts'
import { OBEYED } from './program.ts'

describe('a log type of the user', () => {
  test('is a table like ours, whichever thread reads it', async () => {
    const lines = Array.from({ length: 50 }, (_, at) =>
      visit({ who: `w${at % 3}`, seconds: at, at: 1767824203123 + at }),
    )
    const files = Object.fromEntries(lines.map((line, at) => [`logs/${at}.json.gz`, gzipSync(line)]))
    const place = new WarmPlace(files)
    expect(await place.run('ingest', 'logs', '--threads', '2', '--json')).toMatchObject({ code: 0, err: '' })
    expect(
      await place.rows('select count(*) as n, sum(seconds) as s, min(moment)::varchar as first from visits'),
    ).toEqual([{ n: 50, s: 1225, first: '2026-01-07 22:16:43.123+00' }])
    // A record that comes again, in another object, is no second row.
    place.write({ 'again/all.jsonl': lines.join('\n') })
    const again = JSON.parse((await place.run('ingest', 'again', '--json')).out) as { records: object }
    expect(again.records).toMatchObject({ read: 50, stored: 0, repeated: 50 })
    expect((await place.run('tables')).out).toMatch(/^visits\s+50 /m)
    expect((await place.run('describe', 'visits')).out).toMatch(/^seconds\s+bigint\s+How long it took\.$/m)
    expect((await place.run('objects', '--format', 'csv')).out).toContain(',visits,')
    expect((await place.run('logtypes')).out).toMatch(
      /^visits\s+logtypes\/visits\/logtype\.yaml\s+4\s+One row per visit\.$/m,
    )
    expect(await place.run('verify')).toMatchObject({ code: 0 })
    expect(await place.run('compact')).toMatchObject({ code: 0 })
    expect(await place.run('vacuum')).toMatchObject({ code: 0 })
    expect(await place.rows('select count(*) as n from visits')).toEqual([{ n: 50 }])
  })

  test('takes events of CloudWatch Logs before the log type for all of them, ours before it', async () => {
    const event = (message: string, id: string) => ({ id, timestamp: 1767824203123, message })
    const logEvents = [
      event(visit({ who: 'a' }), '1'),
      event('text', '2'),
      event(
        '{"eventVersion":"1.08","eventTime":"2026-01-07T22:16:43Z","eventID":"e","kind":"visit","at":1}',
        '3',
      ),
    ]
    const head = { messageType: 'DATA_MESSAGE', owner: '111122223333', logGroup: '/app', logStream: 's' }
    const place = new WarmPlace({ 'logs/a': JSON.stringify({ ...head, logEvents }) })
    await place.run('ingest', 'logs')
    expect(
      await place.rows(
        'select (select count(*) from visits) as v, (select count(*) from cloudwatch_log) as w, (select count(*) from cloudtrail) as c',
      ),
    ).toEqual([{ v: 1, w: 1, c: 1 }])
  })

  test('lets a lake be verified, compacted and vacuumed where nobody knows it', async () => {
    const place = new WarmPlace({ 'logs/a.json': visit({ who: 'a' }) })
    await place.run('ingest', 'logs')
    place.write({ 'other.yaml': '' })
    for (const command of ['verify', 'compact', 'vacuum'])
      expect(await place.run(command, '--config', 'other.yaml'), command).toMatchObject({ code: 0 })
    expect(await place.rows('select who from visits')).toEqual([{ who: 'a' }])
  })
})

describe('what is sensitive', () => {
  const DISCREET = `${YAML}sensitive:\n  - path: who\n    store: hash\n  - path: pin\n  - {path: deep.*.pin, store: mask}\n`
  const SECRETS = ['ana@example.com', '4711']
  const record = { who: 'ana@example.com', pin: 4711, deep: [{ pin: '4711', b: 1 }] }

  async function everything(place: Place): Promise<string> {
    const tables = await Promise.all(
      ['select * from visits', 'select *, decode(bytes) as text from reject', 'select * from ledger'].map(
        (sql) => place.rows(sql),
      ),
    )
    return JSON.stringify(tables)
  }

  test('is stored nowhere in the clear: no column, no leftover, no reject', async () => {
    const place = new WarmPlace({
      'logtypes/visits/logtype.yaml': DISCREET,
      // Stored; without a time; a field twice; no JSON; and cut off.
      'logs/a.jsonl': `${visit(record)}\n${visit({ ...record, at: 'soon' })}\n${visit(record).replace('}', ',"pin":4711}').replace('{', '{"pin":4711,')}\n{"pin":4711,\n`,
      'logs/b.jsonl': `${visit(record).slice(0, -3)}`,
    })
    place.write({
      'logtypes/visits/logtype.yaml': DISCREET.replace(
        '  values: {kind: visit}',
        '  values: {kind: visit}\n  key: logs/',
      ),
    })
    const { out } = await place.run('ingest', 'logs', '--json')
    expect(JSON.parse(out)).toMatchObject({ records: { stored: 1 } })
    const [row] = await place.rows('select who, unmapped from visits')
    expect(row?.who).toMatch(/^[0-9a-f]{64}$/)
    expect(row?.unmapped).toBe('{"kind":"visit","deep":[{"pin":"***","b":1}]}')
    const stored = await everything(place)
    for (const secret of SECRETS) expect(stored).not.toContain(secret)
    const rejects = await place.rows('select code, octet_length(bytes) > 0 as kept from reject order by all')
    expect(rejects).toContainEqual({ code: 'invalid-record', kept: true })
    expect(rejects).toContainEqual({ code: 'malformed-json', kept: false })
  })

  test('is not hashed without a secret, or with a short one', async () => {
    const place = new WarmPlace({ 'logtypes/visits/logtype.yaml': DISCREET, 'logs/a.json': visit(record) })
    for (const key of ['', 'short']) {
      place.key = key
      const { code, err } = await place.run('ingest', 'logs')
      expect(err).toMatch(
        /^error: logtypes\/visits\/logtype\.yaml stores hashes .* set LOGLAKE_HASH_KEY to a secret/,
      )
      expect(code).toBe(2)
    }
    expect(await place.run('describe', 'visits')).toMatchObject({ code: 0 })
  })
})

describe('a mistake', () => {
  test('in loglake.yaml: no such folder', async () => {
    const place = new WarmPlace({ 'loglake.yaml': 'lake: ./lake\nlogtypes: ./logtyps\n' })
    expect(await place.run('ingest', '.')).toMatchObject({
      code: 2,
      err: 'error: loglake.yaml:2: there is no folder logtyps\n',
    })
  })

  test('in a logtype.yaml is told by every command, with file and line', async () => {
    const place = new WarmPlace({ 'logtypes/visits/logtype.yaml': YAML.replace('type: long', 'type: int') })
    for (const args of [
      ['ingest', '.'],
      ['tables'],
      ['describe', 'visits'],
      ['logtypes'],
      ['logtypes', 'test', 'logtypes/visits'],
    ])
      expect((await place.run(...args)).err).toMatch(
        /^error: logtypes\/visits\/logtype\.yaml:18: columns\.3\.type: one of string, /,
      )
  })

  test('in a fixture is shown with its line, and what may obey the terminal is not obeyed', async () => {
    const hostile = '\u001b[31mred'
    const place = new WarmPlace({
      'logtypes/visits/fixtures/one.json': visit({ who: hostile, seconds: 3, '\u001bfield': 1 }),
      'logtypes/visits/fixtures/strange.json': '{"other":1}',
    })
    const missing = await place.run('logtypes', 'test', 'logtypes/visits')
    expect(missing.err).toContain(
      'logtypes/visits/fixtures/one.rows.json is missing: `--write` writes what came out',
    )
    expect((await place.run('logtypes', 'test', 'logtypes/visits', '--write')).code).toBe(0)
    expect((await place.run('logtypes', 'test', 'logtypes/visits')).code).toBe(0)
    place.write({
      'logtypes/visits/fixtures/one.rows.json': JSON.stringify(
        [{ id: 'x', moment: '2026-01-07T22:16:43.123Z', who: 'blue', seconds: 4 }],
        null,
        2,
      ),
    })
    const { code, out, err } = await place.run('logtypes', 'test', 'logtypes/visits')
    expect(code).toBe(2)
    expect(out).toMatch(/one\s+1 row, not as expected/)
    expect(err).toMatch(/one\.rows\.json:2: no such row came out: row id="x"/)
    expect(out + err).not.toMatch(OBEYED)
  })

  test('in the records of a fixture: another log type takes them', async () => {
    const record = {
      eventVersion: '1.08',
      eventTime: '2026-01-07T22:16:43Z',
      eventID: 'e',
      kind: 'visit',
      at: 1,
    }
    const place = new WarmPlace({ 'logtypes/visits/fixtures/one.json': JSON.stringify(record) })
    expect((await place.run('logtypes', 'test', 'logtypes/visits')).err).toMatch(
      /fixtures\/one: records of it went to cloudtrail/,
    )
  })
})

test('from a sample to the first question without writing a line', async () => {
  const place = new WarmPlace({
    'sample.jsonl': [1, 2].map((n) => visit({ visitId: `v-${n}`, at: 1767824203123 + n })).join('\n'),
  })
  const drafted = await place.run('logtypes', 'new', 'logtypes/guests', '--from', 'sample.jsonl')
  expect(drafted).toMatchObject({ code: 0, out: '' })
  expect((await place.run('logtypes', 'new', 'logtypes/guests', '--from', 'sample.jsonl')).err).toMatch(
    /is there already/,
  )
  expect(await place.run('logtypes', 'test', 'logtypes/guests', '--write')).toMatchObject({
    code: 0,
    err: '',
  })
  place.write({ 'logtypes/visits/logtype.yaml': YAML.replace('kind: visit', 'kind: other') })
  await place.run('ingest', 'sample.jsonl')
  expect(await place.rows('select visitid from guests order by all')).toEqual([
    { visitid: 'v-1' },
    { visitid: 'v-2' },
  ])
})

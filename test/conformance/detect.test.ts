import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DuckDBTimestampTZValue } from '@duckdb/node-api'
import {
  catchUp,
  detect,
  detectDefaults,
  folder,
  followersOf,
  followerTables,
  ingest,
  lakeTables,
  localStorage,
  logTables,
  openLake,
} from 'loglake'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appendRows } from '../../src/detect/append.ts'
import { finding, findingNote, ruleSwitch, suppression } from '../../src/detect/tables.ts'
import { followerViews } from '../../src/followers/index.ts'
import { ask } from '../../src/query/question.ts'

const limits = { threads: 1, memory: '256MiB' }
const SAMPLES = fileURLToPath(new URL('../../samples/logs', import.meta.url))

/** The first's pattern is a good one, and too large for DuckDB when it runs. */
const RULES = `title: A rule that cannot run
id: 11111111-0000-4000-8000-000000000001
level: high
logsource: { product: aws, service: cloudtrail }
detection:
  selection: { eventName|re: '\\pL{1000}' }
  condition: selection
---
title: A console that somebody signed in to
id: 11111111-0000-4000-8000-000000000002
level: low
logsource: { product: aws, service: cloudtrail }
detection:
  selection: { eventName: ConsoleLogin }
  condition: selection
`

describe('detection in the sample week', { timeout: 300_000 }, () => {
  const root = mkdtempSync(join(tmpdir(), 'loglake-detect-'))
  const lake = openLake(localStorage(join(root, 'lake')), [...lakeTables, ...followerTables])
  const settings = { ...detectDefaults, rules: join(root, 'rules'), alone: true }

  beforeAll(async () => {
    mkdirSync(settings.rules)
    writeFileSync(join(settings.rules, 'rules.yaml'), RULES)
    await ingest(lake, folder([SAMPLES]), limits)
    await catchUp(lake, detect({ tables: logTables, settings }), { limits })
  })
  afterAll(() => rmSync(root, { recursive: true }))

  async function rows(question: string): Promise<unknown[][]> {
    const answer = await ask(lake, question, { views: followerViews(), limits })
    try {
      const found: unknown[][] = []
      for await (const row of answer.rows()) found.push(row)
      return found
    } finally {
      answer.close()
    }
  }
  const one = async (question: string) => (await rows(question))[0]?.map(Number) ?? []

  it('leaves out a rule that cannot run, says so, and goes on with the others', async () => {
    expect(await rows('select rule, rows > 0 from rule_failure')).toEqual([
      ['11111111-0000-4000-8000-000000000001', true],
    ])
    const [logins] = await one(`select count(*) from cloudtrail where eventname = 'ConsoleLogin'`)
    const [found] = await one(
      `select count(*) from finding where rule = '11111111-0000-4000-8000-000000000002'`,
    )
    expect(logins).toBeGreaterThan(10)
    expect(found).toBe(logins)
    const standing = (await followersOf(await lake.newest())).find(({ name }) => name === 'detect')
    expect(standing?.behind.rows).toBe(0)
  })

  it('every finding names rows that are in the lake, and its rule with author, version and words', async () => {
    const [all, proven] = await one(`
      with proof as (
        select id, unnest(from_json(evidence, '[{"id": "VARCHAR", "time": "TIMESTAMPTZ"}]')) as row
        from finding where evidence_table = 'cloudtrail'
      )
      select count(*), count(eventid) from proof left join cloudtrail on eventid = row.id and eventtime = row.time`)
    expect(all).toBeGreaterThan(10)
    expect(proven).toBe(all)
    const [incomplete] = await one(`select count(*) from finding
      where rule_version is null or explanation is null or title is null or severity is null or group_id is null`)
    expect(incomplete).toBe(0)
  })

  it('a suppression hides and deletes nothing; one that has ended hides nothing', async () => {
    const [all] = await one('select count(*) from finding')
    const rule = '11111111-0000-4000-8000-000000000002'
    const row = { id: 's1', made_by: 'alice', rule, actor: '*', why: 'a test of ours' }
    const at = (ms: number) => new DuckDBTimestampTZValue(BigInt(ms) * 1000n)
    const ends = Date.parse('2026-01-07T00:00:00Z')
    await appendRows(lake, 'test', suppression, [{ ...row, made_at: at(ends), ends_at: at(ends) }])
    const [hidden, later] = await one(
      `select count_if(hidden), count_if(hidden and time >= '2026-01-07') from finding_state`,
    )
    expect(hidden).toBeGreaterThan(0)
    expect(later).toBe(0)
    expect(await one('select count(*) from finding')).toEqual([all])
    expect(await one('select sum(findings)::bigint, sum(hidden)::bigint from finding_group')).toEqual([
      all,
      hidden,
    ])
    await appendRows(lake, 'test', suppression, [{ ...row, made_at: at(ends + 1), ends_at: at(0) }])
    expect(await one('select count_if(hidden) from finding_state')).toEqual([0])
  })

  it('a state, a verdict and an assignee are rows of their own, and the newest counts', async () => {
    const [[id] = []] = await rows('select min(id) from finding')
    const note = { finding: String(id), made_by: 'alice' }
    const at = (n: number) => new DuckDBTimestampTZValue(BigInt(n) * 1_000_000n)
    await appendRows(lake, 'test', findingNote, [
      { ...note, made_at: at(1), state: 'taken', assignee: 'bob' },
      { ...note, made_at: at(2), verdict: 'benign', reason: 'planned' },
      { ...note, made_at: at(3), state: 'closed' },
    ])
    expect(
      await rows(`select state, verdict, assignee, reason from finding_state where id = '${String(id)}'`),
    ).toEqual([['closed', 'benign', 'bob', 'planned']])
    expect(await one(`select count(*) from finding_open where id = '${String(id)}'`)).toEqual([0])
  })

  it('what is reopened has no verdict and no old reason, and its history stays', async () => {
    const [[id] = []] = await rows('select max(id) from finding')
    const note = { finding: String(id), made_by: 'alice' }
    const at = (n: number) => new DuckDBTimestampTZValue(BigInt(n) * 1_000_000n)
    const now = async () =>
      (await rows(`select state, verdict, assignee, reason from finding_state where id = '${String(id)}'`))[0]
    const add = async (row: Record<string, string | ReturnType<typeof at>>) => {
      await appendRows(lake, 'test', findingNote, [{ ...note, ...row }])
      return await now()
    }
    expect(await now()).toEqual(['open', null, null, null])
    const benign = { verdict: 'benign', reason: 'planned', assignee: 'bob' }
    // A verdict closes, also of what was taken.
    expect(await add({ made_at: at(1), state: 'taken' })).toEqual(['taken', null, null, null])
    expect(await add({ made_at: at(2), ...benign })).toEqual(['closed', 'benign', 'bob', 'planned'])
    expect(await add({ made_at: at(3), state: 'open', reason: 'no such plan' })).toEqual([
      'open',
      null,
      'bob',
      'no such plan',
    ])
    expect(await one(`select count(*) from finding_open where id = '${String(id)}'`)).toEqual([1])
    expect(await add({ made_at: at(4), assignee: 'carol' })).toEqual(['open', null, 'carol', 'no such plan'])
    expect(await add({ made_at: at(5), state: 'taken' })).toEqual(['taken', null, 'carol', null])
    // Closed again by a note without a verdict: the old verdict is not this one's.
    expect(await add({ made_at: at(6), state: 'closed' })).toEqual(['closed', null, 'carol', null])
    expect(await add({ made_at: at(7), verdict: 'true', reason: 'it was' })).toEqual([
      'closed',
      'true',
      'carol',
      'it was',
    ])
    // Taken out of closed, which reopens it as well; and nobody's.
    expect(await add({ made_at: at(8), state: 'taken', assignee: '' })).toEqual(['taken', null, null, null])
    // A note that arrives late counts by its time.
    expect(
      await add({ made_at: new DuckDBTimestampTZValue(7_500_000n), verdict: 'false', reason: 'late' }),
    ).toEqual(['taken', null, null, null])
    const [notes, verdicts] = await one(
      `select count(*), count(verdict) from finding_note where finding = '${String(id)}'`,
    )
    expect([notes, verdicts]).toEqual([9, 3])
    // A suppression hides no finding that somebody closed, and hides it once it is open again.
    const covers = { id: 's2', made_by: 'alice', resource: '*', why: 'all' }
    const ends = at(Date.parse('2100-01-01T00:00:00Z') / 1000)
    await appendRows(lake, 'test', suppression, [{ ...covers, made_at: at(9), ends_at: ends }])
    const standing = () =>
      rows(`select state, hidden, hidden_by from finding_state where id = '${String(id)}'`)
    expect(await standing()).toEqual([['taken', true, 's2']])
    await add({ made_at: at(10), verdict: 'false', reason: 'a test' })
    expect(await standing()).toEqual([['closed', false, null]])
    const [all, waiting, hidden, closed] =
      await one(`select count(*), count_if(state <> 'closed' and not hidden),
      count_if(hidden), count_if(state = 'closed') from finding_state`)
    expect([waiting, Number(hidden) + Number(closed)]).toEqual([0, all])
    await add({ made_at: at(11), state: 'open' })
    expect(await standing()).toEqual([['open', true, 's2']])
    await appendRows(lake, 'test', suppression, [{ ...covers, made_at: at(12), ends_at: at(0) }])
    expect(await standing()).toEqual([['open', false, null]])
  })

  it('in the pattern of a suppression only * has a meaning', async () => {
    const names = ['a[1]', 'a1', 'a?', 'ab', '50%', '500', 'x_y', 'xzy', 'a!b', 'A1', 'a\\b', 'one\ntwo']
    const made = names.map((resource, at) => ({
      id: `named-${at}`,
      time: new DuckDBTimestampTZValue(1n),
      rule: 'named',
      severity: 'low',
      resource,
    }))
    await appendRows(lake, 'test', finding, made)
    const later = (n: number) => new DuckDBTimestampTZValue(BigInt(Date.now() + n) * 1000n)
    const hiddenBy = async (resource: string) => {
      const row = { id: 's3', made_by: 'alice', rule: 'named', resource, why: 'a test' }
      await appendRows(lake, 'test', suppression, [{ ...row, made_at: later(0), ends_at: later(100_000) }])
      const found = await rows(
        `select resource from finding_state where rule = 'named' and hidden order by resource`,
      )
      await appendRows(lake, 'test', suppression, [
        { ...row, made_at: later(1), ends_at: new DuckDBTimestampTZValue(0n) },
      ])
      return found.map(([name]) => name)
    }
    for (const name of names) expect(await hiddenBy(name)).toEqual([name])
    expect(await hiddenBy('a*')).toEqual(names.filter((name) => name.startsWith('a')).sort())
    expect(await hiddenBy('*e*w*')).toEqual(['one\ntwo'])
  })

  it('a rule that is switched off finds nothing any more, and what it found stays', async () => {
    const rule = '11111111-0000-4000-8000-000000000002'
    const before = await one('select count(*) from finding')
    await appendRows(lake, 'test', ruleSwitch, [
      { rule, made_at: new DuckDBTimestampTZValue(1n), made_by: 'alice', is_off: true, why: 'a test' },
    ])
    const off = { ...settings, alone: true }
    const other = openLake(localStorage(join(root, 'lake')), [...lakeTables, ...followerTables])
    await catchUp(other, detect({ tables: logTables, settings: off }), { limits, as: 'another' })
    expect(await one('select count(*) from finding')).toEqual(before)
    expect(finding.key).toEqual(['id', 'time'])
  })
})

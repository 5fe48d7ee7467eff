import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ALL_SAMPLES, type Ended, loglake } from './program.ts'
import { warm } from './warm.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'loglake-findings-')))
afterAll(() => rmSync(root, { recursive: true }))

/** Rules are read once in a process: where they change, each call has one of its own. */
let rulesChange = false
const call = (...args: string[]): Promise<Ended> => (rulesChange ? loglake : warm)(args, { cwd: root })

async function done(...args: string[]): Promise<string> {
  const { code, out, err } = await call(...args)
  expect(code, err).toBe(0)
  return out
}

async function rows(...args: string[]) {
  return JSON.parse(await done(...args, '--format', 'json')) as Record<string, unknown>[]
}

const RULE = `title: A bucket list
name: bucket_list
id: 22222222-0000-4000-8000-000000000001
level: low
logsource: { product: aws, service: cloudtrail }
detection:
  selection: { eventSource: s3.amazonaws.com, eventName: ListBuckets }
  condition: selection
tests:
  - finds: true
    events: [{ eventSource: s3.amazonaws.com, eventName: ListBuckets }]
  - finds: false
    events: [{ eventSource: s3.amazonaws.com, eventName: GetObject }]
`

describe('findings on the command line', { timeout: 240_000 }, () => {
  beforeAll(async () => {
    mkdirSync(join(root, 'rules'))
    writeFileSync(join(root, 'loglake.yaml'), 'lake: ./lake\ndetect: { rules: ./rules }\n')
    writeFileSync(join(root, 'bucket.yaml'), RULE)
    writeFileSync(join(root, 'broken.yaml'), RULE.replace('condition: selection', 'condition: nothing'))
    await done('ingest', ALL_SAMPLES)
  }, 240_000)

  it('are made once, and listed by what is asked for', async () => {
    expect(await done('detect')).toMatch(/rows looked at, \d+ new findings: .*high/)
    expect(await done('detect')).toContain('0 rows looked at, 0 new findings')
    expect(await done('detect', '--since', '2026-01-01')).toContain(', 0 new findings')
    const all = await rows('findings', '--limit', '0')
    const high = await rows('findings', '--severity', 'high')
    expect(high.length).toBeGreaterThan(0)
    expect(high.length).toBeLessThan(all.length)
    const some = await rows('findings', '--rule', 'bedrock_enumeration_then_invocation')
    expect(some).toHaveLength(1)
    expect((await rows('findings', '--group')).length).toBeLessThan(all.length)
    const about = all.find(({ resource }) => String(resource ?? '').length > 4)
    const part = String(about?.resource).slice(1, -1).toUpperCase()
    const same = all.filter(({ resource }) =>
      String(resource ?? '')
        .toUpperCase()
        .includes(part),
    )
    expect(await rows('findings', '--resource', part, '--limit', '0')).toEqual(same)
    // Filters count for groups, too.
    const groups = (found: Record<string, unknown>[]) => new Set(found.map(({ group_id }) => group_id))
    const grouped = await rows('findings', '--group', '--resource', part, '--limit', '0')
    expect(groups(grouped)).toEqual(groups(same))
    expect(grouped.length).toBeLessThan((await rows('findings', '--group', '--limit', '0')).length)
    expect(await rows('findings', '--resource', '%')).toEqual([])
  })

  it('show the rows that prove them', async () => {
    const [found] = await rows('findings', '--rule', 'bedrock_enumeration_then_invocation')
    const shown = await done('findings', '--show', String(found?.id).slice(0, 8))
    expect(shown).toContain('T1078.004 (Valid Accounts: Cloud Accounts)')
    expect(shown).toContain('by loglake (Apache-2.0)')
    expect(shown).toContain('ListFoundationModels')
    const none = await call('findings', '--show', 'zzz')
    expect([none.code, none.err]).toEqual([2, expect.stringContaining('no finding has the id zzz')])
  })

  it('are decided on, hidden and counted', async () => {
    const [found] = await rows('findings', '--severity', 'high')
    const id = String(found?.id)
    const refused = await call('findings', 'set', id, '--verdict', 'false')
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('needs a reason')])
    await done('findings', 'set', id, '--verdict', 'benign', '--reason', 'planned', '--by', 'alice')
    expect(await rows('findings', '--state', 'closed')).toMatchObject([{ id, verdict: 'benign' }])
    expect(await rows('findings', '--verdict', 'benign')).toMatchObject([{ id }])
    expect(await rows('findings', '--verdict', 'true')).toEqual([])
    const wrong = await call('findings', '--verdict', 'maybe')
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('benign')])
    const [other] = await rows('findings', '--severity', 'high', '--state', 'open')
    await done('findings', 'set', String(other?.id), '--assignee', 'Bob', '--state', 'taken')
    expect(await rows('findings', '--assignee', 'bob')).toMatchObject([{ id: other?.id, state: 'taken' }])
    expect(await rows('findings', '--assignee', 'bob', '--verdict', 'benign')).toEqual([])
    expect(await rows('findings', '--group', '--assignee', 'bob')).toMatchObject([
      { group_id: other?.group_id },
    ])
    const before = await rows('findings', '--limit', '0')
    const told = await done('findings', 'suppress', '--actor', '*', '--ends', '36500d', '--why', 'test')
    expect(told).toMatch(/hides [1-9]\d* findings/)
    // What somebody closed is not hidden: it is decided.
    expect(await rows('findings')).toMatchObject([{ id, state: 'closed' }])
    expect((await call('findings', '--state', 'taken')).err).toMatch(
      /none, [1-9]\d* hidden by suppressions: --hidden shows (?:it|them)/,
    )
    const late = await call('findings', 'suppress', '--actor', 'x', '--ends', '2020-01-01', '--why', 'test')
    expect([late.code, late.err]).toEqual([2, expect.stringContaining('is over already')])
    expect(await rows('findings', '--hidden', '--limit', '0')).toHaveLength(before.length)
    expect(await done('status', '--offline')).toMatch(/, [1-9]\d* hidden by suppressions/)
    const [one] = await rows('findings', 'suppressions')
    await done('findings', 'suppress', '--actor', '*', '--ends', '36500d', '--why', 'the same again')
    const { hides } = one as { hides: unknown }
    // Each says all that it hides; together they hide each finding once.
    expect(await rows('findings', 'suppressions')).toMatchObject(
      [1, 2].map(() => ({ hides, alone: 0, hidden_in_all: hides })),
    )
    expect(await done('findings', 'suppressions')).toContain(`together they hide ${hides} findings`)
    const [again] = await rows('findings', 'suppressions')
    expect(await done('findings', 'unsuppress', String(again?.id))).toContain(
      `0 findings shown again, ${hides} stay hidden by others`,
    )
    expect(await done('findings', 'unsuppress', String(one?.id))).toContain(`${hides} findings shown again`)
    expect((await rows('findings', '--limit', '0')).length).toBe(before.length)
    // Reopened: no verdict and no reason holds, and whoever takes it is its assignee.
    const closing = await call('findings', 'set', id, '--state', 'closed')
    expect([closing.code, closing.err]).toEqual([2, expect.stringContaining('closing needs a verdict')])
    const both = ['--state', 'open', '--verdict', 'true', '--reason', 'x']
    expect((await call('findings', 'set', id, ...both)).err).toContain('a verdict closes a finding')
    await done('findings', 'set', id, '--state', 'taken', '--by', 'carol')
    expect(await rows('findings', '--assignee', 'carol')).toMatchObject([
      { id, state: 'taken', verdict: null },
    ])
    expect(await done('findings', '--show', id)).not.toMatch(/planned|benign/)
  })

  it('come of rules that run: those that are refused are named', async () => {
    rulesChange = true
    const refused = join(root, 'rules', 'refused.yaml')
    writeFileSync(refused, RULE.replace('condition: selection', 'condition: nothing'))
    for (const args of [['detect'], ['rules', 'list']])
      expect((await call(...args)).err).toMatch(/a rule does not run: rules\/refused\.yaml:\d+: /)
    expect(await done('status', '--offline')).toContain('1 rule of detect.rules cannot run as written')
    rmSync(refused)
  })

  it('come of rules that are checked, tested, tried, added, run over old rows and switched off', async () => {
    const broken = await call('rules', 'lint', 'broken.yaml')
    expect([broken.code, broken.out]).toEqual([1, expect.stringMatching(/broken\.yaml:\d+: refused/)])
    const untested = await call('rules', 'test', 'broken.yaml')
    expect([untested.code, untested.out]).toEqual([1, expect.stringMatching(/broken\.yaml:\d+: refused/)])
    expect(await done('rules', 'lint', 'bucket.yaml')).toContain('1 rule can run')
    expect(await done('rules', 'test', 'bucket.yaml')).toContain('2 tests, 0 failed')
    const tried = JSON.parse(await done('rules', 'backtest', 'bucket.yaml', '--json')) as {
      rules: { would_find: number; found: number; new: number }[]
    }
    expect(tried.rules[0]?.would_find).toBeGreaterThan(0)
    expect(tried.rules[0]).toMatchObject({ found: 0, new: tried.rules[0]?.would_find })
    await done('rules', 'add', 'bucket.yaml')
    writeFileSync(join(root, 'same.yaml'), RULE)
    const same = await call('rules', 'add', 'same.yaml')
    expect([same.code, same.err]).toEqual([
      2,
      expect.stringMatching(/the id 22222222\S+ is that of .*bucket\.yaml/),
    ])
    await done('detect', '--rule', 'bucket_list')
    const found = await rows('findings', '--rule', 'bucket_list', '--limit', '0')
    expect(found).toHaveLength(tried.rules[0]?.would_find ?? 0)
    // A wider rule finds these once more, and others.
    writeFileSync(join(root, 'wider.yaml'), RULE.replace('ListBuckets', '[ListBuckets, GetObject]'))
    const wider = JSON.parse(await done('rules', 'backtest', 'wider.yaml', '--json')) as typeof tried
    expect(wider.rules[0]?.new).toBe((wider.rules[0]?.would_find ?? 0) - found.length)
    // What is probably a mistake is said before the rule is tried, and when it is added.
    const near = /eventNme: cloudtrail has no such field.*did you mean "eventName"/
    const spelled = RULE.replace('eventName: ListBuckets }\n  cond', 'eventNme: ListBuckets }\n  cond')
    writeFileSync(
      join(root, 'spelled.yaml'),
      spelled.replaceAll(/bucket_list|2{8}/g, (was) => was.replace(/.$/, '3')),
    )
    const advised = await call('rules', 'backtest', join(root, 'spelled.yaml'), '--json')
    expect(advised.err).toMatch(near)
    expect(JSON.parse(advised.out)).toMatchObject({ rules: [{ would_find: 0 }] })
    expect(await done('rules', 'add', 'spelled.yaml')).toMatch(near)
    rmSync(join(root, 'rules', 'spelled.yaml'))
    await done('rules', 'disable', 'bucket_list', '--why', 'a test', '--by', 'alice')
    expect(await done('rules', 'show', 'bucket_list')).toMatch(/\non +no: a test \(alice\)/)
    const listed = await rows('rules', 'list')
    expect(listed.find(({ name }) => name === 'bucket_list')).toMatchObject({
      on: false,
      findings: found.length,
    })
    // A rule that is only counted reports nothing by itself, also while the correlation over it is off.
    const off = await done('rules', 'disable', 'account_explored', '--why', 'a test')
    expect(off).toContain('Its rules report nothing by themselves, on or off: call_refused')
    expect((await call('rules', 'list')).err).toContain(
      '1 rule under correlations that are off, which report nothing by themselves: call_refused',
    )
    expect(await done('rules', 'show', 'call_refused')).toMatch(
      /serves +An account is explored \(off\), and rep/,
    )
    expect((await call('detect', '--rule', 'call_refused')).err).toContain('reports nothing by itself')
    await done('rules', 'enable', 'account_explored')
    expect((await call('rules', 'list')).err).not.toContain('off')
    rmSync(join(root, 'rules', 'bucket.yaml'))
    const id = '22222222-0000-4000-8000-000000000001'
    expect(await rows('findings', '--rule', id, '--limit', '0')).toHaveLength(found.length)
    expect((await call('findings', '--rule', '22222222-0000-4000-8000-000000000002')).code).toBe(2)
    expect(listed.filter(({ licence }) => licence === 'DRL-1.1').length).toBe(57)
  })
})

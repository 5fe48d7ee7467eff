import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ALL_SAMPLES, type Ended, loglake } from './program.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'loglake-findings-')))
afterAll(() => rmSync(root, { recursive: true }))

const call = (...args: string[]): Promise<Ended> => loglake(args, { cwd: root })

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
    const before = await rows('findings', '--limit', '0')
    const told = await done('findings', 'suppress', '--actor', '*', '--ends', '36500d', '--why', 'test')
    expect(told).toMatch(/hides [1-9]\d* findings/)
    expect((await rows('findings')).length).toBe(0)
    expect(await rows('findings', '--hidden', '--limit', '0')).toHaveLength(before.length)
    expect(await done('status', '--offline')).toMatch(/, [1-9]\d* hidden by suppressions/)
    const [one] = await rows('findings', 'suppressions')
    await done('findings', 'unsuppress', String(one?.id))
    expect((await rows('findings', '--limit', '0')).length).toBe(before.length)
  })

  it('come of rules that are checked, tested, tried, added, run over old rows and switched off', async () => {
    const broken = await call('rules', 'lint', 'broken.yaml')
    expect([broken.code, broken.out]).toEqual([1, expect.stringMatching(/broken\.yaml:\d+: refused/)])
    expect(await done('rules', 'lint', 'bucket.yaml')).toContain('1 rule can run')
    expect(await done('rules', 'test', 'bucket.yaml')).toContain('2 tests, 0 failed')
    const tried = JSON.parse(await done('rules', 'backtest', 'bucket.yaml', '--json')) as {
      rules: { would_find: number; found: number }[]
    }
    expect(tried.rules[0]?.would_find).toBeGreaterThan(0)
    expect(tried.rules[0]?.found).toBe(0)
    await done('rules', 'add', 'bucket.yaml')
    await done('detect', '--rule', 'bucket_list')
    const found = await rows('findings', '--rule', 'bucket_list', '--limit', '0')
    expect(found).toHaveLength(tried.rules[0]?.would_find ?? 0)
    await done('rules', 'disable', 'bucket_list', '--why', 'a test')
    expect(await done('rules', 'show', 'bucket_list')).toMatch(/\non +no/)
    const listed = await rows('rules', 'list')
    expect(listed.find(({ name }) => name === 'bucket_list')).toMatchObject({
      on: false,
      findings: found.length,
    })
    expect(listed.filter(({ licence }) => licence === 'DRL-1.1').length).toBe(57)
  })
})

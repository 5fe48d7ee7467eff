import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { ALL_SAMPLES, freshFolder } from './program.ts'
import { warm } from './warm.ts'

const folder = freshFolder()
const lake = join(folder, 'lake')
const ask = (...args: string[]) => warm([...args, '--lake', lake], { cwd: folder })

beforeAll(async () => {
  await warm(['ingest', ALL_SAMPLES, '--lake', lake])
  await ask('follow', '--once')
}, 60_000)

describe('what cannot be meant is refused, and nothing is written', () => {
  it.each([
    [['hold', 'add', '--from', 'yesterday'], /A day is wanted/],
    [['hold', 'add', '--until', '2026-02-31'], /A day is wanted/],
    [['hold', 'add', '--from', '2026-02-02', '--until', '2026-02-01'], /no day is from/],
    [['hold', 'add', '--person', 'ana', '--from', '2026-01-01'], /--from and --until go with none of these/],
    [['hold', 'add', '--person', ' '], /A text is wanted/],
    [['erase', '--key', ''], /A text is wanted/],
    [['erase', '--object', 's3://a/b', '--mentions'], /--mentions is for/],
    [['retention', '--table', 'ledger', '--days', '3', '--yes'], /tells of the lake itself/],
  ])('%j', async (args, said) => {
    const { code, err } = await ask(...args, '--reason', 'r')
    expect(code).not.toBe(0)
    expect(err).toMatch(said)
  })

  it('no hold', async () => {
    expect((await ask('hold', 'list')).out).toBe('no hold is on\n')
  })

  it('no reason', async () => {
    expect((await ask('erase', '--key', 'x', '--reason', '')).err).toMatch(/A text is wanted/)
  })
})

it('more days than there are remove nothing', async () => {
  const { code, out } = await ask('retention', '--table', 'cloudtrail', '--days', '999999999999')
  expect({ code, out }).toEqual({ code: 0, out: 'nothing to remove\n' })
})

it('no table has a person any more once they are erased, and the output of their sessions is gone', async () => {
  const told = JSON.parse(
    (await ask('erase', '--person', 'Goran@example.com', '--reason', 'r', '--json')).out,
  ) as { tables: Record<string, number>; rows: number; mentioned: object }
  expect(Object.keys(told.tables).sort()).toEqual([
    'activity_10min',
    'cloudtrail',
    'finding',
    'session_log',
    'session_summary',
  ])
  await ask('erase', '--person', 'Goran@example.com', '--reason', 'r', '--yes')
  await ask('vacuum', '--keep', '0', '--grace', '0')
  const again = await ask('erase', '--person', 'goran@example.com', '--reason', 'r', '--json')
  expect(JSON.parse(again.out)).toMatchObject({ rows: 0, mentioned: {} })
  for (const table of Object.keys(told.tables)) {
    const question = `select count(*) as n from ${table} as row where contains(lower(row::varchar), 'goran@example.com')`
    expect((await ask('query', question, '--format', 'ndjson')).out.trim()).toBe('{"n":0}')
  }
  // Whose role session has another name. That somebody else ended it is theirs, and stays.
  const output = "select count(*) as n from session_log where f_sessionid = 'lrrbb6mya5h4kqzsi6bubwb4y3'"
  expect((await ask('query', output, '--format', 'ndjson')).out.trim()).toBe('{"n":0}')
  expect((await ask('verify')).code).toBe(0)
}, 60_000)

it('an earlier bundle of evidence is not written over', async () => {
  const args = ['evidence', 'export', '--question', 'select 1 as one']
  expect((await ask(...args)).code).toBe(0)
  const file = join(folder, 'answer.loglake-evidence.zip')
  const before = readFileSync(file)
  const { code, err } = await ask('evidence', 'export', '--question', 'select 2 as two')
  expect(code).not.toBe(0)
  expect(err).toMatch(/is there already/)
  expect(readFileSync(file)).toEqual(before)
  expect((await warm(['evidence', 'verify', file])).out).toContain('The answer to a question: no decision.')
}, 30_000)

it('who finds a name is told where the rest is', async () => {
  expect((await ask('find', 'jonas@example.com')).err).toContain('queries by-person')
  expect((await ask('find', '192.0.2.200')).err).not.toContain('queries by-person')
})

it('a bundle has the log objects on request, but none that rows were erased of', async () => {
  const question = "select distinct lake_object from cloudtrail where eventname = 'ConsoleLogin' order by all"
  const file = join(folder, 'objects.zip')
  const args = ['evidence', 'export', '--question', question, '--output', file]
  expect((await ask(...args)).code).toBe(0)
  expect(readFileSync(file).toString('latin1')).not.toMatch(/objects\/[0-9a-f]{64}/)
  expect((await ask(...args, '--objects')).code).toBe(0)
  const whole = readFileSync(file).toString('latin1')
  const inside = new Set(whole.match(/objects\/[0-9a-f]{64}/g))
  expect(inside.size).toBeGreaterThan(0)
  expect(whole).toContain('"reason": "rows of it were erased"')
  expect((await warm(['evidence', 'verify', file])).code).toBe(0)
  const refused = await ask(...args, '--objects', '--as', 'manager:ana@example.com')
  expect(refused.code).not.toBe(0)
  expect(refused.err).toMatch(/may not do this/)
}, 60_000)

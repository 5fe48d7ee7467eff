import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { freshFolder, loglake, PROGRAM, run, SAMPLES } from './program.ts'
import { warm } from './warm.ts'

const folder = freshFolder()
const lake = join(folder, 'lake')
const at = ['--lake', lake]
const query = (sql: string, ...args: string[]) => warm(['query', sql, ...at, ...args])

beforeAll(async () => {
  expect((await warm(['ingest', SAMPLES, ...at])).code).toBe(0)
})

describe('an answer', () => {
  const sql =
    "select eventname, count(*) as calls from cloudtrail where eventsource = 'ssm.amazonaws.com' group by all order by calls desc limit 2"

  it.each([
    [
      'table',
      'eventname                    calls\n───────────────────────────  ─────\nUpdateInstanceInformation      135\nDescribeInstanceInformation     65\n2 rows\n',
    ],
    [
      'json',
      '[\n{"eventname":"UpdateInstanceInformation","calls":135},\n{"eventname":"DescribeInstanceInformation","calls":65}\n]\n',
    ],
    [
      'ndjson',
      '{"eventname":"UpdateInstanceInformation","calls":135}\n{"eventname":"DescribeInstanceInformation","calls":65}\n',
    ],
    ['csv', 'eventname,calls\r\nUpdateInstanceInformation,135\r\nDescribeInstanceInformation,65\r\n'],
    [
      'markdown',
      '| eventname | calls |\n| --- | --- |\n| UpdateInstanceInformation | 135 |\n| DescribeInstanceInformation | 65 |\n',
    ],
  ])('as %s', async (format, text) => {
    expect(await query(sql, '--format', format)).toEqual({ code: 0, out: text, err: '' })
  })

  it('comes to questions from an argument, a file and standard input', async () => {
    writeFileSync(join(folder, 'question.sql'), '-- how many\nselect 42 as n;\n')
    const csv = ['--format', 'csv', ...at]
    const wanted = { code: 0, out: 'n\r\n42\r\n', err: '' }
    expect(await warm(['query', '-- how many\nselect 42 as n', ...csv])).toEqual(wanted)
    expect(await warm(['query', '--file', join(folder, 'question.sql'), ...csv])).toEqual(wanted)
    expect(await warm(['query', ...csv], { input: 'select 42 as n' })).toEqual(wanted)
    expect(await warm(['query', '-', ...csv], { input: 'select 42 as n' })).toEqual(wanted)
    expect((await warm(['query', ...csv], { input: ' \n' })).code).toBe(2)
    expect((await warm(['query', 'select 1', '--file', 'x.sql', ...csv])).code).toBe(2)
    expect((await warm(['query', '--file', '/nowhere.sql', ...csv])).code).toBe(2)
  })

  it('is of the version that was asked for', async () => {
    const grown = join(freshFolder(), 'lake')
    for (const day of ['us-east-1/2026/01/07/', 'us-east-1/2026/01/08/'])
      await warm(['ingest', SAMPLES, '--include', day, '--lake', grown])
    const count = async (...args: string[]) =>
      Number(
        (
          await warm([
            'query',
            'select count(*) from cloudtrail',
            '--format',
            'csv',
            '--lake',
            grown,
            ...args,
          ])
        ).out.split('\r\n')[1],
      )
    expect(await count('--at', '1')).toBeLessThan(await count('--at', '2'))
    expect(await count('--at', '2')).toBe(await count())
    expect((await warm(['query', 'select 1', '--at', '3', '--lake', grown])).err).toMatch(/the newest is 2/)
    expect((await warm(['query', 'select 1', '--at', '0', '--lake', grown])).code).toBe(2)
  })

  it('may be read only in part', async () => {
    for (const format of ['csv', 'ndjson', 'json', 'markdown']) {
      const command = `"${process.execPath}" "${PROGRAM}" query 'from cloudtrail, range(50)' --format ${format} --lake "${lake}" | head -1; echo "\${PIPESTATUS[0]}"`
      const { out, err } = await run('bash', ['-c', command])
      expect({ err, code: out.trimEnd().split('\n').at(-1) }).toEqual({ err: '', code: '0' })
    }
  })
})

describe('a question is refused', () => {
  it.each([
    ['COPY', `copy (select 1) to '${lake}/evil.csv'`],
    ['COPY into a table of the lake', `copy (select 1) to '${lake}/tables/cloudtrail/data/evil.parquet'`],
    ['SET', 'set memory_limit = 1'],
    ['two statements', 'select 1; drop table ledger'],
    ['read_csv', "select * from read_csv('/etc/passwd', header = false)"],
    ['read_text', "select * from read_text('/etc/passwd')"],
    ['a way out of the lake', `select * from read_text('${lake}/../../../../../../../../etc/passwd')`],
    ['getenv', "select getenv('HOME')"],
    ['ATTACH', `attach '${lake}/evil.db'`],
    ['INSTALL', 'install httpfs'],
    ['a column that there is not', 'select nosuch from cloudtrail'],
    ['a value of another kind', 'select eventname::integer from cloudtrail'],
  ])('%s', async (_, sql) => {
    const { code, out, err } = await query(sql)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(/^error: /)
    expect(err).not.toMatch(/root:|should not happen/)
    expect(readdirSync(lake).filter((name) => name.startsWith('evil'))).toEqual([])
    expect(existsSync(join(lake, 'tables/cloudtrail/data/evil.parquet'))).toBe(false)
  })
})

it('is the fault of the lake when a file is damaged', async () => {
  const place = join(freshFolder(), 'lake')
  await warm(['ingest', SAMPLES, '--include', '*Insight*', '--lake', place])
  const data = join(place, 'tables/cloudtrail/data')
  const [day = ''] = readdirSync(data)
  const name = readdirSync(join(data, day)).find((file) => file.endsWith('.parquet')) ?? ''
  writeFileSync(join(data, day, name), 'no Parquet')
  const { code, err } = await warm(['query', 'select eventname from cloudtrail', '--lake', place])
  expect(code).toBe(1)
  expect(err).toMatch(new RegExp(`file: .*${name}\\n {2}way out: restore`))
})

it('keeps to the memory it is given, and spills', async () => {
  const config = join(folder, 'small.yaml')
  writeFileSync(config, 'query:\n  memory: 100MiB\n  threads: 1\n  format: csv\n')
  const sql =
    "select x from (select hash(a)::varchar || repeat('x', 30) as x from range(4000000) t(a)) order by x limit 2 offset 3999998"
  const { code, out } = await loglake(['query', sql, ...at, '--config', config])
  expect({ code, lines: out.split('\r\n').length }).toEqual({ code: 0, lines: 4 })
})

it('does not wait for a step of DuckDB that no interrupt reaches', async () => {
  const config = join(folder, 'hurried.yaml')
  writeFileSync(config, 'query:\n  seconds: 1\n')
  const step = "select levenshtein(repeat('a', 10000), repeat('b', 10000) || i) from range(2000) as t(i)"
  const { code, err } = await loglake(['query', step, ...at, '--config', config])
  // Ended by a signal: else Node would have waited for the quarter of an hour that the step takes.
  expect([code, err]).toEqual([null, expect.stringMatching(/^error: the question took more than 1 s/)])
})

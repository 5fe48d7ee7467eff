import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { freshFolder, loglake, PROGRAM, run, SAMPLES } from './program.ts'

const root = freshFolder()
const lake = join(root, 'lake')

beforeAll(async () => {
  expect((await loglake(['ingest', SAMPLES, '--lake', lake])).code).toBe(0)
}, 60_000)

describe.skipIf(!existsSync('/dev/full'))('an answer that finds no space', () => {
  it.each([
    ['small', 'query "select 1"'],
    ['large', 'query "select range from range(300000)" --format csv'],
    ['a list', 'objects'],
    ['help', '--help'],
  ])('is an error with a way out: %s', async (_, command) => {
    const { code, err } = await run('sh', [
      '-c',
      `"$0" "$1" ${command} --lake "$2" > /dev/full`,
      process.execPath,
      PROGRAM,
      lake,
    ])
    expect(code).toBe(1)
    expect(err).toMatch(/^error: no space left for the answer\n {2}file: standard output\n {2}way out: .+\n$/)
  })

  it('says nothing and ends where errors find none either', () => {
    const { status } = spawnSync(
      'sh',
      [
        '-c',
        '"$0" "$1" query "select 1" --lake "$2" > /dev/full 2> /dev/full',
        process.execPath,
        PROGRAM,
        lake,
      ],
      { timeout: 60_000 },
    )
    expect(status).toBe(1)
  })
})

it('an answer that is not read to its end is no error', async () => {
  const { code, out, err } = await run('sh', [
    '-c',
    '{ "$0" "$1" query "select range from range(300000)" --format csv --lake "$2"; echo "code $?" >&2; } | head -1',
    process.execPath,
    PROGRAM,
    lake,
  ])
  expect([code, out, err]).toEqual([0, 'range\r\n', 'code 0\n'])
})

it('a tab in an error is white space', async () => {
  const { err } = await loglake(['query', 'select\t1,\n\tnowhere from cloudtrail', '--lake', lake])
  expect(err).toContain('nowhere')
  expect(err).not.toContain('\\t')
})

it('too little memory is said as that, and no file is called damaged', async () => {
  const { code, err } = await loglake(['ingest', SAMPLES, '--memory', '1MiB', '--lake', join(root, 'other')])
  expect(code).toBe(1)
  expect(err).toMatch(/memory/)
  expect(err).not.toMatch(/damaged|cannot be read|should not happen/)
})

describe('stop', () => {
  it('refuses a name that neither configuration nor lake has, with the nearest', async () => {
    writeFileSync(
      join(root, 'loglake.yaml'),
      'lake: ./lake\nsources: {trail: {type: folder, paths: [./in]}}\n',
    )
    const { code, err } = await loglake(['stop', 'trial'], { cwd: root })
    expect(code).toBe(2)
    expect(err).toContain('neither loglake.yaml nor the lake has a source trial: did you mean "trail"?')
    expect((await loglake(['stop'], { cwd: root })).err).toBe('no source is stopped\n')
    expect((await loglake(['stop', 'trial', '--force'], { cwd: root })).code).toBe(0)
  })

  it('takes a name of either, and says since when and by when', async () => {
    for (const name of ['trail', 'folder']) {
      const { code, out } = await loglake(['stop', name], { cwd: root })
      expect(code).toBe(0)
      expect(out).toMatch(
        new RegExp(`^${name} is stopped since \\S+Z, which all that runs has seen by \\S+Z; `),
      )
      expect((await loglake(['stop', name], { cwd: root })).err).toMatch(/is stopped already/)
    }
  })
})

describe('a folder that is not read as a whole', () => {
  it('says what is linked and what it passes over', async () => {
    const place = freshFolder()
    mkdirSync(join(place, 'elsewhere'))
    mkdirSync(join(place, 'in'))
    writeFileSync(join(place, 'elsewhere/a.json'), EVENT)
    symlinkSync('../elsewhere', join(place, 'in/AWSLogs'))
    symlinkSync('nowhere', join(place, 'in/broken'))
    spawnSync('mkfifo', [join(place, 'in/pipe')])
    const at = ['--lake', join(place, 'lake')]
    const first = await loglake(['ingest', join(place, 'in'), ...at])
    expect(first.out).toMatch(/1 stored(.|\n)*1 × {2}links that lead to nothing\n {2}1 × {2}pipes/)
    const again = await loglake(['ingest', join(place, 'in'), '--json', ...at])
    expect(JSON.parse(again.out)).toMatchObject({
      objects: { listed: 1, already: 1 },
      sourceCounts: { pipes: 1, 'links that lead to nothing': 1 },
    })
  })

  it('reads what it may, and fails for the folder that it may not list', async () => {
    const place = freshFolder()
    chmodSync(place, 0o777)
    mkdirSync(join(place, 'in/closed'), { recursive: true })
    writeFileSync(join(place, 'in/a.json'), EVENT)
    chmodSync(join(place, 'in/closed'), 0)
    const { out, code } = await asSomebody(['ingest', join(place, 'in'), '--lake', join(place, 'lake')])
    expect(out).toMatch(/1 stored, 1 not readable/)
    expect(out).toMatch(/denied {2}.*in\/closed\n {4}not allowed to read/)
    expect(code).toBe(1)
  })
})

/** Root may list every folder: as nobody, where we are root. */
async function asSomebody(args: string[]) {
  if (process.getuid?.() !== 0) return await loglake(args)
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], {
    uid: 65534,
    gid: 65534,
    cwd: '/',
    encoding: 'utf8',
  })
  return { code: status, out: stdout, err: stderr }
}

const EVENT = JSON.stringify({
  Records: [
    {
      eventVersion: '1.11',
      userIdentity: { type: 'IAMUser', userName: 'alice', accountId: '111122223333' },
      eventTime: '2026-01-07T22:16:43Z',
      eventSource: 's3.amazonaws.com',
      eventName: 'ListBuckets',
      awsRegion: 'us-east-1',
      eventID: '5ab1f30c-77a0-4b9c-9a55-f7e0a1a6a101',
      eventType: 'AwsApiCall',
      recipientAccountId: '111122223333',
    },
  ],
})

describe('a number of rows', () => {
  it.each([
    ['1', 'there are more rows than this one: --limit 0 gives all\n'],
    ['2', 'there are more rows than these 2: --limit 0 gives all\n'],
    ['4015', ''],
    ['0', ''],
  ])('--limit %s says whether there are more', async (limit, err) => {
    const asked = [
      'query',
      'select eventid from cloudtrail',
      '--format',
      'csv',
      '--limit',
      limit,
      '--lake',
      lake,
    ]
    const ended = await loglake(asked)
    expect({ rows: ended.out.trim().split('\r\n').length - 1, err: ended.err, code: ended.code }).toEqual({
      rows: Number(limit) || 4015,
      err,
      code: 0,
    })
  })

  it('is no option of Parquet', async () => {
    const { code, err } = await loglake([
      'query',
      'select 1',
      '--limit',
      '1',
      '--output',
      join(root, 'a.parquet'),
      '--lake',
      lake,
    ])
    expect([code, err]).toEqual([2, 'error: --limit does not cut Parquet: put `limit` into the SQL\n'])
  })
})

it('find writes a file as query does, and nothing but its notes', async () => {
  const file = join(root, 'found.csv')
  const { code, out, err } = await loglake(['find', '198.51.100.23', '--output', file, '--lake', lake])
  expect([code, out]).toEqual([0, ''])
  expect(err).toMatch(/^\S+found\.csv: \d+ rows\n\d+ rows in 1 table; \d+ of \d+ files opened\n$/)
  expect(readFileSync(file, 'utf8')).toMatch(/^time,table,what,who,id,column,account,region,row\r\n/)
  const { err: refused } = await loglake(['find', 'x', '--output', join(root, 'a.parquet'), '--lake', lake])
  expect(refused).toBe(
    'error: `loglake find` writes no Parquet: give --output a name that ends in .csv or .ndjson\n',
  )
})

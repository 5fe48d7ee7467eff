import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventOf } from '../faults/objects.ts'
import { OBEYED } from './program.ts'
import { warm } from './warm.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'loglake-status-')))
afterAll(() => rmSync(root, { recursive: true }))

const ACCOUNT = '111122223333'

/** A file of a Region and day, with an event of its own. */
function deliver(
  region: string,
  day: number,
  record: object = eventOf(`${region}-${day}`, day * 86_400),
): void {
  const folder = join(
    root,
    'in/AWSLogs',
    ACCOUNT,
    'CloudTrail',
    region,
    '2026/01',
    String(day).padStart(2, '0'),
  )
  mkdirSync(folder, { recursive: true })
  const stamp = `202601${String(day).padStart(2, '0')}T1200Z`
  const name = `${ACCOUNT}_CloudTrail_${region}_${stamp}_${'x'.repeat(16)}.json.gz`
  writeFileSync(join(folder, name), gzipSync(JSON.stringify({ Records: [record] })))
}

interface Status {
  sources: {
    name: string
    stopped: boolean
    waiting: object
    percent: object
    objects: object
    records: object
  }[]
  logtypes: { name: string; rows: number }[]
  total: { percent: { objects: number; records: number } }
  holes: object[]
}

const status = async (...args: string[]) => {
  const { out, err, code } = await warm(['status', '--json', ...args], { cwd: root })
  expect(err).toBe('')
  expect(code).toBe(0)
  return JSON.parse(out) as Status
}

describe('loglake status', () => {
  beforeAll(async () => {
    for (const day of [1, 2, 3, 4, 5, 6]) deliver('us-east-1', day)
    // The third day is missing, and after the fourth nothing has come any more.
    for (const day of [1, 2, 4]) deliver('eu-central-1', day)
    deliver('us-east-1', 7, { eventVersion: '1.11', eventID: 'without-a-time', eventName: 'X' })
    writeFileSync(
      join(root, 'loglake.yaml'),
      [
        'lake: ./lake',
        'sources:',
        '  folder: {type: folder, paths: [./in]}',
        '  gone: {type: folder, paths: [./nowhere]}',
        '  bucket: {type: s3, bucket: example-logs}',
      ].join('\n'),
    )
    const { code } = await warm(['ingest', 'in'], { cwd: root })
    expect(code).toBe(0)
  })

  it('finds the days whose neighbours have files', async () => {
    const { holes } = await status()
    const here = { place: `${root}/in/`, account: ACCOUNT, service: 'CloudTrail', region: 'eu-central-1' }
    expect(holes).toEqual([
      { ...here, from: '2026-01-03', to: '2026-01-03', before: 1, after: 1 },
      { ...here, from: '2026-01-05', to: '2026-01-06', before: 1, after: 0 },
    ])
    expect((await status('--days', '1')).holes).toEqual([])
  })

  it('counts what is delivered, waiting and in the lake', async () => {
    deliver('us-east-1', 8)
    const { sources, logtypes, total } = await status()
    const [folder, gone, bucket] = sources
    expect(folder).toMatchObject({
      name: 'folder',
      waiting: { objects: 1 },
      objects: { read: 10, rejected: 1, waiting: 1, deadLetters: 0 },
      records: { read: 10, stored: 9, rejected: 1 },
      percent: { objects: 81.81, records: 90 },
    })
    expect(gone?.waiting).toEqual({ unknown: expect.stringMatching(/there is no file or folder/) })
    expect(bucket?.waiting).toEqual({ unknown: expect.stringMatching(/--list/) })
    expect(logtypes).toMatchObject([{ name: 'cloudtrail', rows: 9 }])
    expect(total.percent).toEqual({ objects: 81.81, records: 90 })
  })

  it('asks nobody when it is told so, and knows what is stopped', async () => {
    await warm(['stop', 'folder'], { cwd: root })
    const { sources } = await status('--offline')
    expect(sources[0]).toMatchObject({ stopped: true, waiting: { unknown: 'not asked' } })
    await warm(['resume', 'folder'], { cwd: root })
  })

  it('is a page for a person', async () => {
    const { out, code } = await warm(['status'], { cwd: root })
    expect(code).toBe(0)
    expect(out).toMatch(/^90% of the records that were delivered are in the lake: 10 delivered, 9 stored/)
    expect(out).toMatch(
      /^ {2}111122223333 +eu-central-1 +CloudTrail +2026-01-05 to 2026-01-06 +1 files? before, none since/m,
    )
    expect(out).not.toMatch(OBEYED)
  })

  it('counts an object with records of two types for each of them', async () => {
    const mixed = join(root, 'mixed')
    mkdirSync(mixed)
    const finding = readFileSync('src/logtypes/guardduty_finding/fixtures/actions.jsonl', 'utf8').split(
      '\n',
    )[0]
    writeFileSync(join(mixed, 'a.jsonl'), `${JSON.stringify(eventOf('mixed', 0))}\n${finding}\n`)
    const at = ['--lake', join(mixed, 'lake')]
    await warm(['ingest', join(mixed, 'a.jsonl'), ...at], { cwd: root })
    expect((await status('--offline', ...at)).logtypes).toMatchObject([
      { name: 'cloudtrail', rows: 1, objects: 1 },
      { name: 'guardduty_finding', rows: 1, objects: 1 },
    ])
  })

  it('stands for a lake without any file, and for names that a terminal would obey', async () => {
    const hostile = join(root, 'hostile')
    const inside = join(hostile, 'a\u001b[2J', 'AWSLogs')
    mkdirSync(inside, { recursive: true })
    cpSync(join(root, 'in/AWSLogs'), inside, { recursive: true })
    await warm(['ingest', hostile, '--lake', join(hostile, 'lake')], { cwd: root })
    const { out } = await warm(['status', '--lake', join(hostile, 'lake'), '--offline'], { cwd: root })
    expect(out).toContain('Files are missing in 2 places')
    expect(out).not.toMatch(OBEYED)
  })
})

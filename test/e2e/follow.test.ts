import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { catalogKey, readCatalog } from '../../src/lake/catalog.ts'
import { openLake } from '../../src/lake/lake.ts'
import { localStorage } from '../../src/lake/storage/local.ts'
import { ALL_SAMPLES, type Ended } from './program.ts'
import { warm } from './warm.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'loglake-follow-')))
afterAll(() => rmSync(root, { recursive: true }))

const call = (...args: string[]): Promise<Ended> => warm(args, { cwd: root })

async function done(...args: string[]): Promise<string> {
  const { code, out, err } = await call(...args)
  expect(code, err).toBe(0)
  return out
}

async function list() {
  const all = JSON.parse(await done('followers', '--format', 'json')) as Record<string, unknown>[]
  return all.filter(({ follower }) => follower === 'summaries')
}

async function sessions(): Promise<unknown> {
  const out = await done(
    'query',
    `select (select count(*) from session_summary_newest) as stored, (select count(*) from session) as raw,
     (select sum(events)::bigint from activity_10min) as events, (select count(*) from cloudtrail) as calls`,
    '--format',
    'json',
  )
  return (JSON.parse(out) as unknown[])[0]
}

/** Sets the last time that a follower was seen, in the newest catalog. */
async function sleepSince(time: string): Promise<void> {
  const storage = localStorage(join(root, 'lake'))
  const { number } = await openLake(storage, []).newest()
  const catalog = await readCatalog(storage, number)
  for (const [name, text] of Object.entries(catalog.cursors))
    catalog.cursors[name] = text.replace(/seen=\S+/, `seen=${time}`)
  writeFileSync(join(root, 'lake', catalogKey(number)), JSON.stringify(catalog))
}

describe('followers on the command line', () => {
  beforeAll(async () => {
    const yaml = `lake: ./lake\nsources:\n  logs: {type: folder, paths: [${ALL_SAMPLES}/AWSLogs], watch: false}\n`
    writeFileSync(join(root, 'loglake.yaml'), `${yaml}follow: {seconds: 1}\n`)
  })

  it('make summaries beside the sources of a run, of all that these brought', async () => {
    const { code, err } = await call('run', '--port', '0')
    expect(code, err).toBe(0)
    const told = err
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { msg: string; follower?: string })
    expect(told.filter(({ follower }) => follower === 'summaries').map(({ msg }) => msg)).toEqual(
      expect.arrayContaining(['follower started', 'followed', 'follower ended']),
    )
    const [found] = await list()
    expect(found).toMatchObject({
      follower: 'summaries',
      state: 'following',
      behind_rows: 0,
      behind_files: 0,
    })
    const { stored, raw, events, calls } = (await sessions()) as Record<string, number>
    expect([stored, events]).toEqual([raw, calls])
    expect(raw).toBeGreaterThan(0)
  })

  it('lag behind what is ingested without them, in `followers` and `status`, and catch up once', async () => {
    await done('ingest', ALL_SAMPLES)
    const [found] = await list()
    expect(found?.behind_rows).toBeGreaterThan(0)
    expect(await done('status', '--offline')).toMatch(
      /\nfollower +rows behind +for *\n(?:detect .*\n)?summaries +[\d,]+ +\d+ s/,
    )
    expect(await done('followers')).toMatch(/summaries +following +[\d,]+ +\d+ /)
    const { err } = await call('compact')
    expect(err).toContain('stay as they are until followers have read them')
    expect(await done('follow', '--once')).toMatch(
      /^summaries: [\d,]+ rows read from \d+ files, [\d,]+ rows made$/m,
    )
    expect(await done('follow', '--once', '--json')).toContain('"rows":0')
    expect((await list())[0]).toMatchObject({ behind_rows: 0 })
  })

  it('are made anew by one command', async () => {
    expect(await done('follow', 'summaries', '--rebuild')).toMatch(/rows made$/m)
    const { stored, raw, events, calls } = (await sessions()) as Record<string, number>
    expect([stored, events]).toEqual([raw, calls])
  })

  it('that stood still for too long are let go, loudly, and are taken up again', async () => {
    const before = await list()
    await sleepSince('2026-01-01T00:00:00.000Z')
    const { err: quiet } = await call('vacuum')
    expect(quiet).not.toContain('let go')
    await done('follow', 'summaries', '--rebuild')
    writeFileSync(join(root, 'more.json'), `${JSON.stringify({ Records: [event()] })}\n`)
    await done('ingest', 'more.json')
    await sleepSince('2026-01-01T00:00:00.000Z')
    const { err } = await call('compact')
    expect(err).toContain('the follower summaries was let go')
    expect((await list())[0]).toMatchObject({ state: 'let-go' })
    expect(await done('status', '--offline')).toContain('let go: see `loglake followers`')
    const failed = await call('follow', 'summaries', '--once')
    expect([failed.code, failed.err]).toEqual([2, expect.stringContaining('--from-now')])
    await done('follow', 'summaries', '--from-now')
    expect((await list())[0]).toMatchObject({ state: 'following', behind_rows: 0 })
    expect(before).toHaveLength(1)
  })

  it('are let go by hand', async () => {
    expect(await done('followers', 'remove', 'summaries')).toContain('summaries is let go')
    expect((await list())[0]).toMatchObject({ state: 'let-go' })
    const unknown = await call('followers', 'remove', 'nobody')
    expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining('knows no follower "nobody"')])
  })

  it('that fail to the last are named by the run, which ends with 1', async () => {
    const { code, err } = await call('run', '--port', '0')
    expect(code, err).toBe(1)
    expect(JSON.parse(err.trim().split('\n').at(-1) ?? '')).toMatchObject({
      msg: 'ended',
      unfinished: expect.stringContaining('follower summaries'),
    })
  })

  it.each([
    [['follow', 'sumaries'], 'did you mean "summaries"?'],
    [['follow', '--rebuild'], 'name it'],
    [['follow', 'summaries', '--since', '7d'], 'give it a name with --as'],
    [['follow', 'summaries', '--as', 'x', '--rebuild'], 'one of --rebuild, --from-now and --as'],
    [['follow', 'summaries', '--as', 'x', '--since', '7d'], 'would count double'],
  ])('%j is refused', async (args, why) => {
    const { code, err } = await call(...args)
    expect([code, err]).toEqual([2, expect.stringContaining(why)])
  })
})

function event(): object {
  return {
    eventVersion: '1.11',
    eventID: '11111111-2222-4333-8444-555555555555',
    eventTime: '2026-01-07T10:00:00Z',
    eventSource: 's3.amazonaws.com',
    eventName: 'ListBuckets',
    awsRegion: 'us-east-1',
    recipientAccountId: '111122223333',
    userIdentity: { type: 'IAMUser', userName: 'alice' },
    eventType: 'AwsApiCall',
    eventCategory: 'Management',
  }
}

import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { unzipped } from '../../src/review/evidence/zip.ts'
import { type TimeAuthority, timeAuthority } from '../receivers/time-authority.ts'
import { ALL_SAMPLES, freshFolder } from './program.ts'
import { warm } from './warm.ts'

/** A lake with a log that an authority of time stamps, and the bundles that come of it. */

const folder = freshFolder()
const ask = (...args: string[]) => warm(args, { cwd: folder })
let authority: TimeAuthority

beforeAll(async () => {
  authority = await timeAuthority(join(folder, 'authority'))
  const log = `log:\n  key: log-key.pem\n  stamp: ${authority.url}\n  stamp_ca: ${authority.rootFile}\n`
  writeFileSync(join(folder, 'loglake.yaml'), `${log}  stamp_every: checkpoint\n`)
  authority.manner = 'rejected'
  expect((await ask('ingest', ALL_SAMPLES)).code).toBe(0)
}, 60_000)
afterAll(() => authority.close())

interface Entry {
  row: { file: string; line: number }
  id: string
  object: string
  offset: number
  length: number
  sha256: string
  expanded_sha256: string
}

const QUESTION = "select * from cloudtrail where eventname = 'ConsoleLogin' order by eventid"

it('an authority that refuses holds up nothing, and is a line of status', async () => {
  expect((await ask('status', '--offline')).out).toMatch(
    /time stamp {2}none yet\n {2}failed at .*: rejected, and gives no stamp/,
  )
  expect((await ask('verify')).code).toBe(0)
})

it('stamps are verified, told of, and carried by bundles', async () => {
  authority.manner = 'right'
  // As if the time to leave it alone were over.
  writeFileSync(join(folder, 'lake/control/stamp.json'), '')
  const file = join(folder, 'records.zip')
  expect((await ask('evidence', 'export', '--question', QUESTION, '--records', '--output', file)).code).toBe(
    0,
  )
  expect((await ask('status', '--offline')).out).toMatch(
    /time stamp {2}the log of \d+ versions at 20.* by CN=Time right/,
  )
  const verified = await ask('verify')
  expect(verified.out).toMatch(/\d+ time stamps? until 20/)
  expect(verified.code).toBe(0)
  const checked = await ask('evidence', 'verify', file, '--tsa', authority.rootFile)
  expect(checked.out).toMatch(/An authority of time says that the log had them at 20\S+Z\.\n/)
  expect(checked.code).toBe(0)
  const files = unzipped(readFileSync(file))
  for (const [name, bytes] of files) if (name === 'verify.py') writeFileSync(join(folder, name), bytes)
  const judged = spawnSync('python3', ['verify.py', file, '--tsa', authority.rootFile], { cwd: folder })
  expect(judged.stdout.toString()).toMatch(/the log had them at 20\S+Z\nSOUND\n$/)
}, 60_000)

it('a bundle has the bytes of its own rows, where they lie in their objects, and of nobody else', async () => {
  const files = unzipped(readFileSync(join(folder, 'records.zip')))
  const json = (name: string) => JSON.parse(files.get(name)?.toString() ?? '')
  const rows = files.get('rows/answer.ndjson')?.toString().trim().split('\n') ?? []
  const index = json('records/index.json') as Entry[]
  expect(json('records/left-out.json')).toEqual([])
  expect(index.map(({ row }) => row.line).sort()).toEqual(rows.map((_, at) => at + 1).sort())
  expect(rows.length).toBeGreaterThan(1)
  for (const { row, id, object, offset, length, sha256, expanded_sha256 } of index) {
    const { eventid, lake_object } = JSON.parse(rows[row.line - 1] ?? '')
    expect([id, object]).toEqual([eventid, lake_object])
    const record = files.get(`records/${sha256}`) as Buffer
    expect(JSON.parse(record.toString())).toMatchObject({ eventID: eventid, eventName: 'ConsoleLogin' })
    const whole = gunzipSync(readFileSync(object))
    expect(whole.subarray(offset, offset + length)).toEqual(record)
    // What the log of the lake has of the object is of the same bytes.
    const { objects } = json('log/proofs.json') as { objects: { object: string; line: string }[] }
    const proof = objects.find((one) => one.object === object)
    expect(JSON.parse(proof?.line ?? '[]')[3]).toBe(expanded_sha256)
  }
  expect([...files.keys()].filter((name) => name.startsWith('records/'))).toHaveLength(index.length + 2)
})

it('records go together with whole objects, and only to who sees all without masks', async () => {
  const file = join(folder, 'both.zip')
  const args = ['evidence', 'export', '--question', QUESTION, '--records', '--output', file]
  expect((await ask(...args, '--objects')).code).toBe(0)
  expect((await ask('evidence', 'verify', file)).code).toBe(0)
  expect(spawnSync('python3', ['verify.py', file], { cwd: folder }).stdout.toString()).toMatch(/SOUND\n$/)
  const refused = await ask(...args, '--as', 'manager:ana@example.com')
  expect([refused.code, refused.err]).toEqual([
    2,
    expect.stringMatching(/may not do this: .*records have none/),
  ])
}, 60_000)

it('rows that came in another record, or say not from where, are left out by name', async () => {
  const file = join(folder, 'wrapped.zip')
  const wrapped = 'select * from session_log where lake_object is not null limit 3'
  await ask('evidence', 'export', '--question', wrapped, '--records', '--output', file)
  const reasons = (name: string) =>
    (
      JSON.parse(unzipped(readFileSync(name)).get('records/left-out.json')?.toString() ?? '') as {
        reason: string
      }[]
    ).map(({ reason }) => reason)
  expect(new Set(reasons(file))).toEqual(
    new Set(['it does not lie in its object as one piece: it came inside of another record']),
  )
  await ask(
    'evidence',
    'export',
    '--question',
    'select eventid from cloudtrail limit 2',
    '--records',
    '--output',
    file,
  )
  expect(reasons(file)).toEqual(Array(2).fill(expect.stringMatching(/select lake_object, too/)))
  expect((await ask('evidence', 'verify', file)).code).toBe(0)
}, 60_000)

it('what is not there is said, and where to look', async () => {
  const finding = await ask('evidence', 'export', '--finding', 'no-such')
  expect([finding.code, finding.err]).toEqual([
    2,
    expect.stringMatching(/no finding has the id no-such.*`loglake findings` lists them/),
  ])
  const review = await ask('evidence', 'export', '--review', 'no-such')
  expect([review.code, review.err]).toEqual([
    2,
    expect.stringMatching(/no review, session or run has the id no-such.*`loglake review list`/),
  ])
})

it('a root that cannot be read is said where it counts, and ingest goes on', async () => {
  const file = join(folder, 'loglake.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replace(authority.rootFile, 'gone.pem'))
  writeFileSync(join(folder, 'lake/control/stamp.json'), '')
  writeFileSync(join(folder, 'more.json'), '{"Records":[]}')
  expect((await ask('ingest', 'more.json')).code).toBe(0)
  expect((await ask('status', '--offline')).out).toMatch(/log.stamp_ca: gone.pem: it cannot be read/)
  const verified = await ask('verify')
  expect([verified.code, verified.err]).toEqual([
    2,
    expect.stringMatching(/log.stamp_ca: gone.pem: it cannot be read/),
  ])
})

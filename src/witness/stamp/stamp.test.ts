import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Manner, type TimeAuthority, timeAuthority } from '../../../test/receivers/time-authority.ts'
import { append } from '../../lake/append.ts'
import { type Lake, openLake } from '../../lake/lake.ts'
import { localStorage } from '../../lake/storage/local.ts'
import type { TableDefinition } from '../../lake/table.ts'
import { appendLog } from '../append.ts'
import { checkLog } from '../check.ts'
import { fileSigner } from '../signer.ts'
import { certificatesIn, checkStamp } from './check.ts'
import { keepStamp, type StampOptions } from './keep.ts'
import { stampStanding } from './standing.ts'

const place = mkdtempSync(join(tmpdir(), 'loglake-stamp-'))
const signer = fileSigner(join(place, 'key.pem'))
let authority: TimeAuthority
beforeAll(async () => {
  authority = await timeAuthority(join(place, 'authority'))
})
beforeEach(() => {
  authority.manner = 'right'
  authority.asked = 0
})
afterAll(async () => {
  await authority.close()
  rmSync(place, { recursive: true })
})

const notes: TableDefinition = {
  name: 'notes',
  doc: 'One row per note.',
  time: 'time',
  columns: [
    { name: 'time', type: 'timestamptz', doc: 'When.', bounds: true },
    { name: 'lake_day', type: 'date', doc: 'The day.', bounds: true },
    { name: 'lake_ingested_at', type: 'timestamptz', doc: 'When it was made.' },
  ],
}

let number = 0
function freshLake(): Lake & { folder: string } {
  const folder = join(place, `lake-${++number}`)
  return { ...openLake(localStorage(folder), [notes]), folder }
}

/** Adds a version and its checkpoint. */
async function grown(lake: Lake): Promise<{ size: number; note: string }> {
  await append(lake, 'notes', async () => ({
    rows: [{ table: notes, rows: [{ time: '2026-01-07T10:00:00Z' }] }],
  }))
  const { checkpoint, note } = await appendLog(lake, signer)
  return { size: checkpoint?.size ?? 0, note: note as string }
}

const how = (more: Partial<StampOptions> = {}): StampOptions => ({
  url: authority.url,
  every: 'checkpoint',
  trusted: () => certificatesIn(authority.root),
  ...more,
})
const stamps = (folder: string) => readdirSync(join(folder, 'log/stamps')).sort()
const checked = async (lake: Lake) =>
  await checkLog(lake, signer.publicKey, undefined, certificatesIn(authority.root))

/** Runs openssl's verification of a stamp: against the bytes, and against the request. */
function judged(data: Buffer, request: Buffer, response: Buffer, root = authority.rootFile): boolean {
  const files = { data, request, response }
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(place, name), bytes)
  return [
    ['-data', 'data'],
    ['-queryfile', 'request'],
  ].every((about) => {
    const given = ['ts', '-verify', '-in', 'response', '-CAfile', root, ...about]
    return spawnSync('openssl', given, { cwd: place }).status === 0
  })
}

it('a checkpoint is stamped, openssl says the same, and so does a copy', async () => {
  const lake = freshLake()
  const point = await grown(lake)
  const copy = localStorage(join(place, 'copy'))
  const before = Math.floor(Date.now() / 1000) * 1000
  expect(await keepStamp(lake.storage, point, how({ copy: { storage: copy, prefix: 'x' } }))).toBe(true)
  expect(stamps(lake.folder)).toEqual(['2.tsq', '2.tsr'])
  expect(readdirSync(join(place, 'copy/x/stamps')).sort()).toEqual(['2.tsq', '2.tsr'])
  const read = (name: string) => readFileSync(join(lake.folder, 'log', name))
  expect(judged(read('checkpoints/2'), read('stamps/2.tsq'), read('stamps/2.tsr'))).toBe(true)
  const found = await checked(lake)
  expect(found).toMatchObject({ stamps: 1, findings: [] })
  expect(Date.parse(String(found.stamped))).toBeGreaterThanOrEqual(before)
  expect(await stampStanding(lake.storage)).toMatchObject({
    size: 2,
    time: found.stamped,
    authority: 'CN=Time right',
  })
  // A second call makes no new stamp.
  expect(await keepStamp(lake.storage, point, how())).toBe(false)
  expect(authority.asked).toBe(1)
})

describe('an authority that is wrong holds up nothing, and is said', () => {
  const WHY: Record<Exclude<Manner, 'right'>, RegExp> = {
    'wrong-nonce': /answers another request: its nonce is not ours/,
    'wrong-imprint': /it is about something else/,
    rejected: /the authority answers: rejected, and gives no stamp/,
    expired: /a certificate was not valid at the time of the stamp: CN=Time expired/,
    garbage: /not sound/,
    'no-certificate': /the certificate that signed it is not in it/,
    'too-much': /answers with more than a stamp/,
    status: /answers with status 503/,
    redirect: /does not answer/,
    slow: /has not answered within 0.2 s/,
  }
  it.each(Object.entries(WHY) as [Manner, RegExp][])('%s', async (manner, why) => {
    const lake = freshLake()
    const point = await grown(lake)
    authority.manner = manner
    const nowMs = Date.now()
    const given = how({ nowMs, ...(manner === 'slow' ? { longestMs: 200 } : {}) })
    expect(await keepStamp(lake.storage, point, given)).toBe(false)
    const standing = await stampStanding(lake.storage)
    expect(standing).toMatchObject({ size: 0, time: null })
    expect(standing?.failure?.why).toMatch(why)
    expect(stamps(lake.folder)).toEqual(['2.tsq'])
    expect(await checked(lake)).toMatchObject({ stamps: 0, findings: [] })
    // The authority is not asked for a while; then it is asked for the newest checkpoint, and the failure is
    // cleared.
    authority.manner = 'right'
    const next = await grown(lake)
    expect(await keepStamp(lake.storage, next, how({ nowMs: nowMs + 60_000 }))).toBe(false)
    expect(authority.asked).toBe(manner === 'redirect' ? 1 : 1)
    expect(await keepStamp(lake.storage, next, how({ nowMs: nowMs + 301_000 }))).toBe(true)
    expect(await stampStanding(lake.storage)).not.toHaveProperty('failure')
    expect(await checked(lake)).toMatchObject({ stamps: 1, findings: [] })
  })

  it('one that is down, and a root that is another', async () => {
    const lake = freshLake()
    const point = await grown(lake)
    const nowMs = Date.now()
    expect(await keepStamp(lake.storage, point, how({ url: 'http://127.0.0.1:2/', nowMs }))).toBe(false)
    expect((await stampStanding(lake.storage))?.failure?.why).toMatch(/does not answer: ECONNREFUSED/)
    const other = await timeAuthority(join(place, 'other'))
    const trusted = () => certificatesIn(other.root)
    expect(await keepStamp(lake.storage, point, how({ trusted, nowMs: nowMs + 301_000 }))).toBe(false)
    expect((await stampStanding(lake.storage))?.failure?.why).toMatch(
      /does not lead to an authority that is trusted/,
    )
    await other.close()
  })
})

it('stamps one checkpoint an hour, and the newest one when an hour is over without a commit', async () => {
  const lake = freshLake()
  const start = Date.parse('2026-01-07T10:00:00Z')
  const at = (minutes: number) => how({ every: 'hour', nowMs: start + minutes * 60_000 })
  expect(await keepStamp(lake.storage, await grown(lake), at(1))).toBe(true)
  const second = await grown(lake)
  expect(await keepStamp(lake.storage, second, at(59))).toBe(false)
  expect(await keepStamp(lake.storage, second, at(61))).toBe(true)
  expect(await keepStamp(lake.storage, second, at(200))).toBe(false)
  expect(authority.asked).toBe(2)
})

it('any number may ask at once, and what a killed one left is finished', async () => {
  const lake = freshLake()
  const point = await grown(lake)
  await Promise.all(Array.from({ length: 4 }, () => keepStamp(lake.storage, point, how())))
  expect(await checked(lake)).toMatchObject({ stamps: 1, findings: [] })
  // Killed after the answer, before the note; and after the request, before the answer.
  for (const lost of ['control/stamp.json', 'log/stamps/2.tsr']) {
    rmSync(join(lake.folder, 'control/stamp.json'), { force: true })
    rmSync(join(lake.folder, lost), { force: true })
    expect(await keepStamp(lake.storage, point, how())).toBe(true)
    expect(await checked(lake)).toMatchObject({ stamps: 1, findings: [] })
  }
})

it('verify finds stamps that were changed, swapped, or are of nobody', async () => {
  const lake = freshLake()
  for (let nth = 0; nth < 2; nth++) await keepStamp(lake.storage, await grown(lake), how())
  const file = (name: string) => join(lake.folder, 'log/stamps', name)
  const findings = async () =>
    (await checked(lake)).findings.map(({ code, message }) => `${code}: ${message}`)
  expect(await findings()).toEqual([])
  const nobody = await checkLog(lake, signer.publicKey)
  expect(nobody.findings.map(({ code, severity }) => [code, severity])).toEqual([
    ['stamp-unanchored', 'warning'],
  ])
  const own = readFileSync(file('2.tsr'))
  writeFileSync(file('2.tsr'), readFileSync(file('3.tsr')))
  expect(await findings()).toEqual([expect.stringMatching(/^stamp-unsound: .*about something else/)])
  writeFileSync(file('2.tsr'), own)
  const request = readFileSync(file('2.tsq'))
  writeFileSync(file('2.tsq'), readFileSync(file('3.tsq')))
  expect(await findings()).toEqual([
    expect.stringMatching(/^stamp-unsound: .*the request is about something else/),
  ])
  writeFileSync(file('2.tsq'), request)
  rmSync(file('3.tsq'))
  expect(await findings()).toEqual([expect.stringMatching(/^stamp-unsound/)])
})

it('whatever byte of an answer is changed: what we take, openssl takes', { timeout: 300_000 }, async () => {
  const lake = freshLake()
  const point = await grown(lake)
  await keepStamp(lake.storage, point, how())
  const read = (name: string) => readFileSync(join(lake.folder, 'log', name))
  const [bytes, request, response] = [read('checkpoints/2'), read('stamps/2.tsq'), read('stamps/2.tsr')]
  const trusted = certificatesIn(authority.root)
  const taken: number[] = []
  for (let at = 0; at < response.length; at++) {
    const changed = Buffer.from(response)
    changed[at] = (changed[at] as number) ^ (1 << (at % 8))
    try {
      checkStamp(changed, { bytes, request, trusted })
      taken.push(at)
    } catch {}
  }
  // Only unsigned bytes may change unnoticed: the list of hashes, versions, names of the issuer.
  expect(taken.length).toBeLessThan(response.length / 8)
  const refused = taken.filter((at) => {
    const changed = Buffer.from(response)
    changed[at] = (changed[at] as number) ^ (1 << (at % 8))
    return !judged(bytes, request, changed)
  })
  expect(refused).toEqual([])
})

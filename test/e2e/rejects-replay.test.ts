import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { APP_TYPE, appRecord } from './app-type.ts'
import { warm } from './warm.ts'

/** What no log type knew is a reject with its bytes, until one knows it. */

function place() {
  const folder = mkdtempSync(join(tmpdir(), 'replay-'))
  writeFileSync(join(folder, 'loglake.yaml'), 'lake: ./lake\n')
  const call = async (...args: string[]) => await warm(args, { cwd: folder })
  return {
    file: (name: string, text: string | Buffer) => writeFileSync(join(folder, name), text),
    addType() {
      mkdirSync(join(folder, 'logtypes/app_audit'), { recursive: true })
      writeFileSync(join(folder, 'logtypes/app_audit/logtype.yaml'), APP_TYPE)
      writeFileSync(join(folder, 'loglake.yaml'), 'lake: ./lake\nlogtypes: ./logtypes\n')
    },
    call,
    async rows(question: string) {
      const { out, err } = await call('query', question, '--format', 'json')
      try {
        return JSON.parse(out)
      } catch {
        throw new Error(`${out}${err}`)
      }
    },
    async sound() {
      const { code, out, err } = await call('verify')
      expect(code, out + err).toBe(0)
    },
  }
}

const ROWS = 'select ref, who from app_audit order by ref'
const LEDGER =
  'select outcome, logtype, records_read::int r, records_stored::int s, records_repeated::int rep, records_rejected::int rej, records_unknown::int u from ledger order by lake_object'

it('replay moves what a new log type knows out of the rejects, in one commit and nothing twice', async () => {
  const { file, addType, call, rows, sound } = place()
  file('a.json', `${appRecord(1)}\n${appRecord(2)}\n`)
  file('b.json', `${appRecord(2)}\n${appRecord(3)}\nno JSON at all\n`)
  await call('ingest', 'a.json', 'b.json')
  const before = await rows('select count(*)::int n from reject')
  expect(before[0].n).toBeGreaterThan(0)
  const nothing = await call('rejects', 'replay')
  expect(nothing.out).toContain('0 rejects replayed')

  addType()
  const dry = await call('rejects', 'replay', '--dry-run')
  expect(dry.out).toContain('Nothing changed')
  expect(await rows('select count(*)::int n from reject')).toEqual(before)

  const { out, err } = await call('rejects', 'replay', '--code', 'unknown-log-type', '--json')
  const done = JSON.parse(out || `"${err}"`)
  expect(done).toMatchObject({ version: 2, conflicts: 0 })
  expect(await rows(ROWS)).toMatchObject([
    { ref: 'r1' },
    { ref: 'r2' },
    ...(done.stored === 3 ? [{ ref: 'r3' }] : []),
  ])
  for (const row of await rows(LEDGER)) expect(row.r).toBe(row.s + row.rep + row.rej)
  await sound()
  const again = await call('rejects', 'replay', '--code', 'unknown-log-type')
  expect(again.code).toBe(1)
  const ids = await call('rejects', 'replay', 'ffff')
  expect(ids.code).toBe(2)
  expect(ids.err).toMatch(
    /no reject that can be read again has an id that begins with ffff: there (is|are) \d+ rejects?, which `loglake rejects` shows/,
  )
  // Dead letters, of which there are none, say the same.
  expect(await call('deadletters', 'replay')).toMatchObject({ code: 1, err: 'no dead letters to replay\n' })
  expect((await call('deadletters', 'replay', 'ffff')).code).toBe(2)
}, 300_000)

it('an object with records that no log type knew is read again when the log types have changed', async () => {
  const { file, addType, call, rows, sound } = place()
  file('a.json', `${appRecord(1)}\n${appRecord(2)}\n`)
  await call('ingest', '.', '--include', 'a.json')
  const { out: same } = await call('ingest', '.', '--include', 'a.json')
  expect(same).toContain('in the lake already')
  addType()
  await call('ingest', '.', '--include', 'a.json')
  expect(await rows(ROWS)).toEqual([
    { ref: 'r1', who: 'user 1' },
    { ref: 'r2', who: 'user 2' },
  ])
  expect(await rows('select count(*)::int n from reject')).toEqual([{ n: 0 }])
  expect(await rows(LEDGER)).toMatchObject([
    { outcome: 'stored', logtype: 'app_audit', r: 2, s: 2, rej: 0, u: 0 },
  ])
  const { out: now } = await call('ingest', '.', '--include', 'a.json')
  expect(now).toContain('in the lake already')
  await sound()
}, 300_000)

// zstd of records 1 and 2, a line each. Behind it gzip is not looked for, and a replay of those bytes alone finds it.
const ZSTD =
  'KLUv/QRYZQIAckQPF4DF6TsVYxOYoTkHSph+p5jdyYNMAuTopo2Ipn1CzhRA8PnYOaLYZ+OabfYKouiKBiyeB9LntdL5sSTKgwQAoAsYdxJes64CBc92XYM='

it('an object of which a replay read more than ingest did is not read again: its other rejects are replayed', async () => {
  const { file, addType, call, rows, sound } = place()
  const event = {
    ...{ eventVersion: '1.08', eventTime: '2026-01-07T10:00:00Z', eventSource: 's3.amazonaws.com' },
    ...{ eventName: 'GetObject', awsRegion: 'eu-central-1', eventID: '0f5c9a4e-1111-4222-8333-944455556666' },
    ...{ userIdentity: { type: 'AWSService' }, recipientAccountId: '111122223333' },
  }
  file('a.zst', Buffer.concat([Buffer.from(ZSTD, 'base64'), gzipSync(JSON.stringify({ Records: [event] }))]))
  await call('ingest', 'a.zst')
  expect(await rows(LEDGER)).toMatchObject([{ r: 3, s: 0, rej: 3, u: 2 }])
  const { out } = await call('rejects', 'replay', '--json')
  expect(JSON.parse(out)).toMatchObject({ replayed: 1, stored: 1, left: 2 })
  expect(await rows(LEDGER)).toMatchObject([{ r: 3, s: 1, rej: 2, u: 0 }])
  await sound()

  addType()
  expect((await call('ingest', 'a.zst')).out).toContain('in the lake already')
  await call('rejects', 'replay', '--code', 'unknown-log-type')
  expect(await rows(ROWS)).toMatchObject([{ ref: 'r1' }, { ref: 'r2' }])
  expect(await rows(LEDGER)).toMatchObject([{ r: 3, s: 3, rej: 0, u: 0 }])
  await sound()
}, 300_000)

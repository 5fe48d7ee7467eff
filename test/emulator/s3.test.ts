import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LogObject } from '../../src/sources/contract.ts'
import { open, settings } from '../../src/sources/s3.ts'
import { loglake } from '../e2e/program.ts'
import { judge } from '../faults/judge.ts'
import { eventOf, makeObjects } from '../faults/objects.ts'
import { boto, bytes } from './boto.ts'
import { type Moto, startMoto } from './moto.ts'
import {
  announcedBucket,
  empty,
  freshFolder,
  IN_REGION,
  inBucket,
  keyOf,
  puts,
  startWorker,
} from './world.ts'

let moto: Moto
beforeAll(async () => {
  moto = await startMoto()
})
afterAll(() => moto.stop())

const ACCOUNT = 'AWSLogs/111122223333'
const ORGANISATION = 'AWSLogs/o-exampleorgid/444455556666'

/** Every layout, in the order in which they are to be listed: what has no day first, then day by day. */
const LAYOUTS = [
  'readme.txt',
  'session-manager/alice-0b7c1cc185ccf51a9.log',
  'llm-chat/AllTraffic/2025/12/31/23/59-58-869-500def08-452b-4cc6-8de3-b9e0436f5fee.jsonl',
  `${ACCOUNT}/CloudTrail/eu-central-1/2026/01/07/111122223333_CloudTrail_eu-central-1_20260107T0005Z_a.json.gz`,
  `${ACCOUNT}/CloudTrail/us-east-1/2026/01/07/111122223333_CloudTrail_us-east-1_20260107T0005Z_b.json.gz`,
  `${ACCOUNT}/GuardDuty/eu-central-1/2026/01/07/5c2a.jsonl.gz`,
  `${ORGANISATION}/CloudTrail/eu-central-1/2026/01/07/444455556666_CloudTrail_eu-central-1_20260107T0005Z_c.json.gz`,
  'firehose/2026/01/07/22/logs-3-2026-01-07-22-22-55-55239a3d-622e-40c0-9615-ad4f5d4381fa',
  `${ACCOUNT}/BedrockModelInvocationLogs/us-east-1/2026/01/08/13/20260108T132851123Z_0a1b.json.gz`,
  `${ACCOUNT}/BedrockModelInvocationLogs/us-east-1/2026/01/08/13/data/x_input.json.gz`,
  `${ACCOUNT}/CloudTrail/eu-central-1/2026/01/08/111122223333_CloudTrail_eu-central-1_20260108T0005Z_d.json.gz`,
  `${ACCOUNT}/CloudTrail/eu-central-1/2026/02/01/111122223333_CloudTrail_eu-central-1_20260201T0005Z_e.json.gz`,
]

async function listed(given: object): Promise<{ keys: string[]; objects: LogObject[]; requests: number }> {
  const source = open(
    settings.parse({ bucket: 'layouts', identity: moto.identity, watch: false, ...given }),
    {
      name: 's3',
    },
  )
  const objects: LogObject[] = []
  for await (const object of source.objects()) {
    if (source.filteredBy?.(object.uri) === undefined) objects.push(object)
  }
  await source.close?.()
  return {
    objects,
    keys: objects.map(({ uri }) => uri.slice('s3://layouts/'.length)),
    requests: source.requests(),
  }
}

describe('a bucket', () => {
  const odd = ['odd/a b+c%d=e&f.json', 'odd/ü/日本.json', "odd/it's (1)!~*.json"]

  beforeAll(async () => {
    await boto(moto, [
      ['s3', 'create_bucket', { Bucket: 'layouts', ...IN_REGION }],
      ...[...LAYOUTS, ...odd].map(
        (Key) => ['s3', 'put_object', { Bucket: 'layouts', Key, Body: bytes(Key) }] as const,
      ),
      ['s3', 'put_object', { Bucket: 'layouts', Key: 'AWSLogs/', Body: bytes('') }],
    ])
  })

  it('is listed day by day, across accounts, Regions and services', async () => {
    const { keys, objects } = await listed({})
    const dated = keys.filter((key) => /\/\d{4}\/\d{2}\/\d{2}\//.test(key))
    expect(dated).toEqual(LAYOUTS.slice(2))
    expect(keys.slice().sort()).toEqual([...LAYOUTS, ...odd].sort())
    // What the listing names can be read, as it is.
    for (const object of objects) {
      const { version, bytes: size } = object
      const read = await object.read()
      expect(Buffer.from(read.bytes).toString()).toBe(object.uri.slice('s3://layouts/'.length))
      expect([read.version, read.bytes.length]).toEqual([version, size])
    }
  })

  it('is listed in part: a folder, an object, what begins so', async () => {
    expect((await listed({ prefix: 'firehose' })).keys).toEqual([LAYOUTS[7]])
    expect((await listed({ prefix: 'readme.txt' })).keys).toEqual(['readme.txt'])
    expect((await listed({ prefix: 'odd/a*' })).keys).toEqual([odd[0]])
    expect((await listed({ prefix: `${ACCOUNT}/CloudTrail/eu-central-1/2026/01/` })).keys).toHaveLength(2)
    await expect(listed({ prefix: 'nowhere' })).rejects.toThrow('there is nothing at s3://layouts/nowhere')
  })

  it('is listed for some days only, and other days are not looked at', async () => {
    const all = await listed({ prefix: 'AWSLogs/' })
    const some = await listed({
      prefix: 'AWSLogs/',
      since: '2026-01-08T06:00:00Z',
      until: '2026-01-09',
      redelivery_days: 0,
    })
    expect(some.keys).toEqual(LAYOUTS.slice(8, 11))
    expect(some.requests).toBeLessThan(all.requests)
    // What is delivered late is found.
    const late = await listed({ prefix: 'AWSLogs/', since: '2026-01-09', until: '2026-01-10' })
    expect(late.keys).toEqual([LAYOUTS[11]])
    // Without a day in its key, an object is of the day that it was written on.
    expect((await listed({ prefix: 'readme.txt', until: '2020-01-01' })).keys).toEqual([])
  })

  it('is filtered, before it is listed where the folders tell', async () => {
    const all = await listed({ prefix: 'AWSLogs/' })
    const some = await listed({
      prefix: 'AWSLogs/',
      filter: { accounts: ['444455556666'], regions: ['eu-central-1'] },
    })
    expect(some.keys).toEqual([LAYOUTS[6]])
    expect(some.requests).toBeLessThan(all.requests)
    expect((await listed({ filter: { match: '/CloudTrail/', reject: '_[a-c]\\.' } })).keys).toEqual(
      LAYOUTS.slice(10),
    )
    expect((await listed({ filter: { include: ['odd/'], exclude: ['odd/ü'] } })).keys).toHaveLength(2)
  })

  it('that is longer than a page is listed whole', async () => {
    const keys = Array.from({ length: 1203 }, (_, n) => `long/2026/01/07/${String(n).padStart(5, '0')}`)
    await boto(
      moto,
      keys.map((Key) => ['s3', 'put_object', { Bucket: 'layouts', Key, Body: bytes('x') }] as const),
    )
    expect((await listed({ prefix: 'long/' })).keys).toEqual(keys)
  })
})

describe('objects that a queue and a listing both name', () => {
  it('are in the lake once, whoever is first', async () => {
    const { queue } = await announcedBucket(moto, 'overlap')
    const lake = freshFolder('lake')
    const truth = makeObjects(freshFolder('objects'), { objects: 10, seed: 32 })
    const half = truth.files.length >> 1
    await boto(moto, puts('overlap', truth.files.slice(0, half)))
    const at = ['--lake', lake, '--endpoint', moto.endpoint, '--region', 'eu-central-1']

    const first = await loglake(['ingest', 's3://overlap/', ...at, '--json'])
    expect(JSON.parse(first.out).objects, first.err).toMatchObject({ listed: half, already: 0 })
    await boto(moto, puts('overlap', truth.files.slice(half)))
    const worker = startWorker(moto, { lake, settings: { queue }, options: { batchAgeMs: 300 } })
    await empty(moto, queue)
    const { totals, output } = await worker.stop()
    expect(totals?.objects, output).toMatchObject({ listed: truth.files.length, already: half })
    const last = await loglake(['ingest', 's3://overlap/', ...at])
    expect(last.out).toMatch(/^All \d+ objects are in the lake already/)
    expect(await judge(lake, inBucket(truth, 'overlap'))).toMatchObject({ lost: 0, doubled: 0, wrong: [] })
  })
})

describe('a backfill', () => {
  const day = (ago: number) =>
    new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '/')
  const key = (ago: number, name: string) =>
    `AWSLogs/111122223333/CloudTrail/eu-central-1/${day(ago)}/${name}.json.gz`
  const ids = (from: number, count: number) =>
    Array.from({ length: count }, (_, n) => eventOf(`backfill-${from + n}`, n))
  const at = () => ['--endpoint', moto.endpoint, '--region', 'eu-central-1']

  beforeAll(async () => {
    await boto(moto, [
      ['s3', 'create_bucket', { Bucket: 'history', ...IN_REGION }],
      ...[0, 1, 5, 6, 40].map(
        (ago) =>
          [
            's3',
            'put_object',
            {
              Bucket: 'history',
              Key: key(ago, `x${ago}`),
              Body: bytes(gzipSync(JSON.stringify({ Records: ids(ago * 100, 20) }))),
            },
          ] as const,
      ),
    ])
  })

  it('counts and prices the requests, and reads nothing', async () => {
    const lake = freshFolder('lake')
    const run = ['backfill', 's3://history/AWSLogs/', '--lake', lake, '--dry-run', ...at()]
    const { out, err, code } = await loglake(run)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/^4 objects would be read, .*; 4 found\.\n/)
    expect(out).toMatch(/\d+ LIST +\$0\.000\d+ +spent on this count\n4 GET +\$0\.00000/)
    expect(JSON.parse((await loglake([...run, '--json', '--days-begin', '100'])).out)).toMatchObject({
      objects: 5,
      requests: { get: 5 },
    })
  })

  it('brings in the days asked for, as much as asked for, and goes on from there', async () => {
    const lake = freshFolder('lake')
    const run = async (...more: string[]) => {
      const { out, err, code } = await loglake([
        'backfill',
        's3://history/AWSLogs/',
        '--lake',
        lake,
        '--json',
        ...at(),
        ...more,
      ])
      expect(code, err).toBe(0)
      return JSON.parse(out).objects
    }
    expect(await run('--days-begin', '6', '--days-end', '-5')).toMatchObject({ listed: 2, stored: 2 })
    expect(await run('--days-begin', '50', '--max-bytes', '600')).toMatchObject({
      already: 2,
      stored: 1,
      released: 2,
    })
    expect(await run('--days-begin', '50', '--max-rows', '20')).toMatchObject({ failed: 0 })
    expect(await run('--days-begin', '50')).toMatchObject({ listed: 5, failed: 0 })
    const { out } = await loglake([
      'query',
      'select count(*) as n from cloudtrail',
      '--lake',
      lake,
      '--format',
      'csv',
    ])
    expect(out.trim().split(/\s+/).at(-1)).toBe('100')
  })

  it("knows the user's own log types, and stores nothing that is sensitive in them", async () => {
    const cwd = freshFolder('configured')
    const types = new URL('../../docs/onboarding', import.meta.url).pathname
    writeFileSync(join(cwd, 'loglake.yaml'), `logtypes: ${types}\n`)
    const lines = readFileSync(join(types, 'assistant_audit/fixtures/lines.jsonl'))
    await boto(moto, [
      ['s3', 'create_bucket', { Bucket: 'chats', ...IN_REGION }],
      ['s3', 'put_object', { Bucket: 'chats', Key: 'shop/lines.jsonl', Body: bytes(lines) }],
    ])
    const env = { LOGLAKE_HASH_KEY: 'a secret of the tests alone' }
    const { out, err, code } = await loglake(['backfill', 's3://chats/', '--json', ...at()], { cwd, env })
    expect(code, err).toBe(0)
    const { stored } = JSON.parse(out).records
    expect(stored).toBeGreaterThan(0)
    const counted = ['query', 'select count(*) as n from assistant_audit', '--format', 'csv']
    expect((await loglake(counted, { cwd })).out.trim().split(/\s+/)).toEqual(['n', String(stored)])
    const rows = await loglake(['query', 'from assistant_audit', '--format', 'json'], { cwd })
    expect(rows.out).not.toContain('@')
  })
})

it('an object that cannot be read fails alone', async () => {
  const lake = freshFolder('lake')
  const truth = makeObjects(freshFolder('objects'), { objects: 4, seed: 33, sound: true })
  const [archived = '', ...others] = truth.files
  await boto(moto, [
    ['s3', 'create_bucket', { Bucket: 'partly', ...IN_REGION }],
    ...puts('partly', others),
    ...puts('partly', [archived]).map(
      ([s, m, args]) => [s, m, { ...args, StorageClass: 'GLACIER' }] as const,
    ),
  ])
  const run = [
    'ingest',
    's3://partly',
    '--lake',
    lake,
    '--endpoint',
    moto.endpoint,
    '--region',
    'eu-central-1',
  ]
  const { out, code } = await loglake(run)
  expect(out).toContain(`archived  s3://partly/${keyOf(archived)}`)
  expect(out).toMatch(/found: 3 stored, 1 not readable/)
  expect(code).toBe(1)
})

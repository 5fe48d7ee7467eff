import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { awsClients, type S3 } from '../../src/aws/clients.ts'
import { s3Storage } from '../../src/lake/storage/s3.ts'
import { freshFolder, loglake, SAMPLES } from '../e2e/program.ts'
import { type Moto, startMoto } from './moto.ts'
import { startProxy } from './proxy.ts'
import { python } from './python.ts'

const BUCKET = 'example-lake'
const ROWS = 4015
let moto: Moto
let s3: S3
let closeClients: () => void
let next = 0
const root = freshFolder()

beforeAll(async () => {
  moto = await startMoto()
  const clients = awsClients(moto.identity)
  closeClients = clients.close
  s3 = await clients.s3()
  const CreateBucketConfiguration = { LocationConstraint: 'eu-central-1' as const }
  await s3.createBucket({ Bucket: BUCKET, CreateBucketConfiguration })
  await s3.createBucket({
    Bucket: 'example-locked',
    CreateBucketConfiguration,
    ObjectLockEnabledForBucket: true,
  })
})
afterAll(async () => {
  closeClients()
  await moto.stop()
  rmSync(root, { recursive: true, force: true })
})

interface Place {
  lake: string
  cache: string
  /** Runs the program with a configuration that names the lake. */
  run(...args: string[]): ReturnType<typeof loglake>
  json<Answer>(...args: string[]): Promise<Answer>
}

/** A lake of a test's own, and a machine without any copies. */
function place(storage = '', lake = `s3://${BUCKET}/audit logs/${next++}`, endpoint = moto.endpoint): Place {
  const folder = join(root, `place-${next++}`)
  mkdirSync(folder)
  const config = join(folder, 'loglake.yaml')
  const cache = join(folder, 'cache')
  writeFileSync(
    config,
    `lake: ${lake}\nstorage:\n  identity: {endpoint: "${endpoint}"}\n${storage.includes('cache:') ? '' : '  cache: {folder: cache}\n'}${storage}`,
  )
  const run = (...args: string[]) => loglake([...args, '--config', config])
  return {
    lake,
    cache,
    run,
    async json(...args) {
      const { code, out, err } = await run(...args)
      if (code !== 0) throw new Error(`${args.join(' ')}\n${err}`)
      return JSON.parse(out)
    },
  }
}

const COUNT = ['query', 'select count(*)::int as n from cloudtrail', '--format', 'json'] as const
const count = async (at: Place) => (await at.json<{ n: number }[]>(...COUNT))[0]?.n

function filesIn(folder: string): { path: string; bytes: number }[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((path) => ({ path, bytes: statSync(path).size }))
}

describe('a lake on S3', () => {
  it('is filled, asked, compacted, vacuumed and verified as one on a disk', async () => {
    const here = place()
    const none = await here.run('tables')
    expect(none).toMatchObject({ code: 2, out: '' })
    expect(none.err).toMatch(/there is no lake in s3:\/\/example-lake\/audit logs\/\d+:/)

    const days = readdirSync(SAMPLES, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isDirectory() && /\/2026\/01$/.test(entry.parentPath))
      .map(({ parentPath, name }) => join(parentPath, name))
    const [first = '', second = ''] = [...new Set(days)]
    for (const path of [first, second, SAMPLES]) expect((await here.run('ingest', path)).code).toBe(0)
    const again = await here.json<{ objects: object }>('ingest', SAMPLES, '--json')
    expect(again.objects).toMatchObject({ stored: 0, already: 228 })
    expect(await count(here)).toBe(ROWS)
    const tables = await here.json<{ table: string; rows: string; files: string }[]>(
      'tables',
      '--format',
      'json',
    )
    const filled = tables.filter(({ rows }) => Number(rows) > 0)
    expect(filled.map(({ table, rows }) => [table, Number(rows)])).toEqual([
      ['cloudtrail', ROWS],
      ['ledger', 228],
      ['reject', 1],
    ])
    expect((await here.run('compact')).code).toBe(0)
    const after = await here.json<typeof tables>('tables', '--format', 'json')
    const filesIn = (some: typeof tables) => Number(some.find(({ table }) => table === 'cloudtrail')?.files)
    expect(filesIn(after)).toBeLessThan(filesIn(tables))
    const vacuumed = await here.json<{ files: number }>('vacuum', '--keep', '0', '--grace', '0', '--json')
    expect(vacuumed.files).toBeGreaterThan(0)

    // From another machine, too.
    const there = place('', here.lake)
    expect(await count(there)).toBe(ROWS)
    for (const at of [here, there]) {
      const verified = await at.json<{ findings: unknown[]; checked: object }>('verify', '--json')
      expect(verified.findings).toEqual([])
      expect(verified.checked).toMatchObject({ tables: 3, rows: ROWS + 229 })
    }
    expect((await here.run('objects', '--format', 'json')).code).toBe(0)
    expect((await here.run('rejects')).code).toBe(0)
  })

  it('is read by pyiceberg as it lies there', async () => {
    const here = place()
    await here.run('ingest', SAMPLES)
    const { Contents = [] } = await s3.listObjectsV2({
      Bucket: BUCKET,
      Prefix: here.lake.slice(`s3://${BUCKET}/`.length),
    })
    const keys = Contents.map(({ Key }) => Key as string)
    const metadata = (table: string) =>
      `s3://${BUCKET}/${keys.find((key) => key.endsWith(`/tables/${table}/metadata/v1.metadata.json`))}`
    const day = '2026-01-07'
    const [events, ledger] = await python<
      { location: string; rows: number; values: string[]; of_day: number; files: string[] }[]
    >(
      moto,
      'read_iceberg.py',
      JSON.stringify([
        [metadata('cloudtrail'), 'eventid', day],
        [metadata('ledger'), 'lake_object', day],
      ]),
    )
    expect(events).toMatchObject({ location: `${here.lake}/tables/cloudtrail`, rows: ROWS })
    expect(events?.files.every((file) => file.startsWith(`${here.lake}/tables/cloudtrail/data/`))).toBe(true)
    const ours = await here.json<{ eventid: string; of_day: boolean }[]>(
      'query',
      `select eventid, lake_day = date '${day}' as of_day from cloudtrail`,
      '--format',
      'json',
    )
    expect(events?.values).toEqual(ours.map(({ eventid }) => String(eventid)).sort())
    expect(events?.of_day).toBe(ours.filter(({ of_day }) => of_day).length)
    expect(ledger?.rows).toBe(228)
  })

  it('keeps its copies within their bound, and clears up behind itself', async () => {
    const here = place('  cache: {folder: cache, bytes: 200KiB}\n')
    for (const path of [join(SAMPLES, 'o-exampleorgid/111122223333'), SAMPLES])
      expect((await here.run('ingest', path)).code).toBe(0)
    expect(await count(here)).toBe(ROWS)
    const copies = filesIn(here.cache)
    expect(copies.filter(({ path }) => !/\/(files\/[^/]+|added)$/.test(path))).toEqual([])
    expect(copies.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(200 << 10)
    expect(copies.length).toBeGreaterThan(1)
  })

  it('whose copies are cut, or gone, is still read', async () => {
    const here = place()
    await here.run('ingest', SAMPLES)
    for (const { path } of filesIn(here.cache)) if (path.endsWith('.parquet')) writeFileSync(path, 'PAR1')
    expect(await count(here)).toBe(ROWS)
    rmSync(here.cache, { recursive: true })
    expect(await count(here)).toBe(ROWS)
    expect(await count(here)).toBe(ROWS)
  })

  it('is not verified by its copies', async () => {
    const here = place()
    await here.run('ingest', SAMPLES)
    expect(await count(here)).toBe(ROWS)
    const prefix = `${here.lake.slice(`s3://${BUCKET}/`.length)}/tables/cloudtrail/data/`
    const { Contents = [] } = await s3.listObjectsV2({ Bucket: BUCKET, Prefix: prefix })
    const file = Contents.find(({ Key }) => Key?.endsWith('.parquet'))
    await s3.putObject({ Bucket: BUCKET, Key: file?.Key, Body: Buffer.alloc(file?.Size ?? 0) })
    expect(await count(here)).toBe(ROWS)
    const { code, out } = await here.run('verify', '--json')
    expect(code).toBe(1)
    const wrong = (JSON.parse(out) as { findings: { severity: string; file: string }[] }).findings
    expect(wrong.some(({ file: named }) => named === `s3://${BUCKET}/${file?.Key}`)).toBe(true)
  })

  // With nothing but a first version, the catalog is listed: something may be left of a writer that overslept.
  it('is written to without a listing, once it has two versions', async () => {
    const proxy = await startProxy(moto.endpoint)
    const here = place('', undefined, proxy.endpoint)
    for (const account of ['111122223333', '444455556666'])
      await here.run('ingest', join(SAMPLES, 'o-exampleorgid', account))
    proxy.seen = []
    expect((await here.run('ingest', SAMPLES)).code).toBe(0)
    expect(await count(here)).toBe(ROWS)
    await proxy.stop()
    expect(proxy.seen.length).toBeGreaterThan(20)
    expect(proxy.seen.filter(({ path }) => path.includes('list-type'))).toEqual([])
  })

  it('that cannot be reached says why', async () => {
    const nowhere = await place('', 's3://example-nowhere/lake').run('tables')
    expect(nowhere).toMatchObject({ code: 2, out: '' })
    expect(nowhere.err).toMatch(/no such bucket.*\n.*place: s3:\/\/example-nowhere\/lake\/.*\n.*way out: /)
    for (const [lake, message] of [
      ['s3://Wrong/lake', /no place for a lake/],
      ['gs://example/lake', /neither/],
    ] as const) {
      const { code, err } = await loglake(['tables', '--lake', lake])
      expect(code).toBe(2)
      expect(err).toMatch(message)
    }
    const keyless = await loglake(['tables', '--lake', `s3://${BUCKET}/lake`], {
      env: { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_ENDPOINT_URL: moto.endpoint },
    })
    expect(keyless.code).toBe(2)
    expect(keyless.err).toMatch(/no AWS credentials were found[\s\S]*way out: log in/)
  })
})

describe('what is written is protected', () => {
  interface Told {
    key: string
    encryption: string
    kms_key: string | null
    lock: string | null
    locked_until: number | null
    metadata: Record<string, string>
  }

  it('with object lock and a KMS key, every file of it', async () => {
    const kms = 'arn:aws:kms:eu-central-1:111122223333:key/00000000-0000-0000-0000-000000000001'
    const here = place(
      `  kms_key: ${kms}\n  object_lock: {mode: compliance, days: 400}\n`,
      's3://example-locked/lake',
    )
    expect((await here.run('ingest', SAMPLES)).code).toBe(0)
    expect((await here.run('ingest', SAMPLES)).code).toBe(0)
    const told = await python<Told[]>(moto, 'objects.py', 'example-locked', 'lake/')
    expect(told.length).toBeGreaterThan(20)
    const until = Date.now() / 1000 + 400 * 86_400
    for (const { key, encryption, kms_key, lock, locked_until, metadata } of told) {
      expect([key, encryption, kms_key, lock]).toEqual([key, 'aws:kms', kms, 'COMPLIANCE'])
      expect(Math.abs((locked_until ?? 0) - until), key).toBeLessThan(600)
      expect(metadata['loglake-sha256']).toMatch(/^[0-9a-f]{64}$/)
    }

    // What vacuum takes out of sight stays: a version that nobody can delete.
    expect((await here.run('compact')).code).toBe(0)
    expect((await here.run('vacuum', '--keep', '0', '--grace', '0')).code).toBe(0)
    expect(await count(here)).toBe(ROWS)
    const { Versions = [] } = await s3.listObjectVersions({
      Bucket: 'example-locked',
      Prefix: 'lake/catalog/v1',
    })
    const [version] = Versions
    const deleted = s3.deleteObject({
      Bucket: 'example-locked',
      Key: version?.Key,
      VersionId: version?.VersionId,
    })
    await expect(deleted).rejects.toThrow(/Access Denied/)
  })

  it('also where a file goes in parts', async () => {
    const proxy = await startProxy(moto.endpoint)
    const storage = s3Storage('s3://example-locked/parts', {
      identity: { ...moto.identity, endpoint: proxy.endpoint },
      kmsKey: 'alias/loglake',
      objectLock: { mode: 'governance', days: 1 },
      cache: { folder: join(root, 'parts') },
    })
    const file = join(await storage.workplace(), 'x')
    writeFileSync(file, Buffer.alloc(20 << 20, 'x'))
    await storage.adopt(file, 'tables/t/data/00000000-0000-4000-8000-000000000000.parquet')
    await proxy.stop()
    const [told] = await python<Told[]>(moto, 'objects.py', 'example-locked', 'parts/')
    expect(told).toMatchObject({ encryption: 'aws:kms', kms_key: 'alias/loglake' })
    // moto forgets what an upload in parts was begun with.
    const begun = proxy.seen.find(({ path }) => path.includes('?uploads'))
    expect(begun?.headers['x-amz-object-lock-mode']).toBe('GOVERNANCE')
    const until = Date.parse(String(begun?.headers['x-amz-object-lock-retain-until-date']))
    expect(Math.abs(until - Date.now() - 86_400_000)).toBeLessThan(600_000)
  })

  it('by nothing, where nothing is configured', async () => {
    const here = place()
    expect((await here.run('ingest', SAMPLES)).code).toBe(0)
    const told = await python<Told[]>(moto, 'objects.py', BUCKET, here.lake.slice(`s3://${BUCKET}/`.length))
    for (const { kms_key, lock } of told) expect([kms_key, lock]).toEqual([null, null])
  })
})

import { randomUUID } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { awsClients, type S3 } from '../../src/aws/clients.ts'
import { freshFolder, loglake, SAMPLES } from '../e2e/program.ts'
import { type Moto, startMoto } from './moto.ts'

// A bucket is shared: raw logs, other programs' files and uploads, and a lake within the prefix of another.

const BUCKET = 'example-shared'
const DAY = 'data/lake_day=2026-01-07'
const OUTER = 'audit'
/** Within the outer lake's own prefixes. */
const INNER = [`${OUTER}/staging/inner`, `${OUTER}/tables/inner`]
const FOREIGN = [
  `${OUTER}/staging/AWSLogs/111122223333/CloudTrail/eu-central-1/2026/01/07/raw.json.gz`,
  `${OUTER}/tables/prices/data/prices.csv`,
  `${OUTER}/tables/prices/${DAY}/${randomUUID()}.parquet`,
  `${OUTER}/tables/cloudtrail/${DAY}/mine.parquet`,
  `${OUTER}/catalog/notes.txt`,
  `other/tables/cloudtrail/${DAY}/${randomUUID()}.parquet`,
]
const FOREIGN_UPLOADS = ['backup.tar', `${OUTER}/backup.tar`, `${OUTER}/tables/cloudtrail/data/backup.tar`]
const OWN = `${OUTER}/tables/cloudtrail/${DAY}/${randomUUID()}.parquet`

const root = freshFolder()
let moto: Moto
let s3: S3
let closeClients: () => void

beforeAll(async () => {
  moto = await startMoto()
  const clients = awsClients(moto.identity)
  closeClients = clients.close
  s3 = await clients.s3()
  await s3.createBucket({
    Bucket: BUCKET,
    CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' as const },
  })
})
afterAll(async () => {
  closeClients()
  await moto.stop()
  rmSync(root, { recursive: true, force: true })
})

/** Runs the program on a lake of the bucket. */
function lakeAt(prefix: string): (...args: string[]) => ReturnType<typeof loglake> {
  const folder = join(root, prefix.replaceAll('/', '-'))
  mkdirSync(folder, { recursive: true })
  const config = join(folder, 'loglake.yaml')
  const storage = `storage:\n  identity: {endpoint: "${moto.endpoint}"}\n  cache: {folder: cache}\n`
  writeFileSync(config, `lake: s3://${BUCKET}/${prefix}\n${storage}`)
  return (...args) => loglake([...args, '--config', config])
}

async function keys(): Promise<string[]> {
  const found: string[] = []
  let ContinuationToken: string | undefined
  do {
    const page = await s3.listObjectsV2({ Bucket: BUCKET, ContinuationToken })
    found.push(...(page.Contents ?? []).map(({ Key }) => Key as string))
    ContinuationToken = page.NextContinuationToken
  } while (ContinuationToken)
  return found
}

async function uploads(): Promise<string[]> {
  const { Uploads = [] } = await s3.listMultipartUploads({ Bucket: BUCKET })
  return Uploads.map(({ Key }) => Key as string).sort()
}

it('a vacuum of a lake on S3 removes what the lake wrote, and nothing beside or within it', async () => {
  const outer = lakeAt(OUTER)
  const logs = join(SAMPLES, 'o-exampleorgid', '111122223333')
  expect((await outer('ingest', logs)).code).toBe(0)
  for (const prefix of INNER) expect((await lakeAt(prefix)('ingest', logs)).code).toBe(0)
  for (const Key of FOREIGN) await s3.putObject({ Bucket: BUCKET, Key, Body: 'not of a lake' })
  for (const Key of [...FOREIGN_UPLOADS, OWN]) await s3.createMultipartUpload({ Bucket: BUCKET, Key })
  await s3.putObject({ Bucket: BUCKET, Key: OWN, Body: 'of a writer that was killed' })
  const inner = (all: string[]) => all.filter((key) => INNER.some((prefix) => key.startsWith(`${prefix}/`)))
  const before = await keys()

  expect((await outer('compact')).code).toBe(0)
  const vacuumed = await outer('vacuum', '--keep', '0', '--grace', '0', '--json')
  expect(vacuumed).toMatchObject({ code: 0 })
  expect(JSON.parse(vacuumed.out).files).toBeGreaterThan(0)

  const after = await keys()
  expect(after).not.toContain(OWN)
  expect(after).toEqual(expect.arrayContaining(FOREIGN))
  expect(inner(after)).toEqual(inner(before))
  expect(inner(after).length).toBeGreaterThan(20)
  expect(await uploads()).toEqual([...FOREIGN_UPLOADS].sort())
  for (const prefix of [OUTER, ...INNER]) {
    const verified = await lakeAt(prefix)('verify', '--json')
    expect(JSON.parse(verified.out).findings).toEqual([])
  }
})

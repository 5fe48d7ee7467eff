import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { ingest } from 'loglake'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLocations } from '../../src/digests/locations.ts'
import { digestReport } from '../../src/digests/report.ts'
import { digestTables } from '../../src/digests/tables.ts'
import { updateDigests } from '../../src/digests/update.ts'
import { type Lake, openLake } from '../../src/lake/lake.ts'
import { localStorage } from '../../src/lake/storage/local.ts'
import type { Finding } from '../../src/lake/verify/findings.ts'
import type { Source } from '../../src/sources/contract.ts'
import { open as openS3, settings as s3Settings } from '../../src/sources/s3.ts'
import { lakeTables } from '../../src/tables/index.ts'
import { boto, bytes, type Call } from './boto.ts'
import { type Case, cases } from './digests/cases.ts'
import { signKey, type Trail } from './digests/chain.ts'
import { startStandIn } from './digests/stand-in.ts'
import { type Moto, startMoto } from './moto.ts'
import { freshFolder, IN_REGION } from './world.ts'

/** The same chains for `aws cloudtrail validate-logs` and for us. */

const PYTHON = resolve('.venv-awscli/bin/python')
const keys = { own: signKey(), next: signKey(), foreign: signKey() }
const all = cases(keys)
const trails: Trail[] = all.flatMap((one) => one.trails)
let moto: Moto
let standIn: Awaited<ReturnType<typeof startStandIn>>
let judged: Map<string, { invalid: Set<string>; code: number; text: string }>

interface Found {
  wrong: Finding[]
  percent: number
}

beforeAll(async () => {
  moto = await startMoto()
  standIn = await startStandIn(
    () => [keys.own, keys.next],
    () => trails,
  )
  // Our client goes there for keys, and to moto for objects.
  process.env.AWS_ENDPOINT_URL_CLOUDTRAIL = standIn.endpoint
  process.env.AWS_ENDPOINT_URL_S3 = moto.endpoint
  await boto(
    moto,
    all.flatMap(({ trails }) => puts(trails)),
  )
  judged = new Map((await validateLogs(trails)).map((one, at) => [(trails[at] as Trail).arn, one]))
}, 600_000)
afterAll(async () => {
  await standIn?.stop()
  await moto?.stop()
})

function puts(trails: readonly Trail[]): Call[] {
  const [{ bucket } = { bucket: '' }] = trails
  const objects = trails.flatMap(({ objects }) =>
    [...objects].map(
      ([Key, { body, metadata }]): Call => [
        's3',
        'put_object',
        { Bucket: bucket, Key, Body: bytes(body), Metadata: metadata },
      ],
    ),
  )
  return [['s3', 'create_bucket', { Bucket: bucket, ...IN_REGION }], ...objects]
}

/** What the AWS CLI says. */
async function validateLogs(trails: readonly Trail[]) {
  if (!existsSync(PYTHON)) throw new Error('the AWS CLI is not installed: `npm run test:emulator` does it')
  const asked = trails.map(({ arn, region, account }) => ({
    arn,
    region,
    account,
    endpoint: standIn.endpoint,
    start: '2026-01-07T00:00:00Z',
    end: '2026-01-08T00:00:00Z',
  }))
  const child = spawn(PYTHON, [new URL('./digests/validate.py', import.meta.url).pathname], {
    env: {
      ...process.env,
      ...moto.env,
      AWS_ENDPOINT_URL_S3: moto.endpoint,
      AWS_ENDPOINT_URL_ORGANIZATIONS: standIn.endpoint,
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (part) => {
    output += part
  })
  child.stdin.end(JSON.stringify(asked))
  await new Promise((done) => child.on('close', done))
  return (JSON.parse(output) as { code: number; out: string; err: string }[]).map(({ code, out, err }) => ({
    code,
    text: out + err,
    invalid: new Set([...err.matchAll(/(s3:\/\/\S+)\tINVALID/g)].map(([, uri]) => uri as string)),
  }))
}

/** One source of several buckets: a lake of its own for each takes longer to open than to read. */
async function lakeOf(buckets: readonly string[]): Promise<Lake> {
  const lake = openLake(localStorage(freshFolder('lake')), [...lakeTables, ...digestTables])
  const sources = buckets.map((bucket) =>
    openS3(s3Settings.parse({ bucket, watch: false, identity: { region: 'eu-central-1' } }), {
      name: bucket,
    }),
  )
  const together: Source = {
    name: 'trails',
    async *objects(signal) {
      for (const source of sources) yield* source.objects(signal)
    },
    async close() {
      for (const source of sources) await source.close?.()
    },
  }
  await ingest(lake, together, { threads: 1 })
  return lake
}

/** What our digests and our ledger say of some cases, read into one lake. */
async function ours(some: readonly Case[]): Promise<Found> {
  const lake = await lakeOf(some.map(({ trails: [first] }) => (first as Trail).bucket))
  const locations = openLocations(() => ({ region: 'eu-central-1' }))
  try {
    await updateDigests(lake, { locations, whole: true })
  } finally {
    locations.close()
  }
  const { findings, total } = await digestReport(lake)
  return { wrong: findings.filter(({ severity }) => severity === 'wrong'), percent: total.percent }
}

/** So many cases share a lake: fewer findings of a kind than a report names. */
const TOGETHER = 8
const found = new Map<number, Promise<Found>>()
function foundOf(nth: number): Promise<Found> {
  const from = nth - (nth % TOGETHER)
  const made = found.get(from) ?? ours(all.slice(from, from + TOGETHER))
  found.set(from, made)
  return made
}

async function compare({ trails, stricter }: Case, nth: number): Promise<void> {
  const { wrong, percent } = await foundOf(nth)
  const own = wrong.filter(({ file }) => file.startsWith(`s3://${(trails[0] as Trail).bucket}/`))
  const invalid = new Set(own.map(({ file }) => file))
  const theirs = new Set(trails.flatMap(({ arn }) => [...(judged.get(arn)?.invalid ?? [])]))
  const text = trails.map(({ arn }) => judged.get(arn)?.text).join('\n')
  expect(
    [...theirs].filter((uri) => !invalid.has(uri)),
    text,
  ).toEqual([])
  const more = [...invalid].filter((uri) => !theirs.has(uri))
  if (stricter.length === 0) expect(more, text).toEqual([])
  else
    expect(
      own.map(({ code }) => code),
      text,
    ).toEqual(expect.arrayContaining([...stricter]))
  if (theirs.size > 0) expect(percent, text).toBeLessThan(100)
}

it('has at least sixty chains', () => {
  expect(all.length).toBeGreaterThanOrEqual(60)
})

describe('a chain is judged as the AWS CLI judges it', () => {
  it.each(all.map((one, nth) => [one.name, one, nth] as const))(
    '%s',
    async (_, one, nth) => await compare(one, nth),
  )
})

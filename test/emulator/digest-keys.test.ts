import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { boto, bytes, type Call } from './boto.ts'
import { cases } from './digests/cases.ts'
import { signKey, type Trail } from './digests/chain.ts'
import { startStandIn } from './digests/stand-in.ts'
import { type Moto, startMoto } from './moto.ts'
import { freshFolder, IN_REGION } from './world.ts'

/** Two processes that see CloudTrail's digests for the first time at once: both end well, and each key is pinned once. */

const keys = { own: signKey(), next: signKey(), foreign: signKey() }
const [good] = cases(keys)
const trails = good?.trails as Trail[]
const [{ bucket }] = trails as [Trail]
const folder = freshFolder('digest-keys')
let moto: Moto
let standIn: Awaited<ReturnType<typeof startStandIn>>

beforeAll(async () => {
  moto = await startMoto()
  standIn = await startStandIn(
    () => [keys.own, keys.next],
    () => trails,
  )
  const objects = trails.flatMap(({ objects }) =>
    [...objects].map(
      ([Key, { body, metadata }]): Call => [
        's3',
        'put_object',
        { Bucket: bucket, Key, Body: bytes(body), Metadata: metadata },
      ],
    ),
  )
  await boto(moto, [['s3', 'create_bucket', { Bucket: bucket, ...IN_REGION }], ...objects])
  writeFileSync(join(folder, 'loglake.yaml'), `lake: lake\n`)
}, 120_000)
afterAll(async () => {
  await standIn?.stop()
  await moto?.stop()
})

async function run(...args: string[]): Promise<{ code: number | null; out: string }> {
  const child = spawn(process.execPath, [resolve('dist/cli/loglake.cjs'), ...args], {
    cwd: folder,
    env: {
      ...process.env,
      ...moto.env,
      AWS_ENDPOINT_URL_CLOUDTRAIL: standIn.endpoint,
      AWS_ENDPOINT_URL_S3: moto.endpoint,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part) => {
      out += part
    })
  return await new Promise((done) => child.on('close', (code) => done({ code, out })))
}

it('each key is pinned once, each digest has one verdict, and both end well', async () => {
  expect(await run('ingest', `s3://${bucket}/`)).toMatchObject({ code: 0 })
  standIn.answerTogether(2)
  const ended = await Promise.all([1, 2].map(() => run('verify', '--cloudtrail', '--since', '2026-01-01')))
  expect(ended.map(({ code }) => code)).toEqual([0, 0])
  // Both have asked, and neither knew of the other.
  expect(standIn.asked.filter((action) => action === 'ListPublicKeys').length).toBeGreaterThanOrEqual(2)
  const rows = async (sql: string) => JSON.parse((await run('query', sql, '--format', 'json')).out)
  const pinned = await rows(
    'select fingerprint, count(*)::int as n from digest_key group by all order by all',
  )
  const wanted = [keys.own, keys.next].map(({ fingerprint }) => ({ fingerprint, n: 1 }))
  expect(pinned).toEqual(wanted.sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1)))
  const [found] = await rows(
    `select count(*)::int as n, count(distinct lake_object)::int as digests, bool_and(state = 'valid') as sound from digest`,
  )
  expect(found.digests).toBeGreaterThan(1)
  expect(found).toMatchObject({ n: found.digests, sound: true })
  expect(await run('verify', '--cloudtrail')).toMatchObject({ code: 0 })
}, 120_000)

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loglake } from '../e2e/program.ts'
import { makeObjects } from '../faults/objects.ts'
import { boto, bytes, type Call } from './boto.ts'
import { type Moto, startMoto } from './moto.ts'
import { startProxy } from './proxy.ts'
import { freshFolder, IN_REGION, keyOf, puts } from './world.ts'

let moto: Moto
beforeAll(async () => {
  moto = await startMoto()
})
afterAll(() => moto.stop())

interface Verified {
  objects: Record<string, number>
  findings: { severity: string; code: string; file: string }[]
}

/** A lake of a bucket's objects, and what verify says of these. */
async function lakeOf(bucket: string, calls: Call[], seed: number) {
  const { files } = makeObjects(freshFolder('objects'), { objects: 6, seed, sound: true })
  await boto(moto, [
    ['s3', 'create_bucket', { Bucket: bucket, ...IN_REGION }],
    ...calls,
    ...puts(bucket, files),
  ])
  const proxy = await startProxy(moto.endpoint)
  const lake = freshFolder('lake')
  const at = ['--lake', lake, '--endpoint', proxy.endpoint, '--region', 'eu-central-1']
  expect((await loglake(['ingest', `s3://${bucket}/`, ...at])).code).toBe(0)
  return {
    proxy,
    keys: files.map(keyOf),
    uri: (at: number) => `s3://${bucket}/${keyOf(files[at] ?? '')}`,
    async verify() {
      const { out, err, code } = await loglake(['verify', '--objects', ...at, '--json'])
      expect(err).toBe('')
      return { code, ...(JSON.parse(out) as Verified) }
    },
    text: async () => (await loglake(['verify', '--objects', ...at])).out,
  }
}

it('objects on S3 are read again: the same, overwritten, gone, denied, archived, damaged', async () => {
  const { keys, proxy, verify, text, uri } = await lakeOf('proved', [], 81)
  expect(await verify()).toMatchObject({ code: 0, objects: { same: 6, changed: 0 }, findings: [] })

  const [overwritten, gone, denied, archived, damaged] = keys
  await boto(moto, [
    ['s3', 'put_object', { Bucket: 'proved', Key: overwritten, Body: bytes('another') }],
    ['s3', 'delete_object', { Bucket: 'proved', Key: gone }],
  ])
  const reads = (path: string, key = '') => path.split('?')[0] === `/proved/${key}`
  proxy.fault = ({ method, path }) => {
    if (method !== 'GET') return undefined
    if (reads(path, denied)) return { kind: 'refuse', status: 403, code: 'AccessDenied' }
    if (reads(path, archived)) return { kind: 'refuse', status: 403, code: 'InvalidObjectState' }
    return reads(path, damaged) ? { kind: 'flip' } : undefined
  }
  const found = await verify()
  const counts = { same: 1, overwritten: 1, gone: 1, denied: 1, archived: 1, changed: 1, unreadable: 0 }
  expect(found).toMatchObject({ code: 1, objects: counts })
  expect(found.findings.map(({ severity, code, file }) => `${severity} ${code} ${file}`).sort()).toEqual([
    `warning object-archived ${uri(3)}`,
    `warning object-denied ${uri(2)}`,
    `warning object-gone ${uri(1)}`,
    `warning object-overwritten ${uri(0)}`,
    `wrong object-changed ${uri(4)}`,
  ])
  expect(await text()).toContain(
    '6 objects where they lie: 1 as they were read, 1 changed, 1 overwritten since, 1 gone, 1 denied, 1 archived\n',
  )
  await proxy.stop()
})

it('where the bucket keeps versions, the one that was read is compared', async () => {
  const versioned: Call = [
    's3',
    'put_bucket_versioning',
    { Bucket: 'versioned', VersioningConfiguration: { Status: 'Enabled' } },
  ]
  const { keys, proxy, verify } = await lakeOf('versioned', [versioned], 82)
  await boto(moto, [
    ['s3', 'put_object', { Bucket: 'versioned', Key: keys[0], Body: bytes('another') }],
    ['s3', 'delete_object', { Bucket: 'versioned', Key: keys[1] }],
  ])
  expect(await verify()).toMatchObject({ code: 0, objects: { same: 6, gone: 0, overwritten: 0 } })
  await proxy.stop()
})

it('objects are read by the identity of the source that delivered them', async () => {
  const { files } = makeObjects(freshFolder('objects'), { objects: 3, seed: 84, sound: true })
  await boto(moto, [
    ['s3', 'create_bucket', { Bucket: 'of-source', ...IN_REGION }],
    ...puts('of-source', files),
  ])
  const folder = freshFolder('run')
  const trail = { type: 's3', bucket: 'of-source', watch: false, identity: moto.identity }
  writeFileSync(join(folder, 'loglake.yaml'), JSON.stringify({ sources: { trail }, run: { port: 0 } }))
  expect((await loglake(['run'], { cwd: folder })).code).toBe(0)
  const { out, err } = await loglake(['verify', '--objects'], { cwd: folder })
  expect(out, err).toContain('3 objects where they lie: 3 as they were read\n')
})

it('nothing is said of objects when it is our credentials that are wrong', async () => {
  const { proxy, text } = await lakeOf('unknown', [], 83)
  proxy.fault = () => ({ kind: 'refuse', status: 403, code: 'InvalidAccessKeyId' })
  expect(await text()).toBe('')
  await proxy.stop()
})

import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { find, lakeTables, openLake, openQueryEngine } from 'loglake'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { awsClients } from '../../src/aws/clients.ts'
import { s3Storage } from '../../src/lake/storage/s3.ts'
import { ALL_SAMPLES, freshFolder, loglake } from '../e2e/program.ts'
import { type Moto, startMoto } from './moto.ts'
import { type FaultProxy, startProxy } from './proxy.ts'

/**
 * What a needle costs on S3 once a lake is compacted, in requests: in a lake that is open, as the server has it; from the command line
 * on a machine that has asked before; and on one that never has, with all that it takes to open a lake.
 */

const LAKE = 's3://example-needles/lake'
const MAX = 10
const root = freshFolder()
let moto: Moto
let proxy: FaultProxy
let keys: Key[]

interface Key {
  kind: string
  value: string
}

beforeAll(async () => {
  moto = await startMoto()
  proxy = await startProxy(moto.endpoint)
  const clients = awsClients(moto.identity)
  const CreateBucketConfiguration = { LocationConstraint: 'eu-central-1' as const }
  await (await clients.s3()).createBucket({ Bucket: 'example-needles', CreateBucketConfiguration })
  clients.close()
  for (const args of [['ingest', ALL_SAMPLES], ['follow', '--once'], ['compact']]) await run('fill', ...args)
  const { out } = await run('fill', 'query', SOUGHT, '--format', 'ndjson')
  keys = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}, 300_000)
afterAll(async () => {
  await proxy.stop()
  await moto.stop()
  rmSync(root, { recursive: true, force: true })
})

/** Some values of each kind of key that cloudtrail declares, and those that no row has. */
const SOUGHT = `
  select kind, value from (
    select 'event' as kind, eventid as value from cloudtrail union all
    select 'request', requestid from cloudtrail union all
    select 'session', f_sessionid from cloudtrail union all
    select 'access key', useridentity_accesskeyid from cloudtrail union all
    select 'principal', useridentity_principalid from cloudtrail union all
    select 'address', sourceipaddress from cloudtrail
  ) where value is not null group by kind, value
  qualify row_number() over (partition by kind order by count(*), md5(value)) <= 3`

const NOBODY = [
  '3c0ecab9-2f6c-4c8f-8d1c-3a8a9d9d6c11',
  'ASIAZZZZZZZZZZZZZZZZ',
  'AROAZZZZZZZZZZZZZZZZZ:nobody',
  '203.0.113.77',
  'arn:aws:iam::111122223333:role/Nobody',
].map((value) => ({ kind: 'nobody', value }))

/** Runs the program on a machine of this name, which keeps its own copies of the lake's files. */
async function run(machine: string, ...args: string[]) {
  const config = join(root, `${machine}.yaml`)
  const identity = `identity: {endpoint: "${proxy.endpoint}"}`
  writeFileSync(config, `lake: ${LAKE}\nstorage:\n  ${identity}\n  cache: {folder: ${machine}}\n`)
  const ended = await loglake([...args, '--config', config])
  if (ended.code !== 0) throw new Error(`${args.join(' ')}\n${ended.err}`)
  return ended
}

/** What was asked of S3 meanwhile. */
async function requestsOf(work: () => Promise<unknown>): Promise<string[]> {
  proxy.seen = []
  await work()
  return proxy.seen.map(
    ({ method, path, headers }) => `${method} ${path.split('?')[0]} ${headers.range ?? ''}`,
  )
}

it('in a lake that is open: at most ten, with the look for a newer version', async () => {
  const storage = s3Storage(LAKE, {
    identity: { ...moto.identity, endpoint: proxy.endpoint },
    cache: { folder: join(root, 'open') },
  })
  const lake = openLake(storage, lakeTables)
  const queryEngine = await openQueryEngine(lake, { views: [] })
  const look = async (value: string) => {
    const version = await lake.newest()
    return await find(
      version,
      lake.tables.values(),
      value,
      (question, files) => queryEngine.ask(question, { version, files }),
      { limit: 100 },
    )
  }
  try {
    await look(NOBODY[0]?.value as string)
    for (const { kind, value } of [...keys, ...NOBODY]) {
      let rows = 0
      const asked = await requestsOf(async () => {
        rows = (await look(value)).rows.length
      })
      expect([kind, value, rows > 0]).toEqual([kind, value, kind !== 'nobody'])
      expect([kind, value, asked.length > MAX ? asked : []]).toEqual([kind, value, []])
    }
  } finally {
    queryEngine.close()
  }
})

it('from the command line: at most ten beside the look for the newest version, where the lake was asked before', async () => {
  const found = (asked: readonly string[]) => asked.filter((one) => !one.includes('/catalog/'))
  const [first, ...others] = keys.filter((_, at) => at % 5 === 0) as [Key, ...Key[]]
  // A machine that has no copy of anything reads what the metadata of each table is, and the filters of small tables.
  const cold = await requestsOf(() => run('cold', 'find', first.value))
  expect(cold.length).toBeLessThanOrEqual(80)
  await run('cold', 'find', NOBODY[0]?.value as string)
  await run('cold', 'find', 'nobody-at-all')
  for (const { value } of [...others, ...NOBODY.slice(1, 3)]) {
    const asked = await requestsOf(() => run('cold', 'find', value))
    expect([value, found(asked).length > MAX ? asked : []]).toEqual([value, []])
    // From nothing known, versions far above are looked for, in case that the file of one is lost.
    expect(asked.length - found(asked).length).toBeLessThanOrEqual(22)
  }
}, 200_000)

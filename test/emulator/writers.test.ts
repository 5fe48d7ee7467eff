import { rmSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { awsClients } from '../../src/aws/clients.ts'
import { INGEST_STEPS } from '../../src/ingest/steps.ts'
import { compact } from '../../src/lake/compact.ts'
import { COMMIT_STEPS, TURN_STEPS } from '../../src/lake/steps.ts'
import { vacuum } from '../../src/lake/vacuum.ts'
import { full } from '../faults/form.ts'
import { judge, lakeIn, watch } from '../faults/judge.ts'
import { makeObjects, randomFrom, type Truth } from '../faults/objects.ts'
import { freshFolder, ownRoot, runWriter, startWriter } from '../faults/processes.ts'
import { printTable, Tally } from '../faults/tally.ts'
import { type Moto, startMoto } from './moto.ts'
import { type Fault, startProxy } from './proxy.ts'

const tally = new Tally()
const waits: string[][] = [['writers', 'commits', 'commits lost, by writer']]
let moto: Moto
let objects: string
let truth: Truth
let next = 0

beforeAll(async () => {
  moto = await startMoto()
  // This process looks on, through a cache of its own.
  process.env.AWS_ENDPOINT_URL = moto.endpoint
  process.env.XDG_CACHE_HOME = freshFolder('cache')
  const clients = awsClients(moto.identity)
  const s3 = await clients.s3()
  await s3.createBucket({
    Bucket: 'example-lake',
    CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' },
  })
  clients.close()
  objects = freshFolder('objects')
  truth = makeObjects(objects, { objects: full ? 14 : 8, seed: 1 })
})
afterAll(async () => {
  tally.print()
  printTable(waits)
  await moto.stop()
  const root = ownRoot()
  if (root) rmSync(root, { recursive: true, force: true })
})

const freshLake = () => `s3://example-lake/writers/${next++}`

/** What makes a writer one on a machine of its own, or on the same as those with the same cache. */
const machine = (cache = freshFolder('cache'), endpoint = moto.endpoint) => ({
  ...moto.env,
  AWS_ENDPOINT_URL: endpoint,
  XDG_CACHE_HOME: cache,
})

/** Three writers have the same objects, each in another order and other batches, while a reader looks on. */
async function three(fault: string, envs: Record<string, string>[], killAt?: string): Promise<void> {
  const lake = freshLake()
  const work = { lake, paths: [objects] }
  const running = [
    startWriter(work, { env: envs[0] ?? {}, ...(killAt === undefined ? {} : { killAt }) }),
    startWriter({ ...work, reverse: true, batchObjects: 2 }, { env: envs[1] ?? {} }),
    startWriter({ ...work, batchObjects: 4 }, { env: envs[2] ?? {} }),
  ]
  const all = Promise.all(running.map(({ ended }) => ended))
  const watched = watch(lake, all, full ? 10 : 100)
  const ended = await all
  const killed = ended.filter(({ signal }) => signal === 'SIGKILL').length
  for (const { totals, signal, output } of ended)
    if (signal === null) expect(totals?.objects.listed, output).toBe(truth.files.length)
  expect((await watched).wrong).toEqual([])
  expect(tally.add(fault, await judge(lake, truth), killed), fault).toEqual([])
  const accounts = ended.flatMap(({ totals }) => totals ?? [])
  const commits = String(accounts.reduce((sum, account) => sum + account.commits, 0))
  waits.push([fault, commits, accounts.map(({ commitsLost }) => commitsLost).join(' ')])
  if (killed === 0) {
    // Together they stored each record once.
    const stored = accounts.reduce((sum, { records }) => sum + records.stored, 0)
    expect(stored).toBe(truth.ids.size + truth.nameless)
  }
}

describe('three writers on one lake on S3', () => {
  it('on three machines', async () => {
    for (let n = 0; n < (full ? 10 : 1); n++)
      await three('three writers, three machines', [machine(), machine(), machine()])
  })

  it('on one machine, whose copies they share', async () => {
    for (let n = 0; n < (full ? 10 : 1); n++) {
      const cache = freshFolder('cache')
      await three('three writers, one cache', [machine(cache), machine(cache), machine(cache)])
    }
  })

  it('while the service fails, slows down, and loses answers', async () => {
    const random = randomFrom(5)
    const proxy = await startProxy(moto.endpoint)
    const faults: Fault[] = [
      { kind: 'lose' },
      { kind: 'drop' },
      { kind: 'refuse', status: 500, code: 'InternalError' },
      { kind: 'deny', status: 500, code: 'InternalError' },
      { kind: 'refuse', status: 503, code: 'SlowDown' },
      { kind: 'cut', bytes: 100 },
      { kind: 'delay', ms: 200 },
    ]
    let faulty = 0
    proxy.fault = () => {
      if (random() > 0.1) return undefined
      faulty++
      return faults[Math.floor(random() * faults.length)]
    }
    for (let n = 0; n < (full ? 5 : 1); n++) {
      const envs = [1, 2, 3].map(() => machine(freshFolder('cache'), proxy.endpoint))
      await three('three writers, one request in ten fails', envs)
    }
    expect(faulty).toBeGreaterThan(10)
    await proxy.stop()
  })

  const steps = [...INGEST_STEPS, ...COMMIT_STEPS, ...TURN_STEPS]
  it.each(full ? steps : (['turn-taken', 'metadata-written', 'catalog-written'] as const))(
    'of which one is killed: %s',
    async (step) => {
      const cache = freshFolder('cache')
      for (const nth of full ? [1, 2, 3] : [1]) {
        const envs = [machine(cache), machine(cache), machine()]
        await three(`three writers, one killed, ${step}`, envs, `${step}:${nth}`)
      }
    },
  )
})

describe('a writer on S3 that is killed', () => {
  const steps = full
    ? [...INGEST_STEPS, ...COMMIT_STEPS].filter((step) => step !== 'catalog-lost')
    : (['data-adopted', 'metadata-written', 'catalog-written'] as const)
  it.each(steps)('%s: another finishes, with the same copies', async (step) => {
    const lake = freshLake()
    const work = { lake, paths: [objects] }
    const env = machine()
    const { signal } = await runWriter(work, { env, killAt: `${step}:${step === 'listed' ? 1 : 2}` })
    expect(signal).toBe('SIGKILL')
    const survivor = await runWriter(work, { env })
    expect(survivor.totals?.objects.listed, survivor.output).toBe(truth.files.length)
    expect(tally.add(`one writer, killed, ${step}`, await judge(lake, truth), 1)).toEqual([])
  })

  it('at any instant: another finishes', async () => {
    const random = randomFrom(7)
    for (let n = 0; n < (full ? 40 : 2); n++) {
      const lake = freshLake()
      const work = { lake, paths: [objects] }
      const env = machine()
      const running = startWriter(work, { env })
      await running.ready
      await wait(random() * 2500)
      running.child.kill('SIGKILL')
      const { signal } = await running.ended
      const survivor = await runWriter(work, { env })
      expect(survivor.totals?.objects.listed, survivor.output).toBe(truth.files.length)
      const verdict = await judge(lake, truth)
      expect(tally.add('one writer, any instant', verdict, signal === 'SIGKILL' ? 1 : 0)).toEqual([])
    }
  })
})

it('compacting and vacuuming beside two writers loses nothing', async () => {
  const lake = freshLake()
  const running = [
    startWriter({ lake, paths: [objects], batchObjects: 1 }, { env: machine() }),
    startWriter({ lake, paths: [objects], batchObjects: 2, reverse: true }, { env: machine() }),
  ]
  const all = Promise.all(running.map(({ ended }) => ended))
  let over = false
  all.finally(() => {
    over = true
  })
  const upkeep = lakeIn(lake)
  while (!over) {
    await wait(300)
    await compact(upkeep, { limits: { threads: 1, memory: '256MiB' } })
    await vacuum(upkeep)
  }
  for (const { totals, output } of await all) expect(totals, output).toBeDefined()
  await compact(upkeep, { limits: { threads: 1, memory: '256MiB' } })
  await vacuum(upkeep, { keepMs: 0, graceMs: 0 })
  expect(tally.add('two writers, compact and vacuum', await judge(lake, truth))).toEqual([])
})

import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { QUEUE_STEPS } from '../../src/lib/steps.ts'
import { judge } from '../faults/judge.ts'
import { makeObjects, type Truth } from '../faults/objects.ts'
import { boto } from './boto.ts'
import { type Moto, startMoto } from './moto.ts'
import { type Seen, startProxy } from './proxy.ts'
import { announcedBucket, empty, freshFolder, inBucket, inQueue, puts, startWorker, until } from './world.ts'

let moto: Moto
beforeAll(async () => {
  moto = await startMoto()
})
afterAll(() => moto.stop())

const RIGHT = { lost: 0, doubled: 0, wrong: [] }
/** Messages come back soon when a worker is gone. */
const BRIEF = { visibility_seconds: 3 }
const SOON = { batchAgeMs: 300, batchObjects: 4 }

/** The path of a request for an object. */
function pathOf(uri: string): string {
  return `/${uri.slice('s3://'.length)}`
}

async function announced(
  bucket: string,
  objects: number,
  seed: number,
): Promise<{ queue: string; truth: Truth }> {
  const { queue } = await announcedBucket(moto, bucket)
  const truth = makeObjects(freshFolder('objects'), { objects, seed })
  await boto(moto, puts(bucket, truth.files))
  return { queue, truth: inBucket(truth, bucket) }
}

describe('a worker that is killed', () => {
  it.each([
    'listed',
    'object-read:3',
    'staged',
    'catalog-written',
    'acknowledged',
    ...QUEUE_STEPS.map((name) => `${name}:2`),
  ])('%s: another finishes, nothing is lost, nothing is in twice', async (killAt) => {
    const { queue, truth } = await announced(`killed-${killAt.replace(':', '-')}`, 8, 41)
    const lake = freshFolder('lake')
    const work = { lake, settings: { queue, ...BRIEF }, options: SOON }
    const victim = startWorker(moto, work, { LOGLAKE_KILL_AT: killAt })
    expect((await victim.ended).signal).toBe('SIGKILL')
    const survivor = startWorker(moto, work)
    await empty(moto, queue)
    const { error, output } = await survivor.stop()
    expect(error, output).toBeUndefined()
    expect(await judge(lake, truth)).toMatchObject(RIGHT)
  })
})

it('messages that expire in the middle are read by another, and both commit: each row is there once', async () => {
  const { queue, truth } = await announced('asleep', 10, 42)
  const lake = freshFolder('lake')
  // It gathers for long enough to fall asleep with everything in hand.
  const sleeper = startWorker(moto, {
    lake,
    settings: { queue, ...BRIEF },
    options: { batchAgeMs: 3000, batchObjects: 100 },
  })
  await until(async () => (await inQueue(moto, queue))[0] === 0)
  sleeper.child.kill('SIGSTOP')
  await wait(4000)
  const other = startWorker(moto, { lake, settings: { queue, ...BRIEF }, options: SOON })
  await until(() => other.progress().objects > 0)
  sleeper.child.kill('SIGCONT')
  await empty(moto, queue)
  const ends = [await sleeper.stop(), await other.stop()]
  for (const { error, output } of ends) expect(error, output).toBeUndefined()
  expect(await judge(lake, truth)).toMatchObject(RIGHT)
  const listed = ends.map(({ account }) => account?.objects.listed ?? 0)
  expect(Math.min(...listed)).toBeGreaterThan(0)
  expect(listed.reduce((a, b) => a + b)).toBeGreaterThan(truth.files.length)
})

it('a message stays hidden for as long as its commit takes', async () => {
  const { queue, truth } = await announced('patient', 5, 43)
  const lake = freshFolder('lake')
  // Longer than three times the visibility: without a heartbeat each would come four times.
  const worker = startWorker(moto, {
    lake,
    settings: { queue, visibility_seconds: 2 },
    options: { batchAgeMs: 8000, batchObjects: 100 },
  })
  await empty(moto, queue)
  const { account, output } = await worker.stop()
  expect(account?.objects, output).toMatchObject({ listed: truth.files.length, already: 0 })
  expect(await judge(lake, truth)).toMatchObject(RIGHT)
})

it('a worker that is asked to end commits what it has read, and gives back the rest at once', async () => {
  const { queue, truth } = await announced('ended', 16, 44)
  const lake = freshFolder('lake')
  const proxy = await startProxy(moto.endpoint)
  // Half of the objects take longer than anybody waits.
  const slow = new Set(truth.files.filter((_, at) => at % 2 === 0).map((uri) => pathOf(uri)))
  const isSlow = ({ method, path }: Seen) => method === 'GET' && slow.has(path.split('?')[0] as string)
  proxy.fault = (seen) => (isSlow(seen) ? { kind: 'delay', ms: 100_000 } : undefined)
  const worker = startWorker(moto, {
    lake,
    settings: { queue, visibility_seconds: 600, identity: { ...moto.identity, endpoint: proxy.endpoint } },
    options: { batchAgeMs: 60_000, batchObjects: 1000 },
  })
  await until(() => slow.size === new Set(proxy.seen.filter(isSlow).map(({ path }) => path)).size)
  await until(
    () => proxy.seen.filter(({ method, path }) => method === 'GET' && path.includes('AWSLogs')).length >= 18,
  )
  const { account, error, output } = await worker.stop()
  expect(error, output).toBeUndefined()
  expect(account?.objects).toMatchObject({ givenBack: slow.size, failed: 0 })
  // Hidden for ten minutes: were they not given back, they could not be had now.
  expect(await inQueue(moto, queue)).toEqual([slow.size, 0])
  await proxy.stop()
  const other = startWorker(moto, { lake, settings: { queue }, options: SOON })
  await empty(moto, queue)
  await other.stop()
  expect(await judge(lake, truth)).toMatchObject(RIGHT)
})

it('bodies cut off, answers lost, a queue that does not answer, deletions refused: nothing is lost or doubled', async () => {
  const { queue, truth } = await announced('faulty', 12, 46)
  const lake = freshFolder('lake')
  const proxy = await startProxy(moto.endpoint)
  const times = new Map<string, number>()
  proxy.fault = ({ method, path, headers }) => {
    const what = String(headers['x-amz-target'] ?? `${method} ${path.split('?')[0]}`)
    const nth = (times.get(what) ?? 0) + 1
    times.set(what, nth)
    if (what.endsWith('.ReceiveMessage') && nth === 2)
      return { kind: 'refuse', status: 503, code: 'ServiceUnavailable' }
    if (what.endsWith('.DeleteMessageBatch') && nth === 1) return { kind: 'lose' }
    if (what.endsWith('.DeleteMessageBatch') && nth === 2) return { kind: 'drop' }
    if (what.endsWith('.ChangeMessageVisibilityBatch') && nth % 2 === 1) return { kind: 'drop' }
    if (method === 'GET' && path.includes('AWSLogs') && nth === 1) return { kind: 'cut', bytes: 20 }
    if (method === 'GET' && path.includes('AWSLogs') && nth === 2)
      return { kind: 'refuse', status: 503, code: 'SlowDown' }
    return undefined
  }
  const settings = { queue, ...BRIEF, identity: { ...moto.identity, endpoint: proxy.endpoint } }
  const worker = startWorker(moto, { lake, settings, options: SOON })
  await empty(moto, queue)
  const { account, error, output } = await worker.stop()
  await proxy.stop()
  expect(error, output).toBeUndefined()
  expect(account?.objects.failed).toBe(0)
  expect(times.get('AmazonSQS.DeleteMessageBatch')).toBeGreaterThan(2)
  expect(await judge(lake, truth)).toMatchObject(RIGHT)
})

it('three workers share a queue and a lake', async () => {
  const { queue, truth } = await announced('shared', 30, 45)
  const lake = freshFolder('lake')
  const workers = [1, 2, 3].map(() =>
    startWorker(moto, { lake, settings: { queue, ...BRIEF }, options: SOON }),
  )
  await empty(moto, queue)
  for (const worker of workers) {
    const { error, output } = await worker.stop()
    expect(error, output).toBeUndefined()
  }
  expect(await judge(lake, truth)).toMatchObject(RIGHT)
})

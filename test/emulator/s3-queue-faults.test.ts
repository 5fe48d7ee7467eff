import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { QUEUE_STEPS } from '../../src/lib/steps.ts'
import { judge } from '../faults/judge.ts'
import { makeObjects, type Truth } from '../faults/objects.ts'
import { boto } from './boto.ts'
import { type Moto, startMoto } from './moto.ts'
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
  const { queue, truth } = await announced('ended', 24, 44)
  const lake = freshFolder('lake')
  const work = { lake, settings: { queue, visibility_seconds: 600 } }
  const worker = startWorker(moto, { ...work, options: { batchAgeMs: 60_000, batchObjects: 1000 } })
  await until(async () => (await inQueue(moto, queue))[1] > 0)
  const { account, error, output } = await worker.stop()
  expect(error, output).toBeUndefined()
  const { stored = 0, skipped = 0, rejected = 0 } = account?.objects ?? {}
  // Hidden for ten minutes: were it not given back, it could not be had now.
  const [visible, hidden] = await inQueue(moto, queue)
  expect([visible, hidden]).toEqual([truth.files.length - stored - skipped - rejected, 0])
  const other = startWorker(moto, { ...work, options: SOON })
  await empty(moto, queue)
  await other.stop()
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

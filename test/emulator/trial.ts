import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Identity } from '../../src/aws/identity.ts'
import { judge } from '../faults/judge.ts'
import { makeObjects, randomFrom, type Truth } from '../faults/objects.ts'
import type { Tally } from '../faults/tally.ts'
import { bareClient } from './bare.ts'
import { boto } from './boto.ts'
import type { Moto } from './moto.ts'
import type { Told } from './notices.ts'
import { type FaultProxy, startProxy } from './proxy.ts'
import {
  announcedBucket,
  arnOf,
  empty,
  freshFolder,
  inBucket,
  inQueue,
  putObjects,
  silentBucket,
  startWorker,
  type Worker,
} from './world.ts'

/** Where the lake lies. */
export type Place = 'disk' | 'S3'

/** A fault, and what is done under it. */
export interface Trial {
  fault: string
  /** How often its queue hands out a message before it goes to the dead letters. */
  receives?: number
  /** Beside the two that cannot be read; 8 by default. */
  objects?: number
  /** Its bucket tells nobody of the objects: the trial does. */
  silent?: boolean
  /** Says how often the fault struck. At its end the queue is empty, or about to be. */
  run(scene: Scene): Promise<number>
}

/** A bucket with objects, a queue that announces them, an empty lake, and a proxy in front of it all. */
export interface Scene {
  bucket: string
  queue: string
  lake: string
  /** What the lake must say in the end. A trial that brings more than the objects changes it. */
  truth: Truth
  told: Told[]
  files: readonly string[]
  proxy: FaultProxy
  /** Messages that must be among the queue's dead letters in the end. */
  dead: number
  random: () => number
  /** A worker, which reaches everything through the proxy. */
  worker(how?: {
    options?: object
    settings?: object
    /** Who it is to everything. */
    identity?: Identity
    env?: Record<string, string>
  }): Worker
  /** Another worker, with nothing in its way, does what is left. */
  finish(): Promise<void>
  /** Whether nothing is in the queue, received or not. */
  isEmpty(): Promise<boolean>
  send(bodies: readonly string[]): Promise<void>
}

/** Commits come soon enough for a test, and messages come back soon when a worker is gone. */
const SOON = { batchAgeMs: 300, batchObjects: 4 }
const BRIEF = { visibility_seconds: 3, retry_seconds: 1 }
const LAKES = 'example-lake'
const OBJECTS = 8

let next = 0

/** Does a trial in a world of its own, and holds what is there afterwards against the truth. */
export async function tryOut(moto: Moto, tally: Tally, trial: Trial, place: Place): Promise<void> {
  const seed = next++
  const scene = await sceneOf(moto, trial, place, seed)
  try {
    const struck = await trial.run(scene)
    expect(struck, `${trial.fault}: it never struck`).toBeGreaterThan(0)
    await empty(moto, scene.queue)
    expect(await inQueue(moto, `${scene.queue}-dead`)).toEqual([scene.dead, 0])
    const verdict = await inTurn(() => judge(scene.lake, scene.truth))
    expect(tally.add(`${trial.fault}, lake on ${place}`, verdict, struck), trial.fault).toEqual([])
  } finally {
    await scene.proxy.stop()
  }
}

async function sceneOf(moto: Moto, trial: Trial, place: Place, seed: number): Promise<Scene> {
  const bucket = `trial-${seed}`
  const [{ QueueUrl: dead }] = await boto(moto, [
    ['sqs', 'create_queue', { QueueName: `${bucket}-queue-dead` }],
  ])
  const RedrivePolicy = JSON.stringify({
    deadLetterTargetArn: await arnOf(moto, dead),
    maxReceiveCount: String(trial.receives ?? 20),
  })
  const queue = trial.silent
    ? await silentBucket(moto, bucket, { RedrivePolicy })
    : (await announcedBucket(moto, bucket, { RedrivePolicy })).queue
  const truth = makeObjects(freshFolder('objects'), { objects: trial.objects ?? OBJECTS, seed })
  const told = await putObjects(moto, bucket, truth.files)
  const lake = place === 'disk' ? freshFolder('lake') : `s3://${LAKES}/${bucket}`
  const proxy = await startProxy(moto.endpoint)

  function worker(endpoint: string, how: Parameters<Scene['worker']>[0] = {}): Worker {
    const identity = { ...moto.identity, endpoint, ...how.identity }
    return startWorker(
      moto,
      {
        lake,
        ...(how.identity ? { storage: { identity } } : {}),
        settings: { queue, ...BRIEF, identity, ...how.settings },
        options: { ...SOON, ...how.options },
      },
      { AWS_ENDPOINT_URL: endpoint, XDG_CACHE_HOME: freshFolder('cache'), ...how.env },
    )
  }

  return {
    bucket,
    queue,
    lake,
    truth: inBucket(truth, bucket),
    told,
    files: truth.files,
    proxy,
    dead: 0,
    random: randomFrom(seed),
    worker: (how) => worker(proxy.endpoint, how),
    async finish() {
      const survivor = worker(moto.endpoint)
      await empty(moto, queue)
      await wellEnded(survivor)
    },
    isEmpty: async () => (await inQueue(moto, queue)).every((messages) => messages === 0),
    async send(bodies) {
      const bare = bareClient(moto.endpoint)
      for (const MessageBody of bodies) await bare.sqs('SendMessage', { QueueUrl: queue, MessageBody })
      bare.close()
    },
  }
}

export async function wellEnded(worker: Worker): Promise<void> {
  const { error, output } = await worker.stop()
  expect(error, output).toBeUndefined()
}

/** Waits until a worker has died, or has nothing left to die at; then it is dead. True when it died by itself. */
export async function dies(worker: Worker, isEmpty: () => Promise<boolean>): Promise<boolean> {
  let gone = false
  worker.ended.finally(() => {
    gone = true
  })
  while (!gone && !(await isEmpty())) await wait(100)
  // A step behind the last message may still come.
  if (!gone) await Promise.race([worker.ended, wait(2000)])
  const byItself = gone
  worker.child.kill('SIGKILL')
  await worker.ended
  return byItself
}

let turn: Promise<unknown> = Promise.resolve()

/** Trials run side by side, but there is one judge. */
function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  const result = turn.then(work)
  turn = result.catch(() => undefined)
  return result
}

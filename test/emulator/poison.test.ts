import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loglake } from '../e2e/program.ts'
import { judge } from '../faults/judge.ts'
import { makeObjects } from '../faults/objects.ts'
import { boto } from './boto.ts'
import { type Moto, startMoto } from './moto.ts'
import { s3Direct } from './notices.ts'
import {
  arnOf,
  freshFolder,
  inBucket,
  inQueue,
  putObjects,
  silentBucket,
  startWorker,
  until,
} from './world.ts'

/** Messages that make their reader fail: they fail alone, and leave the queue in the end. */

let moto: Moto
beforeAll(async () => {
  moto = await startMoto()
})
afterAll(() => moto.stop())

const SOON = { batchAgeMs: 400, batchObjects: 5 }
const RIGHT = { lost: 0, doubled: 0, wrong: [] }

/** A notice of a key with NUL, which S3 does not take and no table holds. */
const NUL = (bucket: string) =>
  JSON.stringify({
    Records: [
      {
        ...{ eventSource: 'aws:s3', eventName: 'ObjectCreated:Put' },
        s3: { bucket: { name: bucket }, object: { key: 'AWSLogs/a%00b.json' } },
      },
    ],
  })

async function send(queue: string, bodies: readonly string[]): Promise<void> {
  await boto(
    moto,
    bodies.map((MessageBody) => ['sqs', 'send_message', { QueueUrl: queue, MessageBody }]),
  )
}

async function deadLetters(lake: string): Promise<{ code: string; reason: string; receives: number }[]> {
  const { out } = await loglake(['deadletters', '--lake', lake, '--format', 'json'])
  return JSON.parse(out || '[]')
}

describe('poison', () => {
  it('leaves a queue without a redrive policy after so many tries, and is a dead letter', async () => {
    const queue = await silentBucket(moto, 'poison')
    const truth = makeObjects(freshFolder('objects'), { objects: 8, seed: 71 })
    const told = await putObjects(moto, 'poison', truth.files)
    const lake = freshFolder('lake')
    await send(queue, [NUL('poison'), ...told.map((one) => s3Direct(one)), NUL('poison')])
    const settings = { queue, retry_seconds: 1, poison_after: 3 }
    const worker = startWorker(moto, { lake, settings, options: SOON })
    await until(async () => (await inQueue(moto, queue)).every((count) => count === 0))
    const { totals, error, output } = await worker.stop()
    expect(error, output).toBeUndefined()
    expect(totals?.failures.outcomes).toMatchObject({ failed: 6 })
    expect(await deadLetters(lake)).toMatchObject([
      { code: 'failed', reason: 'its name holds a NUL character', receives: 3 },
      { code: 'failed', reason: 'its name holds a NUL character', receives: 3 },
    ])
    expect(await judge(lake, inBucket(truth, 'poison'))).toMatchObject(RIGHT)
  })

  it('goes to the dead letter queue of a queue that has one, and nothing else does', async () => {
    const [{ QueueUrl: dead }] = await boto(moto, [['sqs', 'create_queue', { QueueName: 'dead' }]])
    const policy = JSON.stringify({ deadLetterTargetArn: await arnOf(moto, dead), maxReceiveCount: 3 })
    const queue = await silentBucket(moto, 'redrive', { RedrivePolicy: policy })
    const truth = makeObjects(freshFolder('objects'), { objects: 20, seed: 72 })
    const told = await putObjects(moto, 'redrive', truth.files)
    const lake = freshFolder('lake')
    await send(queue, [NUL('redrive'), ...told.map((one) => s3Direct(one))])
    const worker = startWorker(moto, { lake, settings: { queue, retry_seconds: 1 }, options: SOON })
    await until(async () => (await inQueue(moto, dead))[0] === 1)
    await until(async () => (await inQueue(moto, queue)).every((count) => count === 0))
    const { error, output } = await worker.stop()
    expect(error, output).toBeUndefined()
    expect(await inQueue(moto, dead)).toEqual([1, 0])
    expect(await deadLetters(lake)).toMatchObject([{ code: 'failed', receives: 3 }])
    expect(await judge(lake, inBucket(truth, 'redrive'))).toMatchObject(RIGHT)
  })
})

import { afterAll, beforeAll, expect, it } from 'vitest'
import { judge } from '../faults/judge.ts'
import { makeObjects, type Truth } from '../faults/objects.ts'
import { boto } from './boto.ts'
import { type Moto, startMoto } from './moto.ts'
import { type Seen, startProxy } from './proxy.ts'
import { announcedBucket, empty, freshFolder, inBucket, inQueue, puts, startWorker } from './world.ts'

let moto: Moto
beforeAll(async () => {
  moto = await startMoto()
})
afterAll(() => moto.stop())

const RIGHT = { lost: 0, doubled: 0, wrong: [] }
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
  const { totals, output } = await worker.stop()
  expect(totals?.objects, output).toMatchObject({ listed: truth.files.length, already: 0 })
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
  const worker = startWorker(
    moto,
    {
      lake,
      settings: { queue, visibility_seconds: 600, identity: { ...moto.identity, endpoint: proxy.endpoint } },
      options: { batchAgeMs: 60_000, batchObjects: 1000 },
    },
    // As soon as the last of the others has been read.
    { LOGLAKE_KILL_AT: `object-read:${truth.files.length - slow.size}:SIGTERM` },
  )
  const { totals, error, output } = await worker.ended
  expect(error, output).toBeUndefined()
  expect(totals?.objects, output).toMatchObject({ released: slow.size, failed: 0 })
  // Hidden for ten minutes: were they not given back, they could not be had now.
  expect(await inQueue(moto, queue)).toEqual([slow.size, 0])
  await proxy.stop()
  const other = startWorker(moto, { lake, settings: { queue }, options: SOON })
  await empty(moto, queue)
  await other.stop()
  expect(await judge(lake, truth)).toMatchObject(RIGHT)
})

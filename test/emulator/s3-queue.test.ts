import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { judge } from '../faults/judge.ts'
import { makeObjects } from '../faults/objects.ts'
import { boto } from './boto.ts'
import { type Moto, startMoto } from './moto.ts'
import { announcedBucket, empty, freshFolder, inBucket, puts, startWorker } from './world.ts'

let moto: Moto
beforeAll(async () => {
  moto = await startMoto()
})
afterAll(() => moto.stop())

/** Commits come soon enough for a test. */
const COMMIT = { batchAgeMs: 500, batchObjects: 5 }

describe('objects that a queue announces', () => {
  it('are in the lake once, and their messages gone', async () => {
    const { queue } = await announcedBucket(moto, 'announced')
    const lake = freshFolder('lake')
    const folder = freshFolder('objects')
    const truth = makeObjects(folder, { objects: 12, seed: 31 })
    await boto(moto, puts('announced', truth.files))
    const worker = startWorker(moto, { lake, settings: { queue }, options: COMMIT })
    await empty(moto, queue)
    const { account, error, output } = await worker.stop()
    expect(error, output).toBeUndefined()
    expect(account?.objects).toMatchObject({ listed: truth.files.length, failed: 0, givenBack: 0 })
    expect(account?.told).toEqual({ 's3:TestEvent': 1 })
    expect(await judge(lake, inBucket(truth, 'announced'))).toMatchObject({ lost: 0, doubled: 0, wrong: [] })
  })
})

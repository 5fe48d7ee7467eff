import { readdirSync, rmSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { INGEST_STEPS } from '../../src/ingest/steps.ts'
import { COMMIT_STEPS, TURN_STEPS } from '../../src/lake/steps.ts'
import { full } from './form.ts'
import { judge, watch } from './judge.ts'
import { makeObjects, randomFrom, type Truth } from './objects.ts'
import { freshFolder, ownRoot, runWriter, startWriter } from './processes.ts'
import { Tally } from './tally.ts'

const INSTANTS = full ? 200 : 6
const tally = new Tally()

let objects: string
let truth: Truth
let runMs = 0

beforeAll(async () => {
  objects = freshFolder('objects')
  truth = makeObjects(objects, { objects: 14, seed: 1 })
  const lake = freshFolder('lake')
  const running = startWriter({ lake, paths: [objects] })
  await running.ready
  const began = performance.now()
  const { totals } = await running.ended
  runMs = performance.now() - began
  expect(totals?.objects).toMatchObject({ listed: 16, stored: 14, rejected: 1, skipped: 1 })
  expect(tally.add('none', await judge(lake, truth))).toEqual([])
})

afterAll(() => {
  tally.print()
  const root = ownRoot()
  if (root) rmSync(root, { recursive: true, force: true })
})

/** One writer is killed; another, later, finishes its work. */
async function killOne(fault: string, kill: { killAt: string } | { afterMs: number }): Promise<boolean> {
  const lake = freshFolder('lake')
  const work = { lake, paths: [objects] }
  const env = { TMPDIR: freshFolder('temporary') }
  const running = startWriter(work, 'killAt' in kill ? { ...kill, env } : { env })
  if ('afterMs' in kill) {
    await running.ready
    await wait(kill.afterMs)
    running.child.kill('SIGKILL')
  }
  const { signal } = await running.ended
  const survivor = await runWriter(work, { env })
  expect(survivor.totals?.objects.listed, survivor.output).toBe(truth.files.length)
  // What the killed one left among the temporary files is gone too.
  expect(readdirSync(env.TMPDIR)).toEqual([])
  expect(tally.add(fault, await judge(lake, truth), signal === 'SIGKILL' ? 1 : 0), fault).toEqual([])
  rmSync(lake, { recursive: true })
  return signal === 'SIGKILL'
}

/** Three writers have the same folder, in different order; one is killed, the others finish. A reader looks on. */
async function killOneOfThree(
  fault: string,
  kill: { killAt: string } | { afterMs: number },
): Promise<boolean> {
  const lake = freshFolder('lake')
  const work = { lake, paths: [objects] }
  const victim = startWriter(work, 'killAt' in kill ? kill : {})
  const others = [
    startWriter({ ...work, reverse: true, batchObjects: 2 }),
    startWriter({ ...work, batchObjects: 4 }),
  ]
  const all = Promise.all([victim, ...others].map(({ ended }) => ended))
  const watched = watch(lake, all)
  if ('afterMs' in kill) {
    await victim.ready
    await wait(kill.afterMs)
    victim.child.kill('SIGKILL')
  }
  const [{ signal } = { signal: null }, ...survivors] = await all
  for (const { totals, output } of survivors) expect(totals?.objects.listed, output).toBe(truth.files.length)
  expect((await watched).wrong).toEqual([])
  expect(tally.add(fault, await judge(lake, truth), signal === 'SIGKILL' ? 1 : 0), fault).toEqual([])
  rmSync(lake, { recursive: true })
  return signal === 'SIGKILL'
}

/** A folder is listed once, all else is done for each batch. */
const timesOf = (step: string) => (full ? [1, 2, 3, 5] : [step === 'listed' ? 1 : 2])
const STEPS = [...INGEST_STEPS, ...COMMIT_STEPS]
const alone = STEPS.filter((step) => step !== 'catalog-lost')

describe('a writer that is killed at a step', () => {
  it.concurrent.each(alone)('%s: another finishes', async (step) => {
    const killed: boolean[] = []
    for (const nth of timesOf(step))
      killed.push(await killOne(`one writer, ${step}`, { killAt: `${step}:${nth}` }))
    expect(killed).toContain(true)
  })

  it.each([...STEPS, ...TURN_STEPS])('%s: two others finish meanwhile', async (step) => {
    // Writers that have met once rarely lose again.
    for (const nth of full ? [1, 2, 4] : [step === 'catalog-lost' ? 1 : 2])
      await killOneOfThree(`three writers, ${step}`, { killAt: `${step}:${nth}` })
  })
})

describe('a writer that is killed at any instant', () => {
  it('another finishes', { timeout: 3_600_000 }, async () => {
    const random = randomFrom(11)
    for (let n = 0; n < INSTANTS; n++) await killOne('one writer, any instant', { afterMs: random() * runMs })
  })

  it('two others finish meanwhile', { timeout: 3_600_000 }, async () => {
    const random = randomFrom(12)
    for (let n = 0; n < INSTANTS; n++)
      await killOneOfThree('three writers, any instant', { afterMs: random() * runMs * 2 })
  })
})

import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { compact } from '../../src/lake/compact.ts'
import { vacuum } from '../../src/lake/vacuum.ts'
import { full } from './form.ts'
import { judge, lakeIn } from './judge.ts'
import { makeObjects, randomFrom, type Truth, together } from './objects.ts'
import { freshFolder, ownRoot, runWriter, startWriter } from './processes.ts'
import { Tally } from './tally.ts'

const tally = new Tally()
let left: string
let right: string
let truth: Truth
let runMs = 0

beforeAll(async () => {
  left = freshFolder('left')
  right = freshFolder('right')
  truth = together([
    makeObjects(left, { objects: 12, seed: 7, prefix: 'l' }),
    makeObjects(right, { objects: 6, seed: 8, prefix: 'r', sound: true }),
  ])
  const running = startWriter({ lake: freshFolder('lake'), paths: [left] })
  await running.ready
  const began = performance.now()
  await running.ended
  runMs = performance.now() - began
})

afterAll(() => {
  tally.print()
  const root = ownRoot()
  if (root) rmSync(root, { recursive: true, force: true })
})

/** A laptop is closed in the middle of a commit; when it is opened, the lake has been tidied up. */
async function sleepThrough(fault: string, afterMs: number, meanwhile: (lake: string) => Promise<void>) {
  const lake = freshFolder('lake')
  const sleeper = startWriter({ lake, paths: [left] })
  await sleeper.ready
  await wait(afterMs)
  sleeper.child.kill('SIGSTOP')
  await meanwhile(lake)
  sleeper.child.kill('SIGCONT')
  const { error } = await sleeper.ended
  // The one that slept may give up, but never lie.
  const between = existsSync(join(lake, 'catalog')) ? await judge(lake, truth) : undefined
  expect(between?.doubled ?? 0, JSON.stringify(error)).toBe(0)
  for (const paths of [[left], [right]]) {
    const { totals, output } = await runWriter({ lake, paths })
    expect(totals, output).toBeDefined()
  }
  expect(tally.add(fault, await judge(lake, truth)), fault).toEqual([])
  rmSync(lake, { recursive: true })
}

/** Without any grace: as if a week had gone by. */
const tidy = async (lake: string) => {
  await vacuum(lakeIn(lake), { keepMs: 0, graceMs: 0 })
}

const TIMES = full ? 40 : 6

it('a writer that sleeps while the lake is vacuumed', { timeout: 900_000 }, async () => {
  const random = randomFrom(21)
  for (let n = 0; n < TIMES; n++) await sleepThrough('asleep during vacuum', random() * runMs, tidy)
})

it('a writer that sleeps while others commit, compact and vacuum', { timeout: 900_000 }, async () => {
  const random = randomFrom(22)
  for (let n = 0; n < TIMES; n++) {
    await sleepThrough('asleep during commits, compaction, vacuum', random() * runMs, async (lake) => {
      await runWriter({ lake, paths: [right] })
      await compact(lakeIn(lake), { limits: { threads: 1, memory: '256MiB' } })
      await tidy(lake)
    })
  }
})

it('a writer that sleeps in its turn is passed over, and goes on from what the others made', {
  timeout: 900_000,
}, async () => {
  const lake = freshFolder('lake')
  // The turn is that of whoever comes just after another.
  await runWriter({ lake, paths: [right], batchObjects: 1 })
  const sleeper = startWriter({ lake, paths: [left] }, { killAt: 'turn-taken:2:SIGSTOP' })
  await untilStopped(sleeper.child.pid as number)
  const { totals, output } = await runWriter({ lake, paths: [left], batchObjects: 2, reverse: true })
  expect(totals?.commits, output).toBeGreaterThan(0)
  sleeper.child.kill('SIGCONT')
  const { totals: late, output: said } = await sleeper.ended
  expect(late, said).toBeDefined()
  expect(tally.add('asleep in its turn', await judge(lake, truth)), said).toEqual([])
  rmSync(lake, { recursive: true })
})

/** Until the system says that a process has stopped. */
async function untilStopped(pid: number): Promise<void> {
  while (!/^\d+ \(.*\) T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) await wait(20)
}

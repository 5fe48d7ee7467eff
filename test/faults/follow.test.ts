import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Turn } from '../../src/follow/follow.ts'
import { FOLLOW_STEPS } from '../../src/follow/steps.ts'
import { compact } from '../../src/lake/compact.ts'
import { openLake } from '../../src/lake/lake.ts'
import { COMMIT_STEPS } from '../../src/lake/steps.ts'
import { localStorage } from '../../src/lake/storage/local.ts'
import { vacuum } from '../../src/lake/vacuum.ts'
import { list } from '../../src/lib/sql.ts'
import { lakeTables } from '../../src/tables/index.ts'
import { full } from './form.ts'
import { reader } from './judge.ts'
import { makeObjects, randomFrom } from './objects.ts'
import { freshFolder, ownRoot, runWriter } from './processes.ts'

const FOLLOWER = new URL('./follower.js', import.meta.url).pathname
const INSTANTS = full ? 100 : 5

/** A lake that grows: two halves of the objects, so that there is more to read after the first. */
let halves: [string, string]
beforeAll(() => {
  halves = [freshFolder('objects'), freshFolder('objects')]
  makeObjects(halves[0], { objects: 8, seed: 21 })
  makeObjects(halves[1], { objects: 8, seed: 22 })
})
afterAll(() => {
  const root = ownRoot()
  if (root) rmSync(root, { recursive: true, force: true })
})

interface Ended {
  signal: NodeJS.Signals | null
  turns: Turn[]
  output: string
}

function startFollower(lake: string, killAt?: string) {
  const child = spawn(process.execPath, [FOLLOWER, JSON.stringify({ lake, turnBytes: 20_000 })], {
    env: { ...process.env, ...(killAt === undefined ? {} : { LOGLAKE_KILL_AT: killAt }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (_, signal) => {
      const last = output.trim().split('\n').at(-1) ?? ''
      const told = last.startsWith('{') ? (JSON.parse(last) as Partial<Ended>) : {}
      resolve({ signal, turns: [], ...told, output })
    })
  })
  return { child, ended }
}

const filled = async (paths: string[], lake = freshFolder('lake')) => {
  const { totals, output } = await runWriter({ lake, paths, batchObjects: 2 })
  expect(totals?.objects.stored, output).toBeGreaterThan(0)
  return lake
}

/** How often each event was seen, beside how often it is in the lake: both once. */
async function judge(place: string): Promise<{ events: number; lost: number; twice: number }> {
  const version = await openLake(localStorage(place), lakeTables).newest()
  const from = async (name: string) => {
    const files = (await (await version.table(name))?.files()) ?? []
    const paths = files.map(({ path }) => `${place}/tables/${name}/${path.split(`/${name}/`)[1]}`)
    return `read_parquet(${list(paths)}, hive_partitioning = false)`
  }
  const engine = await reader()
  const [row = []] = await engine.rows(`
    with stored as (select eventid, eventtime, count(*) as times from ${await from('cloudtrail')} group by all),
    seen as (select eventid, eventtime, count(*) as times from ${await from('seen')} group by all)
    select
      count(stored.times),
      count_if(seen.times is null),
      count_if(coalesce(seen.times, 0) > coalesce(stored.times, 0) and seen.times is not null)
    from stored full join seen
      on stored.eventid is not distinct from seen.eventid and stored.eventtime = seen.eventtime`)
  const [events, lost, twice] = row.map(Number)
  return { events: events as number, lost: lost as number, twice: twice as number }
}

const upkeep = async (place: string) => {
  const lake = openLake(localStorage(place), lakeTables)
  await compact(lake, { limits: { threads: 1, memory: '256MiB' } })
  await vacuum(lake, { keepMs: 0, graceMs: 0 })
}

const NOT_HERE: readonly string[] = ['filter-adopted', 'catalog-lost']
const inLake = COMMIT_STEPS.filter((step) => !NOT_HERE.includes(step))
const steps = [...FOLLOW_STEPS, ...inLake]

describe('a follower that is killed', () => {
  it.each(steps)('at %s: each row is seen once by the next', async (step) => {
    const lake = await filled([halves[0]])
    for (const nth of full ? [1, 2, 3] : [step === 'follower-registered' ? 1 : 2]) {
      const { signal, output } = await startFollower(lake, `${step}:${nth}`).ended
      if (nth === 1 || !full) expect(signal, `${step}: ${output}`).toBe('SIGKILL')
      await upkeep(lake)
    }
    await filled([halves[1]], lake)
    const { turns, output } = await startFollower(lake).ended
    expect(turns.length, output).toBeGreaterThan(0)
    const { events, ...wrong } = await judge(lake)
    expect(wrong).toEqual({ lost: 0, twice: 0 })
    expect(events).toBeGreaterThan(100)
    rmSync(lake, { recursive: true })
  })

  it('at any instant, beside another: each row is seen once', { timeout: 3_600_000 }, async () => {
    const random = randomFrom(31)
    let killed = 0
    for (let n = 0; n < INSTANTS; n++) {
      const lake = await filled(halves)
      const [victim, other] = [startFollower(lake), startFollower(lake)]
      await wait(300 + random() * 1_500)
      victim.child.kill('SIGKILL')
      if ((await victim.ended).signal === 'SIGKILL') killed++
      await other.ended
      await startFollower(lake).ended
      const { events: _, ...wrong } = await judge(lake)
      expect(wrong).toEqual({ lost: 0, twice: 0 })
      rmSync(lake, { recursive: true })
    }
    expect(killed).toBeGreaterThan(0)
  })
})

/** A vacuum without any grace takes what others have not committed yet: their files in `staging/`, too. */
const SWEPT = /the lake was vacuumed meanwhile|\/staging\//

/** Runs a program again as often as such a vacuum ended it. */
async function through<Run extends { output: string }>(start: () => Promise<Run>): Promise<Run[]> {
  const runs: Run[] = []
  do runs.push(await start())
  while (runs.length < 20 && SWEPT.test(runs.at(-1)?.output ?? ''))
  return runs
}

it('processes with the same follower make each row once, while the lake is written, compacted and vacuumed', async () => {
  const lake = await filled([halves[0]])
  const writing = through(() => runWriter({ lake, paths: [halves[1]], batchObjects: 2 }))
  const followers = [1, 2, 3].map(() => through(() => startFollower(lake).ended))
  await upkeep(lake)
  const ended = (await Promise.all(followers)).flat()
  const written = (await writing).at(-1)
  expect(written?.totals, written?.output).toBeDefined()
  await startFollower(lake).ended
  await upkeep(lake)
  const committed = ended.flatMap(({ turns }) => turns).filter(({ outcome }) => outcome === 'committed')
  expect(committed.length, ended.map(({ output }) => output).join('\n')).toBeGreaterThan(0)
  const { events: _, ...wrong } = await judge(lake)
  expect(wrong).toEqual({ lost: 0, twice: 0 })
})

import { spawn } from 'node:child_process'
import { cpSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  catchUp,
  detect,
  folder,
  followerTables,
  ingest,
  lakeTables,
  localStorage,
  logTables,
  openLake,
  replay,
} from 'loglake'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FOLLOW_STEPS } from '../../src/follow/steps.ts'
import { compact } from '../../src/lake/compact.ts'
import { COMMIT_STEPS } from '../../src/lake/steps.ts'
import { verify } from '../../src/ledger/verify.ts'
import { ask } from '../../src/query/question.ts'
import { full } from './form.ts'
import { freshFolder, ownRoot } from './processes.ts'

const DETECTOR = fileURLToPath(new URL('./detector.js', import.meta.url))
const SAMPLES = fileURLToPath(new URL('../../samples/logs', import.meta.url))
const limits = { threads: 1, memory: '256MiB' }
/** So few that a lake of the samples takes several turns. */
const TURN_BYTES = 150_000

const lakeAt = (place: string) => openLake(localStorage(place), [...lakeTables, ...followerTables])

/** A lake of the sample logs in several commits, and what is found in it by one that nobody disturbs. */
let filled: string
let wanted: string[]
beforeAll(async () => {
  filled = freshFolder('lake')
  await ingest(lakeAt(filled), folder([SAMPLES]), { ...limits, batchObjects: 60 })
  const calm = copyOf(filled)
  const { turns, output } = await run(calm).ended
  expect(turns, output).toBeGreaterThan(3)
  wanted = await idsIn(calm)
  expect(wanted.length).toBeGreaterThan(20)
}, 300_000)
afterAll(() => {
  const root = ownRoot()
  if (root) rmSync(root, { recursive: true, force: true })
})

function copyOf(place: string): string {
  const copy = freshFolder('copy')
  cpSync(place, copy, { recursive: true })
  return copy
}

function run(lake: string, killAt?: string) {
  const child = spawn(process.execPath, [DETECTOR, JSON.stringify({ lake, turnBytes: TURN_BYTES })], {
    env: { ...process.env, ...(killAt === undefined ? {} : { LOGLAKE_KILL_AT: killAt }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  const ended = new Promise<{ signal: NodeJS.Signals | null; turns: number; output: string }>(
    (resolve, reject) => {
      child.on('error', reject)
      child.on('close', (_, signal) => {
        const last = output.trim().split('\n').at(-1) ?? ''
        const turns = last.startsWith('{"turns"')
          ? (JSON.parse(last) as { turns: unknown[] }).turns.length
          : 0
        resolve({ signal, turns, output })
      })
    },
  )
  return { child, ended }
}

async function idsIn(place: string): Promise<string[]> {
  const answer = await ask(lakeAt(place), 'select id from finding order by id', { views: [], limits })
  try {
    const ids: string[] = []
    for await (const [id] of answer.rows()) ids.push(String(id))
    return ids
  } finally {
    answer.close()
  }
}

const NOT_HERE: readonly string[] = ['filter-adopted', 'catalog-lost']
const inLake = COMMIT_STEPS.filter((step) => !NOT_HERE.includes(step))
const STEPS_OF_DETECTION = [...FOLLOW_STEPS, ...inLake]
/** Before its commit, and once it is in the catalog. */
const steps = full ? STEPS_OF_DETECTION : ['results-staged', 'catalog-written']

describe('detection that is killed', () => {
  it.each(steps)('at %s: each finding is made once by the next', async (step) => {
    const lake = copyOf(filled)
    const { signal, output } = await run(lake, `${step}:${step === 'follower-registered' ? 1 : 2}`).ended
    expect(signal, `${step}: ${output}`).toBe('SIGKILL')
    await run(lake).ended
    expect(await idsIn(lake)).toEqual(wanted)
    expect((await verify(lakeAt(lake), { limits })).findings).toEqual([])
    rmSync(lake, { recursive: true })
  })
})

it('processes that detect at the same time make each finding once', async () => {
  const lake = copyOf(filled)
  const all = (full ? [1, 2, 3] : [1, 2]).map(() => run(lake).ended)
  await Promise.all(all)
  await run(lake).ended
  expect(await idsIn(lake)).toEqual(wanted)
  rmSync(lake, { recursive: true })
})

it('a replay, in turns of another size and after compaction, makes no finding twice', async () => {
  const lake = copyOf(filled)
  await run(lake).ended
  const opened = lakeAt(lake)
  await compact(opened, { limits })
  const follower = detect({ tables: logTables })
  await replay(opened, follower, { limits, as: 'again', turnBytes: 1 << 30 })
  await replay(opened, follower, { limits, as: 'and-again', turnBytes: full ? 30_000 : 100_000 })
  await catchUp(opened, follower, { limits })
  expect(await idsIn(lake)).toEqual(wanted)
  rmSync(lake, { recursive: true })
})

import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { isoOf, slotBefore } from '../../src/analyze/schedule.ts'
import { freePort } from '../emulator/listening.ts'
import { freshFolder, PROGRAM, SAMPLES } from './program.ts'
import { lakeIn } from './run-source.ts'
import { rowsOf, warm } from './warm.ts'

// `loglake run` of a configuration without sources does the rest of its work.

const DAILY = { every: '24h', at: '00:00' }
/** Nothing runs that a test does not ask for. */
const OFF = {
  run: { port: 0 },
  compact: { on: false },
  follow: { off: ['summaries', 'detect'], seconds: 1 },
}

const folder = freshFolder()
const base = join(folder, 'base')
const started: ChildProcess[] = []
beforeAll(async () => {
  expect(await warm(['ingest', SAMPLES, '--lake', base])).toMatchObject({ code: 0 })
}, 120_000)
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

interface Line {
  msg: string
  [fact: string]: unknown
}

/** A lake with a configuration, and the run of it. */
function place(name: string, config: object) {
  const own = join(folder, name)
  mkdirSync(own)
  cpSync(base, join(own, 'lake'), { recursive: true })
  // JSON is YAML.
  writeFileSync(join(own, 'loglake.yaml'), JSON.stringify({ lake: 'lake', ...OFF, ...config }))
  return { own, lake: join(own, 'lake') }
}

function running(own: string) {
  const child = spawn(process.execPath, [PROGRAM, 'run'], { cwd: own, stdio: ['ignore', 'ignore', 'pipe'] })
  started.push(child)
  const lines: Line[] = []
  let rest = ''
  child.stderr.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) lines.push(part.startsWith('{') ? JSON.parse(part) : { msg: part })
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  return {
    /** Waits for a line, or for its end. */
    async says(msg: string): Promise<void> {
      while (!lines.some((one) => one.msg === msg) && child.exitCode === null) await wait(50)
      expect(lines.map((one) => one.msg)).toContain(msg)
    },
    async stop() {
      child.kill('SIGTERM')
      return await ended
    },
  }
}

it('a schedule alone is kept, and the run is ready', async () => {
  const port = await freePort()
  const { own, lake } = place('schedule', {
    run: { port },
    destinations: { report: { type: 'file', path: 'sent.ndjson' } },
    analyze: { schedule: { morning: { ...DAILY, does: 'digest', to: ['report'] } } },
  })
  await lakeIn(lake).commit('analyze', async () => ({
    tables: {},
    cursors: { 'schedule/morning': isoOf(slotBefore(DAILY, Date.now()) - 86_400_000) },
  }))
  const run = running(own)
  await run.says('schedule done')
  const { status } = await fetch(`http://127.0.0.1:${port}/readyz`)
  expect(status).toBe(200)
  expect(await run.stop()).toBe(0)
  expect(readFileSync(join(own, 'sent.ndjson'), 'utf8').trim().split('\n')).toHaveLength(1)
})

it('a follower alone reads the rows that the lake has', async () => {
  const { own, lake } = place('follower', { follow: { off: ['detect'], seconds: 1 } })
  const run = running(own)
  await run.says('followed')
  expect(await run.stop()).toBe(0)
  const [{ rows } = { rows: 0 }] = await rowsOf<{ rows: number }>(
    lake,
    'select count(*)::int as rows from activity_10min',
  )
  expect(rows).toBeGreaterThan(0)
})

it('a route alone sends the rows that the lake has', async () => {
  const { own } = place('route', {
    destinations: { siem: { type: 'file', path: 'siem.ndjson' } },
    routes: { all: { table: 'cloudtrail', shape: 'rows', policy: 'full', to: 'siem', from: '2026-01-01' } },
  })
  const run = running(own)
  await run.says('followed')
  expect(await run.stop()).toBe(0)
  expect(existsSync(join(own, 'siem.ndjson'))).toBe(true)
})

it.each([
  ['digests of CloudTrail', { digests: { minutes: 60 } }],
  ['compaction', { compact: { on: true } }],
])('%s alone keep it running until it is stopped', async (name, config) => {
  const run = running(place(name.replaceAll(' ', '-'), config).own)
  await run.says('running')
  await wait(1500)
  expect(started[0]?.exitCode).toBeNull()
  expect(await run.stop()).toBe(0)
})

it('nothing to do is refused, with what could be done', async () => {
  const { own } = place('nothing', {})
  const { code, err } = await warm(['run'], { cwd: own })
  expect(code).toBe(2)
  expect(err).toMatch(/^error: there are no sources, and nothing else is switched on: .*analyze\.schedule/)
})

it('nothing set up, and no lake, is refused, with where the lake would be', async () => {
  const own = freshFolder()
  writeFileSync(join(own, 'loglake.yaml'), 'lake: here\n')
  const { code, err } = await warm(['run'], { cwd: own })
  expect(code).toBe(2)
  expect(err).toMatch(/^error: there are no sources, and there is no lake in here/)
  expect(existsSync(join(own, 'here'))).toBe(false)
})

it('a source that is named and not there is refused', async () => {
  const { own } = place('named', { digests: { minutes: 60 } })
  const { code, err } = await warm(['run', 'trail'], { cwd: own })
  expect(code).toBe(2)
  expect(err).toMatch(/^error: there is no source "trail"/)
})

it('followers that are all switched off are no reason to wait', async () => {
  const { own } = place('followers-off', {})
  const { code, err } = await warm(['follow'], { cwd: own })
  expect(code).toBe(2)
  expect(err).toMatch(/^error: all followers are switched off \(`follow\.off` in loglake\.yaml\): name one/)
})

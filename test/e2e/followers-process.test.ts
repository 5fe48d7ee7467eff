import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { isAlive } from '../../src/lib/alive.ts'
import { PROGRAM, rowsOf } from './program.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'loglake-followers-process-')))
afterAll(() => rmSync(root, { recursive: true }))

interface Line {
  msg: string
  follower?: string
  source?: string
  failure?: string
  restarts?: number
  rows?: number
  port?: number
}

interface Running {
  child: ChildProcess
  place: string
  lines: Line[]
  ended: Promise<number | null>
}

const started: ChildProcess[] = []
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

/** A run that watches a folder, with followers that look once a second. */
async function start(name: string, more = ''): Promise<Running> {
  const place = mkdtempSync(join(root, name))
  const yaml = `lake: ./lake\nsources:\n  logs: {type: folder, paths: ["*.json"], poll_seconds: 1, settle_seconds: 0}\nfollow: {seconds: 1}\n${more}`
  writeFileSync(join(place, 'loglake.yaml'), yaml)
  const child = spawn(process.execPath, [PROGRAM, 'run', '--port', '0'], {
    cwd: place,
    env: { ...process.env, LOGLAKE_TOKEN: 'a-token-that-nobody-sees' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  started.push(child)
  const lines: Line[] = []
  let rest = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) if (part.startsWith('{')) lines.push(JSON.parse(part) as Line)
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const running = { child, place, lines, ended }
  await until(() => child.exitCode !== null || says(running, 'follower started', 'detect') > 0)
  return running
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await wait(50)
}

function says({ lines }: Running, msg: string, follower?: string): number {
  return lines.filter((line) => line.msg === msg && (follower === undefined || line.follower === follower))
    .length
}

/** The process of the followers: the only child that a run has. */
function followersOf({ child }: Running): number {
  const pids = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ')
  expect(pids).toHaveLength(1)
  return Number(pids[0])
}

function addEvent({ place }: Running, at: number): void {
  const event = {
    eventVersion: '1.11',
    eventID: `11111111-2222-4333-8444-${String(at).padStart(12, '0')}`,
    eventTime: `2026-01-07T10:00:${String(at).padStart(2, '0')}Z`,
    eventSource: 's3.amazonaws.com',
    eventName: 'ListBuckets',
    awsRegion: 'us-east-1',
    recipientAccountId: '111122223333',
    userIdentity: { type: 'IAMUser', userName: 'alice' },
    eventType: 'AwsApiCall',
    eventCategory: 'Management',
  }
  writeFileSync(join(place, `event-${at}.json`), JSON.stringify({ Records: [event] }))
}

async function summarized({ place }: Running): Promise<number | undefined> {
  const sql = 'select coalesce(sum(events), 0)::integer as events from activity_10min'
  const [row] = await rowsOf<{ events: number }>(join(place, 'lake'), sql)
  return row?.events
}

describe.runIf(process.platform === 'linux')('the process of the followers', { timeout: 300_000 }, () => {
  it('gives way to intake with all of its threads and its memory, and is told nothing by its arguments', async () => {
    const run = await start('nice')
    const pid = followersOf(run)
    const niceOf = (process: number, task: string) =>
      Number(readFileSync(`/proc/${process}/task/${task}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[16])
    const own = niceOf(run.child.pid as number, String(run.child.pid))
    const threads = readdirSync(`/proc/${pid}/task`)
    expect(threads.length).toBeGreaterThan(4)
    for (const thread of threads) expect(niceOf(pid, thread)).toBe(13)
    expect(own).toBeLessThan(13)
    expect(readFileSync(`/proc/${pid}/oom_score_adj`, 'utf8').trim()).toBe('800')
    expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toMatch(/token|loglake\.yaml/)
    run.child.kill('SIGTERM')
    expect(await run.ended).toBe(0)
    expect(isAlive(pid)).toBe(false)
    expect(run.lines.at(-1)?.msg).toBe('ended')
    expect([says(run, 'follower ended', 'detect'), says(run, 'follower ended', 'summaries')]).toEqual([1, 1])
  })

  it('that is killed is told of, and started again, while sources go on', async () => {
    const run = await start('killed')
    addEvent(run, 1)
    await until(() => says(run, 'followed', 'summaries') > 0)
    const pid = followersOf(run)
    process.kill(pid, 'SIGKILL')
    addEvent(run, 2)
    await until(() => says(run, 'follower started', 'summaries') > 1)
    const failed = run.lines.filter(({ msg }) => msg === 'follower failed, and is opened again')
    expect(failed.map(({ follower }) => follower).sort()).toEqual(['detect', 'summaries'])
    for (const { failure, restarts } of failed) {
      expect(failure).toContain('ended by SIGKILL')
      expect(restarts).toBe(1)
    }
    expect(says(run, 'source failed, and is opened again')).toBe(0)
    // Its counts go on from those of the one before.
    await until(() => run.lines.some(({ follower, rows }) => follower === 'summaries' && rows === 2))
    expect(await summarized(run)).toBe(2)
    expect(followersOf(run)).not.toBe(pid)
    run.child.kill('SIGTERM')
    expect(await run.ended).toBe(0)
  })

  it('ends with the run, however that ends', async () => {
    const run = await start('orphan')
    const pid = followersOf(run)
    run.child.kill('SIGKILL')
    await until(() => !isAlive(pid))
    expect(await run.ended).toBeNull()
  })

  it('says what is wrong when the configuration has changed under it, and sources go on', async () => {
    const run = await start('changed')
    writeFileSync(join(run.place, 'loglake.yaml'), 'lake: ./lake\nfollow: {off: [detect]}\n')
    process.kill(followersOf(run), 'SIGKILL')
    await until(() => run.lines.some(({ failure }) => failure?.includes('start `loglake run` again')))
    addEvent(run, 1)
    await until(() => says(run, 'committed') > 0)
    run.child.kill('SIGTERM')
    expect(await run.ended).toBe(0)
  })
})

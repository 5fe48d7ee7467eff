import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Report } from '../../src/analyze/report/contract.ts'
import { isoOf, runOf, slotBefore } from '../../src/analyze/schedule.ts'
import { JOB_CHANGED } from '../../src/lib/heard.ts'
import { MODEL, ROLE } from '../analyze/analysed.ts'
import { carefulReader } from '../analyze/careful.ts'
import { fill, INCIDENTS, lakeAt, makeCorpus, type Planted, SINCE, WORKER } from '../analyze/corpus.ts'
import { objectsAt } from '../analyze/objects.ts'
import { type StandIn, startStandIn } from '../analyze/stand-in.ts'
import { loglake, PROGRAM } from '../e2e/program.ts'
import { boto } from './boto.ts'
import { freePort } from './listening.ts'
import { type Moto, startMoto } from './moto.ts'
import { freshFolder, IN_REGION, silentBucket, until } from './world.ts'

const careful = carefulReader(new RegExp(`\\b(?:${INCIDENTS.map(([, call]) => call).join('|')})\\b`))
const DAILY = { every: '24h', at: '00:00' }

let moto: Moto
let standIn: StandIn
let planted: Planted
let folder: string
const started: ChildProcess[] = []
beforeAll(async () => {
  moto = await startMoto()
  planted = makeCorpus()
  folder = freshFolder('schedule')
  await fill(join(folder, 'lake'), planted)
  const states = ['Submitted', 'InProgress', 'Completed'] as const
  standIn = await startStandIn({ answer: careful, least: 10, states: () => states }, objectsAt(moto.endpoint))
}, 300_000)
afterAll(async () => {
  for (const child of started) child.kill('SIGKILL')
  await standIn.stop()
  await moto.stop()
  for (const place of [folder, planted.folder]) rmSync(place, { recursive: true, force: true })
})

it('`run` makes what is due, is woken by the queue when the job goes on, and makes it once', async () => {
  const queue = await silentBucket(moto, 'told')
  await boto(moto, [['s3', 'create_bucket', { Bucket: 'analysis', ...IN_REGION }]])
  const slot = slotBefore(DAILY, Date.now())
  // Both were made a day before, and are due since the newest slot, whose window begins with what was planted.
  const before = isoOf(slot - 86_400_000)
  await lakeAt(join(folder, 'lake')).commit('analyze', async () => ({
    tables: {},
    cursors: { 'schedule/nightly': before, 'schedule/morning': before },
  }))
  const window = `${(slot - Date.parse(SINCE)) / 86_400_000}d`
  const at = { endpoint: standIn.endpoint, region: 'eu-central-1' }
  const config = {
    lake: 'lake',
    run: { port: await freePort() },
    sources: {
      told: { type: 's3-queue', queue, identity: moto.identity, commit: { seconds: 1, objects: 1 } },
    },
    model: { provider: 'bedrock', id: MODEL, identity: at },
    destinations: { report: { type: 'file', path: 'sent.ndjson' } },
    analyze: {
      own_roles: [WORKER],
      // Nobody lives to see the second look, unless something wakes it.
      batch: {
        ...{ role: ROLE, place: 's3://analysis/loglake', poll_seconds: 86_400 },
        identity: { region: 'eu-central-1' },
      },
      schedule: {
        nightly: { ...DAILY, does: 'analyze', window, to: ['report'] },
        morning: { ...DAILY, does: 'digest', window, to: ['report'] },
      },
    },
  }
  // JSON is YAML.
  writeFileSync(join(folder, 'loglake.yaml'), JSON.stringify(config))
  const { lines, stop } = running()
  const isDone = (name: string) => lines.some((one) => one.msg === 'schedule done' && one.schedule === name)
  const wrong = () => lines.filter(({ msg }) => msg === 'schedule failed')

  await until(() => wrong().length > 0 || (isDone('morning') && (standIn.jobs[0]?.looks ?? 0) > 0))
  expect(wrong()).toEqual([])
  expect(isDone('nightly')).toBe(false)

  const event = {
    ...{ version: '0', id: '1', source: 'aws.bedrock', 'detail-type': JOB_CHANGED, region: 'eu-central-1' },
    detail: { batchJobArn: standIn.jobs[0]?.arn, status: 'InProgress' },
  }
  // An event may come before anybody waits for it: then it is told again.
  for (let told = 0; told < 60 && !isDone('nightly') && wrong().length === 0; told++) {
    await boto(moto, [['sqs', 'send_message', { QueueUrl: queue, MessageBody: JSON.stringify(event) }]])
    const looks = standIn.jobs[0]?.looks ?? 0
    let polls = 0
    const isOn = () => isDone('nightly') || wrong().length > 0 || (standIn.jobs[0]?.looks ?? 0) > looks
    await until(() => isOn() || ++polls > 50)
  }
  expect(wrong()).toEqual([])
  expect(isDone('nightly')).toBe(true)
  expect(await stop()).toBe(0)

  const run = runOf('nightly', slot)
  const shown = await loglake(['analyze', 'show', run, '--format', 'json'], { cwd: folder, env: moto.env })
  const report = JSON.parse(shown.out) as Report
  const evidence = new Set(report.findings.flatMap((one) => one.evidence.map(({ id }) => id)))
  for (const [call, id] of planted.incidents) expect(evidence, call).toContain(id)
  const sent = readFileSync(join(folder, 'sent.ndjson'), 'utf8').trimEnd().split('\n')
  expect(sent.filter((line) => line.includes('Digest of 2026-01-08'))).toHaveLength(1)
  expect(sent.filter((line) => line.includes('Analysis of 2026-01-08'))).toHaveLength(1)

  // Whoever starts again finds nothing due.
  const again = running()
  await until(() => again.lines.some(({ msg }) => msg === 'running'))
  expect(await again.stop()).toBe(0)
  expect(again.lines.filter(({ msg }) => msg.startsWith('schedule'))).toEqual([])
  expect(standIn.jobs).toHaveLength(1)
})

interface Line {
  msg: string
  [fact: string]: unknown
}

/** `loglake run` in the folder, with what it says. */
function running() {
  const child = spawn(process.execPath, [PROGRAM, 'run'], {
    cwd: folder,
    env: {
      ...process.env,
      ...moto.env,
      AWS_ENDPOINT_URL_BEDROCK: standIn.endpoint,
      AWS_ENDPOINT_URL_SERVICE_QUOTAS: standIn.endpoint,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  started.push(child)
  const lines: Line[] = []
  let rest = ''
  child.stderr.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) if (part.startsWith('{')) lines.push(JSON.parse(part) as Line)
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  return {
    lines,
    stop: async () => {
      child.kill('SIGTERM')
      return await ended
    },
  }
}

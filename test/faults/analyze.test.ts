import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Report } from '../../src/analyze/report/contract.ts'
import { ANALYZE_STEPS } from '../../src/analyze/run/steps.ts'
import { MODEL, pretend, ROLE } from '../analyze/analysed.ts'
import { carefulReader } from '../analyze/careful.ts'
import { fill, INCIDENTS, makeCorpus, type Planted, SINCE, UNTIL, WORKER } from '../analyze/corpus.ts'
import { type StandIn, startStandIn } from '../analyze/stand-in.ts'
import { full } from './form.ts'
import { freshFolder, ownRoot } from './processes.ts'

const PROGRAM = fileURLToPath(new URL('../../dist/cli/loglake.cjs', import.meta.url))
const careful = carefulReader(new RegExp(`\\b(?:${INCIDENTS.map(([, call]) => call).join('|')})\\b`))

let filled: string
let planted: Planted
beforeAll(async () => {
  pretend()
  planted = makeCorpus()
  filled = freshFolder('lake')
  await fill(filled, planted)
}, 300_000)
afterAll(() => {
  const root = ownRoot()
  if (root) rmSync(root, { recursive: true, force: true })
  rmSync(planted.folder, { recursive: true, force: true })
})

/** A lake of its own, and a configuration that leads to a stand-in. */
function place(standIn: StandIn, batch: boolean): string {
  const folder = freshFolder('analysis')
  mkdirSync(folder, { recursive: true })
  cpSync(filled, join(folder, 'lake'), { recursive: true })
  const identity = `{ endpoint: "${standIn.endpoint}", region: eu-central-1 }`
  const batches = `  batch:
    role: ${ROLE}
    place: s3://logs/loglake-analysis
    model: "${MODEL}"
    poll_seconds: 1
    identity: ${identity}
`
  writeFileSync(
    join(folder, 'loglake.yaml'),
    `lake: lake
model:
  provider: bedrock
  id: "${MODEL}"
  identity: ${identity}
destinations:
  report: { type: file, path: sent.ndjson }
analyze:
  own_roles: ["${WORKER}"]
${batch ? batches : ''}`,
  )
  return folder
}

function loglake(folder: string, args: readonly string[], killAt?: string) {
  const child = spawn(process.execPath, [PROGRAM, 'analyze', ...args], {
    cwd: folder,
    env: { ...process.env, ...(killAt === undefined ? {} : { LOGLAKE_KILL_AT: killAt }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString()
  })
  return new Promise<{ signal: NodeJS.Signals | null; code: number | null; out: string; err: string }>(
    (resolve) => {
      child.on('close', (code, signal) => resolve({ signal, code, out, err }))
    },
  )
}

/** Those of an analysis in batches; `calls-` are those on demand. */
const IN_BATCH = ANALYZE_STEPS.filter((step) => !step.startsWith('calls-'))
const CHOSEN = full ? IN_BATCH : IN_BATCH.filter((_, at) => at % 4 !== 3)

describe('an analysis that is killed', () => {
  it.concurrent.each(CHOSEN)(
    'at %s: goes on, asks each record once and makes no second job',
    async (step) => {
      const standIn = await startStandIn({ answer: careful, least: 10 })
      try {
        const folder = place(standIn, true)
        const selected = ['--since', SINCE, '--until', UNTIL, '--format', 'json', '--to', 'report']
        const killed = await loglake(folder, selected, step)
        expect(killed.signal, killed.err).toBe('SIGKILL')
        const isBegun = step !== 'analysis-selected'
        const ended = await loglake(folder, isBegun ? ['resume', '--format', 'json'] : selected)
        expect(ended.code, ended.err).toBe(0)
        const report = JSON.parse(ended.out) as Report
        const evidence = new Set(report.findings.flatMap((one) => one.evidence.map(({ id }) => id)))
        for (const [call, id] of planted.incidents) expect(evidence, call).toContain(id)
        expect(planted.own.filter((id) => evidence.has(id))).toEqual([])
        // Counted where the money is spent.
        expect(standIn.jobs.length).toBe(1)
        const records = standIn.asked.map(({ recordId }) => recordId)
        expect(new Set(records).size).toBe(records.length)
        expect(records.length).toBe(report.calls.items)
        expect(report.not_analysed).toEqual([])
        const again = await loglake(folder, ['resume'])
        expect(again.err).toContain('no analysis is open')
      } finally {
        await standIn.stop()
      }
    },
  )

  it.each(['calls-answered', 'calls-kept'])(
    'on demand at %s: at most what was on its way is asked again',
    async (step) => {
      const standIn = await startStandIn({ answer: careful })
      try {
        const folder = place(standIn, false)
        const killed = await loglake(folder, ['--since', SINCE, '--until', UNTIL, '--format', 'json'], step)
        expect(killed.signal, killed.err).toBe('SIGKILL')
        const before = standIn.onDemand.length
        const ended = await loglake(folder, ['resume', '--format', 'json'])
        expect(ended.code, ended.err).toBe(0)
        const report = JSON.parse(ended.out) as Report
        const maps = standIn.onDemand.filter(({ system }) => !system.startsWith('You put'))
        expect(maps.length).toBe(report.calls.items + (step === 'calls-answered' ? before : 0))
      } finally {
        await standIn.stop()
      }
    },
  )
})

import { spawn } from 'node:child_process'
import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { folder, ingest, lakeTables, localStorage, openLake } from 'loglake'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { deliverTables } from '../../src/deliver/tables.ts'
import { ask } from '../../src/query/question.ts'
import { makeCertificates } from '../receivers/certificates.ts'
import { type Fault, type Hec, type HecOptions, startHec } from '../receivers/hec.ts'
import { full } from './form.ts'
import { freshFolder, ownRoot } from './processes.ts'
import { printTable } from './tally.ts'

/**
 * The program sends a table to a stand-in of Splunk's collector, and is killed, or the receiver fails. After each trial: every row at least
 * once, first copies in order, what is refused in `undelivered`, nothing marked unmasked. Ends with a table.
 */
const PROGRAM = fileURLToPath(new URL('../../dist/cli/loglake.cjs', import.meta.url))
const samples = fileURLToPath(new URL('../../samples/logs', import.meta.url))
const WHERE = "eventsource in ('sagemaker.amazonaws.com', 'iam.amazonaws.com')"
const limits = { threads: 1, memory: '256MiB' }

let base: string
let wanted: string[]
let largest = 0
const certificates = makeCertificates()

function lakeIn(place: string) {
  return openLake(localStorage(place), [...lakeTables, ...deliverTables])
}

async function rows(place: string, question: string): Promise<unknown[][]> {
  const answer = await ask(lakeIn(place), question, { views: [], limits })
  const found: unknown[][] = []
  for await (const row of answer.rows()) found.push(row)
  answer.close()
  return found
}

beforeAll(async () => {
  base = join(freshFolder('deliver'), 'lake')
  await ingest(lakeIn(base), folder([samples]), { threads: 1 })
  const found = await rows(
    base,
    `select eventid from cloudtrail where ${WHERE} order by lake_day, eventtime, eventid`,
  )
  wanted = found.map(([id]) => String(id))
  const [[max] = []] = await rows(
    base,
    `select max(n) from (select count(*) as n from cloudtrail where ${WHERE} group by lake_day)`,
  )
  largest = Number(max)
})
afterAll(() => {
  printTable([
    ['fault', 'runs', 'struck', 'rows', 'lost', 'doubled', 'out of order', 'refused', 'unmasked'],
    ...lines,
  ])
  const root = ownRoot()
  if (root) rmSync(root, { recursive: true, force: true })
})
const lines: string[][] = []

interface Trial {
  fault: string
  /** The step of each run that it is killed at; the last run is not. */
  killAt?: readonly string[]
  faults?: readonly (Fault | undefined)[]
  hec?: HecOptions
  settings?: string
  /** Called once the receiver is up. */
  with?(hec: Hec): void
  refused?: number
  /** The runs that must fail before the receiver is mended. */
  mend?(hec: Hec): Promise<Hec>
}

async function attempt({
  fault,
  killAt = [],
  faults = [],
  hec: options = {},
  settings = '',
  ...trial
}: Trial) {
  const place = freshFolder('trial')
  const lake = join(place, 'lake')
  cpSync(base, lake, { recursive: true })
  let hec = await startHec(options)
  const all: Hec[] = [hec]
  hec.faults = [...faults]
  trial.with?.(hec)
  writeFileSync(
    join(place, 'loglake.yaml'),
    `lake: ./lake
destinations:
  splunk: {type: splunk-hec, url: "${hec.url}", token: a-token, index: aws, batch_events: 40, timeout_seconds: 2${settings}}
deliver: {mask_key: "0123456789abcdef", group_bytes: 1}
routes:
  siem: {table: cloudtrail, where: "${WHERE}", to: splunk, from: start}
`,
  )
  writeFileSync(join(place, 'ca.pem'), certificates.ca)
  writeFileSync(join(place, 'client.pem'), certificates.client.cert)
  writeFileSync(join(place, 'client.key'), certificates.client.key)
  let runs = 0
  let struck = 0
  const run = async (at?: string) => {
    runs++
    const ended = await program(['deliver', '--once', '--config', join(place, 'loglake.yaml')], at)
    if (ended.signal === 'SIGKILL') struck++
    return ended
  }
  try {
    for (const at of killAt) await run(at)
    if (trial.mend) {
      const failed = await run()
      expect(failed.code, failed.output).not.toBe(0)
      struck++
      hec = await trial.mend(hec)
      all.push(hec)
    }
    const last = await run()
    expect(last.code, last.output).toBe(0)
    const before = all.reduce((sum, { events }) => sum + events.length, 0)
    const again = await run()
    expect(again.code, again.output).toBe(0)
    // What is delivered is not sent once more.
    expect(all.reduce((sum, { events }) => sum + events.length, 0)).toBe(before)
    struck += faults.length - hec.faults.length
    const events = all.flatMap((one) => one.events)
    const ids = events.map(({ event }) => String(event.eventid))
    const undelivered = await rows(lake, "select json_extract_string(event, '$.eventid') from undelivered")
    const refused = new Set(undelivered.map(([id]) => String(id)))
    const first = [...new Set(ids)]
    const seen = new Set([...ids, ...refused])
    const lost = wanted.filter((id) => !seen.has(id)).length
    const order = wanted.filter((id) => !refused.has(id))
    const disordered = first.filter((id, at) => id !== order[at]).length
    const unmasked = events.filter(
      ({ event }) => event.sourceipaddress && !/^\[ADDRESS:[0-9a-f]{16}\]$/.test(event.sourceipaddress),
    ).length
    const doubled = ids.length - first.length
    lines.push(
      [fault, runs, struck, wanted.length, lost, doubled, disordered, refused.size, unmasked].map(String),
    )
    expect({ lost, disordered, unmasked, refused: refused.size }).toEqual({
      lost: 0,
      disordered: 0,
      unmasked: 0,
      refused: trial.refused ?? 0,
    })
    return { doubled, struck }
  } finally {
    await Promise.all(all.map((one) => one.stop().catch(() => undefined)))
    rmSync(place, { recursive: true, force: true })
  }
}

interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  output: string
}

async function program(args: readonly string[], killAt?: string): Promise<Ended> {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { ...process.env, ...(killAt === undefined ? {} : { LOGLAKE_KILL_AT: killAt }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  return await new Promise((done, failed) => {
    child.on('error', failed)
    child.on('close', (code, signal) => done({ code, signal, output }))
  })
}

const STEPS = [
  'follower-registered',
  'changes-read',
  'batch-made:2',
  'batch-sent',
  'batch-sent:4',
  'group-delivered',
  'group-delivered:3',
  'results-staged',
  'results-adopted',
  'manifest-written',
  'manifest-list-written',
  'metadata-written',
  'catalog-written:2',
  'metadata-published',
  'hint-written:2',
]

it.each(full ? STEPS : ['batch-sent:4', 'group-delivered:3', 'results-staged', 'catalog-written:2'])(
  'killed at %s: every row at least once',
  async (step) => {
    const { struck, doubled } = await attempt({ fault: `SIGKILL at ${step}`, killAt: [step] })
    expect(struck).toBe(1)
    // A group, here a day, is sent again at most.
    expect(doubled).toBeLessThanOrEqual(largest)
  },
)

const answer = (status: number, code: number, headers = {}): Fault => ({
  answer: [status, { text: 'x', code }, headers],
})

/** A file beside the configuration, as the configuration names it. */
const pem = (name: string) => `\${file:${name}}`

const TRIALS: readonly Trial[] = [
  { fault: 'an answer lost after the events were stored', faults: [undefined, { storeThen: 'cut' }] },
  { fault: 'a connection that is cut', faults: [undefined, { instead: 'cut' }, { instead: 'cut' }] },
  { fault: 'an answer that does not come', faults: [{ instead: 'hang' }, undefined, { storeThen: 'hang' }] },
  { fault: 'a slow receiver', faults: Array.from({ length: 6 }, () => ({ slowMs: 700 })) },
  {
    fault: '429 with Retry-After',
    faults: [answer(429, 26, { 'retry-after': '1' }), answer(429, 27, { 'retry-after': '1' })],
  },
  { fault: '429 without it', faults: [answer(429, 26), undefined, answer(429, 26)] },
  {
    fault: '503, 500, 502 without JSON',
    faults: [answer(503, 9), answer(500, 8), { answer: [502, '<html>'] }],
  },
  {
    fault: '400 on some events of a batch',
    with: (hec) => {
      hec.refuse = ({ event }) =>
        event.eventname === 'CreateRole' || event.eventname === 'GetRole' ? 15 : undefined
    },
  },
  {
    fault: '413',
    settings: ', gzip: false',
    with: (hec) => {
      hec.maxBytes = 20_000
    },
  },
  {
    fault: 'a receiver that dies, and comes back later',
    faults: [undefined, undefined, { storeThen: 'die' }],
  },
  {
    fault: 'a certificate that has expired, then a new one',
    hec: { tls: certificates.expired },
    settings: `, tls: {ca: "${pem('ca.pem')}"}`,
    async mend(hec) {
      await hec.stop()
      return await startHec({ tls: certificates.server, port: Number(new URL(hec.url).port) })
    },
  },
  {
    fault: 'a client certificate is wanted',
    hec: { tls: { ...certificates.server, ca: certificates.ca, requestCert: true } },
    settings: `, tls: {ca: "${pem('ca.pem')}", cert: "${pem('client.pem')}", key: "${pem('client.key')}"}`,
  },
  { fault: 'acknowledgement', hec: { acknowledges: true }, settings: ', acknowledge: true' },
  {
    fault: 'acknowledgement that does not come for a while',
    hec: { acknowledges: true },
    settings: ', acknowledge: true, acknowledge_seconds: 2',
    with: (hec) => {
      hec.deaf = true
      setTimeout(() => {
        hec.deaf = false
      }, 6_000)
    },
  },
  {
    fault: 'acknowledgement that never comes, then does',
    hec: { acknowledges: true },
    settings: ', acknowledge: true, acknowledge_seconds: 1',
    with: (hec) => {
      hec.deaf = true
    },
    async mend(hec) {
      hec.deaf = false
      return hec
    },
  },
]

it.each(TRIALS.map((trial) => [trial.fault, trial] as const))(
  '%s: every row at least once',
  async (fault, trial) => {
    if (fault.startsWith('400')) {
      const [[count] = []] = await rows(
        base,
        `select count(*) from cloudtrail where ${WHERE} and eventname in ('CreateRole', 'GetRole')`,
      )
      await attempt({ ...trial, refused: Number(count) })
      return
    }
    if (fault.startsWith('a receiver that dies')) {
      await attempt({
        ...trial,
        with: (hec) => {
          const { stop } = hec
          // Back on the same port a second after its death.
          const port = Number(new URL(hec.url).port)
          hec.stop = async () => {
            hec.stop = async () => undefined
            await stop()
            await new Promise((done) => setTimeout(done, 1_500))
            const next = await startHec({ port })
            next.events = hec.events
            hec.stop = next.stop
          }
        },
      })
      return
    }
    await attempt(trial)
  },
)

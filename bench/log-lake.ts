/**
 * Log Lake's own workload: 199 million events in 400,000 files of 150 accounts, ingested slice by slice (each slice is removed
 * afterwards), and compacted now and then, as `loglake run` does by itself. One slice is killed in the middle and resumed. Then
 * searches by each key, for values that exist and values that do not, in an open lake and from the command line. An interrupted
 * benchmark continues where it was: with the next slice, or with the first line that it has not measured.
 */
import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { lakeTables, localStorage, openLake, vacuum } from 'loglake'
import { generateCorpus } from './corpus.ts'
import { bytesBelow, type Line, machine, median, type Run, run, start, table } from './measure.ts'

interface Settings {
  short: boolean
  long: boolean
  dir: string
  threads: string
  events?: string | undefined
}

const EVENTS = 199_000_000
const EVENTS_PER_FILE = 497
const SLICE = 1_000_000
/** Slices after which the files are compacted. */
const COMPACTED_EVERY = 20
const ACCOUNTS = 150

/** A key of `cloudtrail`, the path of its value in an event, and a value that no event has. */
const KEYS: readonly (readonly [name: string, of: (event: LogEvent) => unknown, none: () => string])[] = [
  ['eventid', ({ eventID }) => eventID, randomUUID],
  ['requestid', ({ requestID }) => requestID, randomUUID],
  ['access key', ({ userIdentity }) => userIdentity?.accessKeyId, () => `ASIA${letters(16)}`],
  ['principal', ({ userIdentity }) => userIdentity?.principalId, () => `AROA${letters(16)}:nobody`],
  ['address', ({ sourceIPAddress }) => sourceIPAddress, () => `198.18.${byte()}.${byte()}`],
  ['ARN', ({ userIdentity }) => userIdentity?.arn, () => `arn:aws:iam::999999999999:role/${letters(9)}`],
]

interface LogEvent {
  eventID?: string
  requestID?: string
  sourceIPAddress?: string
  userIdentity?: { accessKeyId?: string; principalId?: string; arn?: string }
}

interface Compacted {
  table: string
  filesBefore: number
  filesAfter: number
}

interface Answer {
  ms: number
  processorMs: number
  rows: number
  files: { read: number; all: number }
  parts: number
  bytes: number
}

export async function benchLogLake({ short, long, dir, threads, events: given }: Settings): Promise<void> {
  console.error(machine())
  const events = given === undefined ? (short ? 60_000 : long ? 10_000_000 : EVENTS) : Number(given)
  const slice = Math.min(SLICE, Math.ceil(events / 3))
  const needles = short ? 3 : 100
  const lake = join(dir, 'log-lake')
  const state = join(dir, 'log-lake.json')
  const done = stateOf(state, events)
  if (done.slices === 0) rmSync(lake, { recursive: true, force: true })
  const line = (what: string, measured: string, wanted = '', kept?: boolean) => {
    done.lines.push({ what, measured, wanted: short ? '' : wanted, kept: short ? undefined : kept })
    writeFileSync(state, JSON.stringify(done))
    console.error(`  ${what}: ${measured}`)
  }
  const isMeasured = (what: string) => done.lines.some((one) => one.what === what)
  const slices = Math.ceil(events / slice)
  for (let at = done.slices; at < slices; at++) {
    const corpus = join(dir, `slice-${at}`)
    const own = Math.min(slice, events - at * slice)
    await generateCorpus({
      dir: corpus,
      events: own,
      eventsPerFile: EVENTS_PER_FILE,
      accounts: ACCOUNTS,
      seed: at + 1,
    })
    done.delivered += sample(corpus, done.values, Math.ceil((needles * 2) / slices))
    if (at === Math.floor(slices / 2)) await killedIngest(corpus, lake, threads)
    const ran = await run<{ stored: number; repeated: number }>('./run-slice.js', corpus, lake, threads)
    done.seconds += ran.seconds
    done.processor.push(ran.processor / (own / SLICE))
    done.memory = Math.max(done.memory, ran.memory)
    done.rates.push(own / ran.seconds)
    done.slices = at + 1
    writeFileSync(state, JSON.stringify(done))
    rmSync(corpus, { recursive: true })
    console.error(
      `  slice ${at + 1} of ${slices}: ${Math.round(own / ran.seconds)} events/s, ${ran.processor.toFixed(1)} s of processor time, ${ran.memory.toFixed(0)} MiB`,
    )
    if (done.slices % COMPACTED_EVERY === 0 && done.slices < slices) await compactNow()
  }
  const whole = `${count(events)} events in ${count(Math.ceil(events / EVENTS_PER_FILE))} files, one slice killed and taken up again`
  if (!isMeasured(whole)) measureIngest(whole)
  const compaction = 'compaction, filters of keys with it'
  if (!isMeasured(compaction)) await measureCompaction(compaction)
  const size = 'size of the lake, vacuumed, against the gzip input'
  if (!isMeasured(size)) await measureSize(size)
  for (const [name, , none] of KEYS) {
    const there = (done.values[name] ?? []).slice(0, needles)
    await askNeedles(`needles by ${name}`, there, true)
    await askNeedles(`needles by ${name} that are nowhere`, Array.from({ length: needles }, none), false)
  }
  console.log(`\n${machine()}\n\n${table(done.lines)}`)
  rmSync(lake, { recursive: true })
  rmSync(state)
  if (!short && done.lines.some(({ kept }) => kept === false)) process.exitCode = 1

  function measureIngest(what: string): void {
    const { seconds, memory, rates, processor } = done
    const flat = (rates.at(-1) ?? 0) / (rates[0] ?? 1)
    line('rate of the last slice, against the first', `${flat.toFixed(2)} times`, 'at least 0.9', flat >= 0.9)
    const tenth = Math.max(1, Math.floor(processor.length / 10))
    line(
      'processor time of a million events, of the last tenth against the first',
      `${median(processor.slice(-tenth)).toFixed(1)} s, ${median(processor.slice(0, tenth)).toFixed(1)} s`,
      'flat',
    )
    const counted = countIds(lake, events)
    const minutes = (processor.reduce((sum, one) => sum + one, 0) * slice) / SLICE / 60
    line(
      what,
      `${count(counted.events)} rows, ${count(counted.ids)} ids; ${(seconds / 60).toFixed(1)} min of ingest (${minutes.toFixed(1)} of processor time), ${memory.toFixed(0)} MiB`,
      'every event once; below 1024 MiB',
      counted.events === events && counted.ids === events && memory < 1024,
    )
  }

  async function measureCompaction(what: string): Promise<void> {
    await compactNow()
    const { times, seconds, processor, memory, filesBefore, filesAfter } = done.compaction
    line(
      what,
      `${times} times, together ${(seconds / 60).toFixed(1)} min (${(processor / 60).toFixed(1)} of processor time), ${memory.toFixed(0)} MiB; ${filesBefore} files of cloudtrail became ${filesAfter}`,
      'below 1024 MiB',
      memory < 1024,
    )
  }

  async function measureSize(what: string): Promise<void> {
    // What compaction replaced is of earlier versions, and stays until it is vacuumed.
    const { files } = await vacuum(openLake(localStorage(lake), lakeTables), { keepMs: 0, graceMs: 0 })
    line(what, `${(bytesBelow(lake) / done.delivered).toFixed(3)}; ${count(files)} files removed`)
  }

  async function compactNow(): Promise<void> {
    const { result, seconds, processor, memory }: Run<{ done: Compacted[] }> = await run(
      './run-compact.js',
      lake,
    )
    const ours = result.done.find(({ table }) => table === 'cloudtrail')
    const { compaction } = done
    compaction.times++
    compaction.seconds += seconds
    compaction.processor += processor
    compaction.memory = Math.max(compaction.memory, memory)
    compaction.filesBefore += ours?.filesBefore ?? 0
    compaction.filesAfter += ours?.filesAfter ?? 0
    writeFileSync(state, JSON.stringify(done))
    console.error(
      `  compaction: ${seconds.toFixed(0)} s, ${processor.toFixed(0)} s of processor time, ${memory.toFixed(0)} MiB; ${ours?.filesBefore ?? 0} files became ${ours?.filesAfter ?? 0}`,
    )
  }

  async function askNeedles(what: string, asked: readonly string[], exist: boolean): Promise<void> {
    if (isMeasured(what)) return
    const list = join(dir, 'needles.json')
    writeFileSync(list, JSON.stringify(asked))
    const { result }: Run<{ answers: Answer[] }> = await run('./run-needles.js', lake, list)
    const wrong = result.answers.filter(({ rows }) => rows > 0 !== exist)
    if (wrong.length > 0) throw new Error(`${what}: ${wrong.length} of ${asked.length} were answered wrongly`)
    const of = (pick: (answer: Answer) => number) => result.answers.map(pick)
    const cold = asked.slice(0, short ? 1 : asked.length).map((value) => coldMs(lake, value))
    line(
      what,
      `${median(of(({ ms }) => ms)).toFixed(0)} ms, worst ${Math.max(...of(({ ms }) => ms)).toFixed(0)}; a new process ${median(cold).toFixed(0)}, worst ${Math.max(...cold).toFixed(0)}; ${median(of(({ files }) => files.read))} files opened of ${result.answers[0]?.files.all}, ${(median(of(({ bytes }) => bytes)) / 1000).toFixed(1)} kB of filters in ${median(of(({ parts }) => parts))} reads`,
      'median below 200 ms open, 1 s cold',
      median(of(({ ms }) => ms)) < 200 && median(cold) < 1000,
    )
  }
}

/** The slices that are in the lake already, with their results. */
interface State {
  events: number
  slices: number
  seconds: number
  memory: number
  delivered: number
  /** Events a second, slice by slice. */
  rates: number[]
  /** Seconds of processor time for a million events, slice by slice. */
  processor: number[]
  values: Record<string, string[]>
  compaction: {
    times: number
    seconds: number
    processor: number
    memory: number
    filesBefore: number
    filesAfter: number
  }
  /** What was measured after the last slice. */
  lines: Line[]
}

function stateOf(file: string, events: number): State {
  try {
    const state: State = JSON.parse(readFileSync(file, 'utf8'))
    if (state.events === events) return state
  } catch {
    // There is none: the benchmark starts.
  }
  return {
    events,
    slices: 0,
    seconds: 0,
    memory: 0,
    delivered: 0,
    rates: [],
    processor: [],
    values: {},
    compaction: { times: 0, seconds: 0, processor: 0, memory: 0, filesBefore: 0, filesAfter: 0 },
    lines: [],
  }
}

/** Ingests until the first commit, and kills the process there. */
async function killedIngest(corpus: string, lake: string, threads: string): Promise<void> {
  let records = 0
  const { ended, kill } = start('./run-slice.js', [corpus, lake, threads], (told) => {
    const one = told as { records?: number }
    if (one.records === undefined || records > 0) return
    records = one.records
    kill()
  })
  await ended.catch(() => wait(100))
}

/** Takes values of some events of a corpus. @returns the bytes of its files */
function sample(corpus: string, values: State['values'], wanted: number): number {
  const files = readdirSync(corpus, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.gz'),
  )
  const bytes = files.reduce((sum, name) => sum + statSync(join(corpus, name)).size, 0)
  for (let time = 0; time < wanted; time++) {
    const name = files[Math.floor(Math.random() * files.length)] as string
    const { Records } = JSON.parse(gunzipSync(readFileSync(join(corpus, name))).toString('utf8')) as {
      Records: LogEvent[]
    }
    for (const [key, of] of KEYS) {
      const events = Records.map(of).filter((value) => typeof value === 'string')
      const value = events[Math.floor(Math.random() * events.length)]
      if (value === undefined) continue
      values[key] ??= []
      values[key].push(value)
    }
  }
  return bytes
}

const CLI = new URL('../../dist/cli/loglake.cjs', import.meta.url).pathname

function ask(lake: string, question: string): Record<string, unknown>[] {
  const { stdout } = spawnSync(
    process.execPath,
    [CLI, 'query', question, '--lake', lake, '--format', 'json'],
    {
      encoding: 'utf8',
    },
  )
  return JSON.parse(stdout)
}

/** Counts rows and ids, in several queries, so that the ids of each fit into memory. */
function countIds(lake: string, events: number): { events: number; ids: number } {
  const parts = Math.ceil(events / 10_000_000)
  let [rows, ids] = [0, 0]
  for (let part = 0; part < parts; part++) {
    const [counted] = ask(
      lake,
      `select count(*) as events, count(distinct eventid) as ids from cloudtrail where hash(eventid) % ${parts} = ${part}`,
    )
    rows += Number(counted?.events)
    ids += Number(counted?.ids)
  }
  return { events: rows, ids }
}

function coldMs(lake: string, value: string): number {
  const begun = performance.now()
  const { status } = spawnSync(process.execPath, [
    CLI,
    'find',
    value,
    '--lake',
    lake,
    '--limit',
    '100',
    '--format',
    'ndjson',
  ])
  if (status !== 0) throw new Error(`loglake find ended with ${status}`)
  return performance.now() - begun
}

const byte = () => Math.floor(Math.random() * 256)

function letters(count: number): string {
  return Array.from(
    { length: count },
    () => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Math.floor(Math.random() * 32)],
  ).join('')
}

const count = (number: number) => number.toLocaleString('en-US')

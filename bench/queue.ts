/**
 * The benchmark of the source `s3-queue`: `npm run bench -- --queue` (20,000 announced objects), with `--short` for a quick look.
 * Everything runs on this machine, the emulator too; so its cost is measured by itself, and taken out.
 */
import { readdirSync, rmSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Totals } from 'loglake'
import { generateCorpus } from './corpus.ts'
import { type Emulated, emulated, uriOf } from './emulated.ts'
import { type Line, machine, quantile, type Run, run, type Started, start, table } from './measure.ts'

export const EVENTS_PER_OBJECT = 500
export const WORKERS = [1, 2, 4]
/** In the trial with several workers commits are small, so that there are many to be lost. */
const SMALL_COMMITS = { bytes: '8MiB' }
/** The paced trial lasts so long, at half of the speed that was measured. */
const PACED_SECONDS = 60
const LOOK_MS = 50

export interface QueuePlan {
  short: boolean
  dir: string
  threads: string
}

export interface Queued {
  totals: Totals
  /** When it began, and when its last commit was done; in milliseconds since 1970. */
  begun: number
  ended: number
  /** Spent after commits were prepared for the first time until they were for the last, but for waiting. */
  againMs: number
  /** Spent on waiting for the turn to commit, whatever went on meanwhile. */
  waitedMs: number
  /** When each object had been read, and when its rows could be seen; in milliseconds since 1970. */
  seen: [uri: string, readMs: number, visibleMs: number][]
}

export async function benchQueue({ short, dir, threads }: QueuePlan): Promise<void> {
  const objects = short ? 300 : 20_000
  const place = (name: string) => join(dir, name)
  const lines: Line[] = []
  const line = (what: string, measured: string, wanted = '', kept?: boolean) => {
    lines.push({ what, measured, wanted, kept })
    console.error(`  ${what}: ${measured}`)
  }
  console.error(machine())

  const corpus = place(`corpus-${objects * EVENTS_PER_OBJECT}`)
  const { gzipBytes } = await generateCorpus({
    dir: corpus,
    events: objects * EVENTS_PER_OBJECT,
    eventsPerFile: EVENTS_PER_OBJECT,
  })
  const paths = readdirSync(corpus, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.gz'))
    .map((name) => join(corpus, name))
    .sort()

  const disk = await run<{ totals: Totals }>('./run-ingest.js', corpus, place('lake'), threads)
  const [queue] = (await drained(paths, 1, place('lake'), threads)) as [Run<Queued>]
  const bare = await drainedBare(paths)
  const { seconds, memory, processor } = queue
  const mb = gzipBytes / 1e6
  line(
    `${count(objects)} announced objects of ${EVENTS_PER_OBJECT} events, from message to committed row`,
    `${(objects / seconds).toFixed(0)} messages/s, ${(mb / seconds).toFixed(1)} MB/s of gzip, ${count(Math.round((objects * EVENTS_PER_OBJECT) / seconds))} events/s`,
  )
  const own = seconds - bare.seconds
  const ratio = disk.seconds / own
  line(
    "… against `ingest` of the same files from disk, the emulator's own cost taken out",
    own > 0
      ? `${ratio.toFixed(2)} times as fast (${secondsOf(disk)} from disk, ${secondsOf(queue)} from the queue, ${secondsOf(bare)} of it the emulator's)`
      : `faster than the emulator alone (${secondsOf(queue)} from the queue, ${secondsOf(bare)} for a bare client)`,
    'at least 0.6',
    own <= 0 || ratio >= 0.6,
  )
  line(
    '… by processor time, where the emulator has no part',
    `${(disk.processor / processor).toFixed(2)} times as fast (${disk.processor.toFixed(1)} s from disk, ${processor.toFixed(1)} s from the queue)`,
  )
  line(
    '… memory, from disk and from the queue',
    `${disk.memory.toFixed(0)} MiB, ${memory.toFixed(0)} MiB`,
    'below 1024 MiB',
    memory < 1024,
  )

  const pace = objects / seconds / 2
  const paced = paths.slice(0, Math.ceil(pace * PACED_SECONDS))
  const delays = await delaysAt(pace, paced, place('lake'), threads)
  line(
    `from announcement to visible row, at ${pace.toFixed(0)} objects/s, with commits every 10 s`,
    `${halfAndMost(delays.map(([, visible]) => visible))}; until it is read ${halfAndMost(delays.map(([read]) => read))}`,
  )

  const share = paths.slice(0, Math.ceil(paths.length / (short ? 1 : 4)))
  const each = String(Math.max(1, Math.floor(cpus().length / 2)))
  for (const workers of WORKERS) {
    const runs = await drained(share, workers, place('lake'), each, SMALL_COMMITS)
    line(
      `${workers === 1 ? '1 worker' : `${workers} workers`} on one lake, ${count(share.length)} objects, commits of 8 MiB`,
      togetherText(share.length, runs),
    )
  }
  rmSync(place('lake'), { recursive: true, force: true })
  console.log(`\n${machine()}\n\n${table(lines)}`)
  if (!short && lines.some(({ kept }) => kept === false)) process.exitCode = 1
}

/**
 * How long workers take for objects that are all announced before they begin.
 *
 * @param ready called before they begin; says who they are to the lake, where that is in a bucket
 */
export async function drained(
  paths: readonly string[],
  workers: number,
  lake: string,
  threads: string,
  commit: object = {},
  ready: (world: Emulated) => Promise<object> = async () => ({}),
): Promise<Run<Queued>[]> {
  const world = await emulated()
  try {
    await world.announceAll(paths)
    const storage = await ready(world)
    return await ingested(world, { lake, workers, threads, commit, storage, objects: paths.length })
  } finally {
    await world.stop()
  }
}

async function drainedBare(paths: readonly string[]): Promise<Run<{ bytes: number }>> {
  const world = await emulated()
  try {
    await world.announceAll(paths)
    return await run('./run-bare.js', world.moto.endpoint, world.queue, paths.length)
  } finally {
    await world.stop()
  }
}

/** How long after its announcement each object is read and can be seen, while one comes after the other. */
async function delaysAt(
  pace: number,
  paths: readonly string[],
  lake: string,
  threads: string,
): Promise<[readMs: number, visibleMs: number][]> {
  const world = await emulated()
  const announced = new Map<string, number>()
  async function announceInTurn(): Promise<void> {
    const begun = performance.now()
    const all = paths.map(async (path, at) => {
      await wait(begun + (at / pace) * 1000 - performance.now())
      announced.set(uriOf(path), Date.now())
      await world.announce(path)
    })
    await Promise.all(all)
  }
  try {
    let announcing: Promise<void> | undefined
    const listening = () => {
      announcing ??= announceInTurn()
    }
    const plan = { lake, workers: 1, threads, commit: {}, objects: paths.length, listening }
    const [one] = (await ingested(world, plan)) as [Run<Queued>]
    await announcing
    return one.result.seen.map(([uri, read, visible]) => {
      const from = announced.get(uri) ?? Number.NaN
      return [read - from, visible - from]
    })
  } finally {
    await world.stop()
  }
}

interface Plan {
  lake: string
  workers: number
  threads: string
  commit: object
  /** Who they are to the lake, where it is in a bucket. */
  storage?: object
  objects: number
  /** Called when a worker has begun to ask the queue. */
  listening?(): void
}

/** Runs workers until they have read everything, and then to their end; what they say must add up. */
async function ingested(world: Emulated, plan: Plan): Promise<Run<Queued>[]> {
  rmSync(plan.lake, { recursive: true, force: true })
  const settings = JSON.stringify({ queue: world.queue, identity: world.moto.identity, commit: plan.commit })
  const options = JSON.stringify(Number(plan.threads) ? { threads: Number(plan.threads) } : {})
  const read = new Array<number>(plan.workers).fill(0)
  let over = false
  const started: Started<Queued>[] = read.map((_, at) =>
    start<Queued>(
      './run-queue.js',
      [plan.lake, settings, options, JSON.stringify(plan.storage ?? {})],
      (line) => {
        read[at] = (line as { read?: number }).read ?? (read[at] as number)
        plan.listening?.()
      },
    ),
  )
  const all = Promise.all(started.map(({ ended }) => ended))
  all.finally(() => {
    over = true
  })
  try {
    while (!over && read.reduce((a, b) => a + b) < plan.objects) await wait(LOOK_MS)
    for (const { stop } of started) stop()
    const runs = await all
    const stored = runs.reduce((sum, { result }) => sum + result.totals.objects.stored, 0)
    const records = runs.reduce((sum, { result }) => sum + result.totals.records.stored, 0)
    if (stored !== plan.objects || records !== plan.objects * EVENTS_PER_OBJECT)
      throw new Error(`${stored} objects and ${records} events are in the lake instead of ${plan.objects}`)
    return runs
  } finally {
    for (const { kill } of started) kill()
  }
}

/** How fast several were together, and what share of their time went into commits that others were faster with. */
export function togetherText(objects: number, runs: readonly Run<Queued>[]): string {
  const sum = (of: (one: Run<Queued>) => number) => runs.reduce((total, one) => total + of(one), 0)
  const share = (of: (one: Queued) => number) => `${(100 * shareOf(runs, of)).toFixed(1)} %`
  const commits = sum(({ result }) => result.totals.commits)
  const lost = sum(({ result }) => result.totals.commitsLost)
  return `${(objects / spanOf(runs)).toFixed(0)} messages/s; ${commits} commits, ${lost} retried, ${share(({ againMs }) => againMs)} of the time prepared again, ${share(({ waitedMs }) => waitedMs)} waited`
}

/** The share of the workers' time that is lost to retries. Waiting for a turn is told beside it: the next batch is staged meanwhile. */
export function retriedShareOf(runs: readonly Run<Queued>[]): number {
  return shareOf(runs, ({ againMs }) => againMs)
}

function shareOf(runs: readonly Run<Queued>[], of: (one: Queued) => number): number {
  return runs.reduce((sum, { result }) => sum + of(result), 0) / 1000 / (spanOf(runs) * runs.length)
}

/** From the first beginning to the last commit, in seconds. */
function spanOf(runs: readonly Run<Queued>[]): number {
  const begun = Math.min(...runs.map(({ result }) => result.begun))
  const ended = Math.max(...runs.map(({ result }) => result.ended))
  return (ended - begun) / 1000
}

const count = (number: number) => number.toLocaleString('en-US')
const secondsOf = ({ seconds }: Run<unknown>) => `${seconds.toFixed(1)} s`

function halfAndMost(values: readonly number[]): string {
  const at = (share: number) => (quantile(values, share) / 1000).toFixed(1)
  return `p50 ${at(0.5)} s, p95 ${at(0.95)} s`
}

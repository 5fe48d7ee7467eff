// A number of events in, a directory of CloudTrail files in AWS's key layout out, the same for the same seed:
//   node build/bench/corpus.js --events 1000000 --dir DIR
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import type { CorpusPlan } from './corpus-events.ts'
import type { CorpusShare, Written } from './corpus-worker.ts'

export interface CorpusOptions {
  dir: string
  events: number
  eventsPerFile?: number
  days?: number
  accounts?: number
  seed?: number
  gzipLevel?: number
  workers?: number
  onProgress?: (events: number) => void
}

export interface Corpus extends Written {
  dir: string
  reused: boolean
}

interface Marker {
  version: number
  plan: CorpusPlan
  written?: Written
}

// Raise it when the same plan gives other bytes, so that nobody measures an old corpus.
const VERSION = 3

export async function generateCorpus(options: CorpusOptions): Promise<Corpus> {
  const plan: CorpusPlan = {
    events: options.events,
    eventsPerFile: options.eventsPerFile ?? 500,
    days: options.days ?? 7,
    accounts: options.accounts ?? 3,
    seed: options.seed ?? 1,
    gzipLevel: options.gzipLevel ?? 6,
  }
  const { dir } = options
  const empty = !existsSync(dir) || readdirSync(dir).length === 0
  const found = empty ? undefined : readMarker(dir)
  if (found && !samePlan(found, plan)) {
    throw new Error(`${dir} holds another corpus: choose another directory, or remove it`)
  }
  if (found?.written) return { dir, reused: true, ...found.written }
  if (!found && !empty) {
    throw new Error(`${dir} holds something that is no corpus: choose another directory`)
  }
  mkdirSync(dir, { recursive: true })
  // A marker without an account says that the writing was interrupted.
  writeMarker(dir, { version: VERSION, plan })
  const written = await write(dir, plan, options.workers ?? 2, options.onProgress)
  writeMarker(dir, { version: VERSION, plan, written })
  return { dir, reused: false, ...written }
}

// Next to the directory, since an ingester takes whatever is inside for a log.
function markerOf(dir: string): string {
  return `${resolve(dir)}.plan.json`
}

function readMarker(dir: string): Marker | undefined {
  const path = markerOf(dir)
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Marker) : undefined
}

function writeMarker(dir: string, marker: Marker): void {
  writeFileSync(markerOf(dir), `${JSON.stringify(marker, null, 2)}\n`)
}

function samePlan(marker: Marker, plan: CorpusPlan): boolean {
  return marker.version === VERSION && JSON.stringify(marker.plan) === JSON.stringify(plan)
}

async function write(
  dir: string,
  plan: CorpusPlan,
  workers: number,
  onProgress: ((events: number) => void) | undefined,
): Promise<Written> {
  const total: Written = { files: 0, events: 0, rawBytes: 0, gzipBytes: 0 }
  function add(written: Written): void {
    total.files += written.files
    total.events += written.events
    total.rawBytes += written.rawBytes
    total.gzipBytes += written.gzipBytes
    onProgress?.(total.events)
  }
  const shares = Array.from({ length: workers }, (_, first) => ({ dir, plan, first, step: workers }))
  await Promise.all(shares.map((share) => runWorker(share, add)))
  return total
}

function runWorker(share: CorpusShare, add: (written: Written) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./corpus-worker.js', import.meta.url), { workerData: share })
    worker.on('message', add)
    worker.on('error', reject)
    worker.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`a corpus worker ended with ${code}`)),
    )
  })
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      dir: { type: 'string' },
      events: { type: 'string', default: '1000000' },
      'events-per-file': { type: 'string', default: '500' },
      days: { type: 'string', default: '7' },
      accounts: { type: 'string', default: '3' },
      seed: { type: 'string', default: '1' },
      level: { type: 'string', default: '6' },
      workers: { type: 'string', default: '2' },
    },
  })
  if (!values.dir) throw new Error('say where: --dir DIR')
  const events = Number(values.events)
  const started = performance.now()
  const corpus = await generateCorpus({
    dir: values.dir,
    events,
    eventsPerFile: Number(values['events-per-file']),
    days: Number(values.days),
    accounts: Number(values.accounts),
    seed: Number(values.seed),
    gzipLevel: Number(values.level),
    workers: Number(values.workers),
    onProgress: (done) => process.stderr.isTTY && process.stderr.write(`\r${done} of ${events} events`),
  })
  const seconds = (performance.now() - started) / 1000
  const lines = [
    `${corpus.events} events in ${corpus.files} files under ${corpus.dir}`,
    `${Math.round(corpus.rawBytes / corpus.events)} bytes of JSON per event, ${(corpus.rawBytes / 1e9).toFixed(2)} GB`,
    `${(corpus.gzipBytes / corpus.files / 1000).toFixed(1)} kB of gzip per file, ${(corpus.gzipBytes / 1e6).toFixed(1)} MB`,
    corpus.reused
      ? 'it was there already'
      : `${Math.round(corpus.events / seconds)} events/s, ${seconds.toFixed(1)} s`,
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}

if (process.argv[1] === import.meta.filename) await main()

/**
 * The benchmarks, one for each option: `npm run bench -- --help`. Ratios are of runs that take turns; seconds are of this
 * machine and mean little elsewhere.
 */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { benchAnalyze } from './analyze.ts'
import { generateCorpus } from './corpus.ts'
import { everythingOn } from './everything.ts'
import { bytesBelow, type Line, machine, median, type Run, run, table } from './measure.ts'
import { rulesBeside } from './rules.ts'
import { typesAgainstHand } from './types/against-hand.ts'

const HELP = `npm run bench                    ingest, query and compaction of a million events
npm run bench -- --long          the same of ten million
npm run bench -- --short         a quick look, as CI does
npm run bench -- --types         the other log types, or those named: --types --type guardduty_finding
npm run bench -- --queue         objects that a queue announces (queue.ts)
npm run bench -- --writers       several workers on a lake in a slow S3 (writers.ts)
npm run bench -- --days          ten years, one file a day (days.ts)
npm run bench -- --size          where a lake's bytes lie, and other ways to store them (size.ts)
npm run bench -- --log-lake      Log Lake's own workload, and needles in it (log-lake.ts); --events 1000000 for fewer than 199 million
npm run bench -- --many          a lake of a million files and very many commits (many.ts)
npm run bench -- --scan          the scanners of text (scan.ts)
npm run bench -- --rules         Sigma rules (rules.ts)
npm run bench -- --serve         the server and fifty people (serve.ts)
npm run bench -- --everything    ingest with all followers behind it (everything.ts)
npm run bench -- --deliver       deliveries (deliveries.ts); with --long, the memory of ten million rows
npm run bench -- --analyze       an analysis by a model (analyze.ts)

  --threads 2    processors that ingest uses, all by default
  --dir /data    where corpora and lakes are made, a folder of the system's temporary one by default
  --json         with --scan: its figures as JSON

bench/README.md has what was measured, and on which machine.
`

const options = {
  help: { type: 'boolean', default: false },
  short: { type: 'boolean', default: false },
  long: { type: 'boolean', default: false },
  queue: { type: 'boolean', default: false },
  writers: { type: 'boolean', default: false },
  rules: { type: 'boolean', default: false },
  everything: { type: 'boolean', default: false },
  days: { type: 'boolean', default: false },
  size: { type: 'boolean', default: false },
  'log-lake': { type: 'boolean', default: false },
  many: { type: 'boolean', default: false },
  events: { type: 'string' },
  serve: { type: 'boolean', default: false },
  deliver: { type: 'boolean', default: false },
  analyze: { type: 'boolean', default: false },
  scan: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  types: { type: 'boolean', default: false },
  type: { type: 'string', multiple: true, default: [] as string[] },
  threads: { type: 'string', default: '0' },
  dir: { type: 'string', default: join(tmpdir(), 'loglake-bench') },
} as const

const { values } = given()
if (values.help) {
  process.stdout.write(HELP)
  process.exit(0)
}

function given() {
  try {
    return parseArgs({ options })
  } catch (thrown) {
    console.error(`${(thrown as Error).message}\n\n${HELP}`)
    process.exit(2)
  }
}

const size = values.short ? 100_000 : 1_000_000
const turns = values.short ? 3 : 5
const place = (name: string) => join(values.dir, name)

interface Ingested {
  totals: { records: { stored: number }; bytes: { delivered: number } }
  progress: [records: number, seconds: number, peakMiB: number][]
}

const lines: Line[] = []
const line = (what: string, measured: string, wanted: string, kept: boolean) => {
  // A quick look is mostly the start of processes: it keeps no promise, and breaks none.
  lines.push({ what, measured, wanted: values.short ? '' : wanted, kept: values.short ? undefined : kept })
  console.error(`  ${what}: ${measured}`)
}
const count = (number: number) => number.toLocaleString('en-US')

async function corpusOf(events: number): Promise<string> {
  const dir = place(`corpus-${events}`)
  await generateCorpus({ dir, events })
  return dir
}

/** @returns the memory that each turn of ours took, in MiB */
async function ingestAgainstHand(): Promise<number[]> {
  const corpus = await corpusOf(size)
  const ratios: number[] = []
  const memory: number[] = []
  let ours: Run<Ingested> | undefined
  for (let turn = 0; turn < turns; turn++) {
    ours = await run<Ingested>('./run-ingest.js', corpus, place('lake'), values.threads)
    const hand = await run('./run-by-hand.js', corpus, place('by-hand.parquet'), values.threads)
    ratios.push(hand.seconds / ours.seconds)
    memory.push(ours.memory)
  }
  const last = ours as Run<Ingested>
  line(
    `ingest of ${count(size)} events, against DuckDB's COPY by hand`,
    `${median(ratios).toFixed(2)} times as fast (${ratios.map((ratio) => ratio.toFixed(2)).join(', ')}); ${count(Math.round(size / last.seconds))} events/s`,
    'at least 1.0, aim 1.3',
    median(ratios) >= 1,
  )
  const stored = bytesBelow(place('lake')) / last.result.totals.bytes.delivered
  line(
    'size of the lake, all of its files, against the gzip input',
    stored.toFixed(3),
    'at most 0.57',
    stored <= 0.57,
  )
  return memory
}

/** So much may be chance. */
const NOISE = 1.05

/** @param taken the memory of runs of one million so far, in MiB */
async function flatCost(taken: readonly number[]): Promise<void> {
  const events = 10_000_000
  const small = [...taken]
  // A run's peak is the largest of its batches', by chance: as many are drawn of the small ones as of the large one.
  while (small.length < events / size) {
    const one = await run<Ingested>('./run-ingest.js', await corpusOf(size), place('lake'), values.threads)
    small.push(one.memory)
  }
  const corpus = await corpusOf(events)
  const big = await run<Ingested>('./run-ingest.js', corpus, place('lake'), values.threads)
  const secondsOf = (from: number, to: number) => {
    const at = (records: number) =>
      big.result.progress.find(([done]) => done >= records) ?? big.result.progress.at(-1)
    const [first, last] = [from === 0 ? [0, 0] : at(from), at(to)]
    return ((last?.[1] ?? 0) - (first?.[1] ?? 0)) / (((last?.[0] ?? 0) - (first?.[0] ?? 0)) / 1e6)
  }
  const rate = secondsOf(0, 1_000_000) / secondsOf(9_000_000, 10_000_000)
  line(
    'rate at the tenth million events, against the first',
    `${rate.toFixed(2)} times`,
    'at least 0.9',
    rate >= 0.9,
  )
  const peaks = Array.from({ length: 10 }, (_, million) =>
    Math.max(
      ...big.result.progress
        .filter(([records]) => records > million * 1e6 && records <= (million + 1) * 1e6)
        .map(([, , peakMiB]) => peakMiB),
    ),
  )
  const list = (all: readonly number[]) => all.map((peak) => peak.toFixed(0)).join(', ')
  const max = Math.max(...small)
  line(
    'memory of a run of ten million, and the most of ten runs of one million',
    `${big.memory.toFixed(0)} MiB, ${max.toFixed(0)} MiB (million by million ${list(peaks)}; the ten runs ${list(small)})`,
    'no higher, below 1024 MiB',
    big.memory < 1024 && big.memory <= max * NOISE,
  )
}

async function commits(): Promise<void> {
  const [few, many] = values.short ? [10, 2000] : [10, 10_000]
  const ratios: number[] = []
  for (let turn = 0; turn < 3; turn++) {
    const first = await run<{ median: number }>('./run-commits.js', place('commits'), few)
    const last = await run<{ median: number }>('./run-commits.js', place('commits'), many)
    ratios.push(last.result.median / first.result.median)
  }
  const ratio = median(ratios)
  line(
    `a commit with ${count(many)} data files in each table, against ${few}`,
    `${ratio.toFixed(2)} times the processor time`,
    'at most 2',
    ratio <= 2,
  )
}

async function queries(events: number): Promise<void> {
  const corpus = await corpusOf(events)
  const { result } = await run<Record<string, { ms: number; rows: number }>>(
    './run-queries.js',
    corpus,
    place('lake'),
  )
  for (const [name, title] of [
    ['day', "one day's eventname counts"],
    ['key', 'all events of one access key'],
  ]) {
    const of = (kind: string) => result[`${name} ${kind}`] ?? { ms: Number.NaN, rows: -1 }
    if (of('lake').rows !== of('json').rows || of('lake').rows !== of('parquet').rows)
      throw new Error(`${title}: the answers differ`)
    const json = of('json').ms / of('lake').ms
    const parquet = of('lake').ms / of('parquet').ms
    const enough = values.short || json >= 50
    line(
      `${title} of ${count(events)}, against DuckDB on the gzip JSON`,
      `${json.toFixed(0)} times as fast (${of('lake').ms.toFixed(0)} ms)`,
      'at least 50 at ten million',
      enough,
    )
    line(
      '… against DuckDB on the same Parquet files',
      `${parquet.toFixed(2)} times as long`,
      'at most 1.2 at ten million',
      values.short || parquet <= 1.2,
    )
  }
}

if (values.scan) (await import('./scan.ts')).benchScan(values.json)
else if (values.rules) await benchLines(rulesBeside)
else if (values.everything) await benchLines(everythingOn)
else if (values.analyze) await benchAnalysis()
else if (values.writers) await (await import('./writers.ts')).benchWriters(values)
else if (values.queue) await (await import('./queue.ts')).benchQueue(values)
else if (values.deliver) await benchDeliver()
else if (values.serve) await benchServer()
else if (values['log-lake']) await (await import('./log-lake.ts')).benchLogLake(values)
else if (values.many) await (await import('./many.ts')).benchMany(values)
else if (values.size) await (await import('./size.ts')).benchSize(values)
else if (values.days) await (await import('./days.ts')).benchDays(values)
else await benchAll()

async function benchServer(): Promise<void> {
  const how = { events: values.long ? 10_000_000 : 1_000_000, seconds: values.short ? 10 : 30 }
  await (await import('./serve.ts')).benchServe(place, how)
}

async function benchDeliver(): Promise<void> {
  const { deliveries, longDeliveries } = await import('./deliveries.ts')
  const rows = values.long ? 10_000_000 : values.short ? 20_000 : 200_000
  const how = { rows, events: size, turns: values.short ? 1 : turns, threads: values.threads }
  const bench = values.long ? longDeliveries : deliveries
  await benchLines(() => bench({ ...how, dir: values.dir, place }))
}

async function benchAll(): Promise<void> {
  console.error(machine())
  if (!values.types) await cloudtrail()
  await logTypes()
  console.log(`\n${machine()}\n\n${table(lines)}`)
  if (!values.short && lines.some(({ kept }) => !kept)) process.exitCode = 1
}

async function benchLines(bench: (...how: Parameters<typeof rulesBeside>) => Promise<Line[]>): Promise<void> {
  console.error(machine())
  for (const { what, measured, wanted, kept } of await bench(place, { events: size, turns }))
    line(what, measured, wanted, kept ?? false)
  console.log(`\n${machine()}\n\n${table(lines)}`)
  if (!values.short && lines.some(({ kept }) => !kept)) process.exitCode = 1
}

async function benchAnalysis(): Promise<void> {
  console.error(machine())
  for (const { what, measured, wanted, kept } of await benchAnalyze(await corpusOf(140_000), values.dir))
    line(what, measured, wanted, kept)
  console.log(`\n${machine()}\n\n${table(lines)}`)
}

async function logTypes(): Promise<void> {
  const [bytes, turns] = values.short ? [20e6, 1] : [1e9, 3]
  const how = { dir: values.dir, turns, threads: values.threads, only: values.type }
  await typesAgainstHand({ ...how, bytes }, ({ what, measured, wanted, kept }) =>
    line(what, measured, wanted, kept ?? false),
  )
}

async function cloudtrail(): Promise<void> {
  const memory = await ingestAgainstHand()
  if (values.long) await flatCost(memory)
  await queries(values.long ? 10_000_000 : size)
  await commits()
}

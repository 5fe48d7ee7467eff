/**
 * `npm run bench -- --deliver`: rates, memory and processor time of deliveries; with `--long`, the memory of ten million rows alone. Ratios
 * of processor time are of runs that take turns.
 */
import { generateCorpus } from './corpus.ts'
import { deliverAgainstReady, type Ran, receiving, sending, toFile } from './deliver.ts'
import { type Line, median, run } from './measure.ts'
import type { BenchRoute } from './run-deliver.ts'
import { writeCorpus } from './types/corpus.ts'
import { ingestWithRoutes } from './with-routes.ts'

export interface HowToDeliver {
  /** Of the lake whose rows are delivered, and of the intake with routes on. */
  rows: number
  events: number
  turns: number
  threads: string
  dir: string
  place(name: string): string
}

const HEC = (url: string) => `{type: splunk-hec, url: "${url}", token: x, index: aws}`
/** The routes of the example `cribl-pack`. */
const PACK: readonly BenchRoute[] = [
  { table: 'sagemaker_invocation', shape: 'pack' },
  {
    ...{ table: 'cloudtrail', shape: 'pack' },
    where: "eventsource in ('sagemaker.amazonaws.com', 'runtime.sagemaker.amazonaws.com')",
  },
]
/** Expanded bytes of a captured invocation of the corpus. */
const CAPTURED = 2_400
const MAX_MIB = 1024

const count = (number: number) => number.toLocaleString('en-US')
const mib = (all: readonly number[]) => all.map((one) => `${one.toFixed(0)} MiB`).join(', ')

export async function deliveries(how: HowToDeliver): Promise<Line[]> {
  const { rows, events, turns, place, dir } = how
  await lakeOf(how, 'lake', rows)
  const rates = (await deliverAgainstReady(dir, place('lake'), turns)).map((rate): Line => {
    const { what, rowsPerSecond, mbPerSecond, ratio, memory } = rate
    const against = Number.isNaN(ratio) ? '' : `, ${ratio.toFixed(2)} of a client that only posts`
    // Nothing is promised of a receiver that throws all away: no other is as fast.
    const isStore = what.endsWith(' itself')
    return {
      what: `${count(rate.rows)} rows to ${what}`,
      measured: `${count(Math.round(rowsPerSecond))} rows/s, ${mbPerSecond.toFixed(1)} MB/s${against}; ${memory.toFixed(0)} MiB`,
      wanted: isStore ? 'at least 0.6, below 1024 MiB' : 'below 1024 MiB',
      kept: (!isStore || ratio >= 0.6) && memory < MAX_MIB,
    }
  })
  const beside = [
    ...(await besideFull(how, { table: 'all_calls' }, 'a view of rows added, against its table', 1.5)),
    ...(await besideFull(how, { table: 'all_calls', shape: 'pack' }, 'the same as `pack`', 1.5)),
    ...(await besideFull(how, { table: 'cloudtrail', policy: 'masked' }, 'masked, against `full`')),
  ]
  return [
    ...rates,
    ...beside,
    await ingestWithRoutes(place, { events, turns }),
    await flatOf(how),
    await packOf(how),
  ]
}

/** Processor time of a route, against that of the same route over the table and without a policy. */
async function besideFull(
  { place, dir, turns }: HowToDeliver,
  route: BenchRoute,
  what: string,
  most?: number,
): Promise<Line[]> {
  const plain: BenchRoute = { table: 'cloudtrail', shape: route.shape ?? 'rows' }
  const ratios: number[] = []
  let runs: readonly Ran[] = []
  for (let turn = 0; turn < turns; turn++) {
    const [one, other] = [
      await toFile(dir, place('lake'), [route]),
      await toFile(dir, place('lake'), [plain]),
    ]
    ratios.push(one.processor / other.processor)
    runs = [one, other]
  }
  const rates = runs.map(({ result, processor }) => count(Math.round(result.rows / processor)))
  return [
    {
      what: `a route over ${what}, ${count(runs[0]?.result.rows ?? 0)} rows`,
      measured: `${median(ratios).toFixed(2)} times the processor time (${ratios.map((ratio) => ratio.toFixed(2)).join(', ')}): ${rates.join(' and ')} rows a second of it`,
      wanted: most === undefined ? '' : `at most ${most} times`,
      kept: most === undefined || median(ratios) <= most,
    },
  ]
}

/** A tenth of the rows, and all of them. */
async function flatOf(how: HowToDeliver): Promise<Line> {
  await lakeOf(how, 'lake-small', how.rows / 10)
  const small = await toFile(how.dir, how.place('lake-small'))
  const large = await toFile(how.dir, how.place('lake'))
  return {
    what: `memory for ${count(how.rows)} rows, and for a tenth of them`,
    measured: mib([large.memory, small.memory]),
    wanted: 'flat: at most 1.2 times',
    kept: large.memory <= small.memory * 1.2,
  }
}

/** The pack's routes, both at once, as `loglake deliver` runs them. */
async function packOf(how: HowToDeliver): Promise<Line> {
  const memory: number[] = []
  for (const rows of [how.rows / 4, how.rows]) {
    const captures = how.place(`captures-${rows}`)
    writeCorpus('sagemaker_invocation', captures, rows * CAPTURED)
    await lakeOf(how, 'lake-pack', rows, captures)
    const ran = await receiving('', (url) => sending(how.place('lake-pack'), HEC(url), PACK))
    memory.push(ran.memory)
  }
  const [small = 0, large = 0] = memory
  return {
    what: `memory of the routes of the Cribl pack by HEC, for ${count(how.rows / 4)} and ${count(how.rows)} rows of each table`,
    measured: mib(memory),
    wanted: 'at most 1.2 times, below 1024 MiB',
    kept: large <= small * 1.2 && large < MAX_MIB,
  }
}

/** Ten million rows: the most memory of the first tenth, and of the last. */
export async function longDeliveries(how: HowToDeliver): Promise<Line[]> {
  await lakeOf(how, 'lake-long', how.rows)
  const ran: [string, Ran][] = [
    ['a file', await toFile(how.dir, how.place('lake-long'))],
    ['HEC', await receiving('', (url) => sending(how.place('lake-long'), HEC(url)))],
  ]
  return ran.map(([to, { result, memory, processor }]): Line => {
    const { rows, progress } = result
    const peak = (from: number, until: number) =>
      Math.max(...progress.filter(([at]) => at > from * rows && at <= until * rows).map(([, most]) => most))
    const tenths = Array.from({ length: 10 }, (_, at) => peak(at / 10, (at + 1) / 10))
    const [first = Number.NaN, last = Number.NaN] = [tenths[0], tenths[9]]
    return {
      what: `memory of the first and of the last tenth of ${count(rows)} rows to ${to}`,
      measured: `${mib([first, last])}: ${(last / first).toFixed(2)} times (tenth by tenth ${mib(tenths)}); ${memory.toFixed(0)} MiB the most; ${count(Math.round(rows / processor))} rows a second of processor time`,
      wanted: 'at most 1.2 times, below 1024 MiB',
      kept: last <= first * 1.2 && memory < MAX_MIB,
    }
  })
}

async function lakeOf(how: HowToDeliver, name: string, rows: number, more?: string): Promise<void> {
  const corpus = how.place(`corpus-${rows}`)
  await generateCorpus({ dir: corpus, events: rows })
  const all = more === undefined ? corpus : `${corpus},${more}`
  await run('./run-ingest.js', all, how.place(name), how.threads)
}

/** Ten years with one file a day, compared with the same rows in one week: the cost of days with few rows. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { generateCorpus } from './corpus.ts'
import { type Line, machine, median, type Run, run, table } from './measure.ts'

/** The result that `run-ingest.ts` prints. */
interface Ingested {
  totals: { records: { stored: number } }
}

interface Settings {
  short: boolean
  dir: string
  threads: string
}

const FILES = 3650
/** Events of a file: a small account's day, and a busy one's. */
const SIZES = [50, 500, 5000]
const MAX_RATIO = 1.5
const MAX_MIB = 1024

export async function benchDays({ short, dir, threads }: Settings): Promise<void> {
  console.error(machine())
  const files = short ? 200 : FILES
  const sizes = short ? [500] : SIZES
  const lines: Line[] = []
  for (const eventsPerFile of sizes) {
    const turns = short || eventsPerFile > 500 ? 1 : 3
    const line = await compare({ files, eventsPerFile, turns, dir, threads })
    lines.push(short ? { ...line, wanted: '', kept: undefined } : line)
    console.error(`  ${line.what}: ${line.measured}`)
  }
  console.log(`\n${machine()}\n\n${table(lines)}`)
  if (lines.some(({ kept }) => kept === false)) process.exitCode = 1
}

async function compare(how: {
  files: number
  eventsPerFile: number
  turns: number
  dir: string
  threads: string
}): Promise<Line> {
  const { files, eventsPerFile, turns, dir, threads } = how
  const events = files * eventsPerFile
  const corpus = async (days: number) => {
    const place = join(dir, `days-${days}-${files}-${eventsPerFile}`)
    await generateCorpus({ dir: place, events, eventsPerFile, days, accounts: 1 })
    return place
  }
  const [years, week] = [await corpus(files), await corpus(7)]
  const ratios: number[] = []
  let slow: Run<Ingested> | undefined
  let memory = 0
  // Lakes are removed only at the end: a file system may be slower right after many files were removed.
  const lakes: string[] = []
  const lake = () => {
    lakes.push(join(dir, `lake-days-${lakes.length}`))
    return lakes.at(-1) as string
  }
  for (let turn = 0; turn < turns; turn++) {
    slow = await run<Ingested>('./run-ingest.js', years, lake(), threads)
    const fast = await run<Ingested>('./run-ingest.js', week, lake(), threads)
    if (slow.result.totals.records.stored !== fast.result.totals.records.stored)
      throw new Error('the two lakes do not hold the same number of rows')
    ratios.push(slow.processor / fast.processor)
    memory = Math.max(memory, slow.memory)
  }
  for (const one of lakes) rmSync(one, { recursive: true })
  const count = (number: number) => number.toLocaleString('en-US')
  return {
    what: `${count(files)} days, one file of ${count(eventsPerFile)} events a day, against the same rows in one week`,
    measured: `${median(ratios).toFixed(2)} times the processor time (${(slow?.processor ?? 0).toFixed(1)} s), ${memory.toFixed(0)} MiB`,
    wanted: `at most ${MAX_RATIO}, below ${MAX_MIB} MiB`,
    kept: median(ratios) <= MAX_RATIO && memory < MAX_MIB,
  }
}

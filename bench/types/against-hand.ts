import { join } from 'node:path'
import { type Line, median, type Run, run } from '../measure.ts'
import { BENCHED, writeCorpus } from './corpus.ts'

interface Ours {
  totals: { records: { stored: number } }
}

/** DuckDB sometimes loses one of several documents without a separator, silently: the share of rows that may be lost. */
const LOST = 0.001

interface Turn {
  ours: Run<Ours>
  hand: Run<{ rows: number }>
}

export interface HowToCompare {
  /** The folder for corpora, lakes and files. */
  dir: string
  /** Expanded bytes of each corpus. */
  bytes: number
  turns: number
  threads: string
  /** These log types only; all of them when it is empty. */
  only: readonly string[]
}

/**
 * Each log type's ingest, compared with DuckDB reading the same bytes, in turns: MB of expanded input per second, by wall clock and
 * by processor time.
 */
export async function typesAgainstHand(how: HowToCompare, found: (line: Line) => void): Promise<void> {
  const { dir, bytes, turns, threads, only } = how
  for (const type of BENCHED) {
    if (only.length > 0 && !only.includes(type)) continue
    const corpus = join(dir, `corpus-${type}`)
    const { expanded } = writeCorpus(type, corpus, bytes)
    const taken: Turn[] = []
    for (let turn = 0; turn < turns; turn++) {
      const ours = await run<Ours>('./run-ingest.js', corpus, join(dir, 'lake'), threads)
      const parquet = join(dir, 'by-hand.parquet')
      const hand = await run<{ rows: number }>('./run-type-by-hand.js', type, corpus, parquet, threads)
      const { stored } = ours.result.totals.records
      const { rows } = hand.result
      if (rows > stored || rows < stored * (1 - LOST))
        throw new Error(`${type}: ${stored} rows of ours, ${rows} by hand`)
      if (rows < stored) console.error(`  ${type}: DuckDB by hand has ${rows} of ${stored} rows`)
      taken.push({ ours, hand })
    }
    found(lineOf(type, expanded / 1e6, taken))
  }
}

function lineOf(type: string, megabytes: number, turns: readonly Turn[]): Line {
  const rate = (of: (turn: Turn) => number) => (megabytes / median(turns.map(of))).toFixed(0)
  const ratio = (of: (run: Run<unknown>) => number) =>
    median(turns.map(({ ours, hand }) => of(hand) / of(ours)))
  const [clock, processor] = [ratio(({ seconds }) => seconds), ratio(({ processor: time }) => time)]
  const [ours, hand] = [rate((turn) => turn.ours.seconds), rate((turn) => turn.hand.seconds)]
  const [oursCpu, handCpu] = [rate((turn) => turn.ours.processor), rate((turn) => turn.hand.processor)]
  const memory = median(turns.map((turn) => turn.ours.memory)).toFixed(0)
  return {
    what: `ingest of ${type}, ${megabytes.toFixed(0)} MB, against DuckDB by hand`,
    measured:
      `${clock.toFixed(2)} times as fast (${ours} and ${hand} MB/s); by processor time ${processor.toFixed(2)} ` +
      `(${oursCpu} and ${handCpu} MB/s); ${memory} MiB of memory`,
    wanted: 'at least 0.5',
    kept: Math.min(clock, processor) >= 0.5,
  }
}

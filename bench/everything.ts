/**
 * Ingest with everything on, against ingest without: all rules that are on, baselines and scanners look at every event, and summaries are
 * made. By the clock in `loglake run` as it is, where intake comes first; and the processor time of detection beside that of ingest, which
 * is what followers take of a machine that is not full.
 */
import { generateCorpus } from './corpus.ts'
import { besides, besideText } from './in-run.ts'
import { type Line, median, run } from './measure.ts'

export interface Everything {
  events: number
  findings: number
  /** Processor time of ingest alone, and of each part of detection, in seconds. */
  ingest: number
  detect: number
}

export async function everythingOn(
  place: (name: string) => string,
  { events, turns }: { events: number; turns: number },
): Promise<Line[]> {
  const corpus = place(`corpus-${events}`)
  await generateCorpus({ dir: corpus, events })
  const small = place('corpus-2000')
  await generateCorpus({ dir: small, events: 2000, seed: 99 })
  const shares: number[] = []
  const memory: number[] = []
  let last: Everything | undefined
  for (let turn = 0; turn < turns; turn++) {
    const one = await run<Everything>('./run-everything.js', corpus, place('everything'), small)
    last = one.result
    shares.push(last.detect / last.ingest)
    memory.push(one.memory)
  }
  const share = median(shares)
  const percent = (value: number) => `${(value * 100).toFixed(1)} %`
  // So many that followers take several turns while intake goes on.
  const many = 10 * events
  const long = place(`corpus-${many}`)
  await generateCorpus({ dir: long, events: many })
  const clock = await besides(place('everything-run'), long, {
    ...{ events: many, turns: Math.min(turns, 3) },
    bare: 'follow: {off: [detect, summaries]}\n',
    full: '',
  })
  return [
    {
      what: `ingest of ${many.toLocaleString('en-US')} events in \`loglake run\` with detection and summaries behind it, as they are by default, against nothing behind it: time from the start of reading to the last commit`,
      measured: besideText(clock),
      wanted: 'at most 10 %',
      kept: median(clock.ratios) <= 1.1,
    },
    {
      what: `detection on ${events.toLocaleString('en-US')} events as they come in: processor time beside that of ingest`,
      measured: `${percent(share)} (${shares.map(percent).join(', ')}): ${last?.ingest.toFixed(1)} s and ${last?.detect.toFixed(1)} s in the last turn, ${last?.findings.toLocaleString('en-US')} findings, ${median(memory).toFixed(0)} MiB`,
      wanted: '',
      kept: true,
    },
  ]
}

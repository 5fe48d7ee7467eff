/** Ingest in `loglake run` with five routes on, each to another kind of receiver, against ingest with none. */
import { rmSync } from 'node:fs'
import { generateCorpus } from './corpus.ts'
import { RECEIVERS, receiving } from './deliver.ts'
import { besides, besideText } from './in-run.ts'
import { type Line, median } from './measure.ts'

/** A receiver would be on another machine. */
const LAST = 19

export async function ingestWithRoutes(
  place: (name: string) => string,
  { events, turns }: { events: number; turns: number },
): Promise<Line> {
  const corpus = place(`corpus-${events}`)
  await generateCorpus({ dir: corpus, events })
  const file = place('routes.ndjson')
  const none = 'follow: {off: [detect, summaries]}\n'
  const measured = await receiving(
    '',
    async (url) =>
      await besides(place('routes-run'), corpus, {
        ...{ events, turns },
        bare: none,
        full: fiveRoutes(file, url),
      }),
    LAST,
  )
  rmSync(file, { force: true })
  return {
    what: `ingest of ${events.toLocaleString('en-US')} events in \`loglake run\` with five routes on (a file, ${RECEIVERS.map(([name]) => name).join(', ')}), against none: time from the start of reading to the last commit`,
    measured: besideText(measured),
    wanted: 'at most 10 %',
    kept: median(measured.ratios) <= 1.1,
  }
}

function fiveRoutes(file: string, url: string): string {
  const out = [['file', `{type: file, path: "${file}"}`], ...RECEIVERS.map(([name, of]) => [name, of(url)])]
  return `follow: {seconds: 1, off: [detect, summaries]}
destinations:
${out.map(([name, settings]) => `  ${name}: ${settings}`).join('\n')}
routes:
${out.map(([name]) => `  ${name}: {table: cloudtrail, policy: full, shape: rows, to: ${name}, from: start}`).join('\n')}
`
}

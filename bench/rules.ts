/**
 * Sigma rules on a million events: the package's, and 800 with generated ones; beside rsigma on the same
 * events, where it is installed.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { generateCorpus } from './corpus.ts'
import { type Line, median, run } from './measure.ts'
import { madeRules } from './rules-made.ts'

interface Found {
  events: number
  processor: number
  rules: number
  fixed: number
}

/** Rules of the package that are on, and those that make 800 of them. */
const MADE = 744
const WANTED = new Map([
  [0, 500_000],
  [MADE, 300_000],
])

export async function rulesBeside(
  place: (name: string) => string,
  { events, turns }: { events: number; turns: number },
): Promise<Line[]> {
  const corpus = place(`corpus-${events}`)
  await generateCorpus({ dir: corpus, events })
  await run('./run-ingest.js', corpus, place('rules-lake'), '0')
  const lines: Line[] = []
  for (const [made, least] of WANTED) {
    const rates: number[] = []
    const memory: number[] = []
    let found: Found | undefined
    for (let turn = 0; turn < turns; turn++) {
      const one = await run<Found>('./run-rules.js', place('rules-lake'), made)
      found = one.result
      rates.push(one.result.events / one.result.processor)
      memory.push(one.memory)
    }
    const peer = peerRate(place, corpus, made)
    const rate = median(rates)
    lines.push({
      what: `${found?.rules} Sigma rules on ${count(found?.events ?? 0)} events of the lake, by processor time`,
      measured: `${count(rate)} events/s (${rates.map(count).join(', ')}), ${median(memory).toFixed(0)} MiB; a turn without a match of rows costs ${((found?.fixed ?? 0) * 1000).toFixed(0)} ms${
        peer === undefined ? '' : `; rsigma on the same events as JSON ${count(peer)} events/s`
      }`,
      wanted: `at least ${count(least)}`,
      kept: rate >= least,
    })
  }
  return lines
}

function count(number: number): string {
  return Math.round(number).toLocaleString('en-US')
}

/** Events that rsigma is given: it reads JSON, line by line. */
const PEER_EVENTS = 100_000

/** Events a second of rsigma's processor time; undefined when it is not installed. */
function peerRate(place: (name: string) => string, corpus: string, made: number): number | undefined {
  const folders = [...(process.env.PATH ?? '').split(':'), join(process.env.HOME ?? '', '.cargo/bin')]
  const program =
    process.env.RSIGMA ?? folders.map((one) => join(one, 'rsigma')).find((one) => existsSync(one))
  if (!program) return undefined
  const rules = place('peer-rules')
  rmSync(rules, { recursive: true, force: true })
  mkdirSync(rules, { recursive: true })
  const shipped = fileURLToPath(new URL('../../src/detect/rules/sigmahq/', import.meta.url))
  for (const name of readdirSync(shipped).filter(
    (one) => one.endsWith('.yml') && !one.includes('sts_assumerole'),
  ))
    writeFileSync(join(rules, name), readFileSync(join(shipped, name)))
  if (made > 0) writeFileSync(join(rules, 'made.yml'), madeRules(made))
  const events = place('peer-events.ndjson')
  const lines = writeEvents(corpus, events)
  const command = [program, '--output-format', 'ndjson', 'engine', 'eval', '-r', rules, '-e', `@${events}`]
  // The shell tells the processor time of what it ran.
  const { stdout } = spawnSync('bash', ['-c', '"$@" >/dev/null 2>&1; times', 'bash', ...command], {
    encoding: 'utf8',
  })
  const [, children = ''] = stdout.trim().split('\n')
  const seconds = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, rest]) => sum + Number(minutes) * 60 + Number(rest),
    0,
  )
  return lines / seconds
}

function writeEvents(corpus: string, file: string): number {
  const parts: string[] = []
  for (const name of readdirSync(corpus, { recursive: true, encoding: 'utf8' }).sort()) {
    if (parts.length >= PEER_EVENTS || !name.endsWith('.gz')) continue
    const { Records } = JSON.parse(gunzipSync(readFileSync(join(corpus, name))).toString()) as {
      Records: object[]
    }
    for (const record of Records) parts.push(JSON.stringify(record))
  }
  const kept = parts.slice(0, PEER_EVENTS)
  writeFileSync(file, `${kept.join('\n')}\n`)
  return kept.length
}

import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { dollarsOf, dollarText, type Price } from '../src/analyze/cost.ts'
import { digestOf } from '../src/analyze/digest/digest.ts'
import { readOf } from '../src/analyze/read.ts'
import { begin, prepare } from '../src/analyze/run/begin.ts'
import type { Deps } from '../src/analyze/run/deps.ts'
import { goOn } from '../src/analyze/run/go-on.ts'
import { analyzeDefaults, spanMs } from '../src/analyze/settings.ts'
import { analysisTables } from '../src/analyze/tables.ts'
import { followerTables } from '../src/followers/index.ts'
import { ingest } from '../src/ingest/ingest.ts'
import { openLake } from '../src/lake/lake.ts'
import { localStorage } from '../src/lake/storage/local.ts'
import type { Batch, BatchJob } from '../src/model/batch.ts'
import type { BatchRecord } from '../src/model/batch-body.ts'
import { FALLBACK_LIMITS } from '../src/model/batch-limits.ts'
import type { Model } from '../src/model/contract.ts'
import { openQueryEngine } from '../src/query/question.ts'
import { folder } from '../src/sources/folder.ts'
import { lakeTables } from '../src/tables/index.ts'

/**
 * `npm run bench -- --analyze`: the analysis of a day of 20,000 events (after six other days), from the selection to the report, with a
 * model that answers at once. Gives our own time, and the cost compared with the notebook "Batch Inference for CloudTrail Analyzer" of
 * amazon-bedrock-samples. That one states $3.30 for input and $1.25 for output of 20,000 events, with Claude 3 Haiku in September 2024,
 * with ten events a call and without groups.
 */
export interface Measured {
  what: string
  measured: string
  wanted: string
  kept: boolean
}

/** The notebook's prices of Claude 3 Haiku, in dollars for a million tokens: $3.25 for 13 million, $1.25 for one. */
const HAIKU: Price = { input: 0.25, output: 1.25, source: 'the notebook', batch: 0.5 }
const NOTEBOOK = { input: 3.3, output: 1.25 }
/** Output tokens of a call: the notebook assumes 500 for each summary. */
const WRITTEN = 500

export async function benchAnalyze(corpus: string, dir: string): Promise<Measured[]> {
  const place = mkdtempSync(join(dir, 'analyze-'))
  const lake = openLake(localStorage(place), [...lakeTables, ...followerTables, ...analysisTables])
  await ingest(lake, folder([corpus]), { threads: 1 })
  const queryEngine = await openQueryEngine(lake, { limits: { threads: 1, memory: '1GiB' } })
  try {
    const read = readOf(queryEngine, await lake.newest())
    const [row] = await read<{ last: string }>(
      "select strftime(max(eventtime)::date + 1, '%Y-%m-%dT00:00:00Z') as last from cloudtrail",
    )
    const until = row?.last ?? ''
    const since = new Date(Date.parse(until) - spanMs('24h')).toISOString()
    const deps = depsOf(lake, queryEngine)
    const begun = process.cpuUsage()
    await digestOf(read, { since, until }, { own: deps.own })
    const digest = process.cpuUsage(begun)
    const prepared = await prepare(deps, { since, until })
    const selected = process.cpuUsage(begun)
    await begin(deps, prepared, [])
    const { report } = await goOn(deps, prepared.run)
    const all = process.cpuUsage(begun)
    const { plan } = prepared
    const tokens = { input: plan.map.input, output: plan.items * WRITTEN }
    const batch = dollarsOf(tokens, HAIKU, 'batch')
    const demand = dollarsOf(tokens, HAIKU, 'on-demand')
    const notebook = NOTEBOOK.input + NOTEBOOK.output
    return [
      {
        what: `tokens read for an event, ${plan.events.toLocaleString('en-US')} events in ${plan.items} calls`,
        measured: `${(plan.map.input / plan.events).toFixed(1)}, by our bound; the notebook's: 650`,
        wanted: 'at most 65',
        kept: plan.map.input / plan.events <= 65,
      },
      {
        what: 'dollars for these events with Claude 3 Haiku, 500 tokens written a call',
        measured: `${dollarText(batch)} in batches, ${dollarText(demand)} on demand; the notebook's: ${dollarText(notebook)}`,
        wanted: "at most a fifth of the notebook's",
        kept: (batch / plan.events) * 20_000 <= notebook / 5,
      },
      {
        what: 'our own processor time: digest; selection and plan; all until the report',
        measured: [digest, selected, all]
          .map(({ user, system }) => `${((user + system) / 1e6).toFixed(1)} s`)
          .join('; '),
        wanted: '',
        kept: report !== undefined,
      },
    ]
  } finally {
    queryEngine.close()
    rmSync(place, { recursive: true, force: true })
  }
}

function depsOf(lake: Deps['lake'], queryEngine: Deps['queryEngine']): Deps {
  return {
    lake,
    queryEngine,
    settings: analyzeDefaults,
    own: { roles: [], jobs: 'loglake-', places: [] },
    model: atOnce,
    batch: batchAtOnce(),
    price: HAIKU,
    maxUsd: undefined,
    send: new Map(),
    say: () => undefined,
    signal: new AbortController().signal,
  }
}

const usage = { input: 1000, output: WRITTEN, estimated: false }
const ANSWER = {
  findings: [{ severity: 'low', what: 'Something was called.', ids: ['e1'] }],
  nothing_notable: false,
}

const atOnce: Model = {
  name: 'at-once',
  generate: async () => ({
    text: '',
    toolCalls: [],
    object: { sentences: [{ severity: 'low', text: 'Something was called.', cites: ['f1', 'f2', 'f3'] }] },
    usage,
    finish: 'stop',
  }),
}

/** Batch jobs that are answered at once, when they are uploaded. */
function batchAtOnce(): Batch {
  const jobs = new Map<string, readonly BatchRecord[]>()
  const job = (name: string): BatchJob => ({
    arn: name,
    name,
    state: 'Completed',
    message: '',
    records: { total: 0, processed: 0, success: 0, error: 0 },
  })
  return {
    model: 'at-once',
    limits: async () => ({ ...FALLBACK_LIMITS, least: 1 }),
    async upload(name, records) {
      jobs.set(name, records)
    },
    find: async () => undefined,
    start: async (name) => name,
    look: async (arn) => job(arn),
    stop: async () => undefined,
    results: async ({ name }) => ({
      records: new Map(
        (jobs.get(name) ?? []).map(({ id }) => [
          id,
          { kind: 'answer' as const, text: JSON.stringify(ANSWER), input: 1000, output: WRITTEN, cut: false },
        ]),
      ),
      manifest: undefined,
      notes: [],
    }),
    close: () => undefined,
  }
}

/**
 * Rows per second to each kind of receiver, compared with a client that only posts the same prepared bodies: to a receiver that
 * discards everything, and to stores that keep it, where they are installed.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { hasOpenSearch, startOpenSearch } from '../test/emulator/opensearch.ts'
import { hasVictoriaLogs, startVictoriaLogs } from '../test/emulator/victorialogs.ts'
import { median, run, start } from './measure.ts'
import type { BenchRoute, Sent } from './run-deliver.ts'

export const RECEIVERS: readonly [name: string, settings: (url: string) => string][] = [
  ['splunk-hec', (url) => `{type: splunk-hec, url: "${url}", token: x}`],
  ['opensearch', (url) => `{type: opensearch, url: "${url}", index: bench}`],
  ['otlp', (url) => `{type: otlp, url: "${url}"}`],
  ['webhook', (url) => `{type: webhook, url: "${url}", gzip: true}`],
]

export interface Rate {
  what: string
  rows: number
  rowsPerSecond: number
  mbPerSecond: number
  /** Share of the rate of the client that only posts. */
  ratio: number
  memory: number
}

export async function deliverAgainstReady(dir: string, lake: string, turns: number): Promise<Rate[]> {
  const rates: Rate[] = []
  for (const [name, settings] of RECEIVERS) {
    const kept = join(dir, `bodies-${name}`)
    rmSync(kept, { force: true })
    const ready = await receiving(kept, (url) => sending(lake, settings(url)))
    const ratios: number[] = []
    let ours = ready
    for (let turn = 0; turn < turns; turn++) {
      ours = await receiving('', (url) => sending(lake, settings(url)))
      const posted = await receiving('', (url) => run('./run-post.js', url, kept))
      ratios.push(posted.seconds / ours.seconds)
    }
    rmSync(kept, { force: true })
    rates.push(rateOf(name, ours, median(ratios)))
  }
  for (const store of STORES) {
    const kept = join(dir, `bodies-${store.name}`)
    rmSync(kept, { force: true })
    await receiving(kept, (url) => sending(lake, store.settings(url)))
    const ratios: number[] = []
    let ours: Ran | undefined
    for (let turn = 0; turn < turns; turn++) {
      ours = await empty(store, (url) => sending(lake, store.settings(url)))
      const posted = await empty(store, (url) => run('./run-post.js', url, kept))
      ratios.push(posted.seconds / ours.seconds)
    }
    rmSync(kept, { force: true })
    rates.push(rateOf(`${store.name} itself`, ours as Ran, median(ratios)))
  }
  for (const [policy, shape] of [
    ['full', 'rows'],
    ['masked', 'rows'],
    ['full', 'pack'],
    ['full', 'ocsf'],
  ] as const) {
    const ours = await toFile(dir, lake, [{ table: 'cloudtrail', policy, shape }])
    rates.push(rateOf(`file, ${policy}, ${shape}`, ours, Number.NaN))
  }
  return rates
}

/** Sends rows of a lake to a destination; without routes, all of CloudTrail as they are. */
export async function sending(
  lake: string,
  settings: string,
  routes: readonly BenchRoute[] = [{ table: 'cloudtrail' }],
): Promise<Ran> {
  return await run<Sent>('./run-deliver.js', lake, settings, JSON.stringify(routes))
}

/** The same to a file that is removed afterwards. */
export async function toFile(dir: string, lake: string, routes?: readonly BenchRoute[]): Promise<Ran> {
  const folder = join(dir, 'out')
  const ran = await sending(lake, `{type: file, path: "${join(folder, 'out.ndjson')}", keep: 1}`, routes)
  rmSync(folder, { recursive: true, force: true })
  return ran
}

interface Store {
  name: string
  settings(url: string): string
  start(): Promise<{ url: string; stop(): Promise<void> }>
}

const STORES: readonly Store[] = [
  ...(hasOpenSearch
    ? [
        {
          name: 'OpenSearch',
          settings: (url: string) => `{type: opensearch, url: "${url}", index: bench}`,
          start: startOpenSearch,
        },
      ]
    : []),
  ...(hasVictoriaLogs
    ? [
        {
          name: 'VictoriaLogs',
          settings: (url: string) => `{type: splunk-hec, url: "${url}", token: x}`,
          start: startVictoriaLogs,
        },
      ]
    : []),
]

/** Runs `work` with an empty store. */
async function empty<T>(store: Store, work: (url: string) => Promise<T>): Promise<T> {
  const started = await store.start()
  try {
    return await work(started.url)
  } finally {
    await started.stop()
  }
}

export type Ran = Awaited<ReturnType<typeof run<Sent>>>

function rateOf(what: string, { result, seconds, memory }: Ran, ratio: number): Rate {
  const { rows, bytes } = result
  return { what, rows, rowsPerSecond: rows / seconds, mbPerSecond: bytes / 1e6 / seconds, ratio, memory }
}

/** With a receiver in a process of its own. */
export async function receiving<T>(keep: string, work: (url: string) => Promise<T>, nice = 0): Promise<T> {
  let found: (url: string) => void = () => undefined
  const address = new Promise<string>((done) => {
    found = done
  })
  const sink = start('./sink.js', [keep, nice], (told) => {
    const { url } = told as { url?: string }
    if (url !== undefined) found(url)
  })
  try {
    return await work(await address)
  } finally {
    sink.stop()
    await sink.ended.catch(() => undefined)
  }
}

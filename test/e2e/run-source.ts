import { setTimeout as wait } from 'node:timers/promises'
import {
  emptyTotals,
  ingest,
  type Lake,
  lakeTables,
  localStorage,
  openLake,
  type Source,
  sources,
  type Totals,
} from 'loglake'

/** A lake in a folder. */
export function lakeIn(folder: string): Lake {
  return openLake(localStorage(folder), lakeTables)
}

/** Opens a source by its type, as `loglake run` does. */
export function openOf(lake: Lake, type: string, name: string, settings: object): Source {
  const found = sources.find((source) => source.name === type)
  if (!found) throw new Error(type)
  return found.open(found.settings.parse(settings) as never, {
    name,
    cursor: async (cursor) => (await lake.newest()).catalog.cursors[cursor],
  })
}

/** Ingests from a source that does not end by itself until something holds, and then ends it. */
export async function runUntil(
  lake: Lake,
  source: Source,
  holds: (totals: Totals) => boolean,
): Promise<Totals> {
  const stop = new AbortController()
  const totals = emptyTotals()
  const options = { threads: 1, memory: '256MiB', batchAgeMs: 200, signal: stop.signal, totals }
  let over = false
  const running = ingest(lake, source, options).finally(() => {
    over = true
  })
  running.catch(() => undefined)
  while (!over && !holds({ ...totals, sourceCounts: source.counts?.() ?? {} })) await wait(50)
  stop.abort()
  return await running
}

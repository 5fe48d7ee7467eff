import type { Lake } from '../../lake/lake.ts'
import { type DeadLetter, isDeadLetter, type LogObject, type Source } from '../../sources/contract.ts'
import { type IngestOptions, openSession } from '../session.ts'
import { emptyTotals, type Totals } from '../totals.ts'
import { type Filtered, newObjects } from './lookup.ts'

/** What an ingest would do, found out without reading an object. */
export interface Survey {
  /** listed = filtered + already + to be read */
  listed: number
  filtered: number
  already: number
  objects: number
  bytes: number
}

/** Lists a source, looks its objects up in the ledger, and counts those that an ingest would read. */
export async function survey(lake: Lake, source: Source, options: IngestOptions = {}): Promise<Survey> {
  const totals = emptyTotals()
  const found: Survey = { listed: 0, filtered: 0, already: 0, objects: 0, bytes: 0 }
  for await (const { bytes } of unread(lake, source, options, totals)) {
    found.objects++
    found.bytes += bytes
  }
  const { listed, filtered, already } = totals.objects
  return { ...found, listed, filtered, already }
}

async function* unread(
  lake: Lake,
  source: Source,
  options: IngestOptions,
  totals: Totals,
): AsyncGenerator<LogObject> {
  if (!(await lake.exists())) {
    // There is no lake to ask yet, and a survey creates none.
    for await (const one of source.objects()) {
      if (isDeadLetter(one)) continue
      totals.objects.listed++
      if ((options.wanted?.(one.uri) ?? true) && source.filteredBy?.(one.uri) === undefined) yield one
      else totals.objects.filtered++
    }
    return
  }
  const session = await openSession(lake, options)
  try {
    const past = {
      async put({ kind }: Filtered | DeadLetter) {
        if (kind === 'filtered') totals.objects.filtered++
      },
      end: () => undefined,
    }
    for await (const { object } of newObjects(session, source, totals, past)) yield object
  } finally {
    await session.close()
  }
}

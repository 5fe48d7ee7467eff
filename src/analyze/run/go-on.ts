import type { NewRow } from '../../lake/append.ts'
import { sql } from '../../lib/sql.ts'
import { step } from '../../lib/steps.ts'
import { readOf } from '../read.ts'
import type { Report } from '../report/contract.ts'
import { findingRows, findingTable } from '../report/finding-rows.ts'
import { type Begun, reportOf } from '../report/report.ts'
import { type Book, detailOf, openBook, write } from './book.ts'
import { type Deps, type Outcome, StopHere } from './deps.ts'
import { mapStage } from './map.ts'
import { reduceStage } from './reduce.ts'

/** How an analysis ended, for now. */
export interface Ended {
  outcome: Outcome
  report: Report | undefined
  /** Why it stopped. */
  why: string | undefined
}

/**
 * Goes on with an analysis from wherever it stands in the lake, to its end. A process that is killed at any moment leaves it so that the
 * next one does what is left, and only that.
 */
export async function goOn(deps: Deps, run: string): Promise<Ended> {
  const book = await openBook(deps.lake, deps.desk, run)
  try {
    const kept = detailOf<Report>(book, 'reported')
    const report = kept ?? (await makeReport(deps, book))
    await sendAll(deps, book, report)
    if (!book.steps.some(({ kind }) => kind === 'finished')) await write(deps, book, { kind: 'finished' })
    return { outcome: 'finished', report, why: undefined }
  } catch (thrown) {
    if (!(thrown instanceof StopHere)) throw thrown
    await write(deps, book, { kind: 'stopped', detail: { why: thrown.message } })
    return { outcome: 'stopped', report: undefined, why: thrown.message }
  }
}

async function makeReport(deps: Deps, book: Book): Promise<Report> {
  await mapStage(deps, book)
  const reduced = await reduceStage(deps, book)
  const report = reportOf(deps, book, reduced)
  step('report-made')
  const rows = deps.settings.findings ? await newOnes(deps, findingRows(report)) : []
  await write(deps, book, { kind: 'reported', detail: report }, [], [{ table: findingTable, rows }])
  step('report-kept')
  return report
}

/** An analysis over a window that another had a part of may find the same events: those are findings already. */
async function newOnes({ lake, desk }: Deps, rows: readonly NewRow[]): Promise<NewRow[]> {
  const read = readOf(desk, await lake.newest())
  const known = new Set(
    (await read<{ id: string }>(sql(new URL('../sql/known-findings.sql', import.meta.url)))).map(
      ({ id }) => id,
    ),
  )
  return [...new Map(rows.map((row) => [row.id, row])).values()].filter(({ id }) => !known.has(String(id)))
}

/** Each place gets the report once; one that has got it just before the process died, twice. */
async function sendAll(deps: Deps, book: Book, report: Report): Promise<void> {
  const { to } = detailOf<Begun>(book, 'begun') ?? { to: [] }
  for (const name of to) {
    const isSent = book.steps.some(
      ({ kind, detail }) => kind === 'sent' && (JSON.parse(detail ?? '{}') as { to?: string }).to === name,
    )
    if (isSent) continue
    const send = deps.send.get(name)
    if (!send) throw new StopHere(`the report is to go to ${name}, and there is no such destination any more`)
    await send(report)
    step('report-sent')
    await write(deps, book, { kind: 'sent', detail: { to: name } })
    step('report-sent-kept')
  }
}

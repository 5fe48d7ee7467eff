import type { NewRow } from '../../lake/append.ts'
import { sentence, UserError } from '../../lib/errors.ts'
import { sql } from '../../lib/sql.ts'
import { ModelError } from '../../model/errors.ts'
import { readOf } from '../read.ts'
import type { Report } from '../report/contract.ts'
import { findingRows, findingTable } from '../report/finding-rows.ts'
import { type Begun, reportOf } from '../report/report.ts'
import { type Book, detailOf, openBook, write } from './book.ts'
import { type Deps, type Outcome, StopHere } from './deps.ts'
import { mapStage } from './map.ts'
import { reduceStage } from './reduce.ts'
import { sendEach } from './send-each.ts'
import { faultPoint } from './steps.ts'

/** How an analysis ended, for now. */
export interface Ended {
  run: string
  outcome: Outcome
  report: Report | undefined
  /** Why it stopped. */
  why: string | undefined
  /** The option of `resume` that lets it continue, if one does. */
  more?: string | undefined
}

/**
 * Goes on with an analysis from wherever it stands in the lake, to its end. A process that is killed at any
 * moment leaves it so that the next one does what is left, and only that.
 */
export async function goOn(deps: Deps, run: string): Promise<Ended> {
  const book = await openBook(deps.lake, deps.queryEngine, run)
  try {
    const kept = detailOf<Report>(book, 'reported')
    const report = kept ?? (await makeReport(deps, book))
    await sendAll(deps, book, report)
    if (!book.steps.some(({ kind }) => kind === 'finished')) await write(deps, book, { kind: 'finished' })
    return { run, outcome: 'finished', report, why: undefined }
  } catch (thrown) {
    if (!(thrown instanceof StopHere)) {
      await closeUnasked(deps, book, thrown)
      throw thrown
    }
    await write(deps, book, { kind: 'stopped', detail: { why: thrown.message } })
    return { run, outcome: 'stopped', report: undefined, why: thrown.message, more: thrown.more }
  }
}

/**
 * An analysis that fails before anything was asked, or whose model refuses to be asked, is stopped, and says
 * why. A job that was wanted may have been accepted by a process that could not write it down: it is looked
 * for by its name when the analysis is gone on with.
 */
async function closeUnasked(deps: Deps, book: Book, thrown: unknown): Promise<void> {
  const isRefused = thrown instanceof ModelError
  const isAsked = book.steps.some(({ kind }) => kind === 'job_started' || (kind === 'asked' && !isRefused))
  if (isAsked || deps.signal.aborted || !(isRefused || thrown instanceof UserError)) return
  const why = sentence(thrown).split('\n')[0] ?? ''
  await write(deps, book, { kind: 'stopped', detail: { why } }).catch(() => undefined)
}

async function makeReport(deps: Deps, book: Book): Promise<Report> {
  await mapStage(deps, book)
  const reduced = await reduceStage(deps, book)
  const report = reportOf(deps, book, reduced)
  faultPoint('report-made')
  const rows = deps.settings.findings ? await newOnes(deps, findingRows(report)) : []
  await write(deps, book, { kind: 'reported', detail: report }, [], [{ table: findingTable, rows }])
  faultPoint('report-kept')
  return report
}

/**
 * An analysis over a window that another had a part of may find the same events: those are findings already.
 */
async function newOnes({ lake, queryEngine }: Deps, rows: readonly NewRow[]): Promise<NewRow[]> {
  const read = readOf(queryEngine, await lake.newest())
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
  const isSent = (name: string) =>
    book.steps.some(
      ({ kind, detail }) => kind === 'sent' && (JSON.parse(detail ?? '{}') as { to?: string }).to === name,
    )
  const left = to.filter((name) => !isSent(name))
  await sendEach(left, async (name) => {
    const send = deps.send.get(name)
    if (!send) throw new StopHere(`the report is to go to ${name}, and there is no such destination any more`)
    await send(report)
    faultPoint('report-sent')
    await write(deps, book, { kind: 'sent', detail: { to: name } })
    faultPoint('report-sent-kept')
    deps.say(`sent to ${name}`)
  })
}

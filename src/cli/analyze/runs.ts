import type { Command } from 'commander'
import { Option } from 'commander'
import type { Report } from '../../analyze/report/contract.ts'
import type { Begun } from '../../analyze/report/report.ts'
import { reportPage } from '../../analyze/report/report-page.ts'
import { type Book, detailOf, openBook } from '../../analyze/run/book.ts'
import type { Deps } from '../../analyze/run/deps.ts'
import { goOn } from '../../analyze/run/go-on.ts'
import { spentSoFar } from '../../analyze/run/spent.ts'
import { type Standing, standsAt } from '../../analyze/run/standings.ts'
import { analyses } from '../../api/operations/analyses.ts'
import { UserError } from '../../lib/errors.ts'
import { visible } from '../../lib/terminal.ts'
import { openQueryEngine, type QueryEngine } from '../../query/question.ts'
import { limitsOf } from '../../workspace/limits.ts'
import { type CommonOptions, type Opened, openExisting } from '../../workspace/open.ts'
import { viewsOf } from '../../workspace/views.ts'
import { commonOptions } from '../options.ts'
import { readingTables } from '../reading.ts'
import { align, counted } from '../show/layout.ts'
import { note, paint, print } from '../show/output.ts'
import { writeText } from '../show/sink.ts'
import { PAGE_FORMATS, pageText } from './send.ts'
import { type AnalyzeOptions, reportOptions, withAnalysis } from './with-analysis.ts'

/** The subcommands on analyses. */
export function defineRuns(command: Command): void {
  reportOptions(
    commonOptions(
      command
        .command('resume [analysis]')
        .description('go on with an analysis that was interrupted or stopped; by default the newest'),
    ),
  ).action((run: string | undefined, _: unknown, sub: Command) => resume(run, sub.optsWithGlobals()))
  commonOptions(command.command('list').description('list the analyses, and where each stands'))
    .option('--json', 'as JSON')
    .action((_: unknown, sub: Command) => listAll(sub.optsWithGlobals()))
  commonOptions(command.command('show <analysis>').description('print the report of an analysis'))
    .addOption(new Option('--format <format>', 'how to write it').choices(PAGE_FORMATS).default('markdown'))
    .action((run: string, _: unknown, sub: Command) => show(run, sub.optsWithGlobals()))
}

async function resume(named: string | undefined, options: AnalyzeOptions): Promise<void> {
  const opened = await openExisting(options)
  const run = named ?? (await newestOpen(opened))
  if (run === undefined) {
    note('no analysis is open: all that were begun are finished, if any was')
    return
  }
  const to = await placesOf(opened, run)
  await withAnalysis(
    opened,
    { ...options, to: [...new Set([...(options.to ?? []), ...to])] },
    async (deps) => {
      note(standingText(await openBook(deps.lake, deps.queryEngine, run), deps))
      return await goOn(deps, run)
    },
  )
}

/** Where an analysis stands that is gone on with, in a line. */
function standingText(book: Book, deps: Pick<Deps, 'price'>): string {
  const calls = [...book.items.values()].filter(({ kind }) => kind === 'map')
  const done = calls.filter(({ state }) => state === 'done').length
  const { selection } = detailOf<Pick<Begun, 'selection'>>(book, 'begun') ?? {}
  const of = selection ? ` of ${selection.since} to ${selection.until}` : ''
  return `analysis ${book.run}${of}: ${done} of ${counted(calls.length, 'call')} about events are answered${spentSoFar(book, deps)}`
}

async function newestOpen(opened: Opened): Promise<string | undefined> {
  return (await allOf(opened)).findLast(({ state }) => state !== 'finished')?.run
}

async function allOf(opened: Opened): Promise<Standing[]> {
  const { json } = await readingTables(opened)
  return (await json<{ analyses: Standing[] }>(analyses, {})).analyses
}

async function placesOf(opened: Opened, run: string): Promise<readonly string[]> {
  const book = await withQueryEngine(opened, (queryEngine) => openBook(opened.lake, queryEngine, run))
  return detailOf<{ to: readonly string[] }>(book, 'begun')?.to ?? []
}

async function listAll(options: CommonOptions & { json?: boolean }): Promise<void> {
  const opened = await openExisting(options)
  const all = await allOf(opened)
  if (options.json) return await print(`${JSON.stringify(all, null, 2)}\n`)
  if (all.length === 0) return note('no analyses: `loglake analyze --dry-run` tells what one would cost')
  const { bold, dim } = paint(process.stdout)
  const head = ['analysis', 'begun', 'stands at', 'events of', ''].map(bold)
  const rows = all.map((one) => [
    visible(one.run),
    one.begun.slice(0, 19).replace('T', ' '),
    visible(standsAt(one)),
    visible(one.selection),
    dim(visible(one.why)),
  ])
  await print(`${align([head, ...rows]).join('\n')}\n`)
  const open = all.findLast(({ state }) => state !== 'finished')
  if (open) note(`\`loglake analyze resume ${visible(open.run)}\` goes on with what is not finished`)
}

async function show(
  run: string,
  options: CommonOptions & Pick<AnalyzeOptions, 'format' | 'output'>,
): Promise<void> {
  const opened = await openExisting(options)
  const book = await withQueryEngine(opened, (queryEngine) => openBook(opened.lake, queryEngine, run))
  const report = detailOf<Report>(book, 'reported')
  if (!report)
    throw new UserError(
      `the analysis ${run} has no report yet: \`loglake analyze resume ${run}\` goes on with it`,
    )
  const text = pageText(reportPage(report), report, options.format)
  if (options.output === undefined) return await print(text)
  await writeText(options.output, text)
}

async function withQueryEngine<Made>(
  opened: Opened,
  work: (queryEngine: QueryEngine) => Promise<Made>,
): Promise<Made> {
  const limits = limitsOf(opened.config.values.query)
  const queryEngine = await openQueryEngine(opened.lake, { limits, views: viewsOf(opened.config) })
  try {
    return await work(queryEngine)
  } finally {
    queryEngine.close()
  }
}

import { type Command, Option } from 'commander'
import { reportPage } from '../../analyze/report/report-page.ts'
import type { Ended } from '../../analyze/run/go-on.ts'
import { UserError } from '../../lib/errors.ts'
import type { CommonOptions, Opened } from '../../workspace/open.ts'
import { collect, number } from '../options.ts'
import { EXIT, note, print } from '../show/output.ts'
import { checkOutput, writeText } from '../show/sink.ts'
import { openAnalysis } from './open.ts'
import { PAGE_FORMATS, type PageFormat, pageText } from './send.ts'

export interface AnalyzeOptions extends CommonOptions {
  maxUsd?: number
  format: PageFormat
  output?: string
  to?: string[]
}

export function reportOptions(command: Command): Command {
  return command
    .option('--max-usd <dollars>', 'stop before it costs more (default: analyze.max_usd)', number)
    .addOption(
      new Option('--format <format>', 'how to write the report').choices(PAGE_FORMATS).default('markdown'),
    )
    .option('--output <file>', 'write the report to a file')
    .option('--to <name>', 'send the report to a destination of loglake.yaml; may be given again', collect)
}

/** Runs an analysis until it ends or is stopped, and prints its report. */
export async function withAnalysis(
  opened: Opened,
  options: AnalyzeOptions,
  work: (deps: Awaited<ReturnType<typeof openAnalysis>>) => Promise<Ended | undefined>,
): Promise<void> {
  checkOutput(options.output)
  const stop = new AbortController()
  const onSignal = () => {
    if (stop.signal.aborted) process.exit(EXIT.interrupted)
    note('stopping: what was answered is kept, a batch job goes on; `loglake analyze resume` goes on here')
    stop.abort(new UserError('stopped'))
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  const deps = await openAnalysis(opened, {
    to: options.to ?? [],
    format: options.format,
    maxUsd: options.maxUsd,
    signal: stop.signal,
    say: note,
  })
  try {
    const ended = await work(deps)
    if (!ended) return
    if (ended.outcome === 'stopped') {
      const more = ended.more ? ` ${ended.more}` : ''
      note(`stopped: ${ended.why}`)
      note(
        `what was answered is kept: when that is changed, \`loglake analyze resume ${ended.run}${more}\` goes on`,
      )
      process.exitCode = EXIT.failure
      return
    }
    if (!ended.report) return
    const text = pageText(reportPage(ended.report), ended.report, options.format)
    if (options.output === undefined) await print(text)
    else await writeText(options.output, text)
    const { items, done } = ended.report.calls
    if (items > 0 && done === 0) {
      note('nothing was analysed, as the report says: a new `loglake analyze` asks again')
      process.exitCode = EXIT.failure
    }
  } catch (thrown) {
    if (!stop.signal.aborted) throw thrown
    process.exitCode = EXIT.interrupted
  } finally {
    process.off('SIGINT', onSignal)
    process.off('SIGTERM', onSignal)
    deps.batch?.close()
    deps.close()
  }
}

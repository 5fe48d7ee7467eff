import { availableParallelism } from 'node:os'
import type { Command } from 'commander'
import type { Config } from '../../config/config.ts'
import { openSource, type SourceSettings } from '../../config/sources.ts'
import { commitOptions } from '../../ingest/session.ts'
import { UserError } from '../../lib/errors.ts'
import { didYouMean } from '../../lib/nearest.ts'
import { visible } from '../../lib/terminal.ts'
import { journal, silent } from '../../run/journal.ts'
import { type Run, run } from '../../run/run.ts'
import { serve } from '../../run/serve.ts'
import type { Configured } from '../../run/supervise.ts'
import { ingestSettings } from '../ingesting.ts'
import { memoryText } from '../limits.ts'
import { type Opened, openPlace } from '../open.ts'
import { type CommonOptions, commonOptions, examples, wholeNumber } from '../options.ts'
import { EXIT, note, paint } from '../output.ts'
import { sourceLines } from '../source-lines.ts'
import { standingLines } from '../standing.ts'

interface Options extends CommonOptions {
  port?: number
}

export function define(command: Command): void {
  commonOptions(command.argument('[source...]', 'their names in loglake.yaml; without one, all'))
    .option('--port <number>', 'port for /healthz, /readyz and /metrics; 0 for none', wholeNumber(0))
    .action(runSources)
  examples(
    command,
    ['loglake run'],
    ['loglake run trail sagemaker --config /etc/loglake.yaml', 'only these two'],
  )
  command.addHelpText(
    'after',
    `
Runs until it is stopped (Ctrl-C or SIGTERM): what has been read is committed then, and the rest given back. A source that fails
is opened again, later each time; the others go on. On a terminal there is a line per source, otherwise lines of JSON on stderr.
See docs/sources.md and docs/operating.md.`,
  )
}

async function runSources(names: string[], options: Options): Promise<void> {
  const opened = openPlace(options)
  const { lake, place, config } = opened
  const sources = configured(chosen(config.values, names), opened)
  const stop = new AbortController()
  const { isTTY } = process.stderr
  const told = isTTY ? silent : journal(process.stderr.fd)
  const onSignal = () => {
    if (stop.signal.aborted) process.exit(EXIT.interrupted)
    const what =
      'stopping: what has been read is committed, the rest is given back (once more to stop at once)'
    if (isTTY) note(what)
    else told.note(what)
    stop.abort()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  const running = run(lake, sources, told, stop.signal)
  const port = options.port ?? config.values.run.port
  const ended = () => {
    stop.abort()
    return running.done
  }
  const served =
    port === 0
      ? undefined
      : await serve(lake, running, port).catch((thrown) => ended().then(() => Promise.reject(thrown)))
  if (isTTY) note(`filling ${visible(place)}${served ? `, http://127.0.0.1:${served.port}/metrics` : ''}`)
  else
    told.note('running', { lake: place, sources: sources.length, ...(served ? { port: served.port } : {}) })
  const draw = standing(running)
  try {
    await running.done
  } finally {
    draw()
    await served?.close()
    process.off('SIGINT', onSignal)
    process.off('SIGTERM', onSignal)
  }
  if (!isTTY) told.note('ended')
}

function chosen({ sources }: Config, names: readonly string[]): [name: string, settings: SourceSettings][] {
  const all = Object.entries(sources)
  if (all.length === 0)
    throw new UserError(
      'there are no sources: name some under `sources` in loglake.yaml (see docs/sources.md)',
    )
  for (const name of names)
    if (!Object.hasOwn(sources, name))
      throw new UserError(`there is no source "${visible(name)}"${didYouMean(name, Object.keys(sources))}`)
  return names.length === 0 ? all : all.filter(([name]) => names.includes(name))
}

/** Less than that is no use to the engine that makes Parquet. */
const LEAST_MEMORY = 160 << 20

/** Sources share what the machine may give: each has an engine and threads of its own. */
function configured(sources: [string, SourceSettings][], opened: Opened): Configured[] {
  const { ingest } = opened.config.values
  const threads = Math.max(1, Math.floor((ingest.threads ?? availableParallelism()) / sources.length))
  const memory = memoryText(Math.max(LEAST_MEMORY, Math.floor(ingest.memory / sources.length)))
  const shared = { ...ingestSettings(opened), threads, memory }
  return sources.map(([name, settings]) => {
    const { commit } = settings as { commit?: Parameters<typeof commitOptions>[0] }
    return {
      name,
      type: settings.type,
      open: (deps) => openSource(settings, deps),
      options: { ...shared, ...(commit ? commitOptions(commit) : {}) },
    }
  })
}

const REDRAW_MS = 500

/** Keeps a line per source up to date on a terminal; what it returns ends that, with a last look. */
function standing({ reports }: Run): () => void {
  if (!process.stderr.isTTY) return () => undefined
  const lines = sourceLines(paint(process.stderr))
  const show = standingLines(process.stderr)
  const draw = () => show(lines(reports, Date.now()))
  const timer = setInterval(draw, REDRAW_MS)
  return () => {
    clearInterval(timer)
    draw()
  }
}

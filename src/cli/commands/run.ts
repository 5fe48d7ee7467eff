import { availableParallelism } from 'node:os'
import type { Command } from 'commander'
import type { Config } from '../../config/config.ts'
import { commitOptions } from '../../ingest/session.ts'
import { DAY_MS } from '../../lib/day.ts'
import { UserError } from '../../lib/errors.ts'
import { didYouMean } from '../../lib/nearest.ts'
import { visible } from '../../lib/terminal.ts'
import { doChores } from '../../run/chores.ts'
import { inOwnProcess } from '../../run/followers-parent.ts'
import { journal, silent } from '../../run/journal.ts'
import { type Run, run } from '../../run/run.ts'
import { serve } from '../../run/serve.ts'
import type { Configured } from '../../run/source-worker.ts'
import { openSource, type SourceSettings } from '../../sources/index.ts'
import { choresOf } from '../../workspace/chores.ts'
import { allFollowed } from '../../workspace/followed.ts'
import { compactionOf } from '../../workspace/following.ts'
import { ingestSettings } from '../../workspace/ingesting.ts'
import { memoryText } from '../../workspace/limits.ts'
import { mirrorOf } from '../../workspace/mirroring.ts'
import { type CommonOptions, type Opened, openLocation } from '../../workspace/open.ts'
import { keepSchedules } from '../analyze/schedule.ts'
import { checkDestinations } from '../analyze/send.ts'
import { refuseDemo } from '../demo-mark.ts'
import { commonOptions, examples, wholeNumber } from '../options.ts'
import { followerLines } from '../show/follower-lines.ts'
import { EXIT, note, paint } from '../show/output.ts'
import { sourceLines } from '../show/source-lines.ts'
import { standingLines } from '../show/standing.ts'
import { version } from '../version.ts'

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
Followers (docs/followers.md) work beside the sources, each at its own pace. Without sources it does the rest of its work: followers,
routes, schedules, digests, mirror, compaction. See docs/sources.md and docs/operating.md.`,
  )
}

/** What the process of the followers runs. */
const FOLLOWERS = new URL('../followers-main.js', import.meta.url)

async function runSources(names: string[], options: Options): Promise<void> {
  const opened = openLocation(options)
  await refuseDemo(opened.lake, opened.location)
  const { lake, location, config } = opened
  const sources = configured(chosen(config.values, names), opened)
  for (const { to } of Object.values(config.values.analyze.schedule)) checkDestinations(config.values, to)
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
  const followed = await allFollowed(opened, version())
  const mirror = await mirrorOf(opened)
  const compaction = compactionOf(config.values)
  // Reports their mistakes before anything runs.
  const toDo = choresOf(opened)
  if (sources.length === 0)
    await refuseIdle(opened, {
      asked: [config.values.analyze.schedule, config.values.routes, toDo, mirror ? [mirror] : []],
      upkeep: [followed, compaction ? [compaction] : []],
    })
  const running = run(lake, sources, told, stop.signal, {
    letGoMs: config.values.retention.follower_days * DAY_MS,
    followed,
    carrier: inOwnProcess(FOLLOWERS, { lake: options.lake, config: options.config }),
    mirrors: mirror ? [mirror] : [],
    ...(compaction ? { compaction } : {}),
  })
  const port = options.port ?? config.values.run.port
  const ended = () => {
    stop.abort()
    return running.done
  }
  const served =
    port === 0
      ? undefined
      : await serve(lake, running, port).catch((thrown) => ended().then(() => Promise.reject(thrown)))
  if (isTTY)
    note(
      `${sources.length === 0 ? 'keeping' : 'filling'} ${visible(location)}${served ? `, http://127.0.0.1:${served.port}/metrics` : ''}`,
    )
  else
    told.note('running', {
      lake: location,
      sources: sources.length,
      ...(served ? { port: served.port } : {}),
    })
  const chores = doChores(toDo, told, stop.signal)
  const draw = standing(running)
  const scheduled = keepSchedules(opened, told, stop.signal)
  let wasStopped = false
  try {
    await running.done
    wasStopped = stop.signal.aborted
    await chores.end()
    stop.abort()
    await scheduled
  } finally {
    draw()
    await served?.close()
    process.off('SIGINT', onSignal)
    process.off('SIGTERM', onSignal)
  }
  const unfinished = wasStopped
    ? []
    : [...running.reports, ...running.followers].filter(({ failure }) => failure !== undefined)
  if (unfinished.length > 0) process.exitCode = EXIT.failure
  if (!isTTY) {
    const names = unfinished.map(({ kind, name }) => `${kind} ${name}`).join(', ')
    told.note('ended', names === '' ? {} : { unfinished: names })
    return
  }
  for (const { kind, name, failure } of unfinished)
    note(
      `${kind} ${name} did not come to its end: ${visible(failure ?? '')}; the next run goes on from there`,
    )
}

function chosen({ sources }: Config, names: readonly string[]): [name: string, settings: SourceSettings][] {
  const all = Object.entries(sources)
  for (const name of names)
    if (!Object.hasOwn(sources, name))
      throw new UserError(`there is no source "${visible(name)}"${didYouMean(name, Object.keys(sources))}`)
  return names.length === 0 ? all : all.filter(([name]) => names.includes(name))
}

/** What a run without sources has to do. */
interface Work {
  /** What the configuration asks for, which may wait for another process to make the lake. */
  asked: readonly object[]
  /** What is done unless it is switched off: it needs a lake. */
  upkeep: readonly object[]
}

/** @throws UserError when a run without sources would have nothing to do */
async function refuseIdle({ lake, location }: Opened, { asked, upkeep }: Work): Promise<void> {
  const isAny = (all: readonly object[]) => all.some((one) => Object.keys(one).length > 0)
  if (isAny(asked)) return
  const wanted =
    'name some under `sources` in loglake.yaml (see docs/sources.md), or something that a run does without: `analyze.schedule`, `routes`, `digests.minutes`'
  if (!(await lake.exists()))
    throw new UserError(
      `there are no sources, and there is no lake in ${location} that could be kept up to date: ${wanted}`,
    )
  if (!isAny(upkeep))
    throw new UserError(
      `there are no sources, and nothing else is switched on: ${wanted}, \`compact.on\`, followers`,
    )
}

/** The engine that writes Parquet needs at least this many bytes. */
const LEAST_MEMORY = 160 << 20

/** Divides the memory and threads of the machine among the sources, each of which has its own engine. */
function configured(sources: [string, SourceSettings][], opened: Opened): Configured[] {
  if (sources.length === 0) return []
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

/**
 * Updates a line per source and follower on a terminal; the returned function draws a last time and ends it.
 */
export function standing({ reports, followers }: Run): () => void {
  if (!process.stderr.isTTY) return () => undefined
  const lines = sourceLines(paint(process.stderr))
  const show = standingLines(process.stderr)
  const draw = () =>
    show([...lines(reports, Date.now()), ...followerLines(followers, paint(process.stderr), Date.now())])
  const timer = setInterval(draw, REDRAW_MS)
  return () => {
    clearInterval(timer)
    draw()
  }
}

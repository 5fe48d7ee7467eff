import type { DuckDBValue } from '@duckdb/node-api'
import type { Command } from 'commander'
import { routes as operation, type RouteRow } from '../../api/operations/routes.ts'
import { rehearse } from '../../deliver/dry-run.ts'
import { exampleOf } from '../../deliver/examples.ts'
import { routeFollower } from '../../deliver/follower.ts'
import { pauseOf, pauseRoute, resumeRoute } from '../../deliver/pause.ts'
import type { Route } from '../../deliver/routes.ts'
import { retry, skip } from '../../deliver/undelivered.ts'
import { catchUp } from '../../follow/follow.ts'
import { replay } from '../../follow/replay.ts'
import { UserError } from '../../lib/errors.ts'
import { grouped, visible } from '../../lib/terminal.ts'
import { journal, silent } from '../../run/journal.ts'
import { run } from '../../run/run.ts'
import { type CommonOptions, type Opened, openExisting } from '../../workspace/open.ts'
import { begin, deliverOptions, routeCalled, routeOptions, routesIn } from '../../workspace/routes.ts'
import { commonOptions, examples, type FormatName, formatOption, timestamp } from '../options.ts'
import { readingTables } from '../reading.ts'
import { printAnswer, stream } from '../show/answer.ts'
import { counted } from '../show/layout.ts'
import { EXIT, note, paint, print } from '../show/output.ts'
import { version } from '../version.ts'
import { standing } from './run.ts'

interface Options extends CommonOptions {
  once?: boolean
  dryRun?: boolean
  example?: string
  rows?: string
  json?: boolean
}

export function define(command: Command): void {
  commonOptions(command.argument('[route...]', 'their names in loglake.yaml; without one, all'))
    .option('--once', 'send what there is, then end; gives up on a receiver that is down for a minute')
    .option('--dry-run', 'show what would go where, with counts and three examples; nothing is sent')
    .option('--example <name>', 'print a configuration: cribl-pack, or the name of a destination')
    .option('--json', 'with --dry-run: print it as JSON')
    .action(deliver)
  subcommand(command, 'list', 'how far each route is').addOption(formatOption()).action(list)
  subcommand(command, 'pause <route>', 'let a route stand still on every machine; nothing is lost')
    .option('--because <reason>', 'why', 'no reason given')
    .action(withRoute(pause))
  subcommand(command, 'resume <route>', 'let it go on').action(withRoute(resume))
  subcommand(command, 'skip <route>', 'leave out what it has not sent')
    .requiredOption('--reason <reason>', 'why: it is kept in the table undelivered')
    .action(withRoute(skipRest))
  subcommand(command, 'replay <route>', 'send a span again, as it was in the lake when this began')
    .requiredOption('--as <name>', 'a new name, under which it can be interrupted and taken up again')
    .option('--since <time>', 'only rows from then on, as in 2026-01-07 or 7d', timestamp)
    .option('--until <time>', 'only rows before then', timestamp)
    .action(withRoute(sendAgain))
  subcommand(command, 'retry <route> [id...]', 'send again what was refused: all of it, or by id').action(
    (route: string, ids: string[], _: CommonOptions, called: Command) =>
      retryRefused(route, ids, called.optsWithGlobals()),
  )
  examples(
    command,
    ['loglake deliver --dry-run', 'what would go where?'],
    ['loglake deliver --once'],
    ['loglake deliver --example cribl-pack >> loglake.yaml'],
    ['loglake deliver pause siem --because "maintenance until noon"'],
    ['loglake deliver retry siem'],
  )
  command.addHelpText(
    'after',
    `
\`loglake run\` delivers as well, beside the sources. What a destination has refused for good is in the table undelivered, what was
masked in the table redaction. See docs/deliver.md.`,
  )
}

function subcommand(command: Command, call: string, does: string): Command {
  return commonOptions(command.command(call).description(does))
}

type Acting = (opened: Opened, route: Route, options: never) => Promise<void>

function withRoute(act: Acting) {
  return async (name: string, _: CommonOptions, called: Command): Promise<void> => {
    const options = called.optsWithGlobals()
    const opened = await openExisting(options)
    await act(opened, routeCalled(await routesIn(opened), name), options as never)
  }
}

async function deliver(names: string[], options: Options): Promise<void> {
  if (options.example !== undefined) return await print(exampleOf(options.example))
  const opened = await openExisting(options)
  const all = await routesIn(opened)
  if (all.length === 0)
    throw new UserError(
      'there are no routes: `loglake deliver --example cribl-pack` prints some for loglake.yaml (see docs/deliver.md)',
    )
  const routes = names.length === 0 ? all : names.map((name) => routeCalled(all, name))
  if (options.dryRun) return await showDryRun(opened, routes, options)
  for (const route of routes) await begin(opened.lake, route)
  const signal = untilStopped()
  if (options.once) return await once(opened, routes, signal)
  const { isTTY } = process.stderr
  const told = isTTY ? silent : journal(process.stderr.fd)
  const pauseMs = opened.config.values.follow.seconds * 1000
  const followed = routes.map((route) => ({
    follower: routeFollower(route, deliverOptions(opened, route, version())),
    options: routeOptions(opened, route),
    pauseMs,
  }))
  const running = run(opened.lake, [], told, signal, { followed })
  const draw = standing(running)
  await running.done.finally(draw)
}

const ONCE_PATIENCE_MS = 60_000

async function once(opened: Opened, routes: readonly Route[], signal: AbortSignal): Promise<void> {
  const failed: string[] = []
  await Promise.all(
    routes.map(async (route) => {
      let rows = 0
      const settings = { ...deliverOptions(opened, route, version()), patienceMs: ONCE_PATIENCE_MS }
      const follower = routeFollower(route, {
        ...settings,
        gate: () => notPaused(opened, route),
        onSent: (sent) => {
          rows += sent
        },
      })
      try {
        const turns = await catchUp(opened.lake, follower, { ...routeOptions(opened, route), signal })
        const said = turns.reduce((sum, turn) => sum + turn.written, 0)
        const more = said === 0 ? '' : `, ${counted(said, 'row')} of undelivered and redaction`
        note(`${route.name}: ${counted(rows, 'row')} sent to ${route.to}${more}`)
      } catch (thrown) {
        if (signal.aborted) return
        if (!(thrown instanceof Error)) throw thrown
        failed.push(`${route.name}: ${visible(thrown.message)}`)
      }
    }),
  )
  if (failed.length > 0) throw new UserError(failed.join('\n'))
}

/** Tells a person at a terminal that a route is paused, instead of waiting with it. */
async function notPaused({ lake }: Opened, { name }: Route): Promise<void> {
  const paused = await pauseOf(lake, name)
  if (paused)
    throw new UserError(
      `it is paused since ${paused.at}: ${visible(paused.because)}; \`loglake deliver resume ${name}\` lets it go on`,
    )
}

async function showDryRun({ lake }: Opened, routes: readonly Route[], { json }: Options): Promise<void> {
  const { bold, dim } = paint(process.stdout)
  for (const route of routes) {
    const found = await rehearse(lake, route, { version: version() })
    if (json) {
      await print(`${JSON.stringify(found)}\n`)
      continue
    }
    const { matching, rows, to, type } = found
    const policy = route.policy.name
    await print(
      `${bold(route.name)}: ${grouped(matching)} of ${counted(rows, 'row')} of ${route.view?.name ?? route.table.name} would go to ${to} (${type}), ${policy}, as ${route.shape.name}\n`,
    )
    for (const { text, maskings } of found.examples) {
      await print(`  ${visible(text)}\n`)
      const masked = maskings.map(
        ({ column, rule, spans }) => `${column}: ${rule}${spans > 1 ? ` × ${spans}` : ''}`,
      )
      if (masked.length > 0) await print(`  ${dim(`masked: ${visible(masked.join(', '))}`)}\n`)
    }
    if (found.dropped > 0)
      await print(`  ${dim(`${counted(found.dropped, 'row')} kept back by the policy`)}\n`)
  }
}

async function list(_: CommonOptions, called: Command): Promise<void> {
  const options = called.optsWithGlobals() as CommonOptions & { format?: FormatName }
  const opened = await openExisting(options)
  const { json } = await readingTables(opened)
  const { routes } = await json<{ routes: RouteRow[] }>(operation, {})
  const rows = routes.map(({ name, table, to, state, behind, why }): DuckDBValue[] => [
    ...[name, table, to, state, behind?.rows ?? null],
    ...[behind ? behind.ms / 1000 : null, why],
  ])
  const columns = ['route', 'table', 'to', 'state', 'behind_rows', 'behind_seconds', 'why']
  await printAnswer(options.format ?? opened.config.values.query.format, columns, stream(rows))
}

async function pause({ lake }: Opened, { name }: Route, { because }: { because: string }): Promise<void> {
  if (!(await pauseRoute(lake, name, because))) throw new UserError(`${name} is paused already`)
  await print(`${name} is paused: every machine has seen it within seconds, and nothing is lost\n`)
}

async function resume({ lake }: Opened, { name }: Route): Promise<void> {
  if (!(await resumeRoute(lake, name))) throw new UserError(`${name} is not paused`)
  await print(`${name} goes on\n`)
}

async function skipRest({ lake }: Opened, route: Route, { reason }: { reason: string }): Promise<void> {
  const rows = await skip(lake, route, reason)
  await print(
    `${route.name}: ${counted(rows, 'row')} of ${route.table.name} left out; it is in the table undelivered\n`,
  )
}

async function sendAgain(
  opened: Opened,
  route: Route,
  { as, since, until }: { as: string; since?: string; until?: string },
): Promise<void> {
  let rows = 0
  const options = { ...deliverOptions(opened, route, version()), patienceMs: ONCE_PATIENCE_MS }
  const follower = routeFollower(route, {
    ...options,
    gate: () => notPaused(opened, route),
    onSent: (sent) => {
      rows += sent
    },
  })
  const settings = { ...routeOptions(opened, route), signal: untilStopped(), span: { since, until } }
  await replay(opened.lake, follower, { ...settings, as })
  await print(`${route.name}: ${counted(rows, 'row')} sent again to ${route.to}\n`)
}

async function retryRefused(name: string, ids: string[], options: CommonOptions): Promise<void> {
  const opened = await openExisting(options)
  const route = routeCalled(await routesIn(opened), name)
  const signal = untilStopped()
  const { delivered, refused } = await retry(opened.lake, route, {
    ids,
    signal,
    patienceMs: ONCE_PATIENCE_MS,
  })
  if (ids.length > 0 && delivered + refused.length === 0)
    throw new UserError(
      `there is no such id among what ${name} has undelivered: \`loglake query "select id from undelivered where delivered_at is null"\` lists them`,
    )
  await print(
    `${name}: ${counted(delivered, 'row')} taken by ${route.to}, ${grouped(refused.length)} refused again\n`,
  )
  for (const { delivery, code, answer } of refused.slice(0, 5))
    note(`${visible(delivery.id)}: ${visible(code)} ${visible(answer.slice(0, 300))}`)
  if (refused.length > 0) process.exitCode = EXIT.rejects
}

function untilStopped(): AbortSignal {
  const stop = new AbortController()
  const onSignal = () => {
    if (stop.signal.aborted) process.exit(EXIT.interrupted)
    note('stopping: what no receiver has taken is sent next time (once more to stop at once)')
    stop.abort()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return stop.signal
}

import type { Command } from 'commander'
import type { Follower } from '../../follow/contract.ts'
import { catchUp, type FollowOptions, type Turn } from '../../follow/follow.ts'
import { replay, startAnew, startFromNow } from '../../follow/replay.ts'
import type { Lake } from '../../lake/lake.ts'
import { UserError } from '../../lib/errors.ts'
import { grouped, progressLine, visible } from '../../lib/terminal.ts'
import { journal, silent } from '../../run/journal.ts'
import { run } from '../../run/run.ts'
import { allFollowers, followerCalled, followersOf, followOptions } from '../../workspace/following.ts'
import { type CommonOptions, openExisting } from '../../workspace/open.ts'
import { commonOptions, examples, timestamp } from '../options.ts'
import { counted } from '../show/layout.ts'
import { EXIT, note, print } from '../show/output.ts'
import { standing } from './run.ts'

interface Options extends CommonOptions {
  once?: boolean
  rebuild?: boolean
  fromNow?: boolean
  as?: string
  since?: string
  until?: string
  json?: boolean
}

export function define(command: Command): void {
  commonOptions(command.argument('[follower...]', 'their names; without one, all'))
    .option('--once', 'read what there is, then end')
    .option('--rebuild', 'empty its tables and make them anew; ends when that is done')
    .option('--from-now', 'leave out what it has not read, and take it up again')
    .option('--as <name>', 'read everything again under this new name (a replay); ends when that is done')
    .option('--since <time>', 'of a replay: only rows from then on, as in 2026-01-07 or 7d', timestamp)
    .option('--until <time>', 'of a replay: only rows before then', timestamp)
    .option('--json', 'print what was done as JSON')
    .action(follow)
  examples(
    command,
    ['loglake follow summaries', 'until it is stopped'],
    ['loglake follow --once', 'all followers catch up'],
    ['loglake follow summaries --rebuild'],
  )
  command.addHelpText(
    'after',
    '\nWithout --once it goes on until it is stopped (Ctrl-C or SIGTERM), as in `loglake run`. See docs/followers.md.',
  )
}

async function follow(names: string[], options: Options): Promise<void> {
  const opened = await openExisting(options)
  const { lake, config } = opened
  const followers = allFollowers(opened)
  const chosen = names.length > 0 ? names.map((name) => followerCalled(name, opened)) : followers
  const { once, rebuild = false, fromNow = false, as, since, until } = options
  const [only, ...others] = chosen
  const isSpecial = rebuild || fromNow || as !== undefined || since !== undefined || until !== undefined
  if (isSpecial && (names.length === 0 || only === undefined || others.length > 0))
    throw new UserError('--rebuild, --from-now and a replay are for one follower: name it')
  if (as === undefined && (since !== undefined || until !== undefined))
    throw new UserError('--since and --until are of a replay: give it a name with --as')
  if ([rebuild, fromNow, as !== undefined].filter(Boolean).length > 1)
    throw new UserError('one of --rebuild, --from-now and --as, please')
  if (as !== undefined && followers.some(({ name }) => name === as))
    throw new UserError(`a follower is called ${as}: choose another name for the replay`)
  const settings = { ...followOptions(config.values), signal: untilStopped() }
  if (only && fromNow) {
    await startFromNow(lake, only)
    return await print(`${only.name} goes on with what comes from now on\n`)
  }
  if (only && as !== undefined)
    return await tell(options, as, (on) =>
      replay(lake, only, { ...settings, ...on, as, span: { since, until } }),
    )
  if (only && rebuild) await startAnew(lake, only)
  if (once || rebuild) return await catchUpAll(lake, chosen, settings, options)

  const following = followersOf(opened, names)
  if (following.followed.length === 0)
    throw new UserError('all followers are switched off (`follow.off` in loglake.yaml): name one')
  const { isTTY } = process.stderr
  const told = isTTY ? silent : journal(process.stderr.fd)
  const running = run(lake, [], told, settings.signal, following)
  const draw = standing(running)
  await running.done.finally(draw)
}

async function catchUpAll(
  lake: Lake,
  chosen: readonly Follower[],
  settings: FollowOptions,
  options: Options,
): Promise<void> {
  for (const follower of chosen) {
    await tell(options, follower.name, (on) => catchUp(lake, follower, { ...settings, ...on }))
  }
}

/** Runs turns with a progress line, and reports what they did. */
async function tell(
  { json }: Options,
  name: string,
  work: (on: Pick<FollowOptions, 'onTurn'>) => Promise<Turn[]>,
): Promise<void> {
  const line = progressLine(process.stderr)
  let rows = 0
  const turns = await work({
    onTurn(turn) {
      rows += turn.rows
      line.show(`${name}: ${grouped(rows)} rows read`)
    },
  }).finally(() => line.clear())
  const done = turns.filter(({ outcome }) => outcome === 'committed')
  const sum = (of: 'files' | 'rows' | 'written') => done.reduce((total, turn) => total + turn[of], 0)
  const all = {
    follower: name,
    turns: done.length,
    files: sum('files'),
    rows: sum('rows'),
    written: sum('written'),
  }
  if (json) return await print(`${JSON.stringify(all)}\n`)
  const { files, written } = all
  await print(
    `${visible(name)}: ${counted(sum('rows'), 'row')} read from ${counted(files, 'file')}, ${counted(written, 'row')} made\n`,
  )
}

function untilStopped(): AbortSignal {
  const stop = new AbortController()
  const onSignal = () => {
    if (stop.signal.aborted) process.exit(EXIT.interrupted)
    note('stopping: a turn under way is finished first (once more to stop at once)')
    stop.abort()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return stop.signal
}

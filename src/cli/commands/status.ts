import type { Command } from 'commander'
import type { MirrorStanding } from '../../engines/mirror/standing.ts'
import type { FollowerStanding } from '../../follow/standing.ts'
import { grouped, visible } from '../../lib/terminal.ts'
import type { Hole } from '../../status/holes.ts'
import { type LogTypeStatus, type SourceStatus, type Status, statusOf } from '../../status/status.ts'
import type { StampStanding } from '../../witness/stamp/standing.ts'
import { limitsOf } from '../../workspace/limits.ts'
import { detectSettings } from '../../workspace/logtypes.ts'
import { type CommonOptions, openExisting } from '../../workspace/open.ts'
import { findingLines, findingStatus } from '../findings/standing.ts'
import { commonOptions, examples, wholeNumber } from '../options.ts'
import { align, type Cell, counted } from '../show/layout.ts'
import { type Paint, paint, print } from '../show/output.ts'
import { duration } from '../show/source-lines.ts'

interface Options extends CommonOptions {
  days: number
  list?: boolean
  offline?: boolean
  json?: boolean
}

export function define(command: Command): void {
  commonOptions(command)
    .option('--days <number>', 'look for missing files this many days back', wholeNumber(1), 90)
    .option('--list', 'list buckets, too, to count what is waiting there: that costs requests')
    .option('--offline', 'ask no service: only what the lake itself knows')
    .option('--json', 'print it as JSON')
    .action(status)
  examples(
    command,
    ['loglake status'],
    ['loglake status --list --json', 'with what buckets hold and the lake does not'],
  )
  command.addHelpText(
    'after',
    `
Percent: of the objects that are known (read, waiting, dead letters), how many are in the lake; of the records in these, how many.
Missing: a day, or an hour, in which an account and Region has no file, and before and after it has some.`,
  )
}

async function status(options: Options): Promise<void> {
  const { lake, config, definitions } = await openExisting(options)
  const { days, list = false, offline = false } = options
  const found = await statusOf(lake, config.values.sources, {
    days,
    list,
    offline,
    limits: limitsOf(config.values.query),
  })
  const findings = await findingStatus(
    lake,
    detectSettings(config, definitions),
    limitsOf(config.values.query),
  )
  if (options.json) return await print(`${JSON.stringify({ ...found, findings }, null, 2)}\n`)
  const look = paint(process.stdout)
  const lines = [...statusText(found, Date.now(), look), ...findingLines(findings, look)]
  await print(`${lines.join('\n')}\n`)
}

function statusText(
  { version, sources, logtypes, followers, mirror, stamps, total, holes, digests }: Status,
  nowMs: number,
  look: Paint,
): string[] {
  const { bold, dim, yellow } = look
  const conflicts = total.records.conflicts
  const head = (...names: string[]) =>
    names.map((name, at): Cell => (at === 0 ? bold(name) : { right: bold(name) }))
  const sourceRows = align([
    [...head('source', 'waiting', 'in the lake', 'records', 'repeats', 'rejects', 'newest', 'committed'), ''],
    ...sources.map((source) => sourceCells(source, nowMs, look)),
  ])
  const typeRows = align([
    head('log type', 'rows', 'objects', 'repeats', 'rejects', 'newest', 'committed'),
    ...logtypes.map((one) => typeCells(one, nowMs)),
  ])
  const { percent, records, objects } = total
  const unread = objects.rejected + objects.deadLetters
  return [
    `${bold(`${percent.records}% of the records`)} that were delivered are in the lake: ${grouped(records.read)} delivered, ${grouped(records.stored)} stored, ${counted(records.repeated, 'repeat')}, ${grouped(records.skipped)} left out, ${grouped(records.rejected)} rejected.`,
    `${bold(`${percent.objects}% of the objects`)}: ${grouped(objects.read)} read, ${grouped(objects.waiting ?? 0)} waiting, ${grouped(unread)} unreadable. ${dim(`Version ${version}.`)}`,
    ...digestLines(digests, look),
    ...(conflicts > 0
      ? [
          yellow(
            `${counted(conflicts, 'rejected record')} with the id and time of another and other content: see \`loglake rejects --code conflict\`.`,
          ),
        ]
      : []),
    '',
    ...sourceRows,
    ...filteredLines(sources),
    '',
    ...typeRows,
    ...followerRows(followers, look),
    ...mirrorLines(mirror, look),
    ...stampLines(stamps, look),
    '',
    ...(holes.length === 0
      ? ['No day or hour is missing where its neighbours have files.']
      : [yellow(`Files are missing in ${counted(holes.length, 'place')}:`), ...align(holes.map(holeCells))]),
  ]
}

/** Objects that filters excluded, by filter: `loglake objects --outcome left-out` names each. */
function filteredLines(sources: readonly SourceStatus[]): string[] {
  const rows = sources.flatMap(({ name, filtered }) =>
    filtered.map(({ reason, objects }): Cell[] => [
      `  ${visible(name)}`,
      { right: grouped(objects) },
      visible(reason),
    ]),
  )
  return rows.length === 0 ? [] : ['', 'Objects that filters left out:', ...align(rows)]
}

function sourceCells(source: SourceStatus, nowMs: number, { dim, yellow }: Paint): Cell[] {
  const { name, waiting, percent, records, stopped, type } = source
  const behind =
    waiting.readUntilMs === undefined ? '-' : `${duration((nowMs - waiting.readUntilMs) / 1000)} behind`
  const notes = [
    ...(stopped ? [yellow('stopped')] : []),
    ...(type === undefined ? [dim('not in loglake.yaml')] : []),
    ...(waiting.unknown === undefined ? [] : [dim(visible(waiting.unknown))]),
    ...(source.objects.deadLetters > 0 ? [yellow(counted(source.objects.deadLetters, 'dead letter'))] : []),
  ]
  return [
    visible(name),
    { right: waiting.objects === undefined ? behind : grouped(waiting.objects) },
    { right: `${percent.objects}%` },
    { right: grouped(records.stored) },
    { right: grouped(records.repeated) },
    { right: grouped(records.rejected) },
    { right: age(source.newestMs, nowMs) },
    { right: age(source.lastCommitMs, nowMs) },
    notes.join(', '),
  ]
}

function typeCells(
  { name, rows, objects, repeated, rejected, newestMs, lastCommitMs }: LogTypeStatus,
  nowMs: number,
): Cell[] {
  const counts = [rows, objects, repeated, rejected].map((count) => ({ right: grouped(count) }))
  return [name, ...counts, { right: age(newestMs, nowMs) }, { right: age(lastCommitMs, nowMs) }]
}

/** A finished replay is left out. */
function followerRows(all: readonly FollowerStanding[], { bold, yellow }: Paint): string[] {
  const shown = all.filter(({ state }) => state !== 'done')
  if (shown.length === 0) return []
  const head = [bold('follower'), { right: bold('rows behind') }, { right: bold('for') }, '']
  const rows = shown.map(({ name, state, behind }): Cell[] => [
    visible(name),
    { right: grouped(behind.rows) },
    { right: behind.files === 0 ? '-' : duration(behind.ms / 1000) },
    state === 'let-go' ? yellow('let go: see `loglake followers`') : '',
  ])
  return ['', ...align([head, ...rows])]
}

/** How far the Glue Data Catalog is behind, and which of its tables are not ours. */
function mirrorLines(mirror: MirrorStanding | undefined, { bold, dim, yellow }: Paint): string[] {
  if (!mirror) return []
  const { database, version, behind, conflicts, failure } = mirror
  const waited = behind.ms === null ? '' : `, for ${duration(behind.ms / 1000)}`
  const lag =
    behind.commits === 0 ? dim('nothing behind') : `${counted(behind.commits, 'commit')} behind${waited}`
  return [
    '',
    `${bold('mirror')}  ${visible(database)} in Glue shows version ${version}: ${lag}`,
    ...(failure === undefined ? [] : [yellow(`  failed: ${visible(failure.split('\n')[0] ?? '')}`)]),
    ...conflicts.map(({ name, why }) => yellow(`  ${visible(name)}: ${visible(why)}`)),
  ]
}

/** When an authority last stamped the transparency log, and why it has not since. */
function stampLines(stamps: StampStanding | undefined, { bold, dim, yellow }: Paint): string[] {
  if (!stamps) return []
  const { size, time, authority, failure } = stamps
  const told =
    time === null
      ? 'none yet'
      : `the log of ${counted(size, 'version')} at ${time} ${dim(`by ${visible(authority ?? '')}`)}`
  return [
    '',
    `${bold('time stamp')}  ${told}`,
    ...(failure === undefined
      ? []
      : [
          yellow(
            `  failed at ${failure.at}, tried again by itself: ${visible(failure.why.split('\n')[0] ?? '')}`,
          ),
        ]),
  ]
}

function age(ms: number | undefined, nowMs: number): string {
  return ms === undefined ? '-' : `${duration(Math.max(0, nowMs - ms) / 1000)} ago`
}

function holeCells({ account, region, service, place, from, to, before, after }: Hole): Cell[] {
  return [
    `  ${account}`,
    region,
    visible(service),
    from === to ? from : `${from} to ${to}`,
    after === 0
      ? `${counted(before, 'file')} before, none since`
      : `${counted(before, 'file')} before, ${grouped(after)} after`,
    visible(place),
  ]
}

/** What CloudTrail's digests say of the log files, and the days that are not complete. */
function digestLines(digests: Status['digests'], { bold, yellow }: Paint): string[] {
  if (!digests) return []
  const { percent, same, named, unnamed, awaited } = digests.total
  const bad = digests.days.filter((one) => one.percent < 100)
  return [
    `${bold(`${percent}% of CloudTrail's log files`)} are as AWS signed them: ${grouped(same)} of ${grouped(named + unnamed)}, ${grouped(awaited)} wait for a digest.`,
    ...bad
      .slice(-MAX_DAYS)
      .map(({ day, account, region, percent: part }) => yellow(`  ${day} ${account} ${region}: ${part}%`)),
  ]
}

const MAX_DAYS = 10

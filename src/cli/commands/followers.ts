import type { DuckDBValue } from '@duckdb/node-api'
import type { Command } from 'commander'
import { type Follower, followers as operation } from '../../api/operations/followers.ts'
import { forget, letGo } from '../../follow/cursor.ts'
import { followersOf } from '../../follow/standing.ts'
import { followers } from '../../followers/index.ts'
import { UserError } from '../../lib/errors.ts'
import { byteSize, grouped, visible } from '../../lib/terminal.ts'
import { type CommonOptions, openExisting } from '../../workspace/open.ts'
import { commonOptions, examples, type FormatName, formatOption } from '../options.ts'
import { readingTables } from '../reading.ts'
import { printAnswer, stream } from '../show/answer.ts'
import { align, type Cell } from '../show/layout.ts'
import { paint, print } from '../show/output.ts'
import { duration } from '../show/source-lines.ts'

interface Options extends CommonOptions {
  format?: FormatName
}

export function define(command: Command): void {
  commonOptions(command).addOption(formatOption()).action(listFollowers)
  const remove = command.command('remove <name>').description('let one go: no files are kept for it any more')
  commonOptions(remove).action((name: string, _: CommonOptions, called: Command) =>
    removeFollower(name, called.optsWithGlobals()),
  )
  examples(command, ['loglake followers'], ['loglake followers remove summaries'])
  command.addHelpText(
    'after',
    `
Behind: what a follower has not read yet, and how long the oldest of it has waited. Compaction leaves these files as they are.
The rows that a follower has made stay when it is let go; \`loglake follow NAME --rebuild\` or \`--from-now\` takes it up again.`,
  )
}

async function listFollowers(options: Options): Promise<void> {
  const opened = await openExisting(options)
  const { json } = await readingTables(opened)
  const { followers: standing } = await json<{ followers: Follower[] }>(operation, {})
  const format = options.format ?? opened.config.values.query.format
  const columns = [
    'follower',
    'state',
    'replay',
    'seen',
    'behind_rows',
    'behind_files',
    'behind_bytes',
    'behind_versions',
    'behind_seconds',
  ]
  if (format !== 'table') return await printAnswer(format, columns, stream(standing.map(valuesOf)))
  const { bold } = paint(process.stdout)
  const begun = new Set(standing.map(({ name }) => name))
  const idle = followers.filter(({ name }) => !begun.has(name))
  const lines = align([
    [
      bold('follower'),
      bold('state'),
      ...['rows', 'files', 'size', 'commits', 'time'].map((head) => ({ right: bold(`${head} behind`) })),
      bold('last seen'),
      '',
    ],
    ...standing.map(cellsOf),
    ...idle.map(({ name }): Cell[] => [name, 'not begun']),
  ])
  await print(`${lines.join('\n')}\n`)
}

function valuesOf({ name, state, replay, seen, behind }: Follower): DuckDBValue[] {
  const { rows, files, bytes, versions, ms } = behind
  return [name, state, replay, seen, rows, files, bytes, versions, ms / 1000]
}

function cellsOf({ name, state, replay, seen, behind }: Follower): Cell[] {
  const { yellow, dim } = paint(process.stdout)
  return [
    visible(name),
    state === 'let-go' ? yellow('let go') : state,
    { right: grouped(behind.rows) },
    { right: grouped(behind.files) },
    { right: byteSize(behind.bytes) },
    { right: grouped(behind.versions) },
    { right: behind.files === 0 ? '-' : duration(behind.ms / 1000) },
    `${duration(Math.max(0, Date.now() - Date.parse(seen)) / 1000)} ago`,
    replay === null ? '' : dim(visible(replay)),
  ]
}

/** A built-in follower stays removed until it is resumed; of any other nothing is left. */
async function removeFollower(name: string, options: CommonOptions): Promise<void> {
  const { lake } = await openExisting(options)
  const found = (await followersOf(await lake.newest())).find((one) => one.name === name)
  if (!found) throw new UserError(`the lake knows no follower "${visible(name)}"`)
  const isOurs = followers.some((one) => one.name === name)
  if (isOurs) await letGo(lake, name)
  else await forget(lake, name)
  await print(`${visible(name)} is let go: no files are kept for it any more\n`)
}

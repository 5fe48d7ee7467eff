import type { DuckDBValue } from '@duckdb/node-api'
import type { Command } from 'commander'
import { versions as operation, type Versions } from '../../api/operations/versions.ts'
import { grouped, visible } from '../../lib/terminal.ts'
import { type CommonOptions, openExisting } from '../../workspace/open.ts'
import { commonOptions, examples, type FormatName, formatOption, wholeNumber } from '../options.ts'
import { readingTables } from '../reading.ts'
import { printAnswer, stream } from '../show/answer.ts'
import { align, counted } from '../show/layout.ts'
import { limitOf } from '../show/listing.ts'
import { paint, print } from '../show/output.ts'

interface VersionsOptions extends CommonOptions {
  limit: number
  format?: FormatName
}

type Version = Versions['versions'][number]

export function define(command: Command): void {
  commonOptions(command)
    .option('--limit <number>', 'versions to show, the newest first; 0 for all', wholeNumber(0), 20)
    .addOption(formatOption())
    .action(versions)
  examples(
    command,
    ['loglake versions'],
    ['loglake versions --limit 0 --format csv'],
    ['loglake query "select count(*) from cloudtrail" --at 3', 'ask one of them'],
  )
}

async function versions(options: VersionsOptions): Promise<void> {
  const opened = await openExisting(options)
  const { json } = await readingTables(opened)
  const found = await json<Versions>(operation, { limit: limitOf(options.limit) })
  const format = options.format ?? opened.config.values.query.format
  if (format !== 'table') {
    const columns = ['version', 'time', 'by', 'table', 'rows_added', 'rows_removed', 'readable']
    return await printAnswer(format, columns, stream(found.versions.flatMap(rowsOf)))
  }
  const { bold, dim } = paint(process.stdout)
  const lines = align([
    [{ right: bold('version') }, bold('time'), bold('by'), bold('changed')],
    ...found.versions.map(({ version, at, by, changes, readable }) => [
      { right: grouped(version) },
      visible(at),
      visible(by),
      `${changes.map(textOf).join(', ')}${readable ? '' : dim(' (its files are gone)')}`,
    ]),
  ])
  const notes = [
    ...(found.more > 0 ? [`${counted(found.more, 'earlier version')}: --limit 0 shows all`] : []),
    ...(found.given_up > 0
      ? [`versions up to ${grouped(found.given_up)} were given up by \`loglake vacuum\``]
      : []),
  ]
  await print(`${[...lines, ...notes].join('\n')}\n`)
}

/** `cloudtrail +4,015`; rewritten files contain the same rows as before. */
function textOf({ table, added, removed, files }: Version['changes'][number]): string {
  if (added === null || removed === null) return visible(table)
  if (added === removed)
    return `${visible(table)} ${added === 0 ? 'as it was' : `in ${counted(files ?? 0, 'file')}`}`
  const parts = [
    ...(added > 0 ? [`+${grouped(added)}`] : []),
    ...(removed > 0 ? [`-${grouped(removed)}`] : []),
  ]
  return `${visible(table)} ${parts.join(' ')}`
}

function rowsOf({ version, at, by, changes, readable }: Version): DuckDBValue[][] {
  const none = [{ table: null, added: null, removed: null }]
  return (changes.length === 0 ? none : changes).map(({ table, added, removed }) => [
    version,
    at,
    by,
    table,
    added,
    removed,
    readable,
  ])
}

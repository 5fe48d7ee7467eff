import type { DuckDBValue } from '@duckdb/node-api'
import { type Command, Option } from 'commander'
import { objects as operation } from '../../api/operations/objects.ts'
import { grouped, visible } from '../../lib/terminal.ts'
import { type CommonOptions, openExisting } from '../../workspace/open.ts'
import { commonOptions, examples, type FormatName, formatOption, wholeNumber } from '../options.ts'
import { readListing } from '../reading.ts'
import { align } from '../show/layout.ts'
import { limitOf, printListing } from '../show/listing.ts'
import { paint } from '../show/output.ts'

interface ObjectsOptions extends CommonOptions {
  outcome?: string
  logtype?: string
  like?: string
  limit: number
  format?: FormatName
}

export function define(command: Command): void {
  commonOptions(command)
    .addOption(
      new Option('--outcome <outcome>', 'only these').choices(['stored', 'skipped', 'rejected', 'left-out']),
    )
    .option('--logtype <name>', 'only objects with this type of log')
    .option('--like <pattern>', 'only objects whose name is like this; % stands for anything')
    .option('--limit <number>', 'rows to show; 0 for all', wholeNumber(0), 50)
    .addOption(formatOption())
    .action(objects)
  examples(
    command,
    ['loglake objects --outcome skipped', 'what held nothing to store, and why'],
    ['loglake objects --outcome left-out', 'what a filter left out, and by what'],
    ["loglake objects --like '%/2026/01/08/%' --limit 0 --format csv"],
  )
}

async function objects(options: ObjectsOptions): Promise<void> {
  const opened = await openExisting(options)
  const { outcome, logtype, like } = options
  const found = await readListing(opened, operation, {
    ...{ outcome, logtype, like },
    limit: limitOf(options.limit),
  })
  const format = options.format ?? opened.config.values.query.format
  await printListing(found, { format, noun: 'object', none: 'no such object', page })
}

function page(columns: readonly string[], rows: readonly DuckDBValue[][]): string[] {
  const { bold, dim } = paint(process.stdout)
  const counts = ['read', 'stored', 'repeated', 'skipped', 'rejected']
  const head = [
    bold('outcome'),
    bold('type'),
    ...counts.map((name) => ({ right: bold(name) })),
    bold('object'),
  ]
  const body = rows.map((row) => {
    const value = (name: string) => row[columns.indexOf(name)] ?? null
    const cells = counts.map((name) => ({ right: grouped(Number(value(`records_${name}`))) }))
    const text = (name: string) => visible(String(value(name) ?? '-'))
    return {
      cells: [text('outcome'), text('logtype'), ...cells, text('lake_object')],
      reason: value('reason'),
    }
  })
  const [title = '', ...lines] = align([head, ...body.map(({ cells }) => cells)])
  const withReasons = lines.flatMap((line, at) => {
    const reason = body[at]?.reason
    return reason === null || reason === undefined ? [line] : [line, dim(`  ${visible(String(reason))}`)]
  })
  return [title, ...withReasons]
}

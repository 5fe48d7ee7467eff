import type { DuckDBValue } from '@duckdb/node-api'
import type { Command } from 'commander'
import { deadLetters } from '../../api/operations/dead-letters.ts'
import { UserError } from '../../lib/errors.ts'
import { grouped, visible } from '../../lib/terminal.ts'
import { valueText } from '../../query/values.ts'
import { type CommonOptions, openExisting } from '../../workspace/open.ts'
import { replayDeadLetters } from '../deadletters/replay.ts'
import {
  commonOptions,
  examples,
  type FormatName,
  formatOption,
  identityOptions,
  wholeNumber,
} from '../options.ts'
import { readListing } from '../reading.ts'
import { type KeptKind, showKept } from '../show/kept.ts'
import { align } from '../show/layout.ts'
import { limitOf, printListing } from '../show/listing.ts'
import { paint } from '../show/output.ts'

interface ListOptions extends CommonOptions {
  all?: boolean
  code?: string
  limit: number
  show?: string
  raw?: boolean
  format?: FormatName
}

export function define(command: Command): void {
  command.helpCommand(false)
  commonOptions(command)
    .option('--all', 'those too whose objects are in the lake by now')
    .option('--code <code>', 'only these, as in unknown-notice or denied')
    .option('--limit <number>', 'rows to show; 0 for all', wholeNumber(0), 50)
    .option('--show <id>', 'show one with its message, control characters made visible')
    .option('--raw', 'with --show: the message to the letter, into a file or a pipe only')
    .addOption(formatOption())
    .action(deadletters)
  const again = command
    .command('replay [id...]')
    .description('try them again, or those with these ids: what they announce is read now')
  identityOptions(commonOptions(again)).action(replayDeadLetters)
  examples(
    command,
    ['loglake deadletters --code unknown-notice'],
    ['loglake deadletters --show 5f3a', 'the beginning of an id is enough'],
    ['loglake deadletters replay', 'after what kept them back has been mended'],
  )
}

async function deadletters(options: ListOptions): Promise<void> {
  const opened = await openExisting(options)
  const { show, raw, all, code } = options
  if (show !== undefined)
    return await showKept(DEAD_LETTER, { id: show, raw: raw === true }, async (id) =>
      readListing(opened, deadLetters, { id }),
    )
  if (raw) throw new UserError('--raw goes with --show <id>')
  const found = await readListing(opened, deadLetters, { all, code, limit: limitOf(options.limit) })
  const format = options.format ?? opened.config.values.query.format
  await printListing(found, { format, noun: 'dead letter', none: 'no dead letters', page })
}

function page(columns: readonly string[], rows: readonly DuckDBValue[][]): string[] {
  const { bold, dim } = paint(process.stdout)
  const head = [
    bold('id'),
    bold('code'),
    bold('sent'),
    { right: bold('received') },
    bold('object or message'),
  ]
  const values = rows.map((row) => (name: string) => row[columns.indexOf(name)] ?? null)
  const body = values.map((value) => [
    visible(String(value('id'))),
    visible(String(value('code'))),
    valueText(value('sent_at')),
    { right: `${grouped(Number(value('receives')))} ×` },
    visible(String(value('lake_object') ?? value('message_id'))),
  ])
  const [title = '', ...lines] = align([head, ...body])
  return [
    title,
    ...lines.flatMap((line, at) => {
      const value = values[at] as (name: string) => DuckDBValue
      const now =
        value('replayed_at') !== null ? '; replayed' : value('in_lake') ? '; in the lake by now' : ''
      return [line, dim(`  ${visible(String(value('reason')))}${now}`)]
    }),
  ]
}

const DEAD_LETTER: KeptKind = {
  noun: 'dead letter',
  plural: 'dead letters',
  command: 'deadletters',
  facts: (columns, row) =>
    columns.slice(0, -1).map((name, at) => [name.replace('lake_', '').replaceAll('_', ' '), row[at] ?? null]),
  bytes: (row) => Buffer.from(String(row.at(-1))),
}

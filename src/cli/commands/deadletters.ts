import type { DuckDBValue } from '@duckdb/node-api'
import type { Command } from 'commander'
import { ingest } from '../../ingest/ingest.ts'
import { writing } from '../../ingest/session.ts'
import { markReplayed } from '../../ledger/dead-letters.ts'
import { UserError } from '../../lib/errors.ts'
import { grouped, visible } from '../../lib/terminal.ts'
import { valueText } from '../../query/values.ts'
import { ingestSettings } from '../../workspace/ingesting.ts'
import { limitsOf } from '../../workspace/limits.ts'
import { type CommonOptions, openExisting } from '../../workspace/open.ts'
import {
  commonOptions,
  examples,
  type FormatName,
  formatOption,
  type IdentityOptions,
  identityOf,
  identityOptions,
  wholeNumber,
} from '../options.ts'
import { answerTo } from '../show/answer.ts'
import { type KeptKind, showKept } from '../show/kept.ts'
import { align, counted } from '../show/layout.ts'
import { maxRows, printListing } from '../show/listing.ts'
import { EXIT, note, paint, print } from '../show/output.ts'

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
  const { lake, config } = await openExisting(options)
  const limits = limitsOf(config.values.query)
  if (options.show !== undefined)
    return await showKept(DEAD_LETTER, { id: options.show, raw: options.raw === true }, lake, limits)
  if (options.raw) throw new UserError('--raw goes with --show <id>')
  const found = await answerTo(
    lake,
    'deadletters',
    { everything: options.all === true, code: options.code ?? null, max: maxRows(options.limit) },
    limits,
  )
  const format = options.format ?? config.values.query.format
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
  question: 'deadletter',
  facts: (columns, row) =>
    columns.slice(0, -1).map((name, at) => [name.replace('lake_', '').replaceAll('_', ' '), row[at] ?? null]),
  bytes: (row) => Buffer.from(String(row.at(-1))),
}

async function replayDeadLetters(
  ids: string[],
  _own: CommonOptions & IdentityOptions,
  command: Command,
): Promise<void> {
  // An option that the parent command also has is parsed by the parent.
  const options = command.optsWithGlobals<CommonOptions & IdentityOptions>()
  const opened = await openExisting(options)
  const { lake, config } = opened
  const { rows } = await answerTo(lake, 'deadletters-open', {}, limitsOf(config.values.query))
  const deadLetters = rows
    .map(([id, source, message, object]) => ({
      id: String(id),
      source: String(source),
      message: String(message),
      object: object === null || object === undefined ? undefined : String(object),
    }))
    .filter(({ id }) => ids.length === 0 || ids.some((begin) => begin !== '' && id.startsWith(begin)))
  if (deadLetters.length === 0) {
    if (ids.length > 0)
      throw new UserError(
        'no dead letter that is not replayed has such an id: `loglake deadletters` lists them',
      )
    note('no dead letters to replay')
    process.exitCode = EXIT.failure
    return
  }

  const [{ awsClients }, { replay }] = await Promise.all([
    import('../../aws/clients.ts'),
    import('../../sources/replay.ts'),
  ])
  const clients = awsClients(identityOf(options))
  const { wanted: _, ...settings } = ingestSettings(opened)
  const failed = new Map<string, string>()
  let done = 0
  try {
    for (const name of new Set(deadLetters.map(({ source }) => source))) {
      const source = replay(
        name,
        deadLetters.filter((one) => one.source === name),
        clients,
      )
      await ingest(lake, source, settings)
      const replayed = source.replayed()
      await writing(lake, (writer) => markReplayed(writer, replayed.done))
      done += replayed.done.length
      for (const [id, reason] of replayed.failed) failed.set(id, reason)
    }
  } finally {
    clients.close()
  }
  for (const [id, reason] of failed) await print(`${visible(id)}  ${visible(reason)}\n`)
  await print(`${counted(done, 'dead letter')} replayed, ${grouped(failed.size)} still dead\n`)
  if (failed.size > 0) process.exitCode = EXIT.failure
}

import type { DuckDBValue } from '@duckdb/node-api'
import type { Command } from 'commander'
import { ingest } from '../../ingest/ingest.ts'
import { markReplayed } from '../../ingest/letters.ts'
import type { Lake } from '../../lake/lake.ts'
import type { EngineLimits } from '../../lib/duckdb.ts'
import { UserError } from '../../lib/errors.ts'
import { grouped, visible } from '../../lib/terminal.ts'
import { valueText } from '../../query/values.ts'
import { answerTo } from '../answer.ts'
import { ingestSettings } from '../ingesting.ts'
import { align, counted } from '../layout.ts'
import { limitsOf } from '../limits.ts'
import { mostRows, printListing } from '../listing.ts'
import { openExisting } from '../open.ts'
import {
  type CommonOptions,
  commonOptions,
  examples,
  type FormatName,
  formatOption,
  type IdentityOptions,
  identityOf,
  identityOptions,
  wholeNumber,
} from '../options.ts'
import { EXIT, note, paint, print } from '../output.ts'

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
    .option('--limit <number>', 'show so many; 0 for all', wholeNumber(0), 50)
    .option('--show <id>', 'show one with its message, control characters made visible')
    .option('--raw', 'with --show: the message to the letter, into a file or a pipe only')
    .addOption(formatOption())
    .action(deadletters)
  const again = command
    .command('replay [id...]')
    .description('try them again, or those with these ids: what they announce is read now')
  identityOptions(commonOptions(again)).action(replayLetters)
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
  if (options.show !== undefined) return await show(lake, options.show, options.raw === true, limits)
  if (options.raw) throw new UserError('--raw goes with --show <id>')
  const found = await answerTo(
    lake,
    'deadletters',
    { everything: options.all === true, code: options.code ?? null, most: mostRows(options.limit) },
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

async function show(lake: Lake, id: string, raw: boolean, limits: EngineLimits): Promise<void> {
  if (raw && process.stdout.isTTY)
    throw new UserError('--raw writes bytes that a terminal may obey: send it into a file or a pipe')
  const { columns, rows } = await answerTo(lake, 'deadletter', { id }, limits)
  const [row, another] = rows
  if (!row || id === '')
    throw new UserError(`no dead letter has the id ${visible(id)}: \`loglake deadletters\` lists them`)
  if (another && row[0] !== id)
    throw new UserError(`the ids of several dead letters begin with ${visible(id)}`)
  const message = String(row.at(-1))
  if (raw) return await print(message)
  const { dim } = paint(process.stdout)
  const facts = columns
    .slice(0, -1)
    .map((name, at) => [
      dim(name.replace('lake_', '').replaceAll('_', ' ')),
      visible(valueText(row[at] ?? null)),
    ])
  await print(`${[...align(facts), '', visible(message)].join('\n')}\n`)
}

async function replayLetters(
  ids: string[],
  _own: CommonOptions & IdentityOptions,
  command: Command,
): Promise<void> {
  // Options that the parent knows, too, are with the parent.
  const options = command.optsWithGlobals<CommonOptions & IdentityOptions>()
  const opened = await openExisting(options)
  const { lake, config } = opened
  const { rows } = await answerTo(lake, 'deadletters-open', {}, limitsOf(config.values.query))
  const letters = rows
    .map(([id, source, message, object]) => ({
      id: String(id),
      source: String(source),
      message: String(message),
      object: object === null || object === undefined ? undefined : String(object),
    }))
    .filter(({ id }) => ids.length === 0 || ids.some((begin) => begin !== '' && id.startsWith(begin)))
  if (letters.length === 0) return note('no dead letters to replay')

  const [{ awsClients }, { replay }] = await Promise.all([
    import('../../aws/clients.ts'),
    import('../../sources/replay.ts'),
  ])
  const clients = awsClients(identityOf(options))
  const { wanted: _, ...settings } = ingestSettings(opened)
  const failed = new Map<string, string>()
  let done = 0
  try {
    for (const name of new Set(letters.map(({ source }) => source))) {
      const source = replay(
        name,
        letters.filter((letter) => letter.source === name),
        clients,
      )
      await ingest(lake, source, settings)
      const replayed = source.replayed()
      await markReplayed(lake, replayed.done)
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

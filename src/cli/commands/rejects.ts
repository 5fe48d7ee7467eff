import { DuckDBBlobValue, type DuckDBValue } from '@duckdb/node-api'
import type { Command } from 'commander'
import { rejects as operation } from '../../api/operations/rejects.ts'
import type { RejectsReplayed } from '../../ingest/replay-rejects.ts'
import { UserError } from '../../lib/errors.ts'
import { grouped, progressLine, visible } from '../../lib/terminal.ts'
import { type CommonOptions, type Opened, openExisting } from '../../workspace/open.ts'
import { replayIn } from '../../workspace/replaying.ts'
import { commonOptions, examples, type FormatName, formatOption, wholeNumber } from '../options.ts'
import { readListing } from '../reading.ts'
import { type KeptKind, showKept } from '../show/kept.ts'
import { align, counted } from '../show/layout.ts'
import { limitOf, printListing } from '../show/listing.ts'
import { EXIT, note, paint, print } from '../show/output.ts'

interface RejectsOptions extends CommonOptions {
  code?: string
  object?: string
  limit: number
  show?: string
  raw?: boolean
  format?: FormatName
}

interface ReplayOptions extends CommonOptions {
  code?: string
  object?: string
  dryRun?: boolean
  json?: boolean
}

export function define(command: Command): void {
  command.helpCommand(false)
  commonOptions(command)
    .option('--code <code>', 'only these, as in malformed-json')
    .option('--object <pattern>', 'only from objects whose name is like this; % stands for anything')
    .option('--limit <number>', 'rows to show; 0 for all', wholeNumber(0), 50)
    .option('--show <id>', 'show one with its bytes, control characters made visible')
    .option('--raw', 'with --show: its bytes to the letter, into a file or a pipe only')
    .addOption(formatOption())
    .action(rejects)
  const again = command
    .command('replay [id...]')
    .description(
      'read the bytes of all rejects again, or of those with these ids: what can be stored now is moved out of the rejects',
    )
  commonOptions(again)
    .option('--code <code>', 'only these, as in unknown-log-type')
    .option('--object <name>', 'only those of this object')
    .option('--dry-run', 'tell what would be moved, and change nothing')
    .option('--json', 'print what was done as JSON')
    .action(replay)
  examples(
    again,
    ['loglake rejects replay --code unknown-log-type', 'after a log type was added, or loglake was upgraded'],
    ['loglake rejects replay 5f3a --dry-run', 'the beginning of an id is enough'],
    ['loglake rejects replay --object s3://example-logs/AWSLogs/app.json'],
  )
  examples(
    command,
    ['loglake rejects --code malformed-json'],
    ['loglake rejects --show 5f3a', 'the beginning of an id is enough'],
    ['loglake rejects --show 5f3a --raw > record.json'],
    ['loglake rejects --code conflict', 'records with the id and time of another and other content'],
    ['loglake rejects replay --code unknown-log-type', 'after a log type was added'],
  )
}

async function rejects(options: RejectsOptions): Promise<void> {
  const opened = await openExisting(options)
  const { show, raw, code, object: like } = options
  if (show !== undefined)
    return await showKept(REJECT, { id: show, raw: raw === true }, async (id) =>
      readListing(opened, operation, { id }),
    )
  if (raw) throw new UserError('--raw goes with --show <id>')
  const found = await readListing(opened, operation, { code, like, limit: limitOf(options.limit) })
  const format = options.format ?? opened.config.values.query.format
  await printListing(found, { format, noun: 'reject', none: 'nothing was rejected', page })
}

function page(_columns: readonly string[], rows: readonly DuckDBValue[][]): string[] {
  const { bold, dim } = paint(process.stdout)
  const head = [bold('id'), bold('code'), { right: bold('record') }, { right: bold('byte') }, bold('object')]
  const body = rows.map(([id, code, , object, position, offset]) => [
    visible(String(id)),
    visible(String(code)),
    { right: position === null ? '-' : grouped(Number(position)) },
    { right: offset === null ? '-' : grouped(Number(offset)) },
    visible(String(object)),
  ])
  const [title = '', ...lines] = align([head, ...body])
  return [title, ...lines.flatMap((line, at) => [line, dim(`  ${visible(String(rows[at]?.[2]))}`)])]
}

const REJECT: KeptKind = {
  noun: 'reject',
  plural: 'rejects',
  command: 'rejects',
  facts(_, row) {
    const [id, code, reason, object, position, offset, , version, time] = row.map((value) => value ?? null)
    const place = `record ${grouped(Number(position))}, at byte ${grouped(Number(offset))} of the records`
    return [
      ['id', id],
      ['code', code],
      ['reason', reason],
      ['object', object],
      ['version', version],
      ...(position === null ? [] : [['place', place] as [string, string]]),
      ['read', time],
      ['bytes', grouped(REJECT.bytes(row).length)],
    ] as [string, DuckDBValue][]
  },
  bytes: ([, , , , , , blob]) => (blob instanceof DuckDBBlobValue ? blob.bytes : new Uint8Array()),
}

async function replay(ids: string[], _own: CommonOptions, command: Command): Promise<void> {
  // An option that the parent command also has is parsed by the parent.
  const options = command.optsWithGlobals<ReplayOptions>()
  const opened = await openExisting(options)
  if (ids.includes('')) throw new UserError('an id is empty: `loglake rejects` lists them')
  const line = process.stderr.isTTY ? progressLine(process.stderr) : undefined
  const done = await replayIn(
    opened,
    { ids, code: options.code, object: options.object },
    {
      dryRun: options.dryRun === true,
      onReplay: (tried) => line?.show(`${grouped(tried)} rejects read again`),
    },
  ).finally(() => line?.clear())
  if (done.tried === 0 && ids.length > 0) throw await noneOf(ids, opened)
  if (options.json) await print(`${JSON.stringify(done, null, 2)}\n`)
  else await print(`${replayText(done, options.dryRun === true)}\n`)
  if (done.tried === 0) {
    note('no rejects to read again')
    process.exitCode = EXIT.failure
  }
}

/** That no reject has one of the ids, and what there is. */
async function noneOf(ids: readonly string[], opened: Opened): Promise<UserError> {
  const { rows } = await readListing(opened, operation, { limit: 1 })
  const total = Number(rows[0]?.at(-1) ?? 0)
  const there = total === 1 ? 'there is 1 reject, which' : `there are ${counted(total, 'reject')}, which`
  const all = total === 0 ? 'there are no rejects' : `${there} \`loglake rejects\` shows`
  const named = ids.map(visible).join(' or ')
  return new UserError(`no reject that can be read again has an id that begins with ${named}: ${all}`)
}

function replayText(
  { tried, replayed, left, stored, repeated, skipped, conflicts, version }: RejectsReplayed,
  dryRun: boolean,
): string {
  if (dryRun)
    return `${counted(tried, 'reject')} read again: ${grouped(replayed)} would be moved out of the rejects, ${grouped(left)} would stay. Nothing changed.`
  const came = `${grouped(stored)} stored, ${grouped(repeated)} repeated, ${grouped(skipped)} skipped, ${grouped(conflicts)} in conflict`
  return `${counted(replayed, 'reject')} replayed (records: ${came}), ${grouped(left)} left. The lake is at version ${version}.`
}

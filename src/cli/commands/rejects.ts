import { isUtf8 } from 'node:buffer'
import { DuckDBBlobValue, type DuckDBValue } from '@duckdb/node-api'
import type { Command } from 'commander'
import type { Lake } from '../../lake/lake.ts'
import type { EngineLimits } from '../../lib/duckdb.ts'
import { UserError } from '../../lib/errors.ts'
import { grouped, visible } from '../../lib/terminal.ts'
import { valueText } from '../../query/values.ts'
import { answerTo } from '../answer.ts'
import { align } from '../layout.ts'
import { limitsOf } from '../limits.ts'
import { mostRows, printListing } from '../listing.ts'
import { openExisting } from '../open.ts'
import {
  type CommonOptions,
  commonOptions,
  examples,
  type FormatName,
  formatOption,
  wholeNumber,
} from '../options.ts'
import { paint, print } from '../output.ts'

interface RejectsOptions extends CommonOptions {
  code?: string
  object?: string
  limit: number
  show?: string
  raw?: boolean
  format?: FormatName
}

export function define(command: Command): void {
  commonOptions(command)
    .option('--code <code>', 'only these, as in malformed-json')
    .option('--object <pattern>', 'only from objects whose name is like this; % stands for anything')
    .option('--limit <number>', 'show so many; 0 for all', wholeNumber(0), 50)
    .option('--show <id>', 'show one with its bytes, control characters made visible')
    .option('--raw', 'with --show: its bytes to the letter, into a file or a pipe only')
    .addOption(formatOption())
    .action(rejects)
  examples(
    command,
    ['loglake rejects --code malformed-json'],
    ['loglake rejects --show 5f3a', 'the beginning of an id is enough'],
    ['loglake rejects --show 5f3a --raw > record.json'],
  )
}

async function rejects(options: RejectsOptions): Promise<void> {
  const { lake, config } = await openExisting(options)
  const limits = limitsOf(config.values.query)
  if (options.show !== undefined) return await show(lake, options.show, options.raw === true, limits)
  if (options.raw) throw new UserError('--raw goes with --show <id>')
  const found = await answerTo(
    lake,
    'rejects',
    { code: options.code ?? null, pattern: options.object ?? null, most: mostRows(options.limit) },
    limits,
  )
  const format = options.format ?? config.values.query.format
  await printListing(found, { format, noun: 'reject', none: 'nothing was rejected', page })
}

function page(_columns: readonly string[], rows: readonly DuckDBValue[][]): string[] {
  const { bold, dim } = paint(process.stdout)
  const head = [bold('id'), bold('code'), { right: bold('record') }, { right: bold('byte') }, bold('object')]
  const body = rows.map(([id, code, , object, position, offset]) => [
    visible(String(id)),
    visible(String(code)),
    { right: grouped(Number(position)) },
    { right: grouped(Number(offset)) },
    visible(String(object)),
  ])
  const [title = '', ...lines] = align([head, ...body])
  return [title, ...lines.flatMap((line, at) => [line, dim(`  ${visible(String(rows[at]?.[2]))}`)])]
}

async function show(lake: Lake, id: string, raw: boolean, limits: EngineLimits): Promise<void> {
  if (raw && process.stdout.isTTY)
    throw new UserError('--raw writes bytes that a terminal may obey: send it into a file or a pipe')
  const { rows } = await answerTo(lake, 'reject', { id }, limits)
  const [row, another] = rows
  if (!row || id === '')
    throw new UserError(`no reject has the id ${visible(id)}: \`loglake rejects\` lists them`)
  if (another && row[0] !== id) throw new UserError(`the ids of several rejects begin with ${visible(id)}`)
  const [full, code, reason, object, position, offset, blob, version, time] = row
  const bytes = blob instanceof DuckDBBlobValue ? blob.bytes : new Uint8Array()
  if (raw) {
    process.stdout.write(bytes)
    return
  }
  const { dim } = paint(process.stdout)
  const facts = [
    ['id', full],
    ['code', code],
    ['reason', reason],
    ['object', object],
    ['version', version],
    ['place', `record ${grouped(Number(position))}, at byte ${grouped(Number(offset))} of the records`],
    ['read', time],
    ['bytes', grouped(bytes.length)],
  ] as const
  const lines = align(facts.map(([name, value]) => [dim(name), visible(valueText(value ?? null))]))
  await print(`${[...lines, '', ...shownBytes(bytes)].join('\n')}\n`)
}

const SHOWN_TEXT = 16_384
const SHOWN_BYTES = 512

/** Text as text; what is none as a person reads bytes: sixteen to a line. */
function shownBytes(bytes: Uint8Array): string[] {
  const { dim } = paint(process.stdout)
  const text = isUtf8(bytes)
  const most = text ? SHOWN_TEXT : SHOWN_BYTES
  const part = Buffer.from(bytes.subarray(0, most))
  const rest =
    bytes.length > most ? [dim(`… ${grouped(bytes.length - most)} more bytes: --raw gives all`)] : []
  if (text) return [visible(part.toString('utf8')), ...rest]
  const lines: string[] = []
  for (let at = 0; at < part.length; at += 16) {
    const line = part.subarray(at, at + 16)
    const hex = line.toString('hex').replace(/../g, '$& ')
    const seen = line.toString('latin1').replace(/[^\x20-\x7e]/g, '.')
    lines.push(`${at.toString(16).padStart(6, '0')}  ${hex.padEnd(48)} ${seen}`)
  }
  return [...lines, ...rest]
}

import { isUtf8 } from 'node:buffer'
import type { DuckDBValue } from '@duckdb/node-api'
import { UserError } from '../../lib/errors.ts'
import { grouped, visible } from '../../lib/terminal.ts'
import { valueText } from '../../query/values.ts'
import { align } from './layout.ts'
import { paint, print } from './output.ts'

/** A kind of thing that the lake keeps whole because it could not be stored: a reject, a dead letter. */
export interface KeptKind {
  noun: string
  plural: string
  /** The command that lists them. */
  command: string
  /** The facts of a row, shown above its bytes. */
  facts(
    columns: readonly string[],
    row: readonly DuckDBValue[],
  ): readonly [name: string, value: DuckDBValue][]
  bytes(row: readonly DuckDBValue[]): Uint8Array
}

/** The first column is the id. */
interface Found {
  columns: readonly string[]
  rows: readonly (readonly DuckDBValue[])[]
}

export interface WhichKept {
  /** An id, or the start of one. */
  id: string
  /** The exact bytes, and nothing else. */
  raw: boolean
}

/**
 * Prints one of them with visible control characters, or writes its bytes.
 *
 * @param find those whose id begins so
 * @throws UserError when there is none, or more than one, or raw bytes would go to a terminal
 */
export async function showKept(
  kind: KeptKind,
  { id, raw }: WhichKept,
  find: (id: string) => Promise<Found>,
): Promise<void> {
  if (raw && process.stdout.isTTY)
    throw new UserError('--raw writes bytes that a terminal may obey: send it into a file or a pipe')
  const { columns, rows } = await find(id)
  const [row, another] = rows
  if (!row || id === '')
    throw new UserError(`no ${kind.noun} has the id ${visible(id)}: \`loglake ${kind.command}\` lists them`)
  if (another && row[0] !== id)
    throw new UserError(`the ids of several ${kind.plural} begin with ${visible(id)}`)
  const bytes = kind.bytes(row)
  if (raw) {
    process.stdout.write(bytes)
    return
  }
  const { dim } = paint(process.stdout)
  const facts = kind.facts(columns, row).map(([name, value]) => [dim(name), visible(valueText(value))])
  await print(`${[...align(facts), '', ...shownBytes(bytes)].join('\n')}\n`)
}

const SHOWN_TEXT = 16_384
const SHOWN_BYTES = 512

/** Text as text; other bytes as a hex dump, sixteen to a line. */
function shownBytes(bytes: Uint8Array): string[] {
  const { dim } = paint(process.stdout)
  const text = isUtf8(bytes)
  const max = text ? SHOWN_TEXT : SHOWN_BYTES
  const part = Buffer.from(bytes.subarray(0, max))
  const rest = bytes.length > max ? [dim(`… ${grouped(bytes.length - max)} more bytes: --raw gives all`)] : []
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

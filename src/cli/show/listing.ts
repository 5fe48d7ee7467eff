import type { DuckDBValue } from '@duckdb/node-api'
import { grouped } from '../../lib/terminal.ts'
import type { FormatName } from '../../query/format-names.ts'
import { printAnswer, stream } from './answer.ts'
import { counted } from './layout.ts'
import { note, print } from './output.ts'

/** The first rows of a list; the last column of its query is the total. */
interface Listing {
  columns: readonly string[]
  rows: readonly DuckDBValue[][]
}

interface HowToPrint {
  format: FormatName
  /** The noun for one of them. */
  noun: string
  /** The text for an empty list. */
  none: string
  /** How many more there are that a suppression hides. */
  hidden?: number
  /** Its lines for a person. */
  page(columns: readonly string[], rows: readonly DuckDBValue[][]): string[]
}

/** Prints a list: for a person a page with the total, for a program the rows. */
export async function printListing(
  { columns, rows }: Listing,
  { format, noun, none, hidden = 0, page }: HowToPrint,
): Promise<void> {
  if (format !== 'table') {
    const shown = rows.map((row) => row.slice(0, -1))
    return await printAnswer(format, columns.slice(0, -1), stream(shown))
  }
  const total = Number(rows[0]?.at(-1) ?? 0)
  const more =
    hidden === 0
      ? ''
      : `${grouped(hidden)} hidden by suppressions: --hidden shows ${hidden === 1 ? 'it' : 'them'}`
  if (total === 0) return note(more === '' ? none : `none, ${more}`)
  const sum = shownOf(rows.length, total, noun)
  await print(`${page(columns, rows).join('\n')}\n${more === '' ? sum : `${sum}, ${more}`}\n`)
}

/** A limit as operations have it: 0 is none. */
export function limitOf(limit: number): number | undefined {
  return limit === 0 ? undefined : limit
}

/** A limit as SQL has it: 0 is none. */
export function maxRows(limit: number): bigint {
  return limit === 0 ? 2n ** 62n : BigInt(limit)
}

/** `50 of 227 objects: --limit 0 shows all` */
function shownOf(shown: number, total: number, noun: string): string {
  if (shown === total) return counted(total, noun)
  return `${grouped(shown)} of ${counted(total, noun)}: --limit 0 shows all`
}

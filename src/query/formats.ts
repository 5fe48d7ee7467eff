import type { DuckDBValue } from '@duckdb/node-api'
import { counted, grouped, visible } from '../lib/terminal.ts'
import type { FormatName } from './format-names.ts'
import { layOut } from './table-layout.ts'
import { cellText, jsonText, plainValue, valueText } from './values.ts'

/** The output that an answer is written for. */
export interface Paper {
  /** Columns of the terminal; Infinity for a file or a pipe. */
  width: number
  /** The question selects all columns (`select *`): columns without any value are omitted, with a note. */
  everything?: boolean
  /** CSV for a spreadsheet: a text that it would run as a formula gets a `'` before it. */
  spreadsheet?: boolean
}

/**
 * Writes an answer as text, piece by piece, so that memory never holds a large one whole (except `table`,
 * which is cut).
 */
export type Format = (
  columns: readonly string[],
  rows: AsyncIterable<DuckDBValue[]>,
  paper: Paper,
) => AsyncGenerator<string>

/** The writer of each format. */
export const formats: Readonly<Record<FormatName, Format>> = { table, line, json, ndjson, csv, markdown }

/** A table for the terminal shows at most this many rows. */
const SHOWN_ROWS = 1000

/**
 * Aligned columns; one value a line where the columns do not fit into the terminal without cutting times, ids
 * or numbers.
 */
async function* table(
  columns: readonly string[],
  rows: AsyncIterable<DuckDBValue[]>,
  paper: Paper,
): AsyncGenerator<string> {
  const shown: DuckDBValue[][] = []
  let total = 0
  for await (const row of rows) if (++total <= SHOWN_ROWS) shown.push(row)
  const { kept, omitted } = withValues(columns, shown, paper)
  const names = kept.map((at) => visible(columns[at] as string))
  const lines = layOut(
    names,
    shown.map((row) => kept.map((at) => row[at] ?? null)),
    paper.width,
  )
  if (lines) for (const text of lines) yield `${text}\n`
  else for (const [at, row] of shown.entries()) yield block(names, kept, row, at)
  if (total > SHOWN_ROWS)
    yield `… ${counted(total - SHOWN_ROWS, 'more row')}: --format ndjson or csv gives all\n`
  yield `${counted(total, 'row')}${noteOf(omitted)}\n`
}

/** One value a line, nothing cut: for rows of many columns. */
async function* line(
  columns: readonly string[],
  rows: AsyncIterable<DuckDBValue[]>,
  { everything = false }: Paper,
): AsyncGenerator<string> {
  const names = columns.map(visible)
  const all = columns.map((_, at) => at)
  let total = 0
  let omitted = false
  for await (const row of rows) {
    const kept = everything ? all.filter((at) => row[at] !== null) : all
    omitted ||= kept.length < all.length
    yield block(names, all, row, total++, kept)
  }
  yield `${counted(total, 'row')}${omitted ? ', columns without a value are left out' : ''}\n`
}

/** One row: its number, then each column's name and value. */
function block(
  names: readonly string[],
  at: readonly number[],
  row: readonly DuckDBValue[],
  number: number,
  kept: readonly number[] = at,
): string {
  const wide = Math.max(
    0,
    ...names.map((name, index) => (kept.includes(at[index] as number) ? name.length : 0)),
  )
  const lines = names.flatMap((name, index) => {
    const column = at[index] as number
    if (!kept.includes(column)) return []
    return [`${name.padEnd(wide)}  ${cellText(row[column] ?? null)}`.trimEnd()]
  })
  return `${[`── row ${grouped(number + 1)} ${'─'.repeat(Math.max(2, wide - 6))}`, ...lines].join('\n')}\n\n`
}

/** The columns to show: all, or with `select *` those that have a value. */
function withValues(
  columns: readonly string[],
  rows: readonly DuckDBValue[][],
  { everything = false }: Paper,
): { kept: number[]; omitted: number } {
  const all = columns.map((_, at) => at)
  if (!everything || rows.length === 0) return { kept: all, omitted: 0 }
  const kept = all.filter((at) => rows.some((row) => row[at] !== null))
  if (kept.length === 0) return { kept: all, omitted: 0 }
  return { kept, omitted: all.length - kept.length }
}

function noteOf(omitted: number): string {
  if (omitted === 0) return ''
  return `, ${counted(omitted, 'column')} ${omitted === 1 ? 'has' : 'have'} no value in any of them and ${omitted === 1 ? 'is' : 'are'} left out`
}

async function* ndjson(
  columns: readonly string[],
  rows: AsyncIterable<DuckDBValue[]>,
): AsyncGenerator<string> {
  for await (const row of rows) yield `${jsonText(rowObject(columns, row))}\n`
}

async function* json(columns: readonly string[], rows: AsyncIterable<DuckDBValue[]>): AsyncGenerator<string> {
  let before = '[\n'
  for await (const row of rows) {
    yield `${before}${jsonText(rowObject(columns, row))}`
    before = ',\n'
  }
  yield before === '[\n' ? '[]\n' : '\n]\n'
}

function rowObject(columns: readonly string[], row: DuckDBValue[]) {
  return Object.fromEntries(columns.map((name, index) => [name, plainValue(row[index] ?? null)]))
}

/** RFC 4180. NULL is an empty field, an empty text is `""`, as PostgreSQL's COPY writes them. */
async function* csv(
  columns: readonly string[],
  rows: AsyncIterable<DuckDBValue[]>,
  { spreadsheet = false }: Paper,
): AsyncGenerator<string> {
  const cell = (value: DuckDBValue) => {
    if (value === '') return '""'
    let text = valueText(value)
    if (spreadsheet && typeof value === 'string' && /^[=+\-@\t\r]/.test(text)) text = `'${text}`
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  yield `${columns.map(cell).join(',')}\r\n`
  for await (const row of rows) yield `${row.map(cell).join(',')}\r\n`
}

async function* markdown(
  columns: readonly string[],
  rows: AsyncIterable<DuckDBValue[]>,
): AsyncGenerator<string> {
  const cell = (text: string) => text.replace(/[\\`*_{}[\]<>|#~&!]/g, (character) => `\\${character}`)
  yield `| ${columns.map((name) => cell(visible(name))).join(' | ')} |\n|${columns.map(() => ' --- ').join('|')}|\n`
  for await (const row of rows) yield `| ${row.map((value) => cell(cellText(value))).join(' | ')} |\n`
}

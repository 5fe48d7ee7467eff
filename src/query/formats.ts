import type { DuckDBValue } from '@duckdb/node-api'
import { clip, grouped, textWidth, visible } from '../lib/terminal.ts'
import { plainValue, valueText } from './values.ts'

/** An answer as text, piece by piece, so that a large one is never held whole (but for `table`, which is cut). */
export type Format = (
  columns: readonly string[],
  rows: AsyncIterable<DuckDBValue[]>,
  width: number,
) => AsyncGenerator<string>

/** How an answer can be written. */
export const formats: Record<FormatName, Format> = { table, json, ndjson, csv, markdown }
export const formatNames = ['table', 'json', 'ndjson', 'csv', 'markdown'] as const
export type FormatName = (typeof formatNames)[number]

/** A table for reading shows so many rows, and so many characters of a value. */
const SHOWN_ROWS = 1000
const WIDEST = 80

async function* table(
  columns: readonly string[],
  rows: AsyncIterable<DuckDBValue[]>,
  width: number,
): AsyncGenerator<string> {
  const shown: string[][] = []
  const numeric = columns.map(() => true)
  let total = 0
  for await (const row of rows) {
    if (++total > SHOWN_ROWS) continue
    for (const [index, value] of row.entries()) {
      if (value !== null && typeof value !== 'number' && typeof value !== 'bigint') numeric[index] = false
    }
    shown.push(row.map((value) => visible(valueText(value))))
  }
  // Names come from SQL, which may come from somebody else.
  const names = columns.map(visible)
  const widths = fitWidths(
    names.map((name, index) =>
      Math.max(textWidth(name), ...shown.map((row) => Math.min(WIDEST, textWidth(row[index] ?? '')))),
    ),
    width,
  )
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => {
        const text = clip(cell, widths[index] ?? WIDEST)
        const space = ' '.repeat(Math.max(0, (widths[index] ?? 0) - textWidth(text)))
        return numeric[index] && total > 0 ? space + text : text + space
      })
      .join('  ')
      .trimEnd()
  yield `${line(names)}\n${widths.map((size) => '─'.repeat(size)).join('  ')}\n`
  for (const row of shown) yield `${line(row)}\n`
  if (total > SHOWN_ROWS)
    yield `… ${grouped(total - SHOWN_ROWS)} more rows: --format ndjson or csv gives all\n`
  yield `${grouped(total)} row${total === 1 ? '' : 's'}\n`
}

/** Narrows the widest columns until all fit into the terminal; none gets narrower than its share. */
function fitWidths(widths: number[], total: number): number[] {
  const least = 8
  const narrowed = [...widths]
  for (;;) {
    const over = narrowed.reduce((sum, size) => sum + size + 2, -2) - total
    const widest = Math.max(...narrowed)
    if (over <= 0 || widest <= least) return narrowed
    const index = narrowed.indexOf(widest)
    narrowed[index] = Math.max(least, widest - over, Math.floor(widest * 0.7))
  }
}

async function* ndjson(
  columns: readonly string[],
  rows: AsyncIterable<DuckDBValue[]>,
): AsyncGenerator<string> {
  for await (const row of rows) yield `${JSON.stringify(rowObject(columns, row))}\n`
}

async function* json(columns: readonly string[], rows: AsyncIterable<DuckDBValue[]>): AsyncGenerator<string> {
  let before = '[\n'
  for await (const row of rows) {
    yield `${before}${JSON.stringify(rowObject(columns, row))}`
    before = ',\n'
  }
  yield before === '[\n' ? '[]\n' : '\n]\n'
}

function rowObject(columns: readonly string[], row: DuckDBValue[]) {
  return Object.fromEntries(columns.map((name, index) => [name, plainValue(row[index] ?? null)]))
}

/** RFC 4180. A text that a spreadsheet would take for a formula gets a `'` before it. */
async function* csv(columns: readonly string[], rows: AsyncIterable<DuckDBValue[]>): AsyncGenerator<string> {
  const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const harmless = (value: DuckDBValue) => {
    const text = valueText(value)
    return typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  }
  yield `${columns.map((name) => cell(harmless(name))).join(',')}\r\n`
  for await (const row of rows) yield `${row.map((value) => cell(harmless(value))).join(',')}\r\n`
}

async function* markdown(
  columns: readonly string[],
  rows: AsyncIterable<DuckDBValue[]>,
): AsyncGenerator<string> {
  const cell = (text: string) =>
    visible(text).replace(/[\\`*_{}[\]<>|#~&!]/g, (character) => `\\${character}`)
  yield `| ${columns.map(cell).join(' | ')} |\n|${columns.map(() => ' --- ').join('|')}|\n`
  for await (const row of rows) yield `| ${row.map((value) => cell(valueText(value))).join(' | ')} |\n`
}

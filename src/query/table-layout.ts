import type { DuckDBValue } from '@duckdb/node-api'
import { clip, textWidth } from '../lib/terminal.ts'
import { cellText } from './values.ts'

/** Width in characters at which prose and JSON are cut; on a narrow terminal, down to `LEAST`. */
const WIDEST = 80
const LEAST = 16

/** Longest text without white space that is never cut: an id, a name or an ARN is useless when cut. */
const LONGEST_ID = 128

interface Column {
  name: string
  cells: string[]
  numeric: boolean
  /** The preferred width, and the minimum. */
  wanted: number
  least: number
}

/**
 * Rows as aligned lines, below a head. Only prose and JSON are cut, with `…`; times, ids and numbers never
 * are.
 *
 * @param width columns of the terminal
 * @returns undefined when the columns do not fit
 */
export function layOut(
  names: readonly string[],
  rows: readonly DuckDBValue[][],
  width: number,
): string[] | undefined {
  const columns = names.map((name, at) =>
    columnOf(
      name,
      rows.map((row) => row[at] ?? null),
    ),
  )
  const widths = widthsFor(columns, width)
  if (!widths) return undefined
  const line = (cells: readonly string[], right: (at: number) => boolean) =>
    cells
      .map((cell, at) => {
        const text = clip(cell, widths[at] as number)
        const space = ' '.repeat(Math.max(0, (widths[at] as number) - textWidth(text)))
        return right(at) ? space + text : text + space
      })
      .join('  ')
      .trimEnd()
  const numeric = (at: number) => columns[at]?.numeric === true
  const head = [line(names, numeric), widths.map((size) => '─'.repeat(size)).join('  ')]
  const texts = (at: number) => columns.map(({ cells }) => cells[at] as string)
  return [...head, ...rows.map((_, at) => line(texts(at), numeric))]
}

function columnOf(name: string, values: readonly DuckDBValue[]): Column {
  const cells = values.map(cellText)
  const present = values.filter((value) => value !== null)
  const numeric =
    present.length > 0 && present.every((value) => typeof value === 'number' || typeof value === 'bigint')
  const longest = Math.max(textWidth(name), ...cells.map(textWidth))
  const whole = present.every((value, at) => isWhole(value, cells[at] as string))
  const wanted = whole ? longest : Math.min(longest, Math.max(WIDEST, textWidth(name)))
  return { name, cells, numeric, wanted, least: whole ? longest : Math.min(wanted, LEAST) }
}

/** Whether a value is useless when cut: a number, a time, an id. */
function isWhole(value: DuckDBValue, text: string): boolean {
  if (typeof value !== 'string') return typeof value !== 'object' || text.length <= 40
  return !/[\s{["<]/.test(value) && value.length <= LONGEST_ID
}

/** Narrows the widest columns that may be cut until all fit. */
function widthsFor(columns: readonly Column[], width: number): number[] | undefined {
  const gaps = 2 * (columns.length - 1)
  const least = columns.reduce((sum, column) => sum + column.least, gaps)
  if (least > width) return undefined
  const widths = columns.map(({ wanted }) => wanted)
  for (;;) {
    const over = widths.reduce((sum, size) => sum + size, gaps) - width
    if (over <= 0) return widths
    let widest = -1
    for (const [at, size] of widths.entries()) {
      const room = size - (columns[at] as Column).least
      if (room > 0 && (widest < 0 || size > (widths[widest] as number))) widest = at
    }
    const size = widths[widest] as number
    widths[widest] = Math.max((columns[widest] as Column).least, size - over, Math.floor(size * 0.7))
  }
}

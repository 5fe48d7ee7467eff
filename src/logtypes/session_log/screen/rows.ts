import { textWidth } from '../../../lib/terminal.ts'

/**
 * One row of a screen. While text is only added at its end, the row is that text; once a program moves back
 * in it, the row is cells: one character each, with its combining marks; '' after a character that takes two
 * cells.
 */
export interface Row {
  text: string
  cells: string[] | undefined
  /** Continues in the next row: the line was longer than the screen is wide. */
  wrapped: boolean
  /** It was overwritten, so blanks at its end are not part of the text. */
  edited: boolean
  /** It exists only because a row below it was written. */
  idle: boolean
  /** Rows above this one are unknown. */
  ceiling: boolean
  /** Text seen on alternate screens before and after this row. */
  before: string[] | undefined
  after: string[] | undefined
}

/** A marker of what was seen on an alternate screen stands on lines of its own. */
export function linesOf(rows: readonly Row[]): string {
  let text = ''
  for (const [index, row] of rows.entries()) {
    for (const block of row.before ?? []) text += `${block}\n`
    text += textOf(row)
    for (const block of row.after ?? []) text += `\n${block}`
    if (index < rows.length - 1 && (!row.wrapped || row.after !== undefined)) text += '\n'
  }
  return text
}

export function newRow(idle = false): Row {
  return {
    text: '',
    cells: undefined,
    wrapped: false,
    edited: false,
    idle,
    ceiling: false,
    before: undefined,
    after: undefined,
  }
}

export const TAB_WIDTH = 8

/** Text in which every UTF-16 unit is one character in one cell. */
const SIMPLE = /^[ -~\u00a0-\u00ac\u00ae-\u02ff]*$/

export function isSimple(text: string): boolean {
  return SIMPLE.test(text)
}

/** 0 for combining marks, 2 for wide characters. */
export function cellsOf(character: string): number {
  if (character === '\u200d' || character === '\u200c') return 0
  return textWidth(character)
}

export function lengthOf(row: Row): number {
  return row.cells === undefined ? row.text.length : row.cells.length
}

/** Whether the row can be dropped without losing text. */
export function isEmpty(row: Row | undefined): boolean {
  if (row === undefined || row.before !== undefined || row.after !== undefined) return false
  return textOf(row).trim() === ''
}

export function textOf(row: Row): string {
  const text = row.cells === undefined ? row.text : row.cells.join('')
  if (!row.edited || row.wrapped) return text
  let end = text.length
  while (text[end - 1] === ' ') end--
  return text.slice(0, end)
}

/** The row's cells, for changes. */
export function cellsFor(row: Row): string[] {
  if (row.cells === undefined) {
    row.cells = row.text.split('')
    row.text = ''
  }
  return row.cells
}

/** Clears the cells from `start` to before `end`: characters that extend into them become blanks. */
export function free(cells: string[], start: number, end: number): void {
  if (cells[start] === '') {
    let owner = start
    while (owner > 0 && cells[owner] === '') owner--
    for (let at = owner; at < start; at++) cells[at] = ' '
  }
  for (let at = start; at < end; at++) cells[at] = ' '
  for (let at = end; cells[at] === ''; at++) cells[at] = ' '
}

/** Inserts blank cells before a column; cells pushed over the edge are lost. */
export function insertBlanks(row: Row, column: number, count: number, width: number): void {
  const cells = cellsFor(row)
  row.edited = true
  free(cells, column, column)
  cells.splice(column, 0, ...Array<string>(count).fill(' '))
  if (cells.length <= width) return
  free(cells, width, width)
  cells.length = width
}

/** Deletes cells; the cells after them move up. */
export function deleteCells(row: Row, column: number, count: number): void {
  const end = Math.min(lengthOf(row), column + count)
  if (column >= end) return
  const cells = cellsFor(row)
  row.edited = true
  free(cells, column, end)
  cells.splice(column, end - column)
}

/** Blanks the cells from `start` to before `end`. */
export function eraseCells(row: Row, start: number, end: number): void {
  if (start >= lengthOf(row)) return
  const cells = cellsFor(row)
  row.edited = true
  free(cells, start, Math.min(end, cells.length))
  if (end >= cells.length) cells.length = start
}

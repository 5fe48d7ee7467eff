import {
  cellsFor,
  cellsOf,
  eraseCells,
  free,
  insertBlanks,
  isEmpty,
  isSimple,
  lengthOf,
  linesOf,
  newRow,
  type Row,
  TAB_WIDTH,
} from './rows.ts'
import { dropIdle, scrollDown, scrollUp } from './scroll.ts'
import { type Grid, width } from './state.ts'

/** Columns that a cursor can move to the right where the width is unknown. */
export const FAR_RIGHT = 512
/** Rows above everything that can still change, after which rows are converted to text. */
const SETTLED = 1024

/** The cursor's row, created if it does not exist yet. */
export function rowAt(grid: Grid): Row {
  const { rows } = grid
  while (rows.length <= grid.row) {
    if (grid.blanks.left-- <= 0) grid.row = rows.length
    rows.push(newRow(true))
  }
  const row = rows[grid.row] as Row
  row.idle = false
  return row
}

export function write(grid: Grid, text: string): void {
  const row = rowAt(grid)
  const end = grid.column + text.length
  if (row.cells === undefined && grid.column === row.text.length && end <= width(grid) && isSimple(text)) {
    row.text += text
    grid.column = end
    return
  }
  for (const character of text) writeOne(grid, character)
}

function writeOne(grid: Grid, character: string): void {
  const taken = cellsOf(character)
  let row = rowAt(grid)
  if (taken === 0 && grid.column > 0 && grid.column <= lengthOf(row)) {
    const cells = cellsFor(row)
    let owner = grid.column - 1
    while (owner > 0 && cells[owner] === '') owner--
    cells[owner] += character
    return
  }
  const needed = Math.max(1, taken)
  if (grid.column + needed > width(grid)) {
    if (grid.wraps) {
      eraseCells(row, grid.column, width(grid))
      row.wrapped = true
      nextRow(grid)
      grid.column = 0
      row = rowAt(grid)
    } else if (needed === 2) return
    else grid.column = width(grid) - 1
  }
  const cells = pad(grid, row)
  if (grid.inserts && grid.column < cells.length) insertCells(grid, grid.column, needed)
  if (grid.column < cells.length) {
    row.edited = true
    free(cells, grid.column, Math.min(cells.length, grid.column + needed))
  }
  cells[grid.column] = character
  if (needed === 2) cells[grid.column + 1] = ''
  grid.column += needed
}

/** The cells of a row, extended to the cursor. */
function pad(grid: Grid, row: Row): string[] {
  const cells = cellsFor(row)
  if (cells.length < grid.column) {
    row.edited = true
    if (grid.blanks.left <= 0) grid.column = cells.length
    grid.blanks.left -= grid.column - cells.length
    while (cells.length < grid.column) cells.push(' ')
  }
  return cells
}

/** Inserts blank cells in the cursor's row; cells pushed over the edge are lost. */
export function insertCells(grid: Grid, column: number, count: number): void {
  const row = rowAt(grid)
  if (column >= lengthOf(row) || grid.blanks.left <= 0) return
  const blanks = Math.min(count, width(grid) - column, FAR_RIGHT)
  grid.blanks.left -= blanks
  insertBlanks(row, column, blanks, width(grid))
}

/** A tab at the end of a line stays a tab in the text. */
export function tab(grid: Grid): void {
  const row = rowAt(grid)
  const stop = Math.min((Math.floor(grid.column / TAB_WIDTH) + 1) * TAB_WIDTH, width(grid) - 1)
  if (stop <= grid.column) return
  if (grid.column === lengthOf(row)) {
    const cells = cellsFor(row)
    cells.push('\t')
    while (cells.length < stop) cells.push('')
  }
  grid.column = stop
}

export function lineFeed(grid: Grid, toStart: boolean): void {
  rowAt(grid)
  nextRow(grid)
  rowAt(grid)
  if (grid.row === grid.rows.length - 1) grid.drawn = false
  grid.column = toStart ? 0 : Math.min(grid.column, width(grid) - 1)
  settle(grid)
}

/** Moves one row down; at the end of the screen, or of the scrolling region, everything moves up. */
function nextRow(grid: Grid): void {
  const { region, size, rows, top } = grid
  if (grid.row < top) {
    // A program drew elsewhere on the screen and returned: its drawing stays below.
    grid.row++
    if (grid.row === top) {
      rows.splice(top, 0, newRow())
      grid.top++
    }
  } else if (region !== undefined && grid.row === top + region.last) scrollUp(grid, 1)
  else if (size.rows === undefined || grid.row < top + size.rows - 1) grid.row++
  else if (region === undefined) scrollUp(grid, 1)
}

export function previousRow(grid: Grid): void {
  grid.column = Math.min(grid.column, width(grid) - 1)
  if (grid.row === grid.top + (grid.region?.first ?? 0)) scrollDown(grid, 1)
  else if (grid.row !== grid.top && grid.row > 0) grid.row--
}

/** Converts rows far above the cursor to text. */
function settle(grid: Grid): void {
  const count = Math.min(grid.row, grid.rows.length - SETTLED)
  if (count < SETTLED) return
  const last = grid.rows[count - 1] as Row
  grid.settled.push(linesOf(grid.rows.slice(0, count)), last.wrapped && last.after === undefined ? '' : '\n')
  grid.rows.splice(0, count)
  grid.row -= count
  grid.top = Math.max(0, grid.top - count)
  if (grid.saved !== undefined) grid.saved.row = Math.max(0, grid.saved.row - count)
}

/** Everything that was seen, at the end of the output. */
export function seenOn(grid: Grid): string {
  while (grid.rows.length - 1 > grid.row && isEmpty(grid.rows[grid.rows.length - 1])) grid.rows.pop()
  dropIdle(grid)
  return grid.settled.join('') + linesOf(grid.rows)
}

import { FAR_RIGHT, rowAt } from './grid.ts'
import { lengthOf, newRow } from './rows.ts'
import { clearScreen } from './scroll.ts'
import { type Grid, HIGHEST, width } from './state.ts'

/** Row or column number from which programs mean "the last one". */
const BEYOND = 500
/** Columns of the narrowest terminal in use: a longer line may take several rows of the screen. */
const NARROWEST = 80

export function toColumn(grid: Grid, column: number): void {
  const { columns } = grid.size
  if (columns !== undefined && grid.learned && column >= columns && column < BEYOND) {
    grid.size.columns = undefined
    grid.learned = false
  }
  grid.column = Math.max(0, Math.min(column, rightmost(grid)))
}

function rightmost(grid: Grid): number {
  if (grid.size.columns !== undefined) return grid.size.columns - 1
  const row = grid.rows[grid.row]
  return Math.max(FAR_RIGHT, row === undefined ? 0 : lengthOf(row)) - 1
}

export function right(grid: Grid, count: number): void {
  toColumn(grid, Math.min(grid.column, width(grid) - 1) + count)
}

export function left(grid: Grid, count: number): void {
  grid.column = Math.max(0, Math.min(grid.column, width(grid) - 1) - count)
}

export function up(grid: Grid, count: number): void {
  grid.column = Math.min(grid.column, width(grid) - 1)
  if (mayBeSeveralRows(grid)) {
    // The program means a row of this line, or one above it. Its text goes below, where it overwrites
    // nothing.
    grid.row++
    grid.column = 0
    grid.rows.splice(grid.row, 0, { ...newRow(), ceiling: true })
    if (grid.row <= grid.top) grid.top++
    return
  }
  const { region, top } = grid
  let first = grid.row < top ? grid.row - HIGHEST : top
  if (grid.size.rows === undefined) first = Math.max(first, grid.rows.length - HIGHEST)
  if (region !== undefined && grid.row >= top + region.first) first = top + region.first
  const target = Math.max(0, first, grid.row - count)
  while (grid.row > target && !grid.rows[grid.row]?.ceiling) grid.row--
}

/** Where the width is unknown, only a shell's way of wrapping a line shows where its rows end. */
function mayBeSeveralRows(grid: Grid): boolean {
  const row = grid.rows[grid.row]
  return grid.size.columns === undefined && row !== undefined && !grid.drawn && lengthOf(row) >= NARROWEST
}

/** Moves down to the end of the scrolling region, or of the screen. */
export function down(grid: Grid, count: number, inRegion: boolean): void {
  grid.column = Math.min(grid.column, width(grid) - 1)
  const { region, top, rows, size } = grid
  let last = top + grid.height - 1
  if (size.rows === undefined) last = Math.max(last, rows.length - 1)
  if (grid.row < top) last = top - 1
  else if (inRegion && region !== undefined && grid.row <= top + region.last) last = top + region.last
  grid.row = Math.max(grid.row, Math.min(last, grid.row + count))
}

/** Moves to a row and column of the screen, from 0. */
export function to(grid: Grid, row: number, column: number): void {
  toRow(grid, row)
  toColumn(grid, column)
}

export function toRow(grid: Grid, row: number): void {
  const { region, size } = grid
  const first = grid.fromRegion ? (region?.first ?? 0) : 0
  if (size.rows === undefined) {
    findScreen(grid)
    if (row + 1 < BEYOND) grid.height = Math.max(grid.height, first + row + 1)
  }
  const last = grid.fromRegion && region !== undefined ? region.last : grid.height - 1
  grid.row = grid.top + Math.min(first + row, last)
  grid.column = Math.min(grid.column, width(grid) - 1)
  grid.drawn = true
}

/**
 * Where the height is unknown, and more rows were written than fit on the smallest screen, the start of the
 * screen is unknown: it is then taken to start below them. For a program that redraws its rows, the height is
 * the number of these rows.
 */
function findScreen(grid: Grid): void {
  const rows = grid.rows.length - grid.top
  if (rows <= grid.height) return
  if (rows <= HIGHEST) grid.height = rows
  clearScreen(grid, 0)
}

/** Sets the scrolling region, from 0; the cursor goes to the first row of the screen. */
export function setRegion(grid: Grid, first: number, last: number | undefined): void {
  const { size } = grid
  const end = Math.min(last ?? BEYOND, (size.rows ?? BEYOND) - 1)
  if (first >= end) return
  if (end >= BEYOND - 1 || (first === 0 && end + 1 === size.rows)) grid.region = undefined
  else {
    grid.region = { first, last: end }
    grid.height = Math.max(grid.height, end + 1)
    if (size.rows === undefined) grid.top = Math.max(grid.top, grid.rows.length - grid.height)
  }
  to(grid, 0, 0)
}

export function save(grid: Grid): void {
  grid.saved = { row: grid.row, onScreen: grid.row - grid.top, column: grid.column, drawn: grid.drawn }
}

/**
 * Restores the cursor's place on the screen, or its row of the text where the start of the screen is unknown.
 */
export function restore(grid: Grid): void {
  const { saved, size, top, region } = grid
  if (saved === undefined) {
    if (size.rows !== undefined) to(grid, 0, 0)
    return
  }
  grid.row = size.rows === undefined ? saved.row : top + saved.onScreen
  if (grid.fromRegion && region !== undefined) {
    grid.row = Math.max(top + region.first, Math.min(grid.row, top + region.last))
  }
  grid.column = saved.column
  grid.drawn = saved.drawn
}

/**
 * A shell that edits a line writes ` \r` at the right edge, to find out the cursor's row. That shows the
 * width; as a carriage return, it would make the rest of the line overwrite its beginning.
 */
export function wrapLikeShell(grid: Grid): void {
  const row = rowAt(grid)
  if (row.cells === undefined) row.text = row.text.slice(0, -1)
  else row.cells.pop()
  const columns = lengthOf(row)
  if (grid.size.columns === undefined || (grid.learned && columns < grid.size.columns)) {
    grid.size.columns = columns
    grid.learned = true
  }
  row.wrapped = true
  grid.row++
  if (grid.row >= grid.rows.length || grid.row <= grid.top) {
    if (grid.row <= grid.top) grid.top++
    grid.rows.splice(grid.row, 0, newRow())
  }
  grid.column = 0
}

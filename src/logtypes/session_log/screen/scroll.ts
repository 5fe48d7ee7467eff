import { isEmpty, newRow, type Row } from './rows.ts'
import { type Grid, HIGHEST } from './state.ts'

/** Scrolling: moves rows, removes them, and inserts blank ones. */

/** First and last row of the scrolling region, as indexes in `rows`. */
function scrolling(grid: Grid): { first: number; last: number } {
  const { region, size, top } = grid
  if (region !== undefined) return { first: top + region.first, last: top + region.last }
  return { first: top, last: top + (size.rows ?? HIGHEST) - 1 }
}

/**
 * Scrolls up: rows that leave at the top of the screen become history, rows that leave inside it are lost.
 */
export function scrollUp(grid: Grid, times: number): void {
  const { first, last } = scrolling(grid)
  const { rows } = grid
  const count = Math.min(times, last - first + 1, rows.length - first, atOnce(grid))
  if (count <= 0) return
  if (rows.length > last) rows.splice(last + 1, 0, ...idleRows(grid, count))
  if (first > grid.top) {
    remove(grid, first, count)
    return
  }
  const seen = rows.slice(first, first + count).filter((row) => !row.idle)
  if (seen.length < count) rows.splice(first, count, ...seen)
  if (grid.saved !== undefined) grid.saved.row -= count - seen.length
  grid.top += seen.length
  grid.row += seen.length
}

export function scrollDown(grid: Grid, times: number): void {
  insertBetween(grid, scrolling(grid).first, times)
}

export function insertRows(grid: Grid, times: number): void {
  const { first, last } = scrolling(grid)
  if (grid.row < first || grid.row > last) return
  insertBetween(grid, grid.row, times)
  grid.column = 0
}

function insertBetween(grid: Grid, at: number, times: number): void {
  const { last } = scrolling(grid)
  const count = Math.min(times, last - at + 1, atOnce(grid))
  if (at >= grid.rows.length || count <= 0) return
  grid.rows.splice(at, 0, ...idleRows(grid, count))
  remove(grid, last + 1, Math.min(count, grid.rows.length - last - 1))
}

export function deleteRows(grid: Grid, times: number): void {
  const { first, last } = scrolling(grid)
  if (grid.row < first || grid.row > last) return
  grid.column = 0
  const { rows } = grid
  const count = Math.min(times, last - grid.row + 1, rows.length - grid.row, atOnce(grid))
  if (count <= 0) return
  if (rows.length > last) rows.splice(last + 1, 0, ...idleRows(grid, count))
  if (grid.row > grid.top) {
    remove(grid, grid.row, count)
    return
  }
  // Programs scroll by deleting the first row.
  grid.top += count
  grid.row += count
}

function atOnce(grid: Grid): number {
  return grid.blanks.left > 0 ? Number.MAX_SAFE_INTEGER : 1
}

/** One row is what a line feed makes; more in one step count against the limit of blanks. */
function idleRows(grid: Grid, count: number): Row[] {
  grid.blanks.left -= (count - 1) * 16
  return Array.from({ length: count }, () => newRow(true))
}

/** Removes rows; text seen on alternate screens next to them stays. */
function remove(grid: Grid, at: number, count: number): void {
  if (count <= 0) return
  const blocks = grid.rows.splice(at, count).flatMap((row) => [...(row.before ?? []), ...(row.after ?? [])])
  if (blocks.length === 0) return
  const beside = grid.rows[at - 1] ?? grid.rows[at]
  if (beside !== undefined) beside.after = [...(beside.after ?? []), ...blocks]
  else grid.rows.push({ ...newRow(), before: blocks })
}

/** Makes the screen's content history and starts an empty screen, with the cursor in one of its rows. */
export function clearScreen(grid: Grid, row: number): void {
  const { rows } = grid
  while (rows.length > grid.top && isEmpty(rows[rows.length - 1])) rows.pop()
  dropIdle(grid)
  grid.top = rows.length
  grid.row = grid.top + row
}

/** Erases everything below the cursor's row. */
export function eraseBelow(grid: Grid): void {
  remove(grid, grid.row + 1, grid.rows.length - grid.row - 1)
}

/** Erases everything above the cursor's row: it was on the screen, and becomes history. */
export function eraseAbove(grid: Grid): void {
  const above = Math.min(grid.row - grid.top, grid.height - 1)
  if (above <= 0 || grid.blanks.left <= 0) return
  if (grid.rows.slice(grid.top, grid.row).every(isEmpty)) return
  grid.rows.splice(grid.row, 0, ...idleRows(grid, above))
  grid.top = grid.row
  grid.row += above
}

/** Drops blank rows above everything that was drawn on a screen. */
export function dropIdle(grid: Grid): void {
  let end = grid.top
  while (grid.rows[end]?.idle) end++
  grid.rows.splice(grid.top, end - grid.top)
  grid.row = Math.max(grid.top, grid.row - (end - grid.top))
}

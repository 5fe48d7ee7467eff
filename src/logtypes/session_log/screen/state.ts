/**
 * The rows of one screen, with all rows that scrolled off its top or were on it when it was cleared, because
 * a person saw them. Rows before `top` are that history; the screen begins at `top`.
 *
 * The size of the screen is seldom logged. Unless it is given, the screen is wide enough for every line, and
 * as high as its content; where it is then unclear which text a program overwrites, none is overwritten.
 */

import { newRow, type Row } from './rows.ts'

export interface Size {
  columns?: number | undefined
  rows?: number | undefined
}

export interface Grid {
  size: Size
  rows: Row[]
  /** Text of the rows that can no longer change, each with its line feed if it has one. */
  settled: string[]
  top: number
  /** The cursor. A column equal to the width means that the next character goes to the next row. */
  row: number
  column: number
  /** First and last row of the scrolling region, counted from `top`. */
  region: { first: number; last: number } | undefined
  /** Least number of rows of the screen. */
  height: number
  saved: { row: number; onScreen: number; column: number; drawn: boolean } | undefined
  /** The cursor was moved to a row of the screen, and not back to the end of the text since. */
  drawn: boolean
  /** The width was derived from a shell's line wrapping, and may be wrong. */
  learned: boolean
  wraps: boolean
  inserts: boolean
  fromRegion: boolean
  /** Blanks that cursor moves may still create: a screen is small, a log is not. */
  blanks: { left: number }
}

/** Most rows of a screen whose height is unknown. */
export const HIGHEST = 120

/** Rows of the smallest screen in use: rows further up may have scrolled off. */
const LOWEST = 24

/** Columns after which a line continues in a new row, as on a screen of this width. */
const WIDEST = 4096

export function newGrid(size: Size, blanks: { left: number }): Grid {
  return {
    size: { ...size },
    rows: [newRow(true)],
    settled: [],
    top: 0,
    row: 0,
    column: 0,
    region: undefined,
    height: size.rows ?? LOWEST,
    saved: undefined,
    drawn: false,
    learned: false,
    wraps: true,
    inserts: false,
    fromRegion: false,
    blanks,
  }
}

export function width(grid: Grid): number {
  return grid.size.columns ?? WIDEST
}

/**
 * The rows of one screen, with everything that scrolled off its top or was on it when it was cleared: a person saw that.
 * Rows before `top` are that history; the screen begins at `top`.
 *
 * The size of the screen is seldom logged. Unless it is given, the screen is wide enough for every line, and as high as
 * what is drawn on it; where that leaves open which text a program means to write over, none is written over.
 */

import { newRow, type Row } from './rows.ts'

export interface Size {
  columns?: number | undefined
  rows?: number | undefined
}

export interface Grid {
  size: Size
  rows: Row[]
  /** Text of the rows that can no longer change, each with its line feed where it has one. */
  settled: string[]
  top: number
  /** The cursor. A column equal to the width: the next character goes to the next row. */
  row: number
  column: number
  /** First and last row that scroll, counted from `top`. */
  region: { first: number; last: number } | undefined
  /** Rows that the screen has at least. */
  height: number
  saved: { row: number; onScreen: number; column: number; drawn: boolean } | undefined
  /** The cursor was moved to a row of the screen, and not yet back to the end of the text. */
  drawn: boolean
  /** The width was told by how a shell wrapped a line, and may be wrong. */
  learned: boolean
  wraps: boolean
  inserts: boolean
  fromRegion: boolean
  /** Blanks that may still be made by moving the cursor: a screen is small, a log is not. */
  blanks: { left: number }
}

/** Where the height is not known, no screen is taken to be higher. */
export const HIGHEST = 120

/** The smallest screen that people use: what is further up than this may have scrolled off. */
const LOWEST = 24

/** A line longer than this goes on in a next row, as on a screen this wide. */
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

import { blockOf, END, keepScreen, newStay } from './alternate.ts'
import { asLines, isPlain, shown } from './characters.ts'
import { insertCells, lineFeed, previousRow, rowAt, seenOn, tab, write } from './grid.ts'
import { mend } from './mend.ts'
import {
  down,
  left,
  restore,
  right,
  save,
  setRegion,
  to,
  toColumn,
  toRow,
  up,
  wrapLikeShell,
} from './moves.ts'
import { deleteCells, eraseCells, lengthOf, TAB_WIDTH, textOf } from './rows.ts'
import {
  clearScreen,
  deleteRows,
  eraseAbove,
  eraseBelow,
  insertRows,
  scrollDown,
  scrollUp,
} from './scroll.ts'
import { obey } from './sequences.ts'
import { type Grid, newGrid, type Size, width } from './state.ts'

/** The shell's output so far looks like a prompt and a command. */
const PROMPT = /^.{0,100}[$#>] ./

/** Text that a shell writes over its prompt. */
const SHELL_ASKS = /^\((?:reverse-i-search|i-search|failed |arg: )/

export interface Played {
  /** The screen at the end of the output, the alternate one if it is open. */
  screen: Grid
  /** Everything that was seen. */
  text: string
}

/**
 * Interprets a terminal's output, on a screen of known or unknown size.
 *
 * One long function: its inner functions are the terminal's commands, and share the state that one output
 * builds up. What a command does to a screen is in the files next to this one (`grid.ts`, `moves.ts`,
 * `rows.ts`, `scroll.ts`).
 */
export function play(output: string, size: Size): Played {
  const { text, newline } = mend(output)
  const blanks = { left: 65_536 + 4 * text.length }
  const main = newGrid(size, blanks)
  let grid = main
  let alternate = newStay()
  /** Which of G0 and G1 draw lines, and which is selected. */
  let charsets = [false, false]
  let shifted = 0
  let savedCharsets = { charsets, shifted }
  /** The last printed text, while its last character can be repeated. */
  let last = ''
  let editing = false
  /** Whether a program addressed rows of the main screen. */
  let addressed = false

  obey(text, {
    print(start, end) {
      let run = text.slice(start, end)
      if (!isPlain(run)) run = shown(run)
      if (run === '') return
      if (charsets[shifted]) run = asLines(run)
      last = run
      write(grid, run)
    },

    control(code, at) {
      last = ''
      if (code === 0x0a || code === 0x0b || code === 0x0c) lineFeed(grid, grid === main || newline)
      else if (code === 0x0d) {
        if (isWrap(at)) wrapLikeShell(grid)
        else grid.column = 0
      } else if (code === 0x08) left(grid, 1)
      else if (code === 0x09) tab(grid)
      else if (code === 0x0e) shifted = 1
      else if (code === 0x0f) shifted = 0
    },

    escape(intermediates, final) {
      last = ''
      if (intermediates === '') single(final)
      else if (intermediates === '(') charsets = [final === '0', charsets[1] ?? false]
      else if (intermediates === ')') charsets = [charsets[0] ?? false, final === '0']
    },

    csi(mark, parameters, intermediates, final) {
      if (intermediates === '!' && final === 'p') reset()
      else if (intermediates !== '') return
      else if (mark === '' || (mark === '?' && (final === 'J' || final === 'K'))) sequence(final, parameters)
      else if (mark === '?' && (final === 'h' || final === 'l')) {
        for (const mode of parameters) set(mode, final === 'h')
      }
      last = ''
    },
  })
  const screen = { ...grid, rows: [...grid.rows] }
  leave()
  return { screen, text: seenOn(main) }

  function single(final: string): void {
    if (final === '7') keep()
    else if (final === '8') giveBack()
    else if (final === 'D') lineFeed(grid, false)
    else if (final === 'E') lineFeed(grid, true)
    else if (final === 'M') previousRow(grid)
    else if (final === 'c') {
      leave()
      clear(0)
      grid.column = 0
      reset()
    }
  }

  function sequence(final: string, parameters: readonly number[]): void {
    if (grid === main && (final === 'H' || final === 'f' || final === 'd')) addressed = true
    const first = parameters[0] ?? 0
    const count = Math.max(1, first)
    if (final === 'A') up(grid, count)
    else if (final === 'B') down(grid, count, true)
    else if (final === 'e') down(grid, count, false)
    else if (final === 'C' || final === 'a') right(grid, count)
    else if (final === 'D') left(grid, count)
    else if (final === 'E') {
      down(grid, count, true)
      grid.column = 0
    } else if (final === 'F') {
      up(grid, count)
      grid.column = 0
    } else if (final === 'G' || final === '`') toColumn(grid, count - 1)
    else if (final === 'd') toRow(grid, count - 1)
    else if (final === 'H' || final === 'f') to(grid, count - 1, Math.max(1, parameters[1] ?? 1) - 1)
    else if (final === 'I') tabs(count)
    else if (final === 'Z') toColumn(grid, (Math.ceil(grid.column / TAB_WIDTH) - count) * TAB_WIDTH)
    else if (final === 'J') eraseDisplay(first)
    else if (final === 'K') eraseLine(first)
    else if (final === 'X') eraseCells(rowAt(grid), onRow(), onRow() + count)
    else if (final === '@') insertCells(grid, onRow(), count)
    else if (final === 'P') deleteCells(rowAt(grid), onRow(), count)
    else if (final === 'L') insertRows(grid, count)
    else if (final === 'M') deleteRows(grid, count)
    else if (final === 'S') scrollUp(grid, count)
    else if (final === 'T' && parameters.length === 1) scrollDown(grid, count)
    else if (final === 'b') repeat(count)
    else if (final === 'r') setRegion(grid, count - 1, parameters[1] ? parameters[1] - 1 : undefined)
    else if (final === 's') keep()
    else if (final === 'u') giveBack()
    else if ((final === 'h' || final === 'l') && parameters.includes(4)) grid.inserts = final === 'h'
  }

  /** The cursor's column; the last column, when the next character would go to the next row. */
  function onRow(): number {
    grid.column = Math.min(grid.column, width(grid) - 1)
    return grid.column
  }

  function set(mode: number, on: boolean): void {
    if (mode === 47 || mode === 1047 || mode === 1049) {
      const known = size.rows !== undefined
      if (on && grid === main) {
        if (mode === 1049) keep()
        enter()
      } else if (!on) {
        if (grid === main && !known && addressed) leaveUnentered()
        const left = leave()
        if (mode === 1049 && (left || known)) giveBack()
      }
    } else if (mode === 7) grid.wraps = on
    else if (mode === 6) {
      grid.fromRegion = on
      to(grid, 0, 0)
    } else if (mode === 2004) editing = on
  }

  function reset(): void {
    grid.region = undefined
    grid.saved = undefined
    grid.wraps = true
    grid.inserts = false
    grid.fromRegion = false
    charsets = [false, false]
    shifted = 0
  }

  function keep(): void {
    save(grid)
    savedCharsets = { charsets, shifted }
  }

  function giveBack(): void {
    if (grid.saved === undefined) savedCharsets = { charsets: [false, false], shifted: 0 }
    ;({ charsets, shifted } = savedCharsets)
    restore(grid)
  }

  function eraseDisplay(part: number): void {
    const row = grid.row - grid.top
    if (part === 0 && row === 0 && grid.column === 0) clear(0)
    else if (part === 0) {
      eraseLine(0)
      eraseBelow(grid)
    } else if (part === 1) {
      eraseLine(1)
      eraseAbove(grid)
    } else if (part === 2) clear(row < 0 ? 0 : Math.min(row, grid.height - 1))
  }

  function eraseLine(part: number): void {
    if (part > 2) return
    const row = rowAt(grid)
    eraseCells(row, part === 0 ? grid.column : 0, part === 1 ? grid.column + 1 : Number.MAX_SAFE_INTEGER)
    if (part !== 1) row.wrapped = false
    const above = grid.rows[grid.row - 1]
    if (above !== undefined && (part !== 0 || grid.column === 0)) above.wrapped = false
  }

  function tabs(count: number): void {
    for (let left = Math.min(count, 64); left > 0 && blanks.left > 0; left--) {
      blanks.left--
      tab(grid)
    }
  }

  function repeat(count: number): void {
    const times = Math.min(count, width(grid), blanks.left)
    const character = last.slice(-16).match(/.\p{M}*$/u)?.[0] ?? ''
    if (character === '' || times <= 0) return
    blanks.left -= times
    write(grid, character.repeat(times))
  }

  function clear(row: number): void {
    if (grid === main) clearScreen(grid, row)
    else {
      keepScreen(alternate, seenOn(grid))
      grid.settled = []
      grid.rows = []
      grid.top = 0
      grid.row = row
    }
  }

  function enter(): void {
    grid = newGrid(main.size, blanks)
    grid.height = main.height
    grid.learned = main.learned
    grid.column = main.column
    grid.row = Math.min(main.row - main.top, main.height - 1)
    grid.drawn = true
    takeModes(main, grid)
  }

  /** False when no alternate screen is open. */
  function leave(): boolean {
    if (grid === main) return false
    clear(0)
    const block = blockOf(alternate)
    alternate = newStay()
    takeModes(grid, main)
    grid = main
    if (block === undefined) return true
    const row = rowAt(main)
    if (lengthOf(row) > 0) {
      row.after ??= []
      row.after.push(block)
    } else {
      row.before ??= []
      row.before.push(block)
    }
    return true
  }

  /** The output began on an alternate screen: the text so far was on it, and this closes it. */
  function leaveUnentered(): void {
    clearScreen(main, 0)
    main.column = 0
    main.saved = undefined
    main.drawn = false
    addressed = false
    rowAt(main).before = [END]
  }

  function isWrap(at: number): boolean {
    if (size.columns !== undefined || grid !== main || text[at - 1] !== ' ') return false
    if (!(text.charCodeAt(at + 1) >= 0x20)) return false
    const row = rowAt(grid)
    if (grid.column !== lengthOf(row) || grid.column < (editing ? 20 : 40)) return false
    const line = textOf(row)
    if (text.startsWith(line.slice(0, 4), at + 1) || SHELL_ASKS.test(text.slice(at + 1, at + 20)))
      return false
    return editing || PROMPT.test(line)
  }
}

function takeModes(from: Grid, to: Grid): void {
  to.wraps = from.wraps
  to.inserts = from.inserts
  to.fromRegion = from.fromRegion
}

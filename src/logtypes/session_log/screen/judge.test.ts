import { readdirSync, readFileSync } from 'node:fs'
import xterm from '@xterm/headless'
import { describe, expect, test } from 'vitest'
import { lengthOf, type Row } from './rows.ts'
import { play } from './terminal.ts'

/** Compares with an independent implementation: our screen must equal that of xterm.js at the same size. */

const RECORDED = new URL('./recorded/', import.meta.url)
interface Size {
  columns: number
  rows: number
}

const REAL: Size = { columns: 80, rows: 24 }
const SMALL: Size = { columns: 20, rows: 6 }

describe('programs in a terminal of 80 columns and 24 rows', () => {
  const names = readdirSync(RECORDED).filter((name) => name.endsWith('.out'))
  test.each(names)('%s', async (name) => {
    const output = readFileSync(new URL(name, RECORDED), 'utf8')
    expect(ours(output, REAL)).toEqual(await theirs(output, REAL))
    // Stopped on its alternate screen, and at many other places.
    const step = Math.ceil(output.length / 40)
    for (let end = step; end < output.length; end += step) {
      const part = output.slice(0, end)
      expect(ours(part, REAL), `the first ${end}`).toEqual(await theirs(part, REAL))
    }
  })
})

test('anything that a program may send', async () => {
  const random = numbers(7)
  for (let round = 0; round < 300; round++) {
    const output = made(random, 3 + Math.floor(random() * 40))
    expect(ours(output, SMALL), JSON.stringify(output)).toEqual(await theirs(output, SMALL))
  }
})

function made(random: () => number, pieces: number): string {
  const one = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
  const number = () => one(['', '0', '1', '2', '3', '5', '9'])
  const texts = ['a', 'bc', 'hello world', '漢字', 'é', 'e\u0301', 'x'.repeat(25), ' ', '  z', '\x1b[31m']
  const controls = ['\r\n', '\r\n', '\r', '\b', '\t', '\x1bM', '\x1bD', '\x1bE', '\x1b[!p']
  const modes = [
    '\x1b[4h',
    '\x1b[4l',
    '\x1b(0',
    '\x1b(B',
    '\x1b[?1049h',
    '\x1b[?1049ha\x1b[H\r\nb\x1b[?1049l',
  ]
  let output = ''
  for (let left = pieces; left > 0; left--) {
    const kind = random()
    if (kind < 0.35) output += one(texts)
    else if (kind < 0.5) output += one(controls)
    else if (kind < 0.55) output += one(modes)
    // xterm.js behaves differently after the last column, so the cursor is moved off it before this. It also
    // restores the cursor to a row of the text, where a terminal restores a row of the screen, so nothing may
    // scroll in between.
    else if (kind < 0.58) output += `\x1b[D\x1b7\x1b[${number()};${number()}Hx\x1b8`
    else if (kind < 0.65) output += `\x1b[${number()};${number()}${one(['H', 'f', 'r'])}`
    else if (kind < 0.67) output += `\x1b[D\x1b[${number()}Z`
    else output += `\x1b[${number()}${one([...'ABCDEFGIJKXLMPST@`aedb'])}`
  }
  return output
}

/** The rows of our screen, the alternate one if it is open, without trailing blanks. */
function ours(output: string, size: Size): string[] {
  const grid = play(output, size).screen
  return Array.from({ length: size.rows }, (_, row) => drawn(grid.rows[grid.top + row]))
}

function drawn(row: Row | undefined): string {
  if (row === undefined) return ''
  const cells = row.cells ?? [...row.text]
  let text = ''
  for (let at = 0; at < lengthOf(row); at++) {
    let owner = at
    while (owner > 0 && cells[owner] === '') owner--
    if (cells[owner] === '\t') text += ' '
    else text += cells[at]
  }
  return text.trimEnd()
}

async function theirs(output: string, size: Size): Promise<string[]> {
  const terminal = new xterm.Terminal({ cols: size.columns, rows: size.rows, allowProposedApi: true })
  await new Promise<void>((done) => terminal.write(output, done))
  const buffer = terminal.buffer.active
  const rows = Array.from({ length: size.rows }, (_, row) =>
    (buffer.getLine(buffer.baseY + row)?.translateToString(true) ?? '').trimEnd(),
  )
  terminal.dispose()
  return rows
}

/** mulberry32: the same sequence every time. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

import { textWidth } from '../lib/terminal.ts'

/** A cell is text, or a number as text that is set flush right. */
export type Cell = string | { right: string }

/** Aligned lines of a few columns; the last column is as long as it is. */
export function align(rows: readonly (readonly Cell[])[], gap = '  '): string[] {
  const text = (cell: Cell) => (typeof cell === 'string' ? cell : cell.right)
  const widths: number[] = []
  for (const row of rows)
    for (const [at, cell] of row.entries())
      widths[at] = Math.max(widths[at] ?? 0, textWidth(unpainted(text(cell))))
  return rows.map((row) =>
    row
      .map((cell, at) => {
        const space = ' '.repeat((widths[at] ?? 0) - textWidth(unpainted(text(cell))))
        return typeof cell === 'string' ? cell + space : space + cell.right
      })
      .join(gap)
      .trimEnd(),
  )
}

function unpainted(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escapes of `paint` take no space
  return text.replace(/\x1b\[\d+m/g, '')
}

/** Breaks a sentence into lines of a width, at its spaces. */
export function wrap(sentence: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of sentence.split(' ')) {
    if (line !== '' && textWidth(line) + 1 + textWidth(word) > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

/** `1 object`, `2 objects` */
export function counted(count: number, noun: string): string {
  return `${Math.round(count).toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`
}

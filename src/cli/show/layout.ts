import { textWidth } from '../../lib/terminal.ts'

export { counted } from '../../lib/terminal.ts'

/** A cell is left-aligned text, or right-aligned text such as a number. */
export type Cell = string | { right: string }

/** Aligns lines of a few columns; the last column has no padding. */
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

/** Aligns lines whose last column is prose, which is wrapped to a width. */
export function alignProse(rows: readonly (readonly Cell[])[], width: number): string[] {
  const heads = rows.map((row) => row.slice(0, -1))
  const used = Math.max(...align(heads).map((line) => textWidth(unpainted(line))))
  const room = Math.max(LEAST_PROSE, width - used - 2)
  return align(
    rows.flatMap((row, at) => {
      const [first = '', ...more] = wrap(String(row.at(-1)), room)
      return [[...(heads[at] ?? []), first], ...more.map((line) => [...row.slice(1).map(() => ''), line])]
    }),
  )
}

const LEAST_PROSE = 24

function unpainted(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escapes of `paint` take no space
  return text.replace(/\x1b\[\d+m/g, '')
}

/** Wraps a sentence at its spaces. */
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

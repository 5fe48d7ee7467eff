import { textWidth } from '../../lib/terminal.ts'

/** Lines that are redrawn in place; their number may change. */
export function standingLines(
  stream: Pick<NodeJS.WriteStream, 'write' | 'columns'>,
): (lines: readonly string[]) => void {
  let shown = 0
  return (lines) => {
    const width = (stream.columns || 80) - 1
    const up = shown > 0 ? `\x1b[${shown}A` : ''
    stream.write(`${up}${lines.map((line) => `\r\x1b[2K${cut(line, width)}\n`).join('')}`)
    shown = Math.max(shown, lines.length)
  }
}

/** Cuts a coloured line to the width, since a wrapped line would take two. */
function cut(line: string, width: number): string {
  let used = 0
  let kept = ''
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escapes of `paint` take no space
  for (const part of line.split(/(\x1b\[\d+m)/)) {
    if (part.startsWith('\x1b')) kept += part
    else
      for (const character of part) {
        used += textWidth(character)
        if (used <= width) kept += character
      }
  }
  return kept
}

import { isPlain } from './screen/characters.ts'
import { mayBeCut } from './screen/mend.ts'
import type { Size } from './screen/state.ts'
import { play } from './screen/terminal.ts'

/**
 * The text that a person saw of a terminal's output, without control characters except line feeds and tabs.
 *
 * The output is interpreted as a terminal does (xterm, with its whole history): carriage returns and cursor
 * moves overwrite, erasing erases, colours and titles leave no trace. The content of a cleared screen was
 * seen, so it stays in the text, above the new screen. An alternate screen (vi, less) appears once, between
 * two marks, where it was opened: the lines that scrolled off its top, its content each time it was cleared,
 * and its final content.
 *
 * Characters that a terminal does not show (zero width, writing direction, tags) are omitted.
 * Never throws. Its time and memory are proportional to the output.
 */
export function seen(output: string, size: Size = {}): string {
  if (isPlain(output) && !mayBeCut(output)) return output
  return play(output, size).text
}

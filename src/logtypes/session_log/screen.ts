import { isPlain } from './screen/characters.ts'
import { mayBeCut } from './screen/mend.ts'
import type { Size } from './screen/state.ts'
import { play } from './screen/terminal.ts'

/**
 * What a person saw of a terminal's output: text without control characters but line feeds and tabs.
 *
 * The output is obeyed as a terminal obeys it (xterm, with all its history): carriage returns and cursor moves write over
 * what was there, erasing erases, colours and titles leave no trace. A screen that is cleared was seen: it stays in the
 * text, above the new one. An alternate screen (vi, less) appears once, between two marks, in the place where it was
 * opened: what scrolled off its top, what was on it whenever it was cleared, and what was on it in the end.
 *
 * Characters that a terminal shows nothing of (zero width, direction of writing, tags) are left out.
 * Never throws. Takes time and memory in proportion to the output, whatever it says.
 */
export function seen(output: string, size: Size = {}): string {
  if (isPlain(output) && !mayBeCut(output)) return output
  return play(output, size).text
}

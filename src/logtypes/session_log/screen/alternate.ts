/** The text that was seen on one alternate screen, from its opening to its closing. */
export interface Stay {
  /**
   * The content each time it was cleared, and at its closing, below the lines that had scrolled off its top.
   */
  screens: string[]
  omitted: number
}

/**
 * 32 screens kept, the last ones: a program that clears the screen to redraw it would otherwise fill the log.
 */
const MAX = 32
export const END = '[end of alternate screen]'

export function newStay(): Stay {
  return { screens: [], omitted: 0 }
}

export function keepScreen(stay: Stay, screen: string): void {
  if (screen.trim() === '' || screen === stay.screens.at(-1)) return
  stay.screens.push(screen)
  if (stay.screens.length <= MAX) return
  stay.screens.shift()
  stay.omitted++
}

/** The lines for it in the text, without trailing blanks; undefined when it was empty. */
export function blockOf({ screens, omitted }: Stay): string | undefined {
  if (screens.length === 0) return undefined
  const lines = screens.join('\n').trimEnd().split('\n')
  const before = omitted === 0 ? '' : `, ${omitted} earlier screens left out`
  return `[alternate screen${before}]\n${lines.map((line) => line.trimEnd()).join('\n')}\n${END}`
}

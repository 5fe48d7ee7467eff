/** What was seen on one alternate screen, from when it was opened to when it was left. */
export interface Stay {
  /** Each time it was cleared and when it was left: what was on it, under what had scrolled off its top. */
  screens: string[]
  leftOut: number
}

/** A program that clears the screen to draw it anew would fill the log: the last ones tell enough. */
const MOST = 32
export const END = '[end of alternate screen]'

export function newStay(): Stay {
  return { screens: [], leftOut: 0 }
}

export function keepScreen(stay: Stay, screen: string): void {
  if (screen.trim() === '' || screen === stay.screens.at(-1)) return
  stay.screens.push(screen)
  if (stay.screens.length <= MOST) return
  stay.screens.shift()
  stay.leftOut++
}

/** The lines that stand for it in the text, without blanks at their ends; undefined when nothing was on it. */
export function blockOf({ screens, leftOut }: Stay): string | undefined {
  if (screens.length === 0) return undefined
  const lines = screens.join('\n').trimEnd().split('\n')
  const before = leftOut === 0 ? '' : `, ${leftOut} earlier screens left out`
  return `[alternate screen${before}]\n${lines.map((line) => line.trimEnd()).join('\n')}\n${END}`
}

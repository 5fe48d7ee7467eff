import type { Span } from '../../scan/contract.ts'

const LONGEST = 1_000_000
/** What two windows have in common: what is looked for is shorter. */
const SHARED = 20_000

/**
 * The spans of a text of any length: a longer one is scanned in windows, so that its length hides nothing.
 */
export function inWindows(text: string, scan: (part: string) => readonly Span[]): readonly Span[] {
  if (text.length <= LONGEST) return scan(text)
  const found = new Map<string, Span>()
  for (let start = 0; start < text.length - SHARED; start += LONGEST - SHARED)
    for (const span of scan(text.slice(start, start + LONGEST))) {
      const placed = { ...span, from: span.from + start, to: span.to + start }
      found.set(`${placed.from} ${placed.to} ${span.scanner} ${span.rule}`, placed)
    }
  return [...found.values()]
}

import { encodedIn } from './base64.ts'
import type { Span } from './contract.ts'
import { type Unescaped, unescapedReadings } from './escapes.ts'

/**
 * The spans of a text as it is written, and of what it says once its escapes are undone, where that is
 * written.
 */
export function spansWithReadings(text: string, find: (text: string) => Span[]): Span[] {
  const hidden = unescapedReadings(text).flatMap((reading) =>
    find(reading.text).map((span) => placed(span, reading, text)),
  )
  // First, so that their value counts where the same was found as it is written.
  return [...hidden, ...find(text)]
}

/** A span of a reading, where it is written. */
export function placed(span: Span, reading: Unescaped, text: string): Span {
  const value = reading.text.slice(span.from, span.to)
  const [from, to] = [reading.beginOf(span.from), reading.endOf(span.to)]
  return { ...span, from, to, ...(value === text.slice(from, to) ? {} : { value }) }
}

/** The spans of a text as it is written, and of what its escapes and its base64 hide. */
export function spansWithHidden(text: string, find: (text: string) => Span[]): Span[] {
  const withReadings = (read: string) => spansWithReadings(read, find)
  return [...encodedSpans(text, withReadings), ...withReadings(text)]
}

/**
 * The base64 in a text in which something is found, each as one span with the names of what was found first.
 */
export function encodedSpans(text: string, find: (text: string) => readonly Omit<Span, 'score'>[]): Span[] {
  return encodedIn(text).flatMap(({ from, to, text: decoded }) => {
    const [first] = find(decoded)
    if (!first) return []
    const { kind, scanner, version } = first
    return [{ from, to, kind, rule: 'BASE64', score: 1, scanner, version }]
  })
}

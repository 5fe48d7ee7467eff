import type { Span } from './contract.ts'
import { jsonReadings } from './escapes.ts'
import { placed } from './readings.ts'

/**
 * What is found in a text, and in each JSON that is a text of the JSON around it: `{\"token\": \"...\"}` has
 * no quotes where a rule wants them. Of two finds at one place, the one that covers the other stays, and of
 * equal ones that of the more exact rule.
 *
 * @param vague a rule that gives way to any other at the same place
 */
export function withEscaped(text: string, find: (text: string) => Span[], vague?: string): Span[] {
  let spans = find(text)
  if (!text.includes('\\"')) return withGlued(text, spans, find)
  for (const reading of jsonReadings(text))
    spans = merged(
      spans,
      find(reading.text).map((span) => placed(span, reading, text)),
      vague,
    )
  return spans
}

/**
 * An escape that is taken for a part of what is right behind it: in `\n4111 1111 1111 1111`, no word begins
 * with a digit.
 */
const GLUED = /\\(?:[bfnrt]|u[0-9a-fA-F]{4})(?=[\w+(])/g
/**
 * Characters around such an escape that are read: what is found there, and the words that tell what it is.
 */
const BEFORE = 160
const AFTER = 460
/** Within this distance of where a part was cut, a word may be the half of one. */
const EDGE = 60

/** What is found in a text, and around the ends of lines and other characters that JSON escapes in it. */
export function withGlued(text: string, spans: readonly Span[], find: (text: string) => Span[]): Span[] {
  const rounds: Span[][] = []
  for (const { from, to } of aroundGlued(text)) {
    const part = text.slice(from, to)
    for (const [round, reading] of jsonReadings(part).entries()) {
      const found = find(reading.text).map((span) => placed(span, reading, part))
      const isWhole = (span: Span) =>
        (from === 0 || span.from >= EDGE) && (to === text.length || span.to <= part.length - EDGE)
      rounds[round] ??= []
      for (const span of found.filter(isWhole))
        rounds[round].push({ ...span, from: span.from + from, to: span.to + from })
    }
  }
  return rounds.reduce((all: Span[], hidden) => merged(all, hidden), [...spans])
}

function aroundGlued(text: string): { from: number; to: number }[] {
  const parts: { from: number; to: number }[] = []
  for (const { index } of text.matchAll(GLUED)) {
    const [from, to] = [Math.max(0, index - BEFORE), Math.min(text.length, index + AFTER)]
    const last = parts.at(-1)
    if (last && from <= last.to) last.to = to
    else parts.push({ from, to })
  }
  return parts
}

function merged(spans: readonly Span[], others: readonly Span[], vague?: string): Span[] {
  const meeting = meetingIn(spans)
  const covered = new Set<Span>()
  const added = others.filter((other) => {
    const met = meeting(other)
    if (!met.every((span) => covers(other, span, vague))) return false
    for (const span of met) covered.add(span)
    return true
  })
  const kept = spans.filter((span) => !covered.has(span))
  return [...kept, ...added].sort((one, other) => one.from - other.from)
}

/** Looks for the spans that another one meets, in time that grows with their number alone. */
function meetingIn(spans: readonly Span[]): (other: Span) => Span[] {
  const sorted = [...spans].sort((one, other) => one.from - other.from)
  /** The last end of all spans up to each. */
  const ends: number[] = []
  for (const { to } of sorted) ends.push(Math.max(to, ends.at(-1) ?? 0))
  return ({ from, to }) => {
    let [low, high] = [0, sorted.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((sorted[middle] as Span).from < to) low = middle + 1
      else high = middle
    }
    const met: Span[] = []
    for (let at = low - 1; at >= 0 && (ends[at] as number) > from; at--) {
      const span = sorted[at] as Span
      if (span.to > from) met.push(span)
    }
    return met
  }
}

/**
 * Whether it has all of another one and more, or knows what the other one only takes for something of some
 * kind.
 */
function covers(one: Span, other: Span, vague: string | undefined): boolean {
  if (one.from > other.from || one.to < other.to) return false
  return one.to - one.from > other.to - other.from || (other.rule === vague && one.rule !== vague)
}

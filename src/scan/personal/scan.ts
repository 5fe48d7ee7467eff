import type { ScanOptions, Span } from '../contract.ts'
import { withGlued } from '../escaped.ts'
import { isSeparator, KIND } from './characters.ts'
import { contextOf, isBeside } from './context.ts'
import { EMAIL, IP, MAC, NUMBERS, type NumberRecogniser, PHONE, WORDS } from './recognisers.ts'
import { emailAt, ipAt, macAt, phoneAt } from './signs.ts'

export const SCANNER = 'personal'
export const VERSION = '3'
/** Minimum score by default. */
const LEAST = 0.5
const MAX = 1000
const WITH_CONTEXT = 0.75
/** Most groups of digits in one number. */
const GROUPS = 5
const DIGITS = 19
const LONGEST_WORD = 80

/** By the lengths of their groups, encoded as one number. */
const byShape = new Map<number, NumberRecogniser[]>()
for (const one of NUMBERS)
  for (const shape of one.shapes) {
    const key = shape.reduce((before, length) => before * (DIGITS + 1) + length, 0)
    byShape.set(key, [...(byShape.get(key) ?? []), one])
  }
const byBeginning = {
  digit: WORDS.filter(({ begins }) => begins !== 'letter'),
  letter: WORDS.filter(({ begins }) => begins !== 'digit'),
}

/** Letters, digits and signs of the width of a Chinese character, as East Asian keyboards write them. */
const WIDE = /[＋－．０-９＠Ａ-Ｚａ-ｚ]/
const WIDE_BY = 0xfee0

/** The personal data in a text, also behind what JSON escapes, in order. */
export function personalIn(text: string, options: ScanOptions = {}): Span[] {
  const narrow = WIDE.test(text)
    ? text.replace(new RegExp(WIDE, 'g'), (wide) => String.fromCharCode(wide.charCodeAt(0) - WIDE_BY))
    : text
  const find = (one: string) => asWritten(one, options)
  return withGlued(narrow, find(narrow), find).slice(0, options.max ?? MAX)
}

function asWritten(text: string, options: ScanOptions): Span[] {
  const least = options.least ?? LEAST
  const max = options.max ?? MAX
  const withIp = options.also?.includes(IP.id) ?? false
  const spans: Span[] = []
  const isNear = contextOf(text)
  const codeAt = (place: number) => (place < 0 || place >= text.length ? 0 : text.charCodeAt(place))
  const isWord = (place: number) => ((KIND[codeAt(place)] as number) & 3) !== 0

  /** The score of the added span; 0 when none was added. */
  function add(rule: string, from: number, to: number, alone: number, hasWord = isNear): number {
    if (options.without?.includes(rule)) return 0
    const score = alone < WITH_CONTEXT && hasWord(rule, from, to) ? WITH_CONTEXT : alone
    if (score < least || spans.length >= max) return 0
    spans.push({ from, to, kind: 'personal', rule, score, scanner: SCANNER, version: VERSION })
    return score
  }

  /**
   * Whether a longer id continues here: `-`, `.`, `/`, `:` followed by a letter or digit. A colon behind a
   * word is none, as in `ssn:`: the word says what follows; one behind several, as in an ARN, is.
   */
  function isInside(place: number, direction: 1 | -1): boolean {
    const code = codeAt(place)
    if (direction < 0 && code === 0x3a && isLabel(place)) return false
    const isJoint = code === 0x2d || code === 0x2e || code === 0x2f || code === 0x3a || code === 0x25
    return isJoint && isWord(place + direction)
  }

  /** Whether a word of letters, with nothing that joins it to what is before it, ends at a colon. */
  function isLabel(colon: number): boolean {
    let from = colon
    while (from > 0 && colon - from < LONGEST_WORD && KIND[codeAt(from - 1)] === 2) from--
    const before = codeAt(from - 1)
    return from < colon && before !== 0x3a && before !== 0x2f && before !== 0x2e && !isWord(from - 1)
  }

  let tailFrom = -1
  let tailLength = 0

  /** Numbers that begin with the digits at a place. */
  function numbers(from: number, end: number, isGlued: boolean): number {
    let to = end
    let last = from
    let shape = 0
    let found = end
    // The same groups after an earlier start: a candidate that begins in the middle of a longer number does
    // not count.
    const isTail = from === tailFrom && end - from === tailLength
    tailFrom = end + 1
    tailLength = end - from
    for (let group = 0; group < (isTail ? 1 : GROUPS) && to - last <= DIGITS; group++) {
      shape = shape * (DIGITS + 1) + to - last
      const own = byShape.get(shape)
      if (own && !isWord(to) && !isInside(to, 1)) {
        const written = text.slice(from, to)
        const digits = written.replace(/\D/g, '')
        for (const { id, judge, glued } of own) {
          if (isGlued && !glued) continue
          const score = judge(written, digits)
          if (score > 0 && add(id, from, to, score) >= LEAST) found = Math.max(found, to)
        }
        if (found > end) tailFrom = -1
      }
      if (!isSeparator(codeAt(to)) || KIND[codeAt(to + 1)] !== 1) break
      last = to + 1
      to = last
      while (KIND[codeAt(to)] === 1 && to - last <= DIGITS) to++
    }
    return found
  }

  function phone(from: number): number {
    const found = phoneAt(text, from)
    if (!found) return from
    const { to, isInternational, isPlain } = found
    if (isInside(to, 1) && (codeAt(to) !== 0x2d || KIND[codeAt(to + 1)] === 1)) return from
    const score = isInternational ? 0.6 : isPlain ? 0.2 : PHONE.alone
    const hasWord = isPlain ? (rule: string) => isNear(rule, from, to) && isBeside(text, from, to) : isNear
    return add(PHONE.id, from, to, score, hasWord) > 0 ? to : from
  }

  function words(from: number, length: number, isGlued: boolean): number {
    let found = from
    for (const one of KIND[codeAt(from)] === 1 ? byBeginning.digit : byBeginning.letter) {
      if (length < one.least || (isGlued && !one.glued)) continue
      one.pattern.lastIndex = from
      const match = one.pattern.exec(text)
      if (!match) continue
      const { length: taken, score } = one.judge(match[0])
      const to = from + taken
      if (score > 0 && !isWord(to) && add(one.id, from, to, score) >= LEAST) found = Math.max(found, to)
    }
    return found
  }

  /** Matches at the word at this index; returns the index at which to continue. */
  function word(from: number): number {
    let end = from
    let digits = 0
    let firstDigit = -1
    while (((KIND[codeAt(end)] as number) & 3) !== 0) {
      if (KIND[codeAt(end)] === 1) {
        if (digits++ === 0) firstDigit = end
      }
      end++
    }
    const isBound = !isInside(from - 1, -1)
    const next = codeAt(end)
    if (next === 0x3a || next === 0x2d || next === 0x2e) {
      const found = isBound && (end - from === 2 || end - from === 4) ? macAt(text, from) : undefined
      if (found && add(MAC.id, from, found.to, MAC.alone) > 0) return found.to
    }
    if (withIp && (next === 0x3a || next === 0x2e) && end - from <= 4 && codeAt(from - 1) !== 0x3a) {
      const isTail = codeAt(from - 1) === 0x2e && KIND[codeAt(from - 2)] === 1
      const found = isTail ? undefined : ipAt(text, from)
      if (found && add(IP.id, from, found.to, IP.alone) > 0) return found.to
    }
    const isSplit = digits === 0 && end - from === 2 && next === 0x20 && KIND[codeAt(end + 1)] === 1
    if ((digits === 0 && !isSplit) || end - from > LONGEST_WORD) return end
    let to = isBound ? words(from, end - from, false) : from
    if (to > from) return Math.max(to, end)
    if (digits === end - from && isBound) {
      to = numbers(from, end, false)
      if (to > end) return to
      const isTail = codeAt(from - 1) === 0x20 && KIND[codeAt(from - 2)] === 1
      if (!isTail && digits <= 15) to = Math.max(to, phone(from))
    } else if (firstDigit > from + 1 && /^[a-z]+$/.test(text.slice(from, firstDigit))) {
      to = Math.max(to, words(firstDigit, end - firstDigit, true))
      if (digits === end - firstDigit) to = Math.max(to, numbers(firstDigit, end, true), phone(firstDigit))
    }
    return Math.max(to, end)
  }

  let at = 0
  let after = 0
  while (at < text.length && spans.length < max) {
    const code = text.charCodeAt(at)
    const kind = KIND[code] as number
    if (kind === 0) at++
    else if (kind !== 4) at = Math.max(at + 1, word(at))
    else {
      if (code === 0x40) {
        const found = emailAt(text, at)
        if (found && found.from >= after && add(EMAIL.id, found.from, found.to, EMAIL.alone) > 0) {
          after = found.to
          at = found.to - 1
        }
      } else if (code === 0x3a) {
        const found =
          withIp && codeAt(at + 1) === 0x3a && !isWord(at - 1) && codeAt(at - 1) !== 0x3a
            ? ipAt(text, at)
            : undefined
        if (found && add(IP.id, at, found.to, found.to - at < 3 || text[at + 2] === '/' ? 0.1 : IP.alone) > 0)
          at = found.to - 1
      } else if (!isWord(at - 1) && (KIND[codeAt(at + 1)] === 1 || codeAt(at + 1) === 0x28))
        at = Math.max(at, phone(at) - 1)
      at++
    }
  }
  return least < LEAST ? sorted(spans) : withoutOverlaps(sorted(spans))
}

function sorted(spans: Span[]): Span[] {
  return spans.sort((one, other) => one.from - other.from || other.to - one.to)
}

/** Among overlapping spans, keeps the one with the highest score, and among equal scores the longest. */
function withoutOverlaps(spans: readonly Span[]): Span[] {
  const kept: Span[] = []
  for (const span of spans) {
    const last = kept.at(-1)
    if (!last || span.from >= last.to) kept.push(span)
    else if (
      span.score > last.score ||
      (span.score === last.score && span.to - span.from > last.to - last.from)
    )
      kept[kept.length - 1] = span
  }
  return kept
}

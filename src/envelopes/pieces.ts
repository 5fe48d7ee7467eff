import {
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COMMA,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  skipSpace,
  textOf,
} from '../json/bytes.ts'
import { skipSeparators } from '../json/separators.ts'
import { afterText, type Failure, failsToo, jsonEnd, memberValue, noFailure } from '../json/valid.ts'
import type { Around } from './contract.ts'
import { bad, type Footing, headOf, newFooting, type Piece, skipSpaces, startOfLine } from './footing.ts'

/** Fields of documents that are lists of records. */
const LISTS = new Set(['Records', 'records', 'Events', 'Findings', 'findings'])

/** Open arrays at most: a top-level array, and the list of a document in it. */
const DEEPEST = 2

/**
 * Cuts malformed bytes into pieces: records, bad pieces, and the syntax between them. The rules by which
 * reading resumes after an error:
 *
 * 1. **A record** is a complete, strictly valid JSON value: a document, or an element of an array of
 *    records. A top-level array, and the arrays of `{"Records":[…]}` and similar documents (`LISTS`), are
 *    opened even if they are broken.
 * 2. **Between records** there may be white space, byte order marks and record separators (RFC 7464). In
 *    an array a comma is expected; a missing one is tolerated.
 * 3. **A bad piece** begins where no record does, and ends at the first of these (`footing.ts`):
 *    - where its own brackets close;
 *    - where, on the same line, a complete object begins with the same field as the piece, or as the
 *      document around it: documents of one stream begin alike;
 *    - where the next line begins that is not indented more deeply than the piece's own, or at the next
 *      record separator: a JSON text has no line breaks, so a line always starts outside of one;
 *    - if none of them is on its line: at the first complete object after the byte that is wrong.
 *    Where the line breaks inside a text, and the piece's brackets close before the next line that begins
 *    with one, the text contained the line break, and the piece ends at its brackets.
 *    Unmatched brackets and superfluous commas are a piece of their own.
 * 4. After a bad piece that began on the line of the array around it, the next line is not an element of
 *    that array.
 *
 * Pieces follow each other without a gap, except for separators. The time is linear in the bytes: parsing
 * that failed is not tried again at the values that were open in it, and looking ahead on a line has a
 * budget.
 *
 * @param opened the values that are open at `from`, the outermost first
 */
export function* pieces(bytes: Uint8Array, from = 0, opened: readonly Around[] = []): Generator<Piece> {
  const around: Opened[] = opened.map((one) => ({ ...one, line: startOfLine(bytes, one.start) }))
  // Not tried again: the attempt that went furthest, and the last one.
  let furthest = noFailure()
  let last = noFailure()
  let trial = noFailure()
  const footing = newFooting(bytes, from)
  let isExpected = false
  let lastIsBad = false
  let at = from
  /** Where parsing at `at` failed. */
  let wrong = from
  const fails = (failure: Failure): number => {
    wrong = failure.at
    return -1
  }
  /** The end of the value at `start`; -1 when it is not one. */
  const valueEnd = (start: number): number => {
    if (failsToo(furthest, start)) return fails(furthest)
    if (failsToo(last, start)) return fails(last)
    const found = jsonEnd(bytes, start, trial)
    wrong = found < 0 ? trial.at : found
    if (found < 0 && trial.at >= furthest.at) [furthest, trial] = [trial, furthest]
    else if (found < 0) [last, trial] = [trial, last]
    return found
  }
  const end = (): number => {
    const found = valueEnd(at)
    return found >= 0 && isFollowed(bytes, at, found, around.length > 0) ? found : -1
  }
  for (;;) {
    at = skipSeparators(bytes, at)
    if (at >= bytes.length) break
    const inside = around.at(-1)
    const byte = bytes[at]
    if (inside && byte === COMMA && isExpected && !isStray(bytes, at)) {
      isExpected = false
      yield { kind: 'frame', start: at, end: ++at }
      continue
    }
    if (inside && byte === CLOSE_ARRAY) {
      const closed = inside.inObject ? tailEnd(bytes, at + 1) : { end: at + 1, isOpen: false }
      if (!closed.isOpen) around.pop()
      yield { kind: 'frame', start: at, end: closed.end }
      if (inside.inObject && closed.end === at + 1 && skipSeparators(bytes, at + 1) >= bytes.length)
        yield bad('broken-off', bytes.length, bytes.length)
      isExpected = !closed.isOpen && around.length > 0
      at = closed.end
      lastIsBad = false
      continue
    }
    const line = footing.lineOf(at)
    if (byte === OPEN_ARRAY && isArrayOfRecords(around, bytes, at, end)) {
      around.push({ start: at, head: undefined, inObject: false, line })
      isExpected = false
      lastIsBad = false
      yield { kind: 'frame', start: at, end: ++at }
      continue
    }
    const whole = end()
    const failedAt = wrong
    const isOpened = whole < 0 || (byte === OPEN_OBJECT && headOf(bytes, at) === '"Records"')
    const list =
      isOpened && byte === OPEN_OBJECT && around.length < DEEPEST ? listOf(bytes, at, valueEnd) : undefined
    if (whole >= 0 && !list) {
      yield { kind: 'record', start: at, end: whole }
      at = whole
      isExpected = true
      lastIsBad = false
      continue
    }
    if (list) {
      around.push({ start: at, head: headOf(bytes, at), inObject: true, line })
      // The list's closing bracket is missing.
      if (list.isBare) yield bad('malformed', at, list.at)
      else yield { kind: 'frame', start: at, end: list.at }
      at = list.at
      isExpected = false
      continue
    }
    const piece = footing.piece(at, failedAt, around)
    yield piece
    at = piece.end
    lastIsBad = true
    isExpected = true
    leave(bytes, at, piece, { around, footing })
  }
  // When the last piece is bad, its own flaw is reported.
  if (around.length > 0 && !lastIsBad) yield bad('broken-off', bytes.length, bytes.length)
}

interface Opened extends Around {
  /** Start of the line on which it was opened. */
  line: number
}

/** Closes arrays that must have ended before or in a bad piece. */
function leave(
  bytes: Uint8Array,
  at: number,
  piece: Piece,
  { around, footing }: { around: Opened[]; footing: Footing },
): void {
  const next = skipSeparators(bytes, at)
  if (next >= bytes.length) return
  if (piece.why === 'stray') {
    // A brace that closes a document whose array was not closed.
    const isEnd = bytes[piece.start] === CLOSE_OBJECT && around.at(-1)?.inObject === true
    if (isEnd && bytes[next] !== COMMA && bytes[next] !== CLOSE_ARRAY) around.pop()
    return
  }
  const line = footing.lineOf(piece.start)
  const nextLine = footing.lineOf(next)
  // The piece itself may have contained the line break.
  const isNewLine = nextLine > line && skipSeparators(bytes, nextLine) === next
  if (isNewLine && around.length > 0 && around.every((one) => one.line === line)) around.length = 0
  const head = around.length > 0 && bytes[next] === OPEN_OBJECT ? headOf(bytes, next) : undefined
  const alike = head === undefined ? -1 : around.findIndex((one) => one.head === head)
  if (alike >= 0) around.length = alike
}

/** Whether a comma is superfluous: no element follows it. */
function isStray(bytes: Uint8Array, at: number): boolean {
  const next = bytes[skipSeparators(bytes, at + 1)]
  return next === COMMA || next === CLOSE_ARRAY || next === CLOSE_OBJECT
}

/** Whether a value ends where records end: a word or number may also be the beginning of a text. */
function isFollowed(bytes: Uint8Array, start: number, end: number, inArray: boolean): boolean {
  const first = bytes[start]
  if (first === OPEN_OBJECT || first === OPEN_ARRAY) return true
  const stop = inArray ? skipSeparators(bytes, end) : skipSpaces(bytes, end)
  const next = bytes[stop]
  if (next === undefined) return true
  if (inArray) return next === COMMA || next === CLOSE_ARRAY
  return next === 0x0a || next === 0x1e
}

/** Whether a bracket opens an array of records: at the top level, or a broken array in an array. */
function isArrayOfRecords(
  around: readonly Opened[],
  bytes: Uint8Array,
  at: number,
  end: () => number,
): boolean {
  const [first] = around
  if (!first) return isListed(bytes, at) || end() >= 0
  return around.length < DEEPEST && !first.inObject && isListed(bytes, at) && end() < 0
}

/** Whether a bracket has records behind it, and not a text like `[INFO] …`. */
function isListed(bytes: Uint8Array, at: number): boolean {
  let next = skipSeparators(bytes, at + 1)
  for (let depth = 1; depth < DEEPEST && bytes[next] === OPEN_ARRAY; depth++)
    next = skipSeparators(bytes, next + 1)
  return bytes[next] === OPEN_OBJECT || next >= bytes.length
}

/**
 * Where the elements begin of the first list of records in the broken document at `at`; undefined when it has
 * none.
 */
function listOf(
  bytes: Uint8Array,
  at: number,
  endOf: (start: number) => number,
): { at: number; isBare: boolean } | undefined {
  for (at = skipSpace(bytes, at + 1); bytes[at] === QUOTE; ) {
    const value = memberValue(bytes, at)
    if (value < 0) return undefined
    const end = afterText(bytes, at)
    if (LISTS.has(textOf(bytes, at + 1, end - 1))) {
      if (bytes[value] === OPEN_ARRAY) return { at: value + 1, isBare: false }
      const inner = bytes[value] === OPEN_OBJECT ? endOf(value) : -1
      // An object in place of the list, and another after it.
      if (inner >= 0 && bytes[skipSpace(bytes, inner)] === COMMA && isElement(bytes, inner))
        return { at: value, isBare: true }
    }
    const next = endOf(value)
    if (next < 0) return undefined
    at = skipSpace(bytes, next)
    if (bytes[at] !== COMMA) return undefined
    at = skipSpace(bytes, at + 1)
  }
  return undefined
}

function isElement(bytes: Uint8Array, at: number): boolean {
  return bytes[skipSpace(bytes, skipSpace(bytes, at) + 1)] === OPEN_OBJECT
}

/**
 * The end of a document's sound fields after its list, including its brace. `isOpen` when another list of
 * records follows.
 */
function tailEnd(bytes: Uint8Array, from: number): { end: number; isOpen: boolean } {
  const failure = noFailure()
  let at = skipSpace(bytes, from)
  while (bytes[at] === COMMA) {
    const key = skipSpace(bytes, at + 1)
    const value = memberValue(bytes, key)
    if (value < 0) return { end: from, isOpen: false }
    const name = textOf(bytes, key + 1, afterText(bytes, key) - 1)
    if (LISTS.has(name) && bytes[value] === OPEN_ARRAY) return { end: value + 1, isOpen: true }
    const end = jsonEnd(bytes, value, failure)
    if (end < 0) return { end: from, isOpen: false }
    at = skipSpace(bytes, end)
  }
  return bytes[at] === CLOSE_OBJECT ? { end: at + 1, isOpen: false } : { end: from, isOpen: false }
}

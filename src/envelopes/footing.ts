import {
  BACKSLASH,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  skipSpace,
  textOf,
} from '../json/bytes.ts'
import {
  indentation,
  lineStop,
  RECORD_SEPARATOR,
  skipSeparators,
  trimSeparators,
} from '../json/separators.ts'
import { afterText, jsonEnd, noFailure } from '../json/valid.ts'
import type { Around } from './contract.ts'

/** A part of malformed bytes. */
export type Piece = {
  /**
   * `frame` is syntax around records: brackets, commas, other fields of a document that has a list of
   * records.
   */
  kind: 'record' | 'bad' | 'frame'
  start: number
  end: number
  /** The fault of a bad piece. */
  why?: Flaw
}

export type Flaw =
  | 'malformed'
  /** The bytes end before it does. */
  | 'broken-off'
  | 'text'
  | 'zeros'
  /** An unmatched bracket, or a superfluous comma. */
  | 'stray'

/** Finds where a bad piece ends, by the rule in `pieces.ts`. */
export interface Footing {
  /** The bad piece that begins at `at`, where parsing failed at `wrong`. */
  piece(at: number, wrong: number, around: readonly Around[]): Piece
  /** Start of the line that contains `at`. Calls must come in ascending order. */
  lineOf(at: number): number
}

export function bad(why: Flaw, start: number, end: number): Piece {
  return { kind: 'bad', start, end, why }
}

/**
 * Consecutive lines of text that are separate pieces; the lines after them are one piece, because such a file
 * is not a log of a known type.
 */
const MAX_LINES = 100

const LINE_FEED = 0x0a

export function newFooting(bytes: Uint8Array, from: number): Footing {
  const scratch = noFailure()
  let line = startOfLine(bytes, from)
  let next = lineStop(bytes, line)
  let texts = 0
  let textsEnd = -1
  /** Bytes that looking ahead may still read. */
  let budget = 4 * bytes.length + (1 << 12)

  function lineOf(at: number): number {
    if (at < line) return startOfLine(bytes, at)
    while (next < at) {
      line = next + 1
      next = lineStop(bytes, line)
    }
    return line
  }

  /** Whether a complete object begins at `at`. */
  function isWhole(at: number): boolean {
    if (budget <= 0) return false
    const end = jsonEnd(bytes, at, scratch)
    budget -= (end < 0 ? scratch.at : end) - at + 16
    return end >= 0
  }

  /**
   * Where a piece ends on its line: at its own closing bracket, or before an object that begins like one of
   * `heads`; -1 when neither is there.
   */
  function endByShape(from: number, stop: number, shape: Shape): number {
    for (let at = from; at < stop; at++) {
      const byte = bytes[at]
      if (byte === QUOTE || shape.inText) {
        const open = at
        if (!shape.inText) at++
        for (; at < stop && bytes[at] !== QUOTE; at++) if (bytes[at] === BACKSLASH) at++
        shape.inText = at >= stop
        if (shape.inText) return -1
        // A document may begin inside a text that was cut: the text then seems to end at the quote of the
        // document's first field.
        const brace = lastBefore(bytes, at, open)
        if (bytes[brace] === OPEN_OBJECT && begins(brace, shape)) return brace
      } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        if (at > shape.start && byte === OPEN_OBJECT && begins(at, shape)) return at
        shape.depth++
      } else if ((byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) && --shape.depth === 0) return at + 1
    }
    return -1
  }

  function begins(at: number, { heads }: Shape): boolean {
    const head = headOf(bytes, at)
    return head !== undefined && heads.includes(head) && isWhole(at)
  }

  /** The first complete object on the line from `at` on; -1 when there is none. */
  function wholeObject(at: number, stop: number): number {
    for (
      at = indexOf(bytes, OPEN_OBJECT, at, stop);
      at >= 0;
      at = indexOf(bytes, OPEN_OBJECT, at + 1, stop)
    ) {
      if (budget <= 0) return -1
      if (headOf(bytes, at) !== undefined && isWhole(at)) return at
    }
    return -1
  }

  function endOf(at: number, wrong: number, around: readonly Around[]): number {
    const isJson = isJsonLike(bytes, at)
    const own = bytes[at] === OPEN_OBJECT ? headOf(bytes, at) : undefined
    const heads = [own, ...around.map(({ head }) => head)].filter((head) => head !== undefined)
    const shape: Shape = { start: at, depth: 0, heads, inText: false }
    const depth = indentation(bytes, lineOf(at))
    // The piece's end if its line break was not inside a text; -1 while there was no line break.
    let broken = -1
    for (let from = at, stop = next; ; stop = lineStop(bytes, from)) {
      if (isJson && budget > 0) {
        const end = endByShape(from, stop, shape)
        budget -= broken < 0 && end >= 0 ? 16 : stop - from
        if (end >= 0 && (broken < 0 || isBoundary(bytes, end, around.length > 0))) return end
      } else if (!isJson && around.length > 0) {
        const end = elementEnd(bytes, at, stop)
        if (end < stop) return end
      }
      const behind = isJson ? Math.max(from, wrong, at + 1) : at + 1
      const object = from === at && behind < stop ? wholeObject(behind, stop) : -1
      if (object >= 0) return object
      from = stop
      if (bytes[from] === LINE_FEED) from++
      const first = skipSeparators(bytes, from)
      if (first >= bytes.length) return broken < 0 ? bytes.length : broken
      // A record separator ends the piece before it.
      if (bytes[stop] === RECORD_SEPARATOR) return broken < 0 ? stop : broken
      if (indentation(bytes, startOfLine(bytes, first)) <= depth && !(isJson && isCloser(bytes[first]))) {
        const begins = bytes[first] === OPEN_OBJECT || bytes[first] === OPEN_ARRAY
        if (broken < 0 && (isJson || begins || texts < MAX_LINES)) broken = first
        if (broken >= 0 && (begins || !shape.inText || budget <= 0)) return broken
      }
      // Inside a text, white space counts.
      if (!shape.inText) from = first
    }
  }

  function piece(at: number, wrong: number, around: readonly Around[]): Piece {
    const byte = bytes[at]
    if (isCloser(byte) || byte === COLON) {
      let end = at + 1
      for (let more = end; isCloser(bytes[more]) || bytes[more] === COLON; ) {
        // Inside an array, the next bracket may be the one that closes it.
        if (around.length > 0) break
        end = more + 1
        more = skipSpaces(bytes, end)
      }
      return bad('stray', at, end)
    }
    const found = trimSeparators(bytes, at, endOf(at, wrong, around))
    const isJson = isJsonLike(bytes, at)
    if (isJson)
      return bad(found >= trimSeparators(bytes, at, bytes.length) ? 'broken-off' : 'malformed', at, found)
    texts = textsEnd === at || skipSeparators(bytes, textsEnd) === at ? texts + 1 : 1
    textsEnd = found
    return bad(byte === 0 ? 'zeros' : 'text', at, found)
  }
  return { piece, lineOf }
}

interface Shape {
  start: number
  /** Number of open brackets. */
  depth: number
  /** Whether a line ended inside a text. */
  inText: boolean
  /** First fields of documents that may follow. */
  heads: readonly string[]
}

/** Whether a piece is JSON; a plain text may begin with a bracket too: `[INFO] …`. */
function isJsonLike(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] === OPEN_OBJECT) return true
  const next = bytes[at] === OPEN_ARRAY ? bytes[skipSpace(bytes, at + 1)] : COMMA
  return (
    next === OPEN_OBJECT ||
    next === OPEN_ARRAY ||
    next === CLOSE_ARRAY ||
    next === QUOTE ||
    next === undefined
  )
}

function isCloser(byte: number | undefined): boolean {
  return byte === CLOSE_OBJECT || byte === CLOSE_ARRAY || byte === COMMA
}

/** Whether a record may end here. */
function isBoundary(bytes: Uint8Array, end: number, inArray: boolean): boolean {
  const next = bytes[skipSpaces(bytes, end)]
  if (next === undefined || next === LINE_FEED || next === RECORD_SEPARATOR) return true
  return inArray ? next === COMMA || next === CLOSE_ARRAY : next === OPEN_OBJECT
}

/** Where a bad element ends that is neither an array nor an object: before the comma or bracket after it. */
function elementEnd(bytes: Uint8Array, at: number, stop: number): number {
  for (; at < stop; at++) {
    const byte = bytes[at]
    if (isCloser(byte) || byte === OPEN_OBJECT) return at
  }
  return stop
}

/** Skips white space except line feeds. */
export function skipSpaces(bytes: Uint8Array, at: number): number {
  while (bytes[at] === 0x20 || bytes[at] === 0x09 || bytes[at] === 0x0d) at++
  return at
}

/** The last index between `after` and `at` without white space. */
function lastBefore(bytes: Uint8Array, at: number, after: number): number {
  for (at--; at > after && (bytes[at] as number) <= 0x20; at--);
  return at
}

/** Start of the line that contains `at`, or of the record in a JSON text sequence. */
export function startOfLine(bytes: Uint8Array, at: number): number {
  for (; at > 0; at--) if (bytes[at - 1] === LINE_FEED || bytes[at - 1] === RECORD_SEPARATOR) return at
  return 0
}

function indexOf(bytes: Uint8Array, byte: number, at: number, stop: number): number {
  for (; at < stop; at++) if (bytes[at] === byte) return at
  return -1
}

/** The first field of the object at `at`. */
export function headOf(bytes: Uint8Array, at: number): string | undefined {
  const start = skipSpace(bytes, at + 1)
  const end = bytes[start] === QUOTE ? afterText(bytes, start) : -1
  if (end < 0 || end - start > LONGEST_HEAD || bytes[skipSpace(bytes, end)] !== COLON) return undefined
  return textOf(bytes, start, end)
}

const LONGEST_HEAD = 200

import { again } from './again.ts'
import { skipSeparators } from './separators.ts'
import { quoteAfter, viewAgain } from './text.ts'

/**
 * JSON as bytes: finds where values begin and end, without parsing them. Safe on UTF-8, since the bytes of `{
 * } [ ] " \` never occur inside a longer character (RFC 8259, RFC 3629). These functions find structure
 * without validating it: the reader of the values (DuckDB, `JSON.parse`) does that.
 */
export const QUOTE = 0x22
export const COMMA = 0x2c
export const COLON = 0x3a
export const BACKSLASH = 0x5c
export const OPEN_ARRAY = 0x5b
export const CLOSE_ARRAY = 0x5d
export const OPEN_OBJECT = 0x7b
export const CLOSE_OBJECT = 0x7d
const SPACE = 0x20
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const TAB = 0x09

/** The span of a value: its first byte, and the one after its last. */
export interface Span {
  start: number
  end: number
}

export interface Member extends Span {
  key: string
  /** Index of the key's opening quote. */
  keyStart: number
}

/** The first index at or after `at` without JSON white space. */
export function skipSpace(bytes: Uint8Array, at: number): number {
  for (;;) {
    const byte = bytes[at]
    if (byte !== SPACE && byte !== LINE_FEED && byte !== CARRIAGE_RETURN && byte !== TAB) return at
    at++
  }
}

/** Whether a text's bytes are at `at`. */
export function isAt(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let index = 0; index < text.length; index++) if (bytes[at + index] !== text[index]) return false
  return true
}

/** The index after a string whose opening quote is at `at`; -1 when it does not end. */
export function stringEnd(bytes: Uint8Array, at: number): number {
  const few = Math.min(at + SHORT_TEXT, bytes.length)
  for (at++; at < few; at++) {
    const byte = bytes[at]
    if (byte === QUOTE) return at + 1
    if (byte === BACKSLASH) at++
  }
  return at < bytes.length ? quoteAfter(bytes, viewAgain(bytes), at) + 1 || -1 : -1
}

/** Length above which reading a text four bytes at a time, through a view, is worth it. */
const SHORT_TEXT = 64

/** The index after the value that begins at `at`; -1 when it does not end or is not a value. */
export function valueEnd(bytes: Uint8Array, at: number): number {
  const first = bytes[at]
  if (first === QUOTE) return stringEnd(bytes, at)
  if (first === OPEN_OBJECT || first === OPEN_ARRAY) return nestedEnd(bytes, at)
  let end = at
  for (; end < bytes.length; end++) {
    const byte = bytes[end] as number
    if (byte <= SPACE || byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) break
    if (byte === QUOTE || byte === OPEN_OBJECT || byte === OPEN_ARRAY || byte === COLON) return -1
  }
  return end > at ? end : -1
}

function nestedEnd(bytes: Uint8Array, at: number): number {
  const length = bytes.length
  const view = length - at > FEW_BYTES ? viewAgain(bytes) : undefined
  let depth = 0
  for (; at < length; at++) {
    const byte = bytes[at]
    if (byte === QUOTE) {
      if (view) {
        at = quoteAfter(bytes, view, at + 1)
        if (at < 0) return -1
      } else for (at++; at < length && bytes[at] !== QUOTE; at++) if (bytes[at] === BACKSLASH) at++
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth++
    else if ((byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) && --depth === 0) return at + 1
  }
  return -1
}

/** Length below which making a view costs more than it saves. */
const FEW_BYTES = 2048

/** The members of the object whose `{` is at `at`; undefined when it is malformed. */
export function members(bytes: Uint8Array, at: number): Member[] | undefined {
  const found: Member[] = []
  at = skipSpace(bytes, at + 1)
  if (bytes[at] === CLOSE_OBJECT) return found
  for (;;) {
    const keyStart = at
    if (bytes[at] !== QUOTE) return undefined
    const keyEnd = stringEnd(bytes, at)
    if (keyEnd < 0) return undefined
    const key = keyText(bytes, keyStart, keyEnd)
    if (key === undefined) return undefined
    at = skipSpace(bytes, keyEnd)
    if (bytes[at] !== COLON) return undefined
    const start = skipSpace(bytes, at + 1)
    const end = valueEnd(bytes, start)
    if (end < 0) return undefined
    found.push({ key, keyStart, start, end })
    at = skipSpace(bytes, end)
    if (bytes[at] === CLOSE_OBJECT) return found
    if (bytes[at] !== COMMA) return undefined
    at = skipSpace(bytes, at + 1)
  }
}

function keyText(bytes: Uint8Array, start: number, end: number): string | undefined {
  const plain = textOf(bytes, start + 1, end - 1)
  if (!plain.includes('\\')) return plain
  try {
    return JSON.parse(textOf(bytes, start, end)) as string
  } catch {
    return undefined
  }
}

/**
 * The elements of the array whose `[` is at `at`. `end` is the index after its `]`, or -1 when the array is
 * cut off or malformed; then `stop` is where the first unreadable element begins.
 */
export function elements(bytes: Uint8Array, at: number): { spans: Span[]; end: number; stop: number } {
  const spans: Span[] = []
  return { spans, ...eachElement(bytes, at, (start, end) => spans.push({ start, end })) }
}

/** Like `elements`, but visits each element: the spans of all of them may need more memory than there is. */
export function eachElement(
  bytes: Uint8Array,
  at: number,
  visit: (start: number, end: number) => void,
): { end: number; stop: number } {
  at = skipSpace(bytes, at + 1)
  if (bytes[at] === CLOSE_ARRAY) return { end: at + 1, stop: at }
  for (;;) {
    const end = valueEnd(bytes, at)
    if (end < 0) return { end: -1, stop: at }
    const next = skipSpace(bytes, end)
    if (bytes[next] === COMMA) {
      visit(at, end)
      at = skipSpace(bytes, next + 1)
    } else if (bytes[next] === CLOSE_ARRAY) {
      visit(at, end)
      return { end: next + 1, stop: next }
    } else if (next >= bytes.length && (bytes[end - 1] === CLOSE_OBJECT || bytes[end - 1] === CLOSE_ARRAY)) {
      // The bytes end right after a whole element: it counts, and only the rest is missing.
      visit(at, end)
      return { end: -1, stop: next }
    } else return { end: -1, stop: at }
  }
}

/**
 * The bytes between the brackets of an array, without white space around them; undefined when it is not an
 * array.
 */
export function insideArray(array: Uint8Array): Uint8Array | undefined {
  let end = array.length - 1
  if (array[0] !== OPEN_ARRAY || array[end] !== CLOSE_ARRAY || end < 1) return undefined
  const start = skipSpace(array, 1)
  while (end > start && (array[end - 1] as number) <= SPACE) end--
  return array.subarray(start, end)
}

/**
 * The top-level values of bytes that hold one or more of them, with or without separators between. Cached for
 * the last bytes, since several envelopes need it.
 */
export function documents(bytes: Uint8Array): Documents {
  let known = recentDocuments.get(bytes)
  if (!known) {
    known = findDocuments(bytes)
    recentDocuments.set(bytes, known)
  }
  return known
}

export interface Documents {
  spans: ReturnType<typeof again<Span>>
  /** Where the first value begins that does not end; the length of the bytes when all do. */
  stop: number
}

const recentDocuments = new WeakMap<Uint8Array, Documents>()

function findDocuments(bytes: Uint8Array): Documents {
  const spans = again(() => eachDocument(bytes))
  let stop = skipSeparators(bytes, 0)
  for (const { end } of spans) stop = skipSeparators(bytes, end)
  return { spans, stop }
}

function* eachDocument(bytes: Uint8Array): Generator<Span> {
  let start = skipSeparators(bytes, 0)
  while (start < bytes.length) {
    const end = valueEnd(bytes, start)
    if (end < 0) return
    yield { start, end }
    start = skipSeparators(bytes, end)
  }
}

/** The text of a span; bytes that are not UTF-8 become U+FFFD. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8')
}

/** The text of a JSON value, without the white space outside of its texts. */
export function compactText(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  let from = start
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number
    if (byte === QUOTE) at = stringEnd(bytes, at) - 1
    else if (byte <= SPACE) {
      text += textOf(bytes, from, at)
      from = at + 1
    }
  }
  return text + textOf(bytes, from, end)
}

/**
 * Like `joinArray`, for any number of spans of the same bytes; an array among them contributes its elements.
 */
export function joinSpans(bytes: Uint8Array, spans: Iterable<Span & { around?: unknown }>): Uint8Array {
  let size = 2
  for (const { start, end } of spans) size += end - start + 1
  const joined = Buffer.allocUnsafe(size)
  joined[0] = OPEN_ARRAY
  let at = 1
  for (const { start, end, around } of spans) {
    const inside = around ? insideArray(bytes.subarray(start, end)) : undefined
    const from = inside ? inside.byteOffset - bytes.byteOffset : start
    const to = inside ? from + inside.length : end
    if (to === from) continue
    if (at > 1) joined[at++] = COMMA
    if (to - from > WORTH_A_VIEW) joined.set(bytes.subarray(from, to), at)
    else for (let byte = from; byte < to; byte++) joined[at + byte - from] = bytes[byte] as number
    at += to - from
  }
  joined[at++] = CLOSE_ARRAY
  return joined.subarray(0, at)
}

/** Length below which copying byte by byte is faster. */
const WORTH_A_VIEW = 32

/** `[a,b]` of the bytes of a and b; with a `tail`, `[a,b,tail`: an array that is cut off inside it. */
export function joinArray(parts: readonly Uint8Array[], tail?: Uint8Array): Uint8Array {
  const comma = Buffer.from(',')
  const pieces: Uint8Array[] = [Buffer.from('[')]
  for (const [index, part] of parts.entries()) {
    if (index > 0) pieces.push(comma)
    pieces.push(part)
  }
  if (tail && parts.length > 0) pieces.push(comma)
  pieces.push(tail ?? Buffer.from(']'))
  return Buffer.concat(pieces)
}

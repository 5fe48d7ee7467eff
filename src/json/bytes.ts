import { again } from './again.ts'
import { skipSeparators } from './separators.ts'

/**
 * JSON as bytes: where values begin and end, without making values of them. Safe on UTF-8, since the bytes of
 * `{ } [ ] " \` never occur inside a longer character (RFC 8259, RFC 3629). These functions find structure; they
 * do not validate what is inside: whoever reads the values (DuckDB, `JSON.parse`) does.
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

/** A value's place: from the first byte to the one after the last. */
export interface Span {
  start: number
  end: number
}

export interface Member extends Span {
  key: string
  /** Where the key's opening quote is. */
  keyStart: number
}

/** The first index at or after `at` that is no JSON white space. */
export function skipSpace(bytes: Uint8Array, at: number): number {
  for (;;) {
    const byte = bytes[at]
    if (byte !== SPACE && byte !== LINE_FEED && byte !== CARRIAGE_RETURN && byte !== TAB) return at
    at++
  }
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

/** A text that is longer is worth a view for reading four bytes at once. */
const SHORT_TEXT = 64

/** The index after the value that begins at `at`; -1 when it does not end or is none. */
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

/** In fewer bytes a view is not worth its making. */
const FEW_BYTES = 2048

let lastView: DataView = new DataView(new ArrayBuffer(0))

/** A view of bytes, the same one as long as it is the same bytes. */
export function viewAgain({ buffer, byteOffset, length }: Uint8Array): DataView {
  if (lastView.buffer !== buffer || lastView.byteOffset !== byteOffset || lastView.byteLength !== length)
    lastView = new DataView(buffer, byteOffset, length)
  return lastView
}

/** The index of the quote that ends a text, or -1; `at` is behind the one that begins it. Four bytes at a time, by a view of the same bytes. */
export function quoteAfter(bytes: Uint8Array, view: DataView, at: number): number {
  const wordsEnd = bytes.length - 3
  for (;;) {
    while (at < wordsEnd) {
      const word = view.getInt32(at, true)
      const quote = word ^ 0x22222222
      const backslash = word ^ 0x5c5c5c5c
      const found = (((quote - 0x01010101) & ~quote) | ((backslash - 0x01010101) & ~backslash)) & 0x80808080
      if (found !== 0) {
        at += (31 - Math.clz32(found & -found)) >> 3
        break
      }
      at += 4
    }
    const byte = bytes[at]
    if (byte === QUOTE) return at
    if (byte === undefined) return -1
    at += byte === BACKSLASH ? 2 : 1
  }
}

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
 * The elements of the array whose `[` is at `at`. `end` is the index after its `]`, or -1 when the array breaks
 * off or is malformed; then `stop` is where the first unreadable element begins.
 */
export function elements(bytes: Uint8Array, at: number): { spans: Span[]; end: number; stop: number } {
  const spans: Span[] = []
  return { spans, ...eachElement(bytes, at, (start, end) => spans.push({ start, end })) }
}

/** The same, element by element: there may be more of them than memory for all their places. */
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
      // The bytes end right behind a whole element: it is one, what follows it is not there.
      visit(at, end)
      return { end: -1, stop: next }
    } else return { end: -1, stop: at }
  }
}

/** What stands between the brackets of an array, without the space around it; undefined when the bytes are none. */
export function insideArray(array: Uint8Array): Uint8Array | undefined {
  let end = array.length - 1
  if (array[0] !== OPEN_ARRAY || array[end] !== CLOSE_ARRAY || end < 1) return undefined
  const start = skipSpace(array, 1)
  while (end > start && (array[end - 1] as number) <= SPACE) end--
  return array.subarray(start, end)
}

/**
 * The top-level values of bytes that hold one or more of them, with or without separators between. Several
 * envelopes ask it of the same bytes, which are looked at once.
 */
export function documents(bytes: Uint8Array): Documents {
  let known = lately.get(bytes)
  if (!known) {
    known = findDocuments(bytes)
    lately.set(bytes, known)
  }
  return known
}

export interface Documents {
  spans: ReturnType<typeof again<Span>>
  /** Where the first value begins that does not end; the length of the bytes when all do. */
  stop: number
}

const lately = new WeakMap<Uint8Array, Documents>()

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

/** The text of a span; bytes that are no UTF-8 become U+FFFD. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8')
}

/** As `joinArray`, of parts of the same bytes, however many: an array among them gives its elements. */
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

/** Fewer bytes are copied faster one by one. */
const WORTH_A_VIEW = 32

/** `[a,b]` of the bytes of a and b; with a `tail`, `[a,b,tail`: an array that breaks off in it. */
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

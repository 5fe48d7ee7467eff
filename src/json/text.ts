/**
 * A JSON text as bytes: where it ends, and what it means. Bytes are read four at a time, through a view: with
 * `x` a word whose wanted bytes are 0, `(x - 0x01010101) & ~x & 0x80808080` has the high bit of the first
 * such byte (bits above it may be wrong). The expression is written out in each loop, since each looks for
 * other bytes.
 */
const QUOTE = 0x22
const BACKSLASH = 0x5c
const SPACE = 0x20
const SMALL_U = 0x75

let lastView: DataView = new DataView(new ArrayBuffer(0))

/** A view of bytes; the last view is reused for the same bytes. */
export function viewAgain({ buffer, byteOffset, length }: Uint8Array): DataView {
  if (lastView.buffer !== buffer || lastView.byteOffset !== byteOffset || lastView.byteLength !== length)
    lastView = new DataView(buffer, byteOffset, length)
  return lastView
}

/**
 * The index of the quote that ends a text, or -1; `at` is after its opening quote. Checks nothing else of it.
 *
 * @param view a view of the same bytes
 */
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

/**
 * The index of the quote that ends a valid text, whose first quote is at `at`; its complement (`~index`) for
 * a text with escapes, and -1 for anything else.
 */
export function textEnd(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== QUOTE) return -1
  const view = viewAgain(bytes)
  const wordsEnd = bytes.length - 3
  let isEscaped = false
  at++
  for (;;) {
    while (at < wordsEnd) {
      const word = view.getInt32(at, true)
      const quote = word ^ 0x22222222
      const backslash = word ^ 0x5c5c5c5c
      const found =
        ((quote - 0x01010101) & ~quote) |
        ((backslash - 0x01010101) & ~backslash) |
        ((word - 0x20202020) & ~word)
      const bits = found & 0x80808080
      if (bits !== 0) {
        at += (31 - Math.clz32(bits & -bits)) >> 3
        break
      }
      at += 4
    }
    const byte = bytes[at]
    if (byte === QUOTE) return isEscaped ? ~at : at
    if (byte === undefined || byte < SPACE) return -1
    if (byte === BACKSLASH) {
      isEscaped = true
      const letter = bytes[++at] as number
      if (letter === SMALL_U ? Number.isNaN(hexAt(bytes, at + 1)) : !ESCAPES[letter]) return -1
    }
    at++
  }
}

/**
 * Decodes a JSON text to UTF-8, into `to`, which has room for the text as it is written.
 *
 * @param toView a view of `to`
 * @returns the number of bytes, or -1 for a text with a NUL or half a surrogate pair, or that is malformed
 */
export function meaningOf(
  bytes: Uint8Array,
  start: number,
  end: number,
  to: Uint8Array,
  toView: DataView,
): number {
  const from = viewAgain(bytes)
  let length = 0
  for (let at = start; at < end; at++) {
    for (; at + 4 <= end; at += 4, length += 4) {
      const word = from.getInt32(at, true)
      const backslash = word ^ 0x5c5c5c5c
      if (((backslash - 0x01010101) & ~backslash & 0x80808080) !== 0) break
      toView.setInt32(length, word, true)
    }
    if (at === end) break
    const byte = bytes[at] as number
    if (byte !== BACKSLASH) {
      to[length++] = byte
      continue
    }
    const letter = bytes[++at] as number
    if (letter === SMALL_U) {
      const code = hexAt(bytes, at + 1)
      if (!(code > 0) || at + 4 >= end || (code >= 0xd800 && code < 0xe000)) return -1
      at += 4
      if (code < 0x80) to[length++] = code
      else if (code < 0x800) {
        to[length++] = 0xc0 | (code >> 6)
        to[length++] = 0x80 | (code & 0x3f)
      } else {
        to[length++] = 0xe0 | (code >> 12)
        to[length++] = 0x80 | ((code >> 6) & 0x3f)
        to[length++] = 0x80 | (code & 0x3f)
      }
      continue
    }
    const meant = ESCAPES[letter] as number | undefined
    if (meant === undefined || meant === 0) return -1
    to[length++] = meant
  }
  return length
}

/** The decoded character by the letter after the backslash; 0 when that is not an escape. */
const ESCAPES = new Uint8Array(128)
for (const [letter, meant] of Object.entries({
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}))
  ESCAPES[letter.charCodeAt(0)] = meant.charCodeAt(0)

function hexAt(bytes: Uint8Array, at: number): number {
  let value = 0
  for (let index = at; index < at + 4; index++) {
    const byte = bytes[index] as number
    const digit = byte >= 0x30 && byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57
    if (!(digit >= 0 && digit < 16)) return Number.NaN
    value = value * 16 + digit
  }
  return value
}

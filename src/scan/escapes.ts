/**
 * Text as it reads once its escapes are undone: `%40`, `\u0040`, `\x40`, `&#64;` and `&commat;` are all an
 * `@`. Scanners read it beside the text itself, and each of its characters is mapped to where it is written.
 */
export interface Unescaped {
  text: string
  /** Where the character at an index begins in the original. */
  beginOf(index: number): number
  /** Where the character before an index ends in the original. */
  endOf(index: number): number
}

/** Escapes within escapes that are undone, as in `%2540`. */
const ROUNDS = 3

/** One alternative for each kind of escape; each is of bounded length or repeats without a choice. */
const ESCAPE =
  /(?:%[0-9a-fA-F]{2})+|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\["'\\/bfnrt]|&#(?:[xX][0-9a-fA-F]{1,6}|\d{1,7});|&(?:amp|lt|gt|quot|apos|commat|colon|period|num);/g

const NAMED: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", commat: '@', colon: ':', period: '.', num: '#' },
}
const CONTROL: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

/** The readings of a text, one for each round of escapes; none of a text without any. */
export function unescapedReadings(text: string): Unescaped[] {
  const found: Unescaped[] = []
  let last: Unescaped | undefined
  for (let round = 0; round < ROUNDS; round++) {
    const next = once(last?.text ?? text)
    if (!next) break
    last = last ? through(next, last) : next
    found.push(last)
  }
  const whole = last?.text ?? text
  // In a form, `+` is a space. An address with a `+` is found without this reading.
  if (PLUS.test(whole))
    found.push({
      beginOf: (index) => index,
      endOf: (index) => index,
      ...last,
      text: whole.replace(PLUSES, ' '),
    })
  return found
}

/** Escapes of JSON alone. */
const OF_JSON = /\\u[0-9a-fA-F]{4}|\\["\\/bfnrt]/g

/** The readings of a text with what JSON escapes, one for each JSON within the JSON. */
export function jsonReadings(text: string): Unescaped[] {
  const found: Unescaped[] = []
  let last: Unescaped | undefined
  for (let round = 0; round < ROUNDS && (last?.text ?? text).includes('\\'); round++) {
    const before = last?.text ?? text
    const next = mappedLater(before)
    if (next.text === before) break
    last = last ? through(next, last) : next
    found.push(last)
  }
  return found
}

/** A reading whose places are mapped when they are asked for: most texts have nothing to be found. */
function mappedLater(text: string): Unescaped {
  let mapped: Unescaped | undefined
  const map = () => {
    mapped ??= once(text, OF_JSON) ?? { text, beginOf: (index) => index, endOf: (index) => index }
    return mapped
  }
  return {
    text: text.replace(OF_JSON, characterOf),
    beginOf: (index) => map().beginOf(index),
    endOf: (index) => map().endOf(index),
  }
}

const PLUS = /[A-Za-z0-9]\+[A-Za-z0-9]/
const PLUSES = /(?<=[A-Za-z0-9])\+(?=[A-Za-z0-9])/g

/** A reading of a reading, mapped to the original. */
function through(inner: Unescaped, outer: Unescaped): Unescaped {
  return {
    text: inner.text,
    beginOf: (index) => outer.beginOf(inner.beginOf(index)),
    endOf: (index) => outer.endOf(inner.endOf(index)),
  }
}

/**
 * Pieces of a reading in order: where each begins in it, where it is written, and whether it is an escape.
 */
interface Pieces {
  at: number[]
  from: number[]
  to: number[]
  isEscape: boolean[]
}

function once(text: string, pattern = ESCAPE): Unescaped | undefined {
  if (!/[%\\&]/.test(text)) return undefined
  const pieces: Pieces = { at: [], from: [], to: [], isEscape: [] }
  const parts: string[] = []
  let length = 0
  let behind = 0
  const add = (part: string, from: number, to: number, isEscape: boolean) => {
    if (part === '') return
    pieces.at.push(length)
    pieces.from.push(from)
    pieces.to.push(to)
    pieces.isEscape.push(isEscape)
    parts.push(part)
    length += part.length
  }
  for (const match of text.matchAll(pattern)) {
    const [written] = match
    add(text.slice(behind, match.index), behind, match.index, false)
    behind = match.index + written.length
    if (written[0] === '%') {
      for (const { character, from, to } of percentDecoded(written))
        add(character, match.index + from, match.index + to, true)
    } else add(characterOf(written), match.index, behind, true)
  }
  if (behind === 0) return undefined
  add(text.slice(behind), behind, text.length, false)
  return {
    text: parts.join(''),
    beginOf(index) {
      const piece = pieceAt(pieces, index)
      if (piece < 0) return 0
      if (index >= length) return text.length
      const from = pieces.from[piece] as number
      return pieces.isEscape[piece] ? from : from + index - (pieces.at[piece] as number)
    },
    endOf(index) {
      if (index <= 0) return 0
      const piece = pieceAt(pieces, index - 1)
      const from = pieces.from[piece] as number
      return pieces.isEscape[piece]
        ? (pieces.to[piece] as number)
        : from + index - (pieces.at[piece] as number)
    },
  }
}

/** The last piece that begins at or before an index. */
function pieceAt({ at }: Pieces, index: number): number {
  let [low, high] = [0, at.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((at[middle] as number) <= index) low = middle + 1
    else high = middle
  }
  return low - 1
}

function characterOf(written: string): string {
  if (written[0] === '&') {
    if (written[1] !== '#') return NAMED[written.slice(1, -1)] as string
    const isHex = written[2] === 'x' || written[2] === 'X'
    const point = isHex ? Number.parseInt(written.slice(3, -1), 16) : Number(written.slice(2, -1))
    return point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd'
  }
  const kind = written[1] as string
  if (kind === 'u' || kind === 'x') return String.fromCharCode(Number.parseInt(written.slice(2), 16))
  return CONTROL[kind] ?? kind
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * The characters of a run like `%C3%A4%40`, and their offsets in it. A byte that is no UTF-8 is one of
 * Latin-1.
 */
function* percentDecoded(run: string): Generator<{ character: string; from: number; to: number }> {
  const bytes = Buffer.from(run.replaceAll('%', ''), 'hex')
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] as number
    const count = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1
    const character = utf8(bytes.subarray(at, at + count))
    const taken = character === undefined ? 1 : count
    yield { character: character ?? String.fromCharCode(first), from: at * 3, to: (at + taken) * 3 }
    at += taken
  }
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes)
  } catch {
    return undefined
  }
}

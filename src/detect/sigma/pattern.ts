import { ANY, ONE, type Pattern, type Piece } from './contract.ts'

/**
 * Splits a Sigma text into pieces. A backslash escapes `*`, `?` and another backslash, and is a plain
 * character before anything else.
 */
export function patternOf(text: string): Pattern {
  const pieces: Piece[] = []
  let plain = ''
  const flush = () => {
    if (plain !== '') pieces.push(plain)
    plain = ''
  }
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] as string
    const next = text[at + 1]
    if (letter === '\\' && next !== undefined && '*?\\'.includes(next)) {
      plain += next
      at++
    } else if (letter === '*' || letter === '?') {
      flush()
      pieces.push(letter === '*' ? ANY : ONE)
    } else plain += letter
  }
  flush()
  return pieces
}

/** The text of a pattern without wildcards; undefined when it has one. */
export function plainText(pattern: Pattern): string | undefined {
  return pattern.every((piece) => typeof piece === 'string') ? pattern.join('') : undefined
}

/** Joins neighbouring texts, and stars that follow one another. */
function joined(pieces: readonly Piece[]): Pattern {
  const all: Piece[] = []
  for (const piece of pieces) {
    const last = all.at(-1)
    if (piece === '' || (piece === ANY && last === ANY)) continue
    if (typeof piece === 'string' && typeof last === 'string') all[all.length - 1] = last + piece
    else all.push(piece)
  }
  return all
}

export function startingWith(pattern: Pattern): Pattern {
  return joined([...pattern, ANY])
}

export function endingWith(pattern: Pattern): Pattern {
  return joined([ANY, ...pattern])
}

export function containing(pattern: Pattern): Pattern {
  return joined([ANY, ...pattern, ANY])
}

const SHORTEST_PART = 4

/**
 * The longest text that every match of a regular expression contains; undefined where a simple check cannot
 * show it.
 */
export function plainPartOf(source: string): string | undefined {
  if (/[\\|()[\]{}]/.test(source)) return undefined
  // A character before `*` or `?` may be missing.
  const parts = source.replace(/.[*?]\??/gsu, '.').split(/[.^$+]/)
  const longest = parts.reduce((one, other) => (other.length > one.length ? other : one), '')
  return longest.length < SHORTEST_PART ? undefined : longest
}

/** Whether a pattern is all ASCII, whose case every language and engine treats alike. */
export function isAscii(pattern: Pattern): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is that of ASCII
  return pattern.every((piece) => typeof piece !== 'string' || /^[\x00-\x7f]*$/.test(piece))
}

/**
 * Whether a pattern matches a text, both of ASCII letters. Stars grow from the left, so it takes at most
 * length times length steps.
 */
export function fits(pattern: Pattern, text: string, cased: boolean): boolean {
  const wanted = cased
    ? pattern
    : pattern.map((piece) => (typeof piece === 'string' ? piece.toLowerCase() : piece))
  const letters = cased ? text : text.toLowerCase()
  let states = new Set([0])
  for (const piece of wanted) {
    const next = new Set<number>()
    for (const from of states) {
      if (piece === ANY) for (let to = from; to <= letters.length; to++) next.add(to)
      else if (piece === ONE) {
        if (from < letters.length) next.add(from + 1)
      } else if (letters.startsWith(piece, from)) next.add(from + piece.length)
    }
    states = next
  }
  return states.has(letters.length)
}

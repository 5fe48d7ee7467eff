import { UserError } from './errors.ts'

/** Patterns that one pattern with braces may expand to. */
const MAX = 4096

/**
 * Expands braces: `a{b,c{d,e}}` is `ab`, `acd` and `ace`; `{1..3}` is `1`, `2` and `3`, and `{01..03}` has
 * two digits each.
 */
export function alternatives(pattern: string): string[] {
  const { found, end } = sequence(pattern, 0, false)
  if (end < pattern.length) throw new Error('a pattern was not read to its end')
  return found
}

/** Reads to the end, or inside braces to the comma or brace that ends an alternative. */
function sequence(text: string, from: number, inside: boolean): { found: string[]; end: number } {
  let found = ['']
  let at = from
  const append = (some: readonly string[]) => {
    if (found.length * some.length > MAX)
      throw new UserError(`the braces of a pattern stand for more than ${MAX} patterns`)
    found = found.flatMap((before) => some.map((more) => before + more))
  }
  while (at < text.length) {
    const letter = text[at] as string
    if (inside && (letter === ',' || letter === '}')) break
    const some = letter === '{' ? braces(text, at) : undefined
    if (some) {
      append(some.found)
      at = some.end
      continue
    }
    const length = letter === '\\' ? 2 : 1
    append([text.slice(at, at + length)])
    at += length
  }
  return { found, end: Math.min(at, text.length) }
}

/** Expands closed braces with a comma or a range; undefined for other braces, which are plain letters. */
function braces(text: string, open: number): { found: string[]; end: number } | undefined {
  const close = closing(text, open)
  if (close < 0) return undefined
  const range = /^(?:(\d{1,6})\.\.(\d{1,6})|([A-Za-z])\.\.([A-Za-z]))$/.exec(text.slice(open + 1, close))
  if (range) return { found: inRange(range), end: close + 1 }
  const found: string[] = []
  let at = open + 1
  for (let count = 0; ; count++) {
    const one = sequence(text, at, true)
    found.push(...one.found)
    if (text[one.end] === ',') at = one.end + 1
    else return count === 0 ? undefined : { found, end: one.end + 1 }
  }
}

/** The index of the matching closing brace; -1 when there is none. */
function closing(text: string, open: number): number {
  let depth = 0
  for (let at = open; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '{') depth++
    else if (text[at] === '}' && --depth === 0) return at
  }
  return -1
}

function inRange([, first, last, from, to]: RegExpExecArray): string[] {
  const number = (text: string | undefined, letter: string | undefined) =>
    text === undefined ? (letter as string).charCodeAt(0) : Number(text)
  const [low, high] = [number(first, from), number(last, to)].sort((a, b) => a - b) as [number, number]
  if (high - low >= MAX) throw new UserError(`the braces of a pattern stand for more than ${MAX} patterns`)
  // As in a shell: `{01..12}` has names of two digits.
  const isPadded = [first, last].some((end) => end !== undefined && end.length > 1 && end.startsWith('0'))
  const width = isPadded ? Math.max(first?.length ?? 0, last?.length ?? 0) : 0
  return Array.from({ length: high - low + 1 }, (_, step) =>
    first === undefined ? String.fromCharCode(low + step) : String(low + step).padStart(width, '0'),
  )
}

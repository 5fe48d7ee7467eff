import { alternatives } from './braces.ts'

/**
 * Whether one of some patterns matches a name. A pattern may begin at any folder: `us-east-1/**` matches
 * `/logs/AWSLogs/…/us-east-1/2026/…`; a trailing `/` means everything below. `*` is any text within one name
 * of a path, `**` any folders, `?` one character, `[a-z]` and `[!a-z]` a set of characters, `{a,b}` and
 * `{1..9}` alternatives; `\` escapes the next character. No other character is special.
 *
 * Only the last star is extended when the match fails, never an earlier one: matching takes at most the
 * name's length times the pattern's, where a regular expression might try every length of every star.
 */
export function matcher(patterns: readonly string[]): (name: string) => boolean {
  const all = patterns.flatMap((pattern) => alternatives(fromAnyFolder(pattern)).map(compile))
  return (name) => {
    const parts = name
      .replace(/^\w+:\/\//, '/')
      .replaceAll('\\', '/')
      .split('/')
    return all.some((pattern) => isPath(pattern, parts))
  }
}

/**
 * Whether a text matches a pattern in which only `*` is special, any text, and `one` if given, any character.
 */
export function wildcard(pattern: string, one?: '?'): (text: string) => boolean {
  const tokens = [...pattern].map((letter): Token => {
    if (letter === '*') return STAR
    return letter === one ? () => true : isLetter(letter)
  })
  return (text) => isName(tokens, [...text])
}

function fromAnyFolder(pattern: string): string {
  const below = pattern.endsWith('/') ? `${pattern}**` : pattern
  const rooted = below.replace(/^\w+:\/\//, '/')
  return rooted.startsWith('/') || rooted.startsWith('**') ? rooted : `**/${rooted}`
}

const STAR = 'star'
const FOLDERS = 'folders'

/** Any text, or a test of one letter. */
type Token = typeof STAR | ((letter: string) => boolean)
/** A name in a path, or any folders. */
type Part = typeof FOLDERS | readonly Token[]

function isPath(pattern: readonly Part[], parts: readonly string[]): boolean {
  return isMatch(pattern, parts, FOLDERS, (part, name) => part !== FOLDERS && isPart(part, name))
}

function isPart(tokens: readonly Token[], name: string): boolean {
  // A name is never empty: `a/*` does not match `a/`.
  if (name === '') return tokens.length === 0
  return isName(tokens, [...name])
}

function isName(tokens: readonly Token[], letters: readonly string[]): boolean {
  return isMatch(tokens, letters, STAR, (token, letter) => token !== STAR && token(letter))
}

/** Matches items with a pattern in which one kind of element stands for any number of items. */
function isMatch<T, Item>(
  pattern: readonly T[],
  items: readonly Item[],
  any: T,
  fits: (one: T, item: Item) => boolean,
): boolean {
  let at = 0
  let next = 0
  /** The last such element, and the first item after those that it covers. */
  let last = -1
  let from = 0
  while (next < items.length) {
    if (at < pattern.length && pattern[at] === any) {
      last = at++
      from = next
    } else if (at < pattern.length && fits(pattern[at] as T, items[next] as Item)) {
      at++
      next++
    } else if (last < 0) return false
    else {
      at = last + 1
      next = ++from
    }
  }
  while (at < pattern.length && pattern[at] === any) at++
  return at === pattern.length
}

function isLetter(letter: string): Token {
  return (other) => other === letter
}

/** The parts of a pattern without braces. */
function compile(pattern: string): Part[] {
  const parts: Part[] = []
  let tokens: Token[] = []
  let source = ''
  const letters = [...pattern]
  const endPart = () => {
    parts.push(source === '**' ? FOLDERS : tokens)
    tokens = []
    source = ''
  }
  for (let at = 0; at < letters.length; at++) {
    const letter = letters[at] as string
    if (letter === '/') {
      endPart()
      continue
    }
    source += letter
    if (letter === '*') tokens.push(STAR)
    else if (letter === '?') tokens.push(() => true)
    else if (letter === '\\' && at + 1 < letters.length) {
      const escaped = letters[++at] as string
      source += escaped
      tokens.push(isLetter(escaped))
    } else {
      const set = letter === '[' ? letterSet(letters, at) : undefined
      if (set) {
        source += letters.slice(at + 1, set.end + 1).join('')
        at = set.end
        tokens.push(set.token)
      } else tokens.push(isLetter(letter))
    }
  }
  endPart()
  return parts
}

/** `[a-z_]`, `[!a-z]` or `[^a-z]`; undefined when the bracket is not closed within the name. */
function letterSet(letters: readonly string[], open: number): { token: Token; end: number } | undefined {
  let at = open + 1
  const isNot = letters[at] === '!' || letters[at] === '^'
  if (isNot) at++
  const ranges: [from: string, to: string][] = []
  for (let first = true; ; first = false) {
    let letter = letters[at]
    if (letter === undefined || letter === '/') return undefined
    if (letter === ']' && !first) break
    if (letter === '\\' && at + 1 < letters.length) letter = letters[++at] as string
    const to = letters[at + 2]
    const isRange = letters[at + 1] === '-' && to !== undefined && to !== ']' && to !== '/'
    ranges.push([letter, isRange ? to : letter])
    at += isRange ? 3 : 1
  }
  const code = (letter: string) => letter.codePointAt(0) as number
  const isIn = (letter: string) =>
    ranges.some(([from, to]) => code(letter) >= code(from) && code(letter) <= code(to))
  return { token: (letter) => isIn(letter) !== isNot, end: at }
}

/** Whether one name of a path matches one part of a pattern without braces. */
export function namePattern(part: string): (name: string) => boolean {
  const [tokens = []] = compile(part)
  return (name) => tokens !== FOLDERS && isPart(tokens, name)
}

import { isKnownWord, knownWords } from '../../claims/asked-words.ts'

/** Words of times, which no query has. */
const TIMES =
  'january february march april june july august september october november december ' +
  'monday tuesday wednesday thursday friday saturday sunday yesterday today between before after since until'

/** Shortest word that is corrected: among short ones, too many are one letter apart. */
const SHORTEST = 5

/** What a question's misspelt words were read as. */
export type Corrections = ReadonlyMap<string, string>

/** What words are held against. */
export interface Spelling {
  /** Words of titles and names, which others may be meant for. */
  heads: ReadonlySet<string>
  /** Whether any text of a query, a view or a table has a word. */
  knows(word: string): boolean
}

/**
 * Words of a question that nothing knows, each with the only known word that it is one slip of the fingers
 * away from: a letter left out, one too many, or two in the wrong order. Another letter in place of one makes
 * other words (`roles`, `rules`), and is no slip.
 */
export function correctionsOf(question: string, { heads, knows }: Spelling): Corrections {
  const known = new Set([...heads, ...knownWords(), ...TIMES.split(' ')])
  const found = new Map<string, string>()
  for (const word of plainWords(question)) {
    const small = word.toLowerCase()
    if (small.length < SHORTEST || known.has(small) || isKnownWord(small) || knows(small)) continue
    const near = [...known].filter((other) => other.length >= SHORTEST && isSlip(small, other))
    // Forms of one word are one: `session`, `sessions`.
    const [first] = near
    if (first !== undefined && (near.length === 1 || near.every((one) => isForm(one, first))))
      found.set(word, nearestIn(near, small))
  }
  return found
}

/** A question with its corrections; ids, addresses and quoted texts stay as they are. */
export function corrected(question: string, corrections: Corrections): string {
  if (corrections.size === 0) return question
  return question.replace(WORDS, (text) => corrections.get(text) ?? text)
}

/** Quoted texts, and words of letters alone that are no part of an id, a path or an address. */
const WORDS = /"[^"]*"|`[^`]*`|“[^”]*”|(?<![^\s(,])[A-Za-z][a-z]+(?![^\s),.?!:;]|[.:]\S)/g

function plainWords(question: string): string[] {
  return (question.match(WORDS) ?? []).filter((text) => /^[A-Za-z]/.test(text))
}

function isForm(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one)
}

/** Of forms of one word, the one with as many letters, or nearly. */
function nearestIn(all: readonly string[], word: string): string {
  return [...all].sort(
    (a, b) => Math.abs(a.length - word.length) - Math.abs(b.length - word.length) || b.length - a.length,
  )[0] as string
}

/** Whether two words with the same first letter differ by a letter more, a letter less, or two swapped. */
function isSlip(word: string, other: string): boolean {
  if (word[0] !== other[0] || Math.abs(word.length - other.length) > 1) return false
  let at = 0
  while (at < word.length && word[at] === other[at]) at++
  const [left, right] = [word.slice(at), other.slice(at)]
  if (left.length === right.length)
    return left[0] === right[1] && left[1] === right[0] && left.slice(2) === right.slice(2) && left.length > 1
  return left.length > right.length ? left.slice(1) === right : right.slice(1) === left
}

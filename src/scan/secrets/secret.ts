import { allowed, everywhere } from './allowed.ts'
import type { Allowed } from './rules.ts'

/**
 * The rule for any word like `key` or `token`, any sign and any value: it has most of the matches and takes
 * most of the time.
 */
export const GENERIC = 'generic-api-key'

interface Compiled {
  target: Allowed['target']
  regexes: readonly RegExp[]
  stopwords: readonly string[]
}

/** Characters of a match that allow lists test: they are about values, not about pages. */
const LONGEST = 2000

const compiled = new Map<string, readonly Compiled[]>()
const global = compile(everywhere)

function compile({ target, regexes, stopwords }: Allowed): Compiled {
  return { target, regexes: regexes.map((source) => new RegExp(source)), stopwords }
}

/** Whether a match is a false positive: a placeholder, a word, an example. */
export function isAllowed(rule: string, secret: string, match: string, line: () => string): boolean {
  let lists = compiled.get(rule)
  if (!lists) {
    lists = [global, ...(allowed[rule] ?? []).map(compile)]
    compiled.set(rule, lists)
  }
  const value = secret.slice(0, LONGEST)
  return lists.some(({ target, regexes, stopwords }) => {
    const text = target === 'secret' ? value : target === 'match' ? match.slice(0, LONGEST) : line()
    if (regexes.some((regex) => regex.test(text))) return true
    if (stopwords.length === 0) return false
    const lower = value.toLowerCase()
    return stopwords.some((word) => lower.includes(word))
  })
}

/** Shannon's entropy of a text, in bits per character. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}

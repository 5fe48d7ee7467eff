import { didYouMean } from '../../lib/nearest.ts'
import { wildcard } from '../../lib/patterns.ts'
import type { Condition } from './contract.ts'
import { RuleError } from './yaml.ts'

/**
 * Parses Sigma's conditions: names of search identifiers, `not`, `and`, `or` in this order of precedence,
 * brackets, and `1 of`, `any of`, `all of` a pattern or `them`. A pattern includes names that begin with `_`
 * only when it begins so itself.
 *
 * https://github.com/SigmaHQ/sigma-specification, sigma-rules-specification.md, section "Condition".
 */
export function parseCondition(text: string, names: Iterable<string>, line: number): Condition {
  const known = [...names]
  const refuse = (message: string) => new RuleError(line, `condition: ${message}`)
  if (text.includes('|'))
    throw refuse('aggregations behind `|` are no longer part of Sigma: write a correlation instead')
  const tokens = text.match(TOKEN) ?? []
  const strange = text.replace(TOKEN, '').trim()
  if (strange !== '') throw refuse(`cannot read \`${strange.slice(0, 20)}\``)
  let at = 0
  let depth = 0
  const word = () => tokens[at]?.toLowerCase()

  function expression(): Condition {
    if (++depth > MAX_DEPTH) throw refuse('too many brackets')
    const found = chain('or', () => chain('and', factor))
    depth--
    return found
  }

  function chain(kind: 'and' | 'or', inner: () => Condition): Condition {
    const of = [inner()]
    while (word() === kind) {
      at++
      of.push(inner())
    }
    return of.length === 1 ? (of[0] as Condition) : { kind, of }
  }

  function factor(): Condition {
    let negations = 0
    while (word() === 'not') {
      at++
      negations++
    }
    const inner = operand()
    return negations % 2 === 1 ? { kind: 'not', of: inner } : inner
  }

  function operand(): Condition {
    const token = tokens[at++]
    if (token === undefined) throw refuse('it ends too early')
    if (token === '(') {
      const inner = expression()
      if (tokens[at++] !== ')') throw refuse('a bracket is not closed')
      return inner
    }
    if (word() === 'of' && /^(\d+|any|all)$/i.test(token)) {
      at++
      return selector(token.toLowerCase(), tokens[at++])
    }
    if (token === ')' || /^(and|or|of)$/i.test(token)) throw refuse(`\`${token}\` is not expected there`)
    if (!known.includes(token))
      throw refuse(`there is no search identifier \`${token}\`${didYouMean(token, known)}`)
    return { kind: 'name', name: token }
  }

  function selector(quantity: string, pattern: string | undefined): Condition {
    if (pattern === undefined || pattern === '(' || pattern === ')')
      throw refuse(`\`${quantity} of\` wants a pattern, or \`them\``)
    if (!['1', 'any', 'all'].includes(quantity))
      throw refuse(`\`${quantity} of\` is not part of Sigma: there are \`1 of\`, \`any of\` and \`all of\``)
    const meant = known.filter(matching(pattern.toLowerCase() === 'them' ? '*' : pattern))
    if (meant.length === 0) throw refuse(`no search identifier is called like \`${pattern}\``)
    const of = meant.map((name): Condition => ({ kind: 'name', name }))
    if (of.length === 1) return of[0] as Condition
    return { kind: quantity === 'all' ? 'and' : 'or', of }
  }

  if (tokens.length === 0) throw refuse('it is empty')
  const parsed = expression()
  if (at < tokens.length) throw refuse(`\`${tokens[at]}\` is not expected there`)
  return parsed
}

const TOKEN = /[()]|[\p{L}\p{N}_*.-]+/gu
const MAX_DEPTH = 100

function matching(pattern: string): (name: string) => boolean {
  const isMatch = wildcard(pattern)
  return (name) => isMatch(name) && (pattern.startsWith('_') || !name.startsWith('_'))
}

/** The names in a condition. */
export function namesIn(condition: Condition): Set<string> {
  if (condition.kind === 'name') return new Set([condition.name])
  if (condition.kind === 'not') return namesIn(condition.of)
  return new Set(condition.of.flatMap((one) => [...namesIn(one)]))
}

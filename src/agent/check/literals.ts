/** Literals, comments and words of a statement, in order. */
const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$\$[\s\S]*?\$\$|\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?|[A-Za-z_][\w.]*|<=|>=|<>|!=|::|\S/gi
/** A literal behind one of these is a condition or a limit, and does not become a cell. */
const CONDITION = new Set(
  '= < > <= >= <> != like ilike in between and limit offset interval date timestamp timestamptz not similar to escape'.split(
    ' ',
  ),
)

/** What a statement puts into cells by itself: its numbers and texts outside of conditions. They are evidence of nothing. */
export function literalsOf(sql: string): string[] {
  const found: string[] = []
  let before = ''
  let opened = ''
  for (const [token] of sql.matchAll(TOKEN)) {
    if (token.startsWith('--') || token.startsWith('/*')) continue
    const isText = token.startsWith("'") || token.startsWith('$$')
    const isNumber = /^\d/.test(token)
    if (isText || isNumber) {
      const follows = before === '(' || before === ',' ? opened : before
      if (!CONDITION.has(follows.toLowerCase()))
        found.push(
          isNumber
            ? String(Number(token.replaceAll('_', '')))
            : token.startsWith("'")
              ? token.slice(1, -1).replaceAll("''", "'")
              : token.slice(2, -2),
        )
    } else if (token === '(') opened = before
    else if (token === ')') opened = ''
    before = token
  }
  return found
}

/**
 * What the rows of a statement are limited to, as far as it is plain that they are: texts behind `=`, LIKE, IN and the like, where nothing
 * turns the condition round.
 */
export function conditionsOf(sql: string): string[] {
  const tokens = [...sql.matchAll(TOKEN)].map(([token]) => token).filter((token) => !/^(--|\/\*)/.test(token))
  if (tokens.some((token) => /^(or|not|<>|!=|xor|union|except|intersect|full|left|right)$/i.test(token)))
    return []
  const found: string[] = []
  let opened = ''
  for (const [at, token] of tokens.entries()) {
    const before = tokens[at - 1] ?? ''
    if (token === '(') opened = before
    const follows = before === '(' || before === ',' ? opened : before
    if (
      token.startsWith("'") &&
      /^(=|like|ilike|in|between|and|>=|>|<=|<|date|timestamp|timestamptz)$/i.test(follows)
    )
      found.push(token.slice(1, -1).replaceAll("''", "'").replace(/^%|%$/g, ''))
  }
  return found
}

/** Numbers that turn one unit into another. */
const UNITS = new Set([
  0, 1, 7, 12, 24, 60, 100, 365, 1000, 1024, 3600, 86400, 1440, 1_000_000, 1_048_576, 1_000_000_000, 60_000,
])

/** Whether a statement adds to, or multiplies by, numbers that it brings along: `count(*) * 17`. */
export function computesByItself(sql: string): boolean {
  const tokens = [...sql.matchAll(TOKEN)].map(([token]) => token).filter((token) => !/^(--|\/\*)/.test(token))
  return tokens.some((token, at) => {
    if (!/^\d/.test(token) || UNITS.has(Number(token.replaceAll('_', '')))) return false
    const isSign = (other = '') => ['+', '-', '*', '/', '%', '^'].includes(other)
    const before = tokens[at - 1]
    return (
      isSign(tokens[at + 1]) || (isSign(before) && !['interval', '(', ',', ''].includes(tokens[at - 2] ?? ''))
    )
  })
}

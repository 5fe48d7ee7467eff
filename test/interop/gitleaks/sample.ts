/**
 * Texts that regular expressions match, made by the expressions themselves: a walk through one that takes a branch or a
 * number of repeats by chance. It knows the syntax that the rules of secrets use.
 */
export type Chance = () => number

type Part =
  | { kind: 'characters'; of: readonly string[] }
  | { kind: 'nothing' }
  | { kind: 'one'; of: readonly Part[][] }
  | { kind: 'repeat'; part: Part; least: number; most: number }

const PRINTABLE = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at))
const WORD = PRINTABLE.filter((character) => /\w/.test(character))
const DIGITS = PRINTABLE.filter((character) => /\d/.test(character))
/** Repeats of a part without a limit, beyond the least. */
const MORE = 3

export function sampleOf(source: string, chance: Chance): string {
  const reader = { source, at: 0 }
  const parts = alternativesIn(reader)
  if (reader.at < source.length) throw new Error(`not read: ${source.slice(reader.at)}`)
  return textOf({ kind: 'one', of: parts }, chance)
}

interface Reader {
  source: string
  at: number
}

function alternativesIn(reader: Reader): Part[][] {
  const found: Part[][] = [[]]
  while (reader.at < reader.source.length && reader.source[reader.at] !== ')') {
    if (reader.source[reader.at] === '|') {
      reader.at++
      found.push([])
    } else found.at(-1)?.push(repeated(partIn(reader), reader))
  }
  return found
}

function partIn(reader: Reader): Part {
  const { source } = reader
  const character = source[reader.at++] as string
  if (character === '^' || character === '$') return { kind: 'nothing' }
  // One that is not repeated is meant as a dot: in `hooks.slack.com` it is only not escaped.
  if (character === '.')
    return { kind: 'characters', of: /[{?*+]/.test(source[reader.at] ?? '') ? PRINTABLE : ['.'] }
  if (character === '[') return classIn(reader)
  if (character === '\\') {
    const of = escapedIn(reader)
    return of.length === 0 ? { kind: 'nothing' } : { kind: 'characters', of }
  }
  if (character !== '(') return { kind: 'characters', of: [character] }
  if (source.startsWith('?:', reader.at)) reader.at += 2
  else if (source[reader.at] === '?')
    throw new Error(`no such group is known: ${source.slice(reader.at - 1)}`)
  const of = alternativesIn(reader)
  reader.at++
  return { kind: 'one', of }
}

function repeated(part: Part, reader: Reader): Part {
  const [written, least, comma, most] =
    /^(?:\{(\d+)(,?)(\d*)\}|[?*+])/.exec(reader.source.slice(reader.at)) ?? []
  if (written === undefined) return part
  reader.at += written.length
  if (reader.source[reader.at] === '?') reader.at++
  if (least !== undefined) {
    const from = Number(least)
    return { kind: 'repeat', part, least: from, most: comma ? Number(most || from + MORE) : from }
  }
  return { kind: 'repeat', part, least: written === '+' ? 1 : 0, most: written === '?' ? 1 : MORE }
}

/** The characters of an escape; none of one that has no width. */
function escapedIn(reader: Reader): readonly string[] {
  const letter = reader.source[reader.at++] as string
  if (letter === 'b' || letter === 'B') return []
  if (letter === 'w') return WORD
  if (letter === 'd') return DIGITS
  if (letter === 's') return [' ', '\t']
  if (letter === 'S') return PRINTABLE.slice(1)
  if (letter === 'n' || letter === 'r' || letter === 't') return [{ n: '\n', r: '\r', t: '\t' }[letter]]
  if (letter !== 'x') return [letter]
  reader.at += 2
  return [String.fromCharCode(Number.parseInt(reader.source.slice(reader.at - 2, reader.at), 16))]
}

function classIn(reader: Reader): Part {
  const { source } = reader
  const isNot = source[reader.at] === '^'
  if (isNot) reader.at++
  const own = new Set<string>()
  const next = () => {
    const character = source[reader.at++] as string
    return character === '\\' ? escapedIn(reader) : [character]
  }
  for (let first = true; first || source[reader.at] !== ']'; first = false) {
    const from = next()
    const isRange = source[reader.at] === '-' && source[reader.at + 1] !== ']' && from.length === 1
    if (!isRange) for (const one of from) own.add(one)
    else {
      reader.at++
      const [to] = next()
      for (let code = from[0]?.charCodeAt(0) as number; code <= (to?.charCodeAt(0) as number); code++)
        own.add(String.fromCharCode(code))
    }
  }
  reader.at++
  return { kind: 'characters', of: isNot ? PRINTABLE.filter((one) => !own.has(one)) : [...own] }
}

function textOf(part: Part, chance: Chance): string {
  const some = <Value>(values: readonly Value[]) => values[Math.floor(chance() * values.length)] as Value
  if (part.kind === 'nothing') return ''
  if (part.kind === 'characters') return some(part.of)
  if (part.kind === 'one')
    return some(part.of)
      .map((one) => textOf(one, chance))
      .join('')
  const times = part.least + Math.floor(chance() * (part.most - part.least + 1))
  return Array.from({ length: times }, () => textOf(part.part, chance)).join('')
}

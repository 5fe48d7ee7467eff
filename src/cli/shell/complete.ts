import type { AskedNames } from '../../query/asked.ts'

/** All completions. */
export interface Completable extends AskedNames {
  /** Named questions with their parameters. */
  queries: ReadonlyMap<string, readonly string[]>
  /** The shell's own commands, such as `\d`. */
  commands: readonly string[]
}

const KEYWORDS = (
  'all and any as asc between by case cast count cross desc describe distinct else end except exists explain false from full ' +
  'group having ilike in inner intersect interval is join last lateral left like limit not null nulls offset on or order ' +
  'outer over partition pivot qualify right sample select summarize then true union unnest unpivot using values when where with'
).split(' ')

/**
 * Completions of the word before the cursor, and that word: after FROM and JOIN tables and views; after a dot
 * the columns of that table or alias; elsewhere the columns of the tables in the question, functions and
 * keywords.
 *
 * @param before the question up to the cursor
 */
export function completions(before: string, names: Completable): [hits: string[], word: string] {
  const command = /^\s*(\\\w*)$/.exec(before)
  if (command) return starting(names.commands, command[1] as string)
  const table = /^\s*\\d\s+(\S*)$/.exec(before)
  if (table) return starting(names.tables.keys(), table[1] as string)
  const query = /^\s*\\run\s+(\S*)$/.exec(before)
  if (query) return starting(names.queries.keys(), query[1] as string)
  const parameter = /^\s*\\run\s+(\S+)\s(?:.*\s)?(\w*)$/.exec(before)
  if (parameter) {
    const own = names.queries.get(parameter[1] as string) ?? []
    return starting(
      own.map((name) => `${name}=`),
      parameter[2] as string,
    )
  }
  const word = /[\w.]*$/.exec(before)?.[0] ?? ''
  if (/\b(?:from|join|describe|summarize)\s+[\w.]*$/i.test(before)) return starting(names.tables.keys(), word)
  const dotted = /^(\w+)\.(\w*)$/.exec(word)
  if (dotted) {
    const [, owner = '', start = ''] = dotted
    const columns = names.tables.get(aliasesOf(before).get(owner.toLowerCase()) ?? owner.toLowerCase()) ?? []
    const [hits] = starting(columns, start)
    return [hits.map((hit) => `${owner}.${hit}`), word]
  }
  if (word === '') return [[], word]
  const asked = [...aliasesOf(before).values()].flatMap((name) => names.tables.get(name) ?? [])
  const functions = names.functions.map((name) => `${name}(`)
  return starting([...asked, ...KEYWORDS, ...functions, ...names.tables.keys()], word)
}

function starting(names: Iterable<string>, word: string): [string[], string] {
  const start = word.toLowerCase()
  const hits = new Set<string>()
  for (const name of names) if (name.toLowerCase().startsWith(start)) hits.add(name)
  return [[...hits], word]
}

/** Tables of a question by their aliases. */
function aliasesOf(text: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const [, table = '', alias] of text.matchAll(
    /\b(?:from|join)\s+([a-z_][\w.]*)(?:\s+(?:as\s+)?([a-z_]\w*))?/gi,
  )) {
    const name = table.toLowerCase()
    found.set(name.slice(name.lastIndexOf('.') + 1), name)
    if (alias && !KEYWORDS.includes(alias.toLowerCase())) found.set(alias.toLowerCase(), name)
  }
  return found
}

import { isKnownWord } from '../../claims/asked-words.ts'
import { list, sql } from '../../lib/sql.ts'
import { isNear } from './near-words.ts'

/**
 * Names in a question that only the lake's rows can confirm, since their form does not show what they are.
 */
export interface Names {
  /** As questions about a person take them. */
  people: string[]
  roles: string[]
  /** As in `s3.amazonaws.com`. */
  services: string[]
  /** APIs: whole names, or those with such a word in them. */
  calls: string[]
  errors: string[]
  /** Endpoints, and other things that columns of identities do not have: buckets, jobs, machines. */
  resources: string[]
  /** The words of the question that led to these names, each with its kind. */
  words: { word: string; kind: NameKind; values: string[] }[]
}

export type NameKind = 'person' | 'role' | 'service' | 'call' | 'error' | 'endpoint' | 'resource'

const emptyNames = (): Names => ({
  ...{ people: [], roles: [], services: [], calls: [], errors: [], resources: [], words: [] },
})

export const noNames: Names = emptyNames()

/** Looks names up with the rights of the reader who asks. */
interface Lookup {
  rows(sql: string): Promise<unknown[][]>
  /** The column that has a value; undefined when none has. */
  find(value: string): Promise<string | undefined>
}

/** Most words of a question that are looked up, and values that are taken of each kind. */
const MAX_WORDS = 12
const MAX_VALUES = 5

const FOUND = new URL('./names.sql', import.meta.url)

/**
 * Looks up which words of a question are names of people, roles, services, APIs or errors in the lake: in the
 * summary of activity, or, if there is none, people and roles by the keys of all tables. Names that the
 * reader may not see are not found.
 *
 * @param isCommon whether a word occurs in named queries
 */
export async function namesIn(
  question: string,
  lookup: Lookup,
  isCommon: (word: string) => boolean,
): Promise<Names> {
  const words = [...candidates(question), ...inBlanks(question, isCommon)]
  if (words.length === 0) return noNames
  const nameLike = new Set(words.filter(isNameLike).map((word) => word.toLowerCase()))
  const small = [...new Set(words.map((word) => word.toLowerCase()))]
  const rows = await lookup.rows(sql(FOUND, { words: list(small) }))
  const names = emptyNames()
  // `break-glass` is a user's whole name: a role that begins with the same words is another one.
  const isPart = (word: string) =>
    word.includes(' ') && rows.some((row) => row[0] === 'person' && row[1] === word.replaceAll(' ', '-'))
  // A word from an entry's own text can only be a person's or a role's name: `alice` is an example there.
  for (const [kind, word, value] of rows.filter((row) => !isPart(String(row[1]))))
    if (kind === 'person' || kind === 'role' || !isCommon(String(word)) || nameLike.has(String(word)))
      add(names, kind as NameKind, String(word), String(value))
  // Other names may be in tables without a summary.
  const rest = words.filter(
    (word) => isNameLike(word) && !names.words.some((one) => one.word === word.toLowerCase()),
  )
  for (const word of rest.slice(0, 4)) {
    const column = await lookup.find(word).catch(() => undefined)
    if (column !== undefined) add(names, kindIn(column), word.toLowerCase(), word)
  }
  return names
}

/** What a value is, by the column that has it. */
function kindIn(column: string): NameKind {
  if (column.includes('sessionissuer')) return 'role'
  if (column.includes('endpointname')) return 'endpoint'
  return /identity|user|actor|person|principal|caller|manager|asked_by|reviewer/.test(column)
    ? 'person'
    : 'resource'
}

const OF: Record<NameKind, Exclude<keyof Names, 'words'>> = {
  ...{ person: 'people', role: 'roles', service: 'services', call: 'calls', error: 'errors' },
  ...{ endpoint: 'resources', resource: 'resources' },
}

function add(names: Names, kind: NameKind, word: string, value: string): void {
  const values = names[OF[kind]]
  if (!values.includes(value) && values.length < MAX_VALUES) values.push(value)
  const known = names.words.find((one) => one.word === word && one.kind === kind)
  if (known) known.values.push(value)
  else names.words.push({ word, kind, values: [value] })
}

/** Patterns of questions about a person: `what did bob do`, `sessions of bob`. */
const ABOUT =
  /\b(?:what|when|where|why|how)\s+(?:did|has|does|is|was)\s+([\p{L}\p{N}][\p{L}\p{N}._+=@-]*)\s+(?:do|done|doing|call|change|delete|create|access|log|sign|assume|use)\w*|\b(?:of|by|for)\s+([\p{L}\p{N}][\p{L}\p{N}._+=-]*)\s*\??$/giu

/** Words in the place of a name that the lake does not have. */
export function unknownIn(question: string, { words }: Names, isCommon: (word: string) => boolean): string[] {
  const isFound = (word: string) => words.some((one) => one.word === word.toLowerCase())
  return [...question.matchAll(ABOUT)]
    .map(([, asked, of]) => asked ?? of ?? '')
    .filter((word) => !FORM.test(word) && !isFound(word))
    .filter(
      (word) => isNameLike(word) || !(isKnownWord(word.toLowerCase()) || isCommon(word) || isNear(word)),
    )
}

/** Things whose form shows what they are. */
const FORM =
  /^[\d.:-]+$|@|^m?i-[0-9a-f]{8,}$|^(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}$|^[a-z]{2}(?:-[a-z]+)+-\d$/

/** Words that may be names: by their form, or because no named query has them. */
function candidates(question: string): string[] {
  const words = question.match(/[\p{L}\p{N}][\p{L}\p{N}._+=@-]*[\p{L}\p{N}]/gu) ?? []
  return [...new Set(words)]
    .filter((word) => word.length <= 128 && !FORM.test(word))
    .filter((word) => isNameLike(word) || !isKnownWord(word.toLowerCase()))
    .slice(0, MAX_WORDS)
}

/**
 * Roles that are written as words: `the break glass role`, or `break glass` alone, may be BreakGlassAdmin.
 */
function inBlanks(question: string, isCommon: (word: string) => boolean): string[] {
  const words = question.match(/\p{L}+/gu) ?? []
  const isOdd = (word: string) => !isKnownWord(word.toLowerCase()) && !isCommon(word)
  const pairs = words.flatMap((word, at) => {
    const next = words[at + 1]
    return next !== undefined && isOdd(word) && isOdd(next) ? [`${word} ${next}`] : []
  })
  return [...new Set([...pairs, ...beforeRole(question)])]
}

function beforeRole(question: string): string[] {
  return [...question.matchAll(/\b(\p{L}+)[ -](\p{L}+)(?: (\p{L}+))? roles?\b/giu)]
    .flatMap(([, ...parts]) => {
      const all = parts.filter((part) => part !== undefined)
      return all.slice(0, -1).map((_, at) => all.slice(at).join(' '))
    })
    .filter((words) => !words.split(' ').some((word) => STARTS.test(word)))
}

const STARTS = /^(?:the|a|an|which|what|who|used|assumed|uses|assume|took|of|by|any|our|this|that)$/i

/** Whether a word has the form of a name: `legacy-backup`, `SupportAgentRole`, `KMS`. */
function isNameLike(word: string): boolean {
  return (
    /[\p{L}\p{N}][-_.][\p{L}\p{N}]/u.test(word) || /\p{Ll}\p{Lu}/u.test(word) || /^[A-Z][A-Z0-9]+$/.test(word)
  )
}

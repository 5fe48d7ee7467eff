import { list, sql } from '../../lib/sql.ts'
import { isKnownWord } from './words.ts'

/** Names of a question that the lake has: what no form tells, and only its rows know. */
export interface Names {
  /** As questions about a person take them. */
  people: string[]
  roles: string[]
  /** As in `s3.amazonaws.com`. */
  services: string[]
  /** APIs: whole names, or those with such a word in them. */
  calls: string[]
  errors: string[]
  /** The words of the question that these were found by, each with what kind it is. */
  words: { word: string; kind: NameKind }[]
}

export type NameKind = 'person' | 'role' | 'service' | 'call' | 'error'

export const noNames: Names = { people: [], roles: [], services: [], calls: [], errors: [], words: [] }

/** What names are looked up by: a desk of whoever asks. */
interface Lookup {
  rows(sql: string): Promise<unknown[][]>
  /** The column that a value stands in; undefined when it is nowhere. */
  find(value: string): Promise<string | undefined>
}

/** Most words of a question that are looked up, and values that are taken of each kind. */
const MOST_WORDS = 12
const MOST_VALUES = 5

const FOUND = new URL('./names.sql', import.meta.url)

/**
 * Looks up in the lake which words of a question are names of its people, roles, services, APIs or errors: in the summary of activity,
 * and, where there is none, people and roles by the keys of all tables. What whoever asks may not see is not found.
 *
 * @param isCommon whether a word is one of those that questions with names are made of
 */
export async function namesIn(
  question: string,
  desk: Lookup,
  isCommon: (word: string) => boolean,
): Promise<Names> {
  const words = candidates(question, isCommon)
  if (words.length === 0) return noNames
  const small = [...new Set(words.map((word) => word.toLowerCase()))]
  const rows = await desk.rows(sql(FOUND, { words: list(small) }))
  const names: Names = { people: [], roles: [], services: [], calls: [], errors: [], words: [] }
  for (const [kind, word, value] of rows) add(names, kind as NameKind, String(word), String(value))
  // What was not seen there may be in tables that no summary is of.
  const rest = words.filter(
    (word) => isNameLike(word) && !names.words.some((one) => one.word === word.toLowerCase()),
  )
  for (const word of rest.slice(0, 4)) {
    const column = await desk.find(word).catch(() => undefined)
    if (column !== undefined)
      add(names, column.includes('sessionissuer') ? 'role' : 'person', word.toLowerCase(), word)
  }
  return names
}

function add(names: Names, kind: NameKind, word: string, value: string): void {
  const of = { person: 'people', role: 'roles', service: 'services', call: 'calls', error: 'errors' } as const
  const values = names[of[kind]]
  if (!values.includes(value) && values.length < MOST_VALUES) values.push(value)
  if (!names.words.some((one) => one.word === word && one.kind === kind)) names.words.push({ word, kind })
}

/** What is told by its form already. */
const FORM =
  /^[\d.:-]+$|@|^m?i-[0-9a-f]{8,}$|^(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}$|^[a-z]{2}(?:-[a-z]+)+-\d$/

/** Words that may be names: those with the form of one, and those that no question is made of. */
function candidates(question: string, isCommon: (word: string) => boolean): string[] {
  const words = question.match(/[\p{L}\p{N}][\p{L}\p{N}._+=@-]*[\p{L}\p{N}]/gu) ?? []
  return [...new Set(words)]
    .filter((word) => word.length <= 128 && !FORM.test(word))
    .filter((word) => isNameLike(word) || !(isKnownWord(word.toLowerCase()) || isCommon(word)))
    .slice(0, MOST_WORDS)
}

/** `legacy-backup`, `SupportAgentRole`, `KMS`: no words of a sentence. */
function isNameLike(word: string): boolean {
  return (
    /[\p{L}\p{N}][-_.][\p{L}\p{N}]/u.test(word) || /\p{Ll}\p{Lu}/u.test(word) || /^[A-Z][A-Z0-9]+$/.test(word)
  )
}

import { stem } from './asked-words.ts'
import type { Described } from './contract.ts'
import { ACTORS, ANALYST, GIVEN_NAMES, PROSE, SERVICES, SERVICES_LIKE_WORDS } from './words.ts'

/**
 * Whether a word, as it is written, names nothing. `isStart`: it begins a sentence, where every word has a
 * capital.
 */
export type IsProse = (word: string, isStart: boolean) => boolean

/** Examples, quotes, addresses and the like in descriptions: they are no words of loglake's. */
const EXAMPLES = /`[^`]*`|"[^"]*"|'[^']*'|“[^”]*”|\S*[@:/_=\d*]\S*|\bas in [^.;]*/g
/** With one of these ends, a capital at the start of a sentence is no name's. */
const ENDS = /(?:ing|ed|s|ion|ment|ity|ly)$/

/**
 * Words that name nothing: common ones, and those in loglake's descriptions of its tables and queries,
 * without their examples. Everything else has to be in the cells that a claim cites.
 */
export function proseOf(
  tables: readonly Described[],
  questions: readonly { title: string; doc: string; parameters: readonly { doc: string }[] }[],
): IsProse {
  const own = new Set<string>()
  const stems = new Set([...PROSE].map(stem))
  const read = (text: string) => {
    // In the middle of a sentence, a capital is a name's.
    for (const [, before = '', word = ''] of text
      .replace(EXAMPLES, ' ')
      .matchAll(/(^|[.!?:]\s+|\s)\(?([A-Za-z]{2,})/g))
      if (/^[a-z]/.test(word) || (before.trim() !== '' || before === '' ? ENDS.test(word) : false))
        if (!isSomebody(word.toLowerCase())) stems.add(stem(word.toLowerCase()))
  }
  for (const { title, doc, parameters } of questions)
    for (const text of [title, doc, ...parameters.map((one) => one.doc)]) read(text)
  for (const { name, doc, columns } of tables) {
    own.add(name.toLowerCase())
    read(doc)
    for (const column of columns) {
      if (column.name.length > 2) own.add(column.name.toLowerCase())
      read(column.doc)
    }
  }
  return proseWith(PROSE, stems, own)
}

/** Words of analysts' prose, for sentences about rows that no table describes. */
export function analystsProse(): IsProse {
  const listed = new Set([...PROSE, ...ANALYST])
  return proseWith(listed, new Set([...listed].map(stem)), new Set())
}

/** A word that a person, a service or a kind of actor is called. */
function isSomebody(lower: string): boolean {
  return GIVEN_NAMES.has(lower) || ACTORS.has(lower) || SERVICES.has(lower)
}

/**
 * @param listed words that we have looked at: none of them names anybody
 * @param stems of these and of descriptions
 * @param own names of tables and columns
 */
function proseWith(
  listed: ReadonlySet<string>,
  stems: ReadonlySet<string>,
  own: ReadonlySet<string>,
): IsProse {
  return (word, isStart) => {
    const plain = word.replace(/['’]s?$/, '')
    const lower = plain.toLowerCase()
    const isCapital = plain !== lower
    if (GIVEN_NAMES.has(lower) && (isCapital || !listed.has(lower))) return false
    if (ACTORS.has(lower) || SERVICES.has(lower)) return false
    if (isCapital && SERVICES_LIKE_WORDS.has(lower)) return false
    if (PROSE.has(lower) || (listed.has(lower) && (isStart || !isCapital))) return true
    if (!isCapital && own.has(lower)) return true
    if (isCapital && !(isStart && ENDS.test(lower))) return false
    // A letter alone is a name, unless it belongs to a word: `e-mail`.
    const parts = lower.split('-')
    if (parts.some(isSomebody)) return false
    return (
      parts.some((part) => part.length > 1) && parts.every((part) => part.length < 2 || stems.has(stem(part)))
    )
  }
}

/**
 * Words of a text that are prose in loglake's descriptions, but may also be names of people or roles in this
 * lake.
 */
export function maybeNames(text: string): string[] {
  const words = text.match(/[\p{L}\p{N}][\p{L}\p{N}._-]+/gu) ?? []
  return [...new Set(words.map((word) => word.toLowerCase().replace(/[.]+$/, '')))].filter(
    (word) => !PROSE.has(word),
  )
}

import { plainText } from '../model/fence.ts'
import type { Result } from './contract.ts'

/**
 * Values that outsiders can write reach the planning model only as handles, `⟦v12:text,84 chars⟧`: it can
 * cite one, query rows that have it, and put it into a sentence, but never reads it. It sees numbers, times,
 * forms that cannot carry a sentence (UUIDs, addresses, accounts), and words in columns that only AWS writes.
 */
export interface Seals {
  /** A cell as the planning model sees it. */
  shown(value: unknown): string
  /** The value of a handle; undefined when it was never given out. */
  open(handle: string): Sealed | undefined
  /** A text with all handles replaced; throws a `ForgedHandle` on one that was never given out. */
  fill(text: string, put: (value: Sealed) => string): string
  /** The handle of a value. */
  seal(text: string, kind?: Sealed['kind']): string
}

export interface Sealed {
  text: string
  /** `reading`: text of a model that read text of logs. */
  kind: 'text' | 'json' | 'reading'
}

export class ForgedHandle extends Error {
  override name = 'ForgedHandle'
}

/** As the model may write it: with what follows the number, or without. */
const HANDLE = /⟦(v\d{1,6})(?::[^⟦⟧]{0,40})?⟧/g
/** Anything else that looks like one. */
const NEARLY = /[⟦⟧]/

/** @param isPlain whether a text is one of AWS's own words, or of the question's */
export function sealsOf(isPlain: (text: string) => boolean): Seals {
  const byHandle = new Map<string, Sealed>()
  const byText = new Map<string, string>()

  const seals: Seals = {
    shown(value) {
      if (value === null || value === undefined) return 'null'
      if (typeof value === 'number' || typeof value === 'boolean') return String(value)
      if (typeof value === 'string') {
        if (value === '') return '""'
        return isHarmless(value) || isPlain(value) ? value : seals.seal(value)
      }
      return seals.seal(JSON.stringify(value), 'json')
    },
    seal(text, kind = /^\s*[[{]/.test(text) ? 'json' : 'text') {
      const key = `${kind}\n${text}`
      const known = byText.get(key)
      const handle = known ?? `v${byHandle.size + 1}`
      if (known === undefined) {
        byText.set(key, handle)
        byHandle.set(handle, { text, kind })
      }
      return `⟦${handle}:${kind},${[...text].length} chars⟧`
    },
    open: (handle) => byHandle.get(handle),
    fill(text, put) {
      const parts: string[] = []
      let at = 0
      for (const match of text.matchAll(HANDLE)) {
        const between = text.slice(at, match.index)
        if (NEARLY.test(between)) throw new ForgedHandle('a handle that was never given out')
        const found = byHandle.get(match[1] as string)
        if (!found) throw new ForgedHandle(`the handle ${match[1]} was never given out`)
        parts.push(between, put(found))
        at = match.index + match[0].length
      }
      const rest = text.slice(at)
      if (NEARLY.test(rest)) throw new ForgedHandle('a handle that was never given out')
      return parts.join('') + rest
    },
  }
  return seals
}

const HARMLESS = [
  // Numbers, dates and times.
  /^-?\d{1,20}(\.\d{1,12})?(e[+-]?\d{1,3})?$/i,
  /^\d{4,6}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d(:?\d\d)?)?)?$/,
  /^\d\d:\d\d(:\d\d(\.\d+)?)?$/,
  // UUIDs, addresses.
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  /^\d{1,3}(\.\d{1,3}){3}(\/\d\d?)?$/,
  /^(?=.*:)[0-9a-f:]{2,39}(\/\d{1,3})?$/i,
  // Instances.
  /^(i|mi)-[0-9a-f]{8,17}$/,
  /^(true|false|null)$/,
]

/** Forms of values that cannot carry a sentence. */
export function isHarmless(text: string): boolean {
  return text.length <= 60 && HARMLESS.some((form) => form.test(text))
}

/** What of a result may be a word of AWS's: each text once, as far as it has the form of one. */
export function wordsIn(result: Pick<Result, 'rows'>): string[] {
  const found = new Set<string>()
  for (const row of result.rows)
    for (const value of row)
      if (typeof value === 'string' && WORD.test(value) && !isHarmless(value)) found.add(value)
  return [...found]
}

const WORD = /^[A-Za-z0-9:._/-]{1,80}$/

/** A name of a column is the model's own or the lake's, unless it is made of data. */
export function columnName(name: string, at: number): string {
  return /^[a-z_][a-z0-9_]{0,62}$/i.test(name) ? name : `column_${at + 1}`
}

/** A value in an answer: text of a log, in quotes, without characters that are not seen. */
export function quotedValue({ text, kind }: Sealed): string {
  const plain = plainText(text).replace(/\s+/g, ' ')
  if (kind === 'reading') return `“${plain}”`
  return /^[\w@.:/+=,-]{1,120}$/.test(plain) ? plain : `"${plain}"`
}

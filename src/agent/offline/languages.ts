import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import { isKnownWord } from '../../claims/asked-words.ts'

/** A question for ranking and times: its known words in English. */
export interface Rough {
  text: string
  /** Its language; undefined for English and for unknown languages. */
  language: string | undefined
}

const byLanguage = z.record(z.string(), z.string())
const shape = z.strictObject({
  names: byLanguage,
  stop: byLanguage,
  times: z.array(z.strictObject({ form: z.string(), is: z.string() })),
  words: z.record(z.string(), byLanguage),
})

interface Language {
  name: string
  stop: ReadonlySet<string>
  whole: ReadonlyMap<string, string>
  /** Prefixes of words, the longest first. */
  beginnings: readonly (readonly [beginning: string, english: string])[]
}

interface Known {
  times: readonly (readonly [form: RegExp, is: string])[]
  languages: ReadonlyMap<string, Language>
}

let known: Known | undefined

function readLanguages(): Known {
  const { names, stop, times, words } = shape.parse(
    parse(readFileSync(new URL('./languages.yaml', import.meta.url), 'utf8')),
  )
  const languages = Object.entries(names).map(([code, name]): [string, Language] => {
    const all = Object.entries(words).flatMap(([english, told]) =>
      (told[code] ?? '').split(' ').flatMap((word) => (word === '' ? [] : [[word, english] as const])),
    )
    return [
      code,
      {
        name,
        stop: new Set(stop[code]?.split(/\s+/)),
        whole: new Map(all.filter(([word]) => !word.endsWith('*'))),
        beginnings: all
          .filter(([word]) => word.endsWith('*'))
          .map(([word, english]) => [word.slice(0, -1), english] as const)
          .sort(([a], [b]) => b.length - a.length),
      },
    ]
  })
  return {
    times: times.map(({ form, is }) => [new RegExp(form, 'giu'), is]),
    languages: new Map(languages),
  }
}

/** Quoted names, which are not translated. */
const QUOTED = /("[^"\n]*"|`[^`\n]*`|“[^”\n]*”)/
const WORD = /[^\s,;?!¿¡()«»„"“”。、？！，：]+/gu
/** Ids, addresses and names of things, which are not translated either. */
const NAME = /[@:/_\d\\]|\w\.\w/

/**
 * Months that are read as months only after such a word, which is dropped with the other words that say
 * nothing.
 */
const BARE_MONTH =
  /(?<!(?:\b(?:in|of|during|since|after|from|before|until|till|through|to|and|between|last|this)|\d\.?)\s)\b(march|april|may|june|august)\b(?!\s+\d)/g

/** Translates a question word by word: enough to rank queries, and to read its times. */
export function inEnglish(question: string): Rough {
  known ??= readLanguages()
  const { languages, times } = known
  const plain = withoutAccents(question)
  const code = codeOf(plain, languages)
  const language = code === undefined ? undefined : languages.get(code)
  if (!language) return { text: question, language: undefined }
  const text = plain
    .split(QUOTED)
    .map((part, at) => {
      if (at % 2 === 1) return part
      const timed = times.reduce((some, [form, is]) => some.replace(form, is), part)
      return code === 'ja' || code === 'zh'
        ? withoutBlanks(timed, language)
        : timed.replace(WORD, (word) => translated(word, language))
    })
    .join('')
  const english = text.replace(/\s+/g, ' ').trim().replace(BARE_MONTH, 'in $1')
  return { text: english, language: language.name }
}

/** `é` → `e`, for Latin letters only: in other scripts, letters without their marks are different letters. */
function withoutAccents(text: string): string {
  return text
    .normalize('NFD')
    .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
    .normalize('NFC')
    .replaceAll('ß', 'ss')
    .replaceAll('ł', 'l')
    .replaceAll('Ł', 'L')
    .replaceAll('ø', 'o')
    .replaceAll('’', "'")
}

/** The language with more of the words than English and than any other. */
function codeOf(text: string, languages: Known['languages']): string | undefined {
  if (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)) return 'ja'
  if (/\p{Script=Han}/u.test(text)) return 'zh'
  const words = (
    text
      .split(QUOTED)
      .filter((_, at) => at % 2 === 0)
      .join(' ')
      .match(WORD) ?? []
  )
    .filter((word) => !NAME.test(word))
    .flatMap(partsOf)
  const hits = (isOf: (word: string) => boolean) => words.filter(isOf).length
  let max = hits(isKnownWord)
  let best: string | undefined
  for (const [code, language] of languages) {
    const own = hits((word) => language.stop.has(word) || englishOf(word, language) !== undefined)
    if (own <= max) continue
    max = own
    best = code
  }
  return best
}

/** `l'accès` is two words; a word with a hyphen may be one or two. */
function partsOf(word: string): string[] {
  return word
    .toLowerCase()
    .split(/['.:]/)
    .filter((part) => part !== '')
}

function englishOf(word: string, { whole, beginnings }: Language): string | undefined {
  return whole.get(word) ?? beginnings.find(([beginning]) => word.startsWith(beginning))?.[1]
}

function translated(word: string, language: Language): string {
  if (NAME.test(word)) return word
  const one = (part: string): string | undefined =>
    englishOf(part, language) ?? (language.stop.has(part) ? '' : undefined)
  const parts = partsOf(word).map(
    (part) =>
      one(part) ??
      (part.includes('-')
        ? part
            .split('-')
            .map((half) => one(half) ?? half)
            .join(' ')
        : undefined) ??
      part,
  )
  // A word without any known part stays as written: it may be a name.
  return parts.join("'") === word.toLowerCase() ? word : parts.join(' ')
}

/** The known words of a text without spaces between words; Latin letters and numbers stay. */
function withoutBlanks(text: string, { whole, stop }: Language): string {
  const words = [...whole.keys(), ...stop].sort((a, b) => b.length - a.length)
  let rest = text
  let made = ''
  while (rest !== '') {
    const word = words.find((one) => rest.startsWith(one))
    const letter = [...rest][0] ?? ''
    if (word === undefined)
      made += /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]/u.test(letter) ? ' ' : letter
    else made += ` ${whole.get(word) ?? ''} `
    rest = rest.slice((word ?? letter).length)
  }
  return made
}

import { CALENDAR } from './calendar.ts'
import { ORDINAL } from './compared.ts'
import { SCALES } from './numbers.ts'
import type { IsProse } from './prose.ts'

/** The facts of a sentence that can be compared with cells. */
export interface Facts {
  numbers: { text: string; value: number }[]
  times: string[]
  names: string[]
  /** Handles of values, as in `v12`. */
  handles: string[]
  /** Whether it says that there is nothing, or that something is not so. */
  nothing: boolean
  /** Why it may not be shown at all, whatever it says. */
  forbidden: string | undefined
}

const WORDS: Readonly<Record<string, number>> = Object.fromEntries([
  ...'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'
    .split(' ')
    .map((word, at) => [word, at + 1] as const),
  ...(
    [
      ['thirty', 30],
      ['forty', 40],
      ['fifty', 50],
      ['sixty', 60],
      ['seventy', 70],
      ['eighty', 80],
      ['ninety', 90],
      ['hundred', 100],
      ['thousand', 1000],
      ['million', 1_000_000],
      ['billion', 1_000_000_000],
      ['dozen', 12],
      ['dozens', Number.NaN],
      ['hundreds', Number.NaN],
      ['thousands', Number.NaN],
      ['millions', Number.NaN],
      ['billions', Number.NaN],
      ['countless', Number.NaN],
      ['tens', Number.NaN],
      ['majority', Number.NaN],
      ['quarter', Number.NaN],
      ['percent', Number.NaN],
      ['twice', 2],
      ['thrice', 3],
      ['half', 0.5],
      ['double', 2],
      ['triple', 3],
    ] as const
  ).map(([word, value]) => [word, value] as const),
])

const NOTHING =
  /\b(?:no|none|nothing|nobody|never|zero|nowhere|not|cannot|neither|nor|without|except|unless|hardly|instead of|rather than|other than)\b|n['’]t\b/i

/** Phrases that only sound so. */
const NO_NOTHING = /\bno(?:t)? (?:more|fewer|less|later|earlier) than\b|\bnot only\b/gi
/** `once` as a number, and no conjunction. */
const ONCE = /(?<!\bat )\bonce\b(?=\s*(?:[.,;:!?)]|$|(?:in|on|at|from|by|for|with|to|against|and|or)\b))/i
const POSSESSIVE = /(?<=[\p{L}\p{N}])['’]s\b/gu

const TIME =
  /\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:\s?(?:Z|UTC|[+-]\d\d:?\d\d))?)?|\b\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?:\s?(?:Z|UTC|[ap]\.?m\.?))?/gi
const MONTHS = 'january|february|march|april|may|june|july|august|september|october|november|december'
const DATE_IN_WORDS = new RegExp(
  `\\b(?:\\d{1,2}(?:st|nd|rd|th)?(?:\\s+of)?\\s+(?:${MONTHS})(?:\\s+\\d{4})?|(?:${MONTHS})\\s+\\d{1,2}(?:st|nd|rd|th)?(?:,?\\s+\\d{4})?)\\b`,
  'gi',
)
/** A number with signs of thousands, and what may stand before or behind it. */
const NUMBER =
  /(?<![\w.:/@-])[$€£]?[-−]?\d[\d,_]*(?:\.\d+)?(?:e[+-]?\d+)?\s?(?:%|[kKMGT]i?B?\b|x\b|(?:thousand|million|billion)\b)?(?![\w])/g
const HANDLE = /⟦(v\d{1,6})(?::[^⟦⟧]{0,40})?⟧/g
/** Words, and what is written like one: ARNs, paths, addresses. */
const NAME_LIKE = /[^\s"'`“”‘()[\]{},;!?]+/g

const SENDS = 'it holds an address that something could be sent to'

const FORBIDDEN: readonly (readonly [form: RegExp, why: string])[] = [
  [/!?\[[^\]]*\]\s*\(|<\s*\/?\s*[a-z!]|&#?\w+;|\]\(/i, 'it holds a link, an image or markup'],
  [/\b[a-z][a-z0-9+.-]{1,20}:\/\/|\b(?:data|javascript|mailto|vbscript|file):\S/i, SENDS],
  [/\bwww\.|\b[\w-]+\.(?:com|net|org|io|dev|xyz|ru|cn|top|app|link|site|info)\/\S/i, SENDS],
  [
    /(?!\n)\p{Cc}|[\p{Cf}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u,
    'it holds characters that are not seen',
  ],
  [/[`~|\\]{2,}|\$\(|\|\s*(?:sh|bash)\b/, 'it holds code'],
  [/[A-Za-z0-9+/=_-]{81,}/, 'it holds a text that nobody reads'],
]

/** Values between quotes are names, too. */
const QUOTED = /"([^"]{1,400})"|“([^”]{1,400})”|`([^`]{1,400})`|(?<=^|\s)'([^']{1,400})'(?=[\s.,;:?!]|$)/g

/** Ids and addresses: names, whatever digits they have. */
const IDS =
  /\barn:aws[\w-]*:[^\s"'<>(),;]+|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?(?![\w.]*\w)|(?<![\w:.])(?:(?:[0-9a-f]{1,4}:){1,6}:(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*)?|(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4})(?![\w:])|(?<![\w.,:-])\d{12}(?![\w,]*\w)/gi

/** @param begins whether the text begins a sentence */
export function factsOf(template: string, isProse: IsProse, begins = true): Facts {
  const handles = [...template.matchAll(HANDLE)].map(([, handle = '']) => handle)
  let rest = template.replace(HANDLE, ' ')
  const forbidden = FORBIDDEN.find(([form]) => form.test(rest))?.[1]
  const take = (form: RegExp): string[] => {
    const found = [...rest.matchAll(form)].map((match) => (match.slice(1).find(Boolean) ?? match[0]).trim())
    rest = rest.replace(form, ' , ')
    return found
  }
  const quoted = take(QUOTED)
  const ids = take(IDS).map((text) => text.replace(/[.:]+$/, ''))
  const times = [...take(DATE_IN_WORDS), ...take(TIME), ...take(CALENDAR)]
  rest = rest.replace(/(?<=\d)\s*(?:percent|per cent)\b/gi, ' %').replace(ORDINAL, 'the ')
  const numbers = take(NUMBER).map((text) => ({ text, value: numberOf(text) }))
  const once = ONCE.exec(rest)?.[0]
  if (once !== undefined) numbers.push({ text: once, value: 1 })
  const nothing = NOTHING.test(rest.replace(NO_NOTHING, ' '))
  rest = rest
    .replace(/\b(?:no one|one of|the one|this one|one another|each one)\b/gi, ' ')
    .replace(POSSESSIVE, ' ')
  const names: string[] = [...quoted, ...ids]
  for (const match of rest.matchAll(NAME_LIKE)) {
    const word = match[0].replace(/[.:]+$/, '').replace(/^[.:]+/, '')
    const lower = word.toLowerCase()
    if (word === '' || /^[^\p{L}\p{N}]+$/u.test(word)) continue
    for (const part of lower.split('-')) {
      const value = WORDS[part]
      if (value !== undefined) numbers.push({ text: word, value })
    }
    if (lower.split('-').every((part) => WORDS[part] !== undefined)) continue
    const before = rest.slice(0, match.index).trimEnd()
    const isStart = before === '' ? begins : /[.!?]$/.test(before)
    if (isName(word) && !(isProse(word, isStart) && !isSign(word))) names.push(word)
  }
  return { numbers, times, names, handles, nothing, forbidden }
}

/** Whether a word of prose is written as a name: `StopLogging`, `s3.amazonaws.com`, `DROP`. */
function isSign(word: string): boolean {
  // Shouted, as SQL is: no acronym of prose.
  if (/^\p{Lu}{4,}$/u.test(word) && !/^(JSON|HTTPS?|UUID)$/.test(word)) return true
  if (word === 'CloudTrail') return false
  return /[\d@/:_*=+$#&<>^]/.test(word) || /\p{Ll}\p{Lu}/u.test(word) || /\p{L}\.\p{L}/u.test(word)
}

/** What our prose never has: a name, a number in other digits, or a word that its writer can replace. */
function isName(word: string): boolean {
  return /\p{L}|\p{N}/u.test(word)
}

/** `1,234.5` → 1234.5; `$3` → 3; `12 %` → 12; `3k` → 3000 */
function numberOf(text: string): number {
  const [, digits = '', unit = ''] =
    /^[$€£]?([-−]?\d[\d,_]*(?:\.\d+)?(?:e[+-]?\d+)?)\s?(.*)$/i.exec(text) ?? []
  const number = Number(digits.replace(/[,_]/g, '').replace('−', '-'))
  const [sign = ''] = /^(?:thousand|million|billion|[kKMGT])/.exec(unit) ?? []
  const scale = SCALES[sign.toLowerCase()] ?? 1
  return number * scale
}

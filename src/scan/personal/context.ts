import { type Anchors, anchorsOf } from '../anchors.ts'
import { KIND } from './characters.ts'
import { NUMBERS, OTHERS, PHONE, WORDS } from './recognisers.ts'

/** Characters around a number in which context words are searched. */
const BEFORE = 60
const AFTER = 24

/** A context of several words is one word in names of fields, as in `social_security_number`. */
function waysOf(context: string): string[] {
  return /\S \S/.test(context) ? [context, context.replaceAll(' ', '_')] : [context]
}

let contexts: { anchors: Anchors; owners: string[][]; lengths: number[] } | undefined

function contextWords(): NonNullable<typeof contexts> {
  const owners = new Map<string, string[]>()
  for (const { id, context } of [...NUMBERS, ...WORDS, ...OTHERS])
    for (const word of context.flatMap(waysOf)) owners.set(word, [...(owners.get(word) ?? []), id])
  const words = [...owners.keys()]
  return {
    anchors: anchorsOf(words),
    owners: words.map((word) => owners.get(word) ?? []),
    lengths: words.map(({ length }) => length),
  }
}

const PHONE_WORDS = PHONE.context.flatMap(waysOf).map((word) => word.replace(/[.*+?^$()|[\]{}\\]/g, '\\$&'))
/** What may be between a word for a telephone and its number: signs, and words that say no more. */
const BETWEEN =
  /(?:[\s:=#"'.,()/_-]|(?<!\p{L})(?:number|numbers|num|no|nr|nummer|número|numero|numéro|is|me|us|him|her|at|on|to|the|my|your|es|ist|est|номер|是|号码|番号)(?!\p{L})){0,20}/u
const PHONE_BEFORE = new RegExp(`(?:${PHONE_WORDS.join('|')})\\p{L}{0,12}${BETWEEN.source}$`, 'iu')
const PHONE_AFTER = new RegExp(`^${BETWEEN.source}(?:${PHONE_WORDS.join('|')})`, 'iu')

/**
 * Whether a word for a telephone is right beside digits that are nothing else than digits: any count is
 * written so.
 */
export function isBeside(text: string, from: number, to: number): boolean {
  return (
    PHONE_BEFORE.test(text.slice(Math.max(0, from - BEFORE), from)) ||
    PHONE_AFTER.test(text.slice(to, to + AFTER))
  )
}

/**
 * Tells whether a context word of a recogniser is near. The words are searched once per text, on first use.
 */
export function contextOf(text: string): (rule: string, from: number, to: number) => boolean {
  let places: Map<string, number[]> | undefined
  return (rule, from, to) => {
    if (!places) {
      places = new Map()
      contexts ??= contextWords()
      const { anchors, owners, lengths } = contexts
      anchors.each(text, (word, end) => {
        const begin = end - (lengths[word] as number)
        const before = begin > 0 ? text.charCodeAt(begin - 1) : 0
        if (before !== 0x5f && KIND[before] === 2) return
        for (const owner of owners[word] as string[]) {
          const own = places?.get(owner)
          if (own) own.push(begin)
          else places?.set(owner, [begin])
        }
      })
    }
    const own = places.get(rule)
    if (!own) return false
    let [low, high] = [0, own.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((own[middle] as number) < from - BEFORE) low = middle + 1
      else high = middle
    }
    return (own[low] ?? Number.POSITIVE_INFINITY) <= to + AFTER
  }
}

import type { Normalised } from '../normalise.ts'
import { CLASS, type Entry, type Lexicon, lexiconOf, sieveOf, TEMPLATE_MARKS } from './lexicon.ts'

/**
 * Sentences of attacks: three classes of words close to each other, phrases, marks of chat templates, hidden
 * text. One pass over the words of a normalised text; a word in leet (`1gn0r3`) or split up (`i g n o r e`)
 * is also read in its plain form.
 */
export interface Match {
  /** Offsets in the normalised text. */
  from: number
  to: number
  rule: string
  score: number
}

/** Most words that a sentence of classes spans. */
const REACH = 8
/** Most words from one that stands before its noun to the noun, and from the model's inside to its rules. */
const NEAR = 3
/** The same where the rules come first, as in `rules of the system`. */
const NEAR_AFTER = 2
/** Most words between two steps of a phrase. */
const GAP = 2
/** Number of tag characters that no flag emoji needs. */
const MANY_TAGS = 16
const SCORE = 0.95
/** Most characters of a run before its last words. */
const BEFORE = 60
/** Most matches reported for one text. */
const MAX = 200

const LEET: Record<string, string> = {
  ...{ 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 6: 'g', 7: 't', 8: 'b', 9: 'g' },
  '@': 'a',
  $: 's',
}

/** Bits of a character: 1 part of a word, 2 a digit or sign of leet, 4 Thai, 8 kana, 16 Han, 32 Hangul. */
const KIND = new Uint8Array(0x10000)
for (let code = 0; code < 0x10000; code++) {
  const character = String.fromCharCode(code)
  if (/[\p{L}\p{M}\p{N}@$]/u.test(character)) KIND[code] = 1
  if (LEET[character] !== undefined) KIND[code] = 3
  if (code >= 0x0e00 && code <= 0x0e7f) KIND[code] = 5
  if (code >= 0x3040 && code <= 0x30ff) KIND[code] = 9
  if (code >= 0x3400 && code <= 0x9fff) KIND[code] = 17
  if (code >= 0xac00 && code <= 0xd7a3) KIND[code] = 33
}

let lexicon: Lexicon | undefined

/** The parts of a text that look like an attack, in order. */
export function patternsIn({ text, tags }: Normalised): Match[] {
  lexicon ??= lexiconOf()
  const matches: Match[] = []
  const state = walkOf(lexicon, matches)
  const { entries } = lexicon
  // A single letter does not count as a word: reach is counted in words.
  let number = 0
  let script = 0
  let at = 0
  // Single letters, one character apart.
  let apart = ''
  let apartFrom = 0
  let apartTo = -2
  while (at < text.length) {
    if (((KIND[text.charCodeAt(at)] as number) & 1) === 0) {
      at++
      continue
    }
    const from = at
    let kinds = 0
    let kind = KIND[text.charCodeAt(at)] as number
    while ((kind & 1) !== 0) {
      kinds |= kind
      at++
      kind = at < text.length ? (KIND[text.charCodeAt(at)] as number) : 0
    }
    script |= kinds
    if (at - from === 1 && from === apartTo + 1) {
      if (apart.length < 24) apart += text[from]
      apartTo = at
    } else {
      if (apart.length > 3)
        state.word(
          entries[sieveOf(apart, 0, apart.length)],
          apart,
          0,
          apart.length,
          apartFrom,
          apartTo,
          ++number,
        )
      apart = at - from === 1 ? (text[from] as string) : ''
      apartFrom = from
      apartTo = at - from === 1 ? at : -2
    }
    if (at - from > 40) continue
    if (at - from > 1) number++
    const own = entries[sieveOf(text, from, at)]
    if (own) state.word(own, text, from, at, from, at, number)
    if ((kinds & 2) !== 0 && at - from > 3) {
      const word = text.slice(from, at)
      if (/[a-z]/.test(word)) {
        const plain = word.replace(/[013-9@$]/g, (sign) => LEET[sign] ?? sign)
        state.word(entries[sieveOf(plain, 0, plain.length)], plain, 0, plain.length, from, at, number)
      }
    }
  }
  if (apart.length > 3)
    state.word(entries[sieveOf(apart, 0, apart.length)], apart, 0, apart.length, apartFrom, apartTo, ++number)
  if (script > 3) runsIn(text, script, lexicon, matches)
  marksIn(text, matches)
  if (tags >= MANY_TAGS) matches.push({ from: 0, to: text.length, rule: 'hidden-text', score: SCORE })
  return matches.slice(0, MAX)
}

/** Takes words in order, and adds the matches that they complete. */
function walkOf({ phrases }: Lexicon, matches: Match[]) {
  const steps = new Uint8Array(phrases.length)
  const lasts = new Int32Array(phrases.length).fill(-100)
  const begins = new Int32Array(phrases.length)
  /** By class: the number and the offset of its last word. */
  const numbers = new Int32Array(6).fill(-100)
  const places = new Int32Array(6)
  /** By class: whether its last word stands before its noun. */
  const befores = new Uint8Array(6)
  let number = 0

  /** Whether a class was met within reach, and not before an index. */
  function met(index: number, since: number): boolean {
    return number - (numbers[index] as number) <= REACH && (places[index] as number) >= since
  }

  /**
   * Whether the rules are whose a word of this class says, by their distance: `rules for the new system` are
   * not.
   */
  function belongs(index: number, rule: 'override' | 'reveal'): boolean {
    const apart = (numbers[2] as number) - (numbers[index] as number)
    if (befores[index] === 1) return apart >= 0 && apart <= NEAR
    return rule === 'override' || (apart >= 0 ? apart <= NEAR : -apart <= NEAR_AFTER)
  }

  /**
   * A verb at `verb` whose object is complete: it stands before the verb, or after it when `since` is the
   * verb's offset.
   */
  function sentence(verb: number, since: number, to: number, rule: 'override' | 'reveal'): void {
    const own = rule === 'override' ? 1 : 4
    const rules = met(2, since) && belongs(own, rule)
    const orders = rule === 'override' && met(5, since)
    const whose = met(own, since)
    if (!whose || !(rules || orders)) return
    const object = Math.min(rules ? (places[2] as number) : to, whose ? (places[own] as number) : to)
    add({ from: Math.min(verb, object), to, rule, score: SCORE })
    // Later words belong to another sentence.
    numbers[rule === 'override' ? 0 : 3] = -100
  }

  function classes(bits: number, from: number, to: number): void {
    const last = (bits & CLASS.last) !== 0
    const before = (bits & CLASS.before) !== 0
    for (let index = 0; index < 6; index++) {
      if ((bits & (1 << index)) === 0 || (last && (index === 0 || index === 3))) continue
      numbers[index] = number
      places[index] = from
      befores[index] = before ? 1 : 0
    }
    if (last && (bits & CLASS.drop) !== 0) sentence(from, 0, to, 'override')
    if (last && (bits & CLASS.show) !== 0) sentence(from, 0, to, 'reveal')
    if ((bits & (CLASS.prior | CLASS.rules | CLASS.orders)) !== 0 && met(0, 0))
      sentence(places[0] as number, places[0] as number, to, 'override')
    if ((bits & (CLASS.inner | CLASS.rules)) !== 0 && met(3, 0))
      sentence(places[3] as number, places[3] as number, to, 'reveal')
  }

  function add(match: Match): void {
    const last = matches.at(-1)
    if (last && last.rule === match.rule && match.from <= last.to) last.to = Math.max(last.to, match.to)
    else if (matches.length < MAX) matches.push(match)
  }

  function take(entry: Entry, from: number, to: number): void {
    if (entry.classes !== 0) classes(entry.classes, from, to)
    for (const [phrase, step] of entry.steps) {
      if (step === 0) {
        if (steps[phrase] === 0 || number - (lasts[phrase] as number) > GAP + 1) begins[phrase] = from
        else if (steps[phrase] !== 1) continue
        steps[phrase] = 1
        lasts[phrase] = number
        begins[phrase] = from
      } else if (steps[phrase] === step && number - (lasts[phrase] as number) <= GAP + 1) {
        if (lasts[phrase] === number) continue
        steps[phrase] = step + 1
        lasts[phrase] = number
        if (step + 1 === phrases[phrase]?.steps) {
          add({ from: begins[phrase] as number, to, rule: phrases[phrase].rule, score: SCORE })
          steps[phrase] = 0
        }
      }
    }
  }

  return {
    /** A word in `source`, its offset in the text and its number. */
    word(
      own: readonly Entry[] | undefined,
      source: string,
      begin: number,
      end: number,
      from: number,
      to: number,
      place: number,
    ): void {
      number = place
      if (!own) return
      for (const entry of own) {
        const length = entry.stem.length
        if (length > end - begin || (!entry.open && length !== end - begin)) continue
        if (source.startsWith(entry.stem, begin)) take(entry, from, to)
      }
    },
  }
}

function runsIn(text: string, scripts: number, { runs }: Lexicon, matches: Match[]): void {
  for (const { rule, last, before, script } of runs) {
    if ((scripts & script) === 0) continue
    last.lastIndex = 0
    for (let found = last.exec(text); found && matches.length < MAX; found = last.exec(text)) {
      const from = Math.max(0, found.index - BEFORE)
      const begin = before.exec(text.slice(from, found.index))
      if (begin)
        matches.push({ from: from + begin.index, to: found.index + found[0].length, rule, score: SCORE })
    }
  }
}

function marksIn(text: string, matches: Match[]): void {
  if (!text.includes('<') && !text.includes('[') && !text.includes('#')) return
  for (const mark of TEMPLATE_MARKS) {
    if (!text.includes(mark.slice(0, 3))) continue
    const at = text.indexOf(mark)
    // An application that writes a model's chat template itself begins with it.
    const isOwn = text.includes('<s>') && at < text.indexOf('<s>') + 24
    if (at >= 0 && !isOwn && matches.length < MAX)
      matches.push({ from: at, to: at + mark.length, rule: 'template', score: SCORE })
  }
}

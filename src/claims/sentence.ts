import { aboutOf, isMeant, isSpokenOf, unshared } from './about.ts'
import { stem, synonymsOf } from './asked-words.ts'
import {
  type Item,
  isDifference,
  unshownBound,
  unshownComparison,
  unshownMany,
  unshownPlace,
  wholeNames,
  wrongChange,
} from './compared.ts'
import { unshownDeed, wordsOfNames } from './deeds.ts'
import { type Facts, factsOf } from './facts.ts'
import {
  type About,
  isInEach,
  isMadeUp,
  isOtherMoney,
  isPartial,
  madeOf,
  roundedIn,
  totalOf,
} from './numbers.ts'
import { numbersIn, wrongEnd, wrongPair, wrongSpan, wrongSum } from './paired.ts'
import type { IsProse } from './prose.ts'
import { unshownRank } from './ranks.ts'
import { type Cited, holdsName, holdsTime, placesOf, textOf } from './support.ts'
import { GENERIC } from './words.ts'

/** How a sentence stands to rows. */
export interface Held {
  /** Why it does not hold; undefined when it does. */
  struck: string | undefined
  /** What its values were recomputed from. */
  from: readonly string[]
}

/** What texts a handle of a sealed value stands for. */
export type Open = (handle: string) => string | undefined

/**
 * Checks a sentence against the cells of the rows that it cites, without a model; used by `ask` and
 * `analyze`. Complete clauses are checked one by one, so that a fact about one person does not prove
 * another's.
 */
export function holdSentence(
  text: string,
  all: readonly Cited[],
  isProse: IsProse,
  open: Open = () => undefined,
): Held {
  const whole = factsOf(text, isProse)
  if (whole.forbidden !== undefined) return { struck: whole.forbidden, from: [] }
  const from: string[] = []
  for (const { text: clause, begins } of clausesOf(text, isProse)) {
    const held = holdClause(clause, text, factsOf(clause, isProse, begins), all, open)
    if (held.struck !== undefined) return { ...held, from }
    from.push(...held.from)
  }
  return { struck: undefined, from }
}

const BREAK =
  /;\s+|,\s+(?:and\s+|but\s+|while\s+|whereas\s+)|\s+(?:while|whereas)\s+|(?<=[.!?])\s+(?=[\p{Lu}⟦\d])/gu

/** The clauses of a sentence, if each of them has a subject and a statement; otherwise the whole sentence. */
function clausesOf(text: string, isProse: IsProse): { text: string; begins: boolean }[] {
  const parts: { text: string; begins: boolean }[] = []
  let at = 0
  for (const match of text.matchAll(BREAK)) {
    parts.push({ text: text.slice(at, match.index), begins: begins(at) })
    at = match.index + match[0].length
  }
  parts.push({ text: text.slice(at), begins: begins(at) })
  const isWhole = (clause: { text: string; begins: boolean }) => {
    const { names, times, handles, numbers } = factsOf(clause.text, isProse, clause.begins)
    const named = names.length + handles.length
    return named > 1 || (named > 0 && numbers.length + times.length > 0)
  }
  return parts.every(isWhole) ? parts : [{ text, begins: true }]

  function begins(position: number): boolean {
    return position === 0 || /[.!?]\s*$/.test(text.slice(0, position))
  }
}

const EACH = /\b(?:each|every|everyone|everybody|apiece)\b/i

function holdClause(clause: string, sentence: string, facts: Facts, all: readonly Cited[], open: Open): Held {
  const from: string[] = []
  const struck = (why: string): Held => ({ struck: why, from })
  const found: Item[] = []
  let fromLimits = 0
  for (const handle of facts.handles) {
    const text = open(handle)
    const { places } = placesOf(all, (cell) => cell === text)
    if (text !== undefined && places.length > 0)
      found.push({ shown: handle, at: clause.indexOf(handle), places })
    else if (text !== undefined && isLimit((one) => one === text, sentence, all)) fromLimits++
    else return struck(`${handle} is in none of the rows that it cites`)
  }
  for (const [kind, texts] of [
    ['time', facts.times],
    ['name', facts.names],
  ] as const)
    for (const text of texts) {
      const shown = kind === 'time' ? text : JSON.stringify(text.slice(0, 60))
      const has = kind === 'time' ? holdsTime(text) : holdsName(text)
      const { places, isMade } = placesOf(all, has)
      if (places.length > 0) found.push({ shown, at: clause.indexOf(text), places, isTime: kind === 'time' })
      else if (isMade) return struck(`${shown} is written in the statement itself: it comes from no log`)
      else if (isLimit(has, sentence, all)) fromLimits++
      else return struck(`${shown} is in none of the rows that it cites`)
      from.push(`${text.slice(0, 40)}: ${places.length > 0 ? 'a cell' : 'a condition'}`)
    }
  const items = wholeNames(clause, found)
  const apart = unshared(items)
  if (apart !== undefined) return struck(apart)
  const about = all
    .map((cited): About => aboutOf(cited, items))
    .filter(({ cited }) => isSpokenOf(cited, items))
  const lone = items.find(({ places }) => !places.some(({ cited, row }) => isMeant(about, cited, row)))
  if (lone) return struck(`${lone.shown} is in no row with the rest that it says`)
  const wide = all.map((cited): About => ({ cited, rows: cited.chosen, all: [...cited.rows.keys()] }))
  const numbers = numbersIn(clause, facts)
  for (const { shown, value, at, unit, after } of numbers) {
    if (!Number.isFinite(value)) return struck(`${shown} is no number`)
    if (isOtherMoney(shown, about)) return struck(`${shown} is in another currency than the rows`)
    const rounded = roundedIn(clause.slice(0, at), shown, value)
    const isTotal = new RegExp(
      `\\bof (?:the |all |these |those )*${shown.replace(/[^\w]/g, '\\$&')}`,
      'i',
    ).test(clause)
    const made =
      madeOf(value, rounded, about, unit, after) ??
      (isTotal ? totalOf(value, rounded, wide, unit, after) : undefined) ??
      (isDifference(clause, shown, items) ? 'a difference' : undefined)
    if (made === undefined)
      return struck(
        isMadeUp(value, shown, about)
          ? `${shown} comes of a statement that computes it by itself: no log has it`
          : madeOf(value, shown, wide) !== undefined
            ? `${shown} is in none of the rows with the rest that it says`
            : `${shown} is not in the rows that it cites, nor their number, sum, least or greatest`,
      )
    const bound = unshownBound(clause, shown, value, about, unit)
    if (bound !== undefined) return struck(bound)
    if (made === 'a cell' && EACH.test(clause) && !isInEach(value, shown, about, unit, after))
      return struck(`${shown} is not in each of the rows`)
    from.push(`${shown}: ${made}`)
  }
  const isEmpty = all.every(({ chosen }) => chosen.length === 0)
  const hasZero = about.some((one) => madeOf(0, '0', [{ ...one, all: [] }]) === 'a cell')
  const allFailed = facts.nothing && saysAllFailed(clause, all)
  if (facts.nothing && !isEmpty && !hasZero && !allFailed)
    return struck('it says what is not, and the rows that it cites are not empty')
  if (isEmpty && !facts.nothing && facts.numbers.length === 0)
    return struck('what it cites is empty, and it does not say so')
  if (isEmpty || (facts.nothing && hasZero)) {
    const word = unasked(clause, facts, all)
    if (word !== undefined)
      return struck(`it speaks of ${JSON.stringify(word)}, and what it cites did not ask for that`)
  } else if (!allFailed) {
    const deed = unshownDeed(clause.replace(/⟦[^⟧]*⟧/g, ' '), shownBy(about))
    if (deed !== undefined)
      return struck(`it says ${JSON.stringify(deed)}, and the rows that it cites do not`)
  }
  const other =
    wrongPair(items, numbers) ??
    wrongSum(clause, items, numbers, about) ??
    wrongSpan(clause, items) ??
    wrongEnd(clause, items) ??
    unshownRank(clause, about, items.length > 0) ??
    unshownComparison(clause, items) ??
    wrongChange(clause) ??
    (items.length > 0 && !isEmpty ? unshownMany(clause, about) : undefined) ??
    unshownPlace(clause, about, items.length > 0)
  if (other !== undefined) return struck(other)
  return {
    struck: undefined,
    from: isEmpty && fromLimits === 0 && from.length === 0 ? ['the result is empty'] : from,
  }
}

/** Whether `none of them succeeded` holds: every row failed, and no row is missing. */
function saysAllFailed(clause: string, all: readonly Cited[]): boolean {
  if (!/\b(?:none|no|neither|nobody)\b[^.;]*\b(?:succe\w+|allowed|permitted|granted)\b/i.test(clause))
    return false
  return all.every((cited) => {
    const { chosen, rows, columns } = cited
    const failed = (row: number) =>
      columns.some(
        ({ name }, column) => /^error/i.test(name) && textOf(cited.rows[row]?.[column]) !== undefined,
      )
    return !isPartial(cited) && chosen.length === rows.length && chosen.every(failed)
  })
}

/** Whether all rows are limited to it: by a parameter, a span, or the statement's outermost conditions. */
function isLimit(has: (text: string) => boolean, sentence: string, all: readonly Cited[]): boolean {
  const speaksOfSpan = /\b(?:since|from|after|between|until|before|to|through|till)\b/i.test(sentence)
  return all.some(({ limits, origins }) => {
    if (limits.some(has)) return true
    const hows = new Set(origins?.limits.map(({ how }) => how))
    return (origins?.limits ?? []).some(({ values, how }) => {
      if (!values.some(has)) return false
      if (how === 'is')
        return values.every((value) => sentence.toLowerCase().includes(value.toLowerCase()) || has(value))
      return speaksOfSpan || (hows.has('from') && hows.has('to'))
    })
  })
}

/** Longest text of a cell whose words are looked at. */
const LONG = 2000

/** What the rows that are meant say, in words. */
function shownBy(about: readonly About[]): string {
  const parts: string[] = []
  for (const { cited, rows } of about) {
    parts.push(cited.about, ...cited.limits, ...askedBy(cited))
    for (const [column, { name }] of cited.columns.entries()) {
      const texts = rows.flatMap((row) => textOf(cited.rows[row]?.[column])?.slice(0, LONG) ?? [])
      if (texts.length > 0) parts.push(name, ...new Set(texts))
      else if (rows.length > 0) parts.push(`no ${name}`)
    }
  }
  return parts.map(wordsOfNames).join('\n').replaceAll('errorcode', 'error code')
}

function askedBy({ origins }: Cited): string[] {
  return [...(origins?.conditioned ?? []), ...(origins?.limits.flatMap(({ values }) => values) ?? [])]
}

/**
 * The first word of a sentence about nothing found that the question did not ask for; undefined when it asked
 * for all.
 */
function unasked(clause: string, { names }: Facts, all: readonly Cited[]): string | undefined {
  const asked = all
    .flatMap((cited) => [
      ...[cited.about, ...cited.limits, ...askedBy(cited), ...(cited.origins?.tables ?? [])],
      ...cited.columns.map(({ name }) => name),
    ])
    .map(wordsOfNames)
    .join(' ')
    .replaceAll('errorcode', 'error code failed denied refused')
  const stems = new Set((asked.match(/[\p{L}\p{N}]+/gu) ?? []).map(stem))
  const named = new Set(names.map((name) => name.toLowerCase()))
  for (const word of clause
    .replace(/⟦[^⟧]*⟧/g, ' ')
    .toLowerCase()
    .match(/\p{L}[\p{L}\p{N}'’-]*/gu) ?? []) {
    // `Nobody deleted anything` claims more than `nobody deleted a bucket`.
    if (/^(?:any|every)thing$/.test(word)) return word
    if (GENERIC.has(word) || /n['’]t$/.test(word)) continue
    if ([...named].some((name) => name.includes(word))) continue
    const own = word.split('-').map(stem)
    if (!own.every((part) => stems.has(part) || [...synonymsOf(part)].some((other) => stems.has(other))))
      return word
  }
  return undefined
}

import type { About } from './numbers.ts'
import { countingColumns, isPartial, ofLogs } from './numbers.ts'
import { type Place, textOf, timeIn } from './support.ts'
import { mayCount, type UnitName, unitOf } from './units.ts'

/** A name, time or handle of a sentence, with where it stands and the cells that have it. */
export interface Item {
  shown: string
  at: number
  places: readonly Place[]
  /** Whether it is a time. */
  isTime?: boolean
}

/**
 * Words that follow each other and stand in the same cells are one name: of `goran@example.com via
 * Contractor`, not each row with `via` is meant.
 */
export function wholeNames(clause: string, items: readonly Item[]): Item[] {
  const whole: (Item & { end: number })[] = []
  for (const item of [...items].sort((a, b) => a.at - b.at)) {
    const last = whole.at(-1)
    const bare = item.shown.replace(/^"|"$/g, '')
    const end = item.at + bare.length
    const has = new Set(item.places.map(cellOf))
    const places = last?.places.filter((place) => has.has(cellOf(place))) ?? []
    const isNext = last !== undefined && /^\s+$/.test(clause.slice(last.end, item.at))
    if (last && isNext && !last.isTime && !item.isTime && places.length > 0)
      whole[whole.length - 1] = { ...last, shown: `${last.shown} ${item.shown}`, places, end }
    else whole.push({ ...item, end })
  }
  return whole
}

function cellOf({ cited, row, column }: Place): string {
  return `${cited.id} ${row} ${column}`
}

/** Words that compare what stands before them with what follows `than`: by numbers, or by times. */
const THAN: readonly { form: RegExp; sign: 1 | -1; of: 'number' | 'time' }[] = [
  {
    form: /\b(?:more|higher|larger|longer|greater|bigger|busier|louder)\b(?:[^.;]|\.\S)*?\bthan\b/i,
    sign: 1,
    of: 'number',
  },
  {
    form: /\b(?:fewer|less|lower|smaller|shorter|quieter)\b(?:[^.;]|\.\S)*?\bthan\b/i,
    sign: -1,
    of: 'number',
  },
  {
    form: /(?<=\b(?:twice|thrice|times) )as (?:many|much|often|long)\b(?:[^.;]|\.\S)*?\bas\b/i,
    sign: 1,
    of: 'number',
  },
  { form: /\b(?:later|newer)\b(?:[^.;]|\.\S)*?\bthan\b/i, sign: 1, of: 'time' },
  { form: /\b(?:earlier|sooner|older)\b(?:[^.;]|\.\S)*?\bthan\b/i, sign: -1, of: 'time' },
  {
    form: /(?<=\b(?:most|busiest|highest|largest|loudest|longest)\b.*)\bfollowed by\b/i,
    sign: 1,
    of: 'number',
  },
  { form: /\b(?:followed by\b|first,\s(?=.*\b(?:later|then|second|afterwards)\b))/i, sign: -1, of: 'time' },
  { form: /\bafter\b/i, sign: 1, of: 'time' },
  { form: /\bbefore\b/i, sign: -1, of: 'time' },
]

/** Why a comparison of two that rows have is not shown by them; undefined when it is, or none is made. */
export function unshownComparison(clause: string, items: readonly Item[]): string | undefined {
  for (const { form, sign, of } of THAN) {
    const match = form.exec(clause)
    if (!match) continue
    const end = match.index + match[0].length
    const right = items.filter(({ at }) => at >= end).sort((a, b) => a.at - b.at)[0]
    // `more calls to A than to B`: A stands before `than`, not before `more`.
    const before = items.filter(({ at }) => at < end).sort((a, b) => b.at - a.at)
    const left =
      before.find((one) => right !== undefined && one.at > match.index && arePeers(one, right)) ??
      before.find(({ at }) => at < match.index)
    if (!left || !right || (of === 'time' && (left.isTime || right.isTime))) continue
    const word = /^\w+/.exec(match[0])?.[0] ?? ''
    const after = clause.slice(match.index + word.length)
    const unit = unitOf('', after)
    const by = of === 'number' ? saidBefore(clause.slice(0, match.index)) : undefined
    if (by !== undefined && !isApart(left, right, sign, by, unit, after))
      return `${by.shown} is not what lies between ${left.shown} and ${right.shown}`
    if (isShown(left, right, sign, of, unit, after) === false)
      return `it says ${JSON.stringify(word)} of ${left.shown} and ${right.shown}, and the rows do not show that`
  }
  return undefined
}

/** Items of one column are peers: each may be in a row of its own. */
export function arePeers(one: Item, other: Item): boolean {
  const columns = new Set(one.places.map(columnOf))
  return other.places.some((place) => columns.has(columnOf(place)))
}

function columnOf({ cited, column }: Place): string {
  return `${cited.id} ${column}`
}

/** Undefined when the rows have nothing that could be compared. */
function isShown(
  left: Item,
  right: Item,
  sign: 1 | -1,
  of: 'number' | 'time',
  unit: UnitName | undefined,
  after: string,
): boolean | undefined {
  let isComparable = of === 'number' ? false : undefined
  for (const one of left.places)
    for (const other of right.places) {
      if (one.cited !== other.cited || one.row === other.row) continue
      const named = countingColumns(one.cited, after)
      for (const [column, { name }] of one.cited.columns.entries()) {
        if (of === 'number' && !(mayCount(name, unit) && named.has(column))) continue
        const value = of === 'number' ? ofLogs : timeIn
        const [a, b] = [value(one.cited, one.row, column), value(other.cited, other.row, column)]
        if (a === undefined || b === undefined) continue
        if ((a - b) * sign > 0) return true
        isComparable = false
      }
    }
  return isComparable
}

/** How much more or less is said: `34 more`, `11 minutes longer`, `twice more`, `3 times as`. */
interface Apart {
  shown: string
  value: number
  isRatio: boolean
}

const APART =
  /(?:\b(\d[\d,]*(?:\.\d+)?)|\b(once|twice|thrice|one|two|three|four|five|six|seven|eight|nine|ten))(?:\s+(times|minutes?|hours?|seconds?|days?|calls?|events?))?\s*$/i
const WORDS = 'once twice thrice'.split(' ')
const NUMBERS = 'one two three four five six seven eight nine ten'.split(' ')

function saidBefore(text: string): Apart | undefined {
  const [, digits, word = '', unit = ''] = APART.exec(text) ?? []
  if (digits === undefined && word === '') return undefined
  const lower = word.toLowerCase()
  const place = WORDS.includes(lower) ? WORDS.indexOf(lower) : NUMBERS.indexOf(lower)
  const value = digits === undefined ? place + 1 : Number(digits.replaceAll(',', ''))
  const isRatio = lower === 'twice' || lower === 'thrice' || unit.toLowerCase() === 'times'
  return { shown: digits ?? word, value, isRatio }
}

/** Whether a number of a sentence is how much one of two has more than the other. */
export function isDifference(clause: string, shown: string, items: readonly Item[]): boolean {
  return (
    THAN.some(({ form, of }) => {
      const match = form.exec(clause)
      return match !== null && of === 'number' && saidBefore(clause.slice(0, match.index))?.shown === shown
    }) &&
    unshownComparison(clause, items) === undefined &&
    items.length > 1
  )
}

/** Whether two differ by so much in one of the columns that are spoken of. */
function isApart(
  left: Item,
  right: Item,
  sign: 1 | -1,
  { value, isRatio }: Apart,
  unit: UnitName | undefined,
  after: string,
): boolean {
  return left.places.some((one) =>
    right.places.some((other) => {
      if (one.cited !== other.cited || one.row === other.row) return false
      const named = countingColumns(one.cited, after)
      return [...one.cited.columns].some(({ name }, column) => {
        if (!mayCount(name, unit) || !named.has(column)) return false
        const [a, b] = [ofLogs(one.cited, one.row, column), ofLogs(other.cited, other.row, column)]
        if (a === undefined || b === undefined) return false
        return isRatio ? a === b * value ** sign : (a - b) * sign === value
      })
    }),
  )
}

const MORE = /(?:(?<!\bnot? )\b(?:more|greater|higher) than|\bexceed(?:s|ed|ing)?)\s*$/i
const LESS = /(?<!\bnot? )\b(?:fewer|less|lower) than\s*$/i

/**
 * Why a comparison (`more than 5`, `fewer than 5`) does not hold; undefined when it holds or there is none.
 */
export function unshownBound(
  clause: string,
  shown: string,
  value: number,
  about: readonly About[],
  unit: UnitName | undefined,
): string | undefined {
  const before = clause.slice(0, clause.indexOf(shown))
  const sign = MORE.test(before) ? 1 : LESS.test(before) ? -1 : undefined
  if (sign === undefined) return undefined
  const isPassed = about.some(({ cited, rows, all }) => {
    const columns = [...cited.columns.keys()].filter((column) =>
      mayCount(cited.columns[column]?.name ?? '', unit),
    )
    if (
      rows.some((row) => columns.some((column) => ((ofLogs(cited, row, column) ?? value) - value) * sign > 0))
    )
      return true
    const hasNumbers = rows.some((row) => columns.some((column) => ofLogs(cited, row, column) !== undefined))
    return !hasNumbers && !isPartial(cited) && (all.length - value) * sign > 0
  })
  return isPassed
    ? undefined
    : `it says that it is ${sign > 0 ? 'more' : 'less'} than ${shown}, and no such number is in the rows`
}

const CHANGE =
  /\b(?:(rose|grew|increased|climbed|jumped)|(fell|dropped|decreased|declined|shrank))\b(?:[^.;]|\.\S)*?\bfrom\s+\D{0,3}([\d,.]+)(?:[^.;]|\.\S)*?\bto\s+\D{0,3}([\d,.]*\d)/i

const CHANGED = /\b(?:rose|grew|increased|climbed|jumped|fell|dropped|decreased|declined|shrank)\b/i

/** Why a stated change is wrong or cannot be checked; undefined when it is right, or when none is stated. */
export function wrongChange(clause: string): string | undefined {
  const [, up, down, from = '', to = ''] = CHANGE.exec(clause) ?? []
  const [word] = CHANGED.exec(clause) ?? []
  if (up === undefined && down === undefined)
    return word === undefined
      ? undefined
      : `it says ${JSON.stringify(word)}, and not from which number to which`
  const [a, b] = [from, to].map((text) => Number(text.replaceAll(',', '').replace(/\.$/, ''))) as [
    number,
    number,
  ]
  return (up === undefined ? b < a : b > a) ? undefined : `${from} to ${to} is no such change`
}

const MANY = /\b(?:several|multiple|numerous|various|many|repeated(?:ly)?)\b/i

/** Why there are not several; undefined when there are, or it is not said. */
export function unshownMany(clause: string, about: readonly About[]): string | undefined {
  const [word] = MANY.exec(clause.replace(/\b(?:how|as|so|too) many\b/gi, ' ')) ?? []
  if (word === undefined) return undefined
  const are = about.some(
    ({ cited, rows }) =>
      rows.length > 1 ||
      rows.some((row) =>
        [...cited.columns].some(
          ({ name }, column) =>
            (mayCount(name, 'calls') && (ofLogs(cited, row, column) ?? 0) > 1) ||
            /[,\n]/.test(textOf(cited.rows[row]?.[column]) ?? ''),
        ),
      ),
  )
  return are ? undefined : `it says ${JSON.stringify(word)}, and the rows have one`
}

const ORDINALS = 'second third fourth fifth sixth seventh eighth ninth tenth'.split(' ')
/** `the third call`, `the 3rd event`: a place in the order of the rows, and no name. */
export const ORDINAL = new RegExp(
  `\\bthe (${ORDINALS.join('|')}|\\d{1,4}(?:st|nd|rd|th)) (?=(?:calls?|events?|attempts?|sessions?|requests?|times?|one|findings?|records?|rows?)\\b)`,
  'gi',
)

/** Why the place in an order is another; undefined when it is that. */
export function unshownPlace(clause: string, about: readonly About[], namesAny: boolean): string | undefined {
  for (const [, said = ''] of clause.matchAll(ORDINAL)) {
    const place = Number.parseInt(said, 10) || ORDINALS.indexOf(said.toLowerCase()) + 2
    const isAt = about.some(({ cited, rows }) => {
      if (isPartial(cited) || cited.rows.length < place) return false
      return !namesAny || ordersOf(cited).some((order) => rows.includes(order[place - 1] ?? -1))
    })
    if (!isAt) return `it says "the ${said}", and that is not its place in the rows`
  }
  return undefined
}

/** The rows by each column of times; as they are where there is none. */
function ordersOf(cited: About['cited']): number[][] {
  const rows = [...cited.rows.keys()]
  const orders = [...cited.columns.keys()].flatMap((column) => {
    const times = rows.map((row) => timeIn(cited, row, column))
    if (times.some((time) => time === undefined)) return []
    return [[...rows].sort((a, b) => (times[a] as number) - (times[b] as number))]
  })
  return orders.length > 0 ? orders : [rows]
}

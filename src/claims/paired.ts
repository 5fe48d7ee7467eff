import { arePeers, type Item } from './compared.ts'
import type { Facts } from './facts.ts'
import { type About, madeOf, withoutCells } from './numbers.ts'
import { type Place, textOf } from './support.ts'
import { type UnitName, unitOf } from './units.ts'

/** A number of a sentence, with where it stands. */
interface Numbered {
  shown: string
  value: number
  at: number
  unit: UnitName | undefined
  /** What follows it. */
  after: string
}

/** The numbers of a clause, with where they stand and what follows them. */
export function numbersIn(clause: string, { numbers }: Facts): Numbered[] {
  const taken = new Map<string, number>()
  return numbers.map(({ text: shown, value }) => {
    const at = clause.indexOf(shown, taken.get(shown) ?? 0)
    taken.set(shown, at + shown.length)
    const after = clause.slice(at + shown.length)
    return { shown, value, at, after, unit: unitOf(shown, after) }
  })
}

/**
 * Why a number in a list belongs to another item than the sentence says, as in `A and B were denied 12 and 11
 * times` or `A had 12 calls, B 11`; undefined when each is right, or the sentence has no such list.
 */
export function wrongPair(items: readonly Item[], numbers: readonly Numbered[]): string | undefined {
  const named = items.filter(({ isTime }) => !isTime).sort((a, b) => a.at - b.at)
  const [first] = named
  if (!first || named.length < 2 || named.length !== numbers.length) return undefined
  if (!named.every((one) => one === first || arePeers(one, first))) return undefined
  const counted = [...numbers].sort((a, b) => a.at - b.at)
  const order = [...named.map(({ at }) => ({ at, is: 'I' })), ...counted.map(({ at }) => ({ at, is: 'N' }))]
    .sort((a, b) => a.at - b.at)
    .map(({ is }) => is)
    .join('')
  if (!/^(?:I+N+|(?:IN)+|(?:NI)+)$/.test(order)) return undefined
  for (const [place, one] of named.entries()) {
    const number = counted[place]
    if (!number || isOf(one, number)) continue
    const other = named.find((some) => some !== one && isOf(some, number))
    if (other) return `${number.shown} is of ${other.shown}, and not of ${one.shown}`
  }
  return undefined
}

function isOf({ places }: Item, { value, shown, unit, after }: Numbered): boolean {
  return places.some(({ cited, row }) => {
    const about: About = { cited, rows: [row], all: [row] }
    return madeOf(value, shown, [about], unit, after) === 'a cell'
  })
}

const SUMMED = /\b(?:together|combined|altogether|in total|in all|overall|a total of)\b/i

/**
 * Why a number that is stated as a total of several is the number of only one; undefined when it is their
 * sum. Only the greatest number of a clause is checked, since its parts may follow.
 */
export function wrongSum(
  clause: string,
  items: readonly Item[],
  numbers: readonly Numbered[],
  about: readonly About[],
): string | undefined {
  const [word] = SUMMED.exec(clause) ?? []
  const most = numbers.reduce<Numbered | undefined>(
    (so, one) => (so === undefined || one.value > so.value ? one : so),
    undefined,
  )
  if (word === undefined || !most || items.length === 0) return undefined
  const several = about.filter(({ rows }) => rows.length > 1)
  if (several.length === 0) return undefined
  const found = madeOf(most.value, most.shown, several.map(withoutCells), most.unit, most.after)
  return found === 'a sum' || found === 'how many'
    ? undefined
    : `it says ${JSON.stringify(word)}, and ${most.shown} is not the sum`
}

const FROM_TO = /\b(?:from|between)\b/i

/** Why a span ends before it begins; undefined when it does not, or none is told. */
export function wrongSpan(clause: string, items: readonly Item[]): string | undefined {
  const from = FROM_TO.exec(clause)
  if (!from) return undefined
  const times = items.filter(({ isTime, at }) => isTime && at > from.index).sort((a, b) => a.at - b.at)
  const [begin, end] = times
  if (!begin || !end || times.length !== 2) return undefined
  if (!/\b(?:to|and|until|till)\s+$/i.test(clause.slice(begin.at + begin.shown.length, end.at)))
    return undefined
  const isSpan = begin.places.some((one) =>
    end.places.some((other) => {
      const [a, b] = [timeAt(one), timeAt(other)]
      return a === undefined || b === undefined || a <= b
    }),
  )
  return isSpan ? undefined : `${begin.shown} is not before ${end.shown}`
}

function timeAt({ cited, row, column }: Place): number | undefined {
  const time = Date.parse(textOf(cited.rows[row]?.[column])?.replace(' ', 'T') ?? '')
  return Number.isNaN(time) ? undefined : time
}

const SENSES: readonly (readonly [said: RegExp, column: RegExp])[] = [
  [/\b(?:first|earliest|oldest)\b/gi, /first|min|earliest|oldest/i],
  [/\b(?:last|latest|newest)\b/gi, /last|max|latest|newest/i],
]

/** Why a time that is said to be the first is in the column of the last, or the other way about. */
export function wrongEnd(clause: string, items: readonly Item[]): string | undefined {
  const words = SENSES.flatMap(([said], sense) =>
    [...clause.matchAll(said)].map(({ index, 0: word }) => ({ index, word, sense })),
  ).sort((a, b) => a.index - b.index)
  for (const { shown, at, places, isTime } of items) {
    const near = words.filter(({ index }) => index < at).at(-1)
    if (!isTime || !near) continue
    const [own, other] = near.sense === 0 ? [0, 1] : [1, 0]
    const names = places.map(({ cited, column }) => cited.columns[column]?.name ?? '')
    const has = (sense: number) => names.some((name) => SENSES[sense]?.[1].test(name))
    if (has(other) && !has(own))
      return `it says ${JSON.stringify(near.word)} of ${shown}, and the rows do not`
  }
  return undefined
}

import { holdsCalendar } from './calendar.ts'
import type { Origins } from './contract.ts'
import { wordsOfNames } from './deeds.ts'
import { GIVEN_NAMES } from './words.ts'

/** Rows that a sentence cites. */
export interface Cited {
  id: string
  columns: readonly { name: string; type: string }[]
  rows: readonly (readonly unknown[])[]
  /** Positions of the rows that are cited. */
  chosen: readonly number[]
  /** Whether rows were cut off: then their number is unknown. */
  isCut: boolean
  /** What the columns are made of, where a model wrote the SQL. */
  origins?: Origins | undefined
  /** What the rows are limited to by parameters and spans. */
  limits: readonly string[]
  /** loglake's own words about the rows, from the named query that they answer. */
  about: string
  /** Whether rows are in an order that loglake chose. */
  isOrdered: boolean
}

/** Where something stands. */
export interface Place {
  cited: Cited
  row: number
  column: number
}

/** The text of a cell; undefined when there is none. */
export function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Whether a cell's value comes from the logs, and not from the statement's text. */
export function isOfLogs({ origins }: Cited, column: number, text: string): boolean {
  const origin = origins?.columns[column]
  if (origins === undefined) return true
  if (origin === undefined || origin.kind === 'made' || origin.kind === 'literal') return false
  const lower = text.toLowerCase()
  return !origin.literals.some(
    (literal) => literal.toLowerCase() === lower || Number(literal) === Number(text),
  )
}

/**
 * Cells of cited rows in which `has` finds something, and whether all of them were computed by the statement.
 */
export function placesOf(
  all: readonly Cited[],
  has: (text: string) => boolean,
): { places: Place[]; isMade: boolean } {
  const places: Place[] = []
  let isMade = false
  for (const cited of all)
    for (const row of cited.chosen)
      for (const column of cited.columns.keys()) {
        const text = textOf(cited.rows[row]?.[column])
        if (text === undefined || !has(text)) continue
        if (isOfLogs(cited, column, text)) places.push({ cited, row, column })
        else isMade = true
      }
  return { places, isMade: isMade && places.length === 0 }
}

/** Whether a text has a name whole, in letters of any size. */
export function holdsName(name: string): (text: string) => boolean {
  const lower = name.toLowerCase()
  const bounded = new RegExp(`(?<![\\p{L}\\p{N}])${escaped(lower)}(?![\\p{L}\\p{N}])`, 'u')
  // `bucket` is in `DeleteBucket`: words of prose are in names, too.
  const isWord = /^\p{Ll}{3,}$/u.test(name) && !GIVEN_NAMES.has(name)
  const part = new RegExp(`(?<!\\p{L})${escaped(isWord ? name.replace(/s$/, '') : lower)}s?(?!\\p{L})`, 'u')
  // `AssumeRoles`: several of one name.
  const one = /\p{Ll}\p{Lu}.*[^s]s$/u.test(name) ? holdsName(name.slice(0, -1)) : undefined
  return (text) =>
    text.toLowerCase() === lower ||
    bounded.test(text.toLowerCase()) ||
    one?.(text) ||
    (isWord && part.test(wordsOfNames(text)))
}

const MONTHS = 'january february march april may june july august september october november december'.split(
  ' ',
)

/** Whether a text has a time, in whatever way it is said. */
export function holdsTime(time: string): (text: string) => boolean {
  const calendar = holdsCalendar(time)
  if (calendar) return calendar
  const forms = formsOfTime(time)
  return (text) => forms.some((form) => form.test(text.toLowerCase()))
}

function formsOfTime(text: string): RegExp[] {
  const plain = text.toLowerCase().trim()
  const [, day, month, year] =
    /^(\d{1,2})(?:st|nd|rd|th)?(?:\s+of)?\s+([a-z]+)(?:\s+(\d{4}))?$/.exec(plain) ??
    swapped(/^([a-z]+)\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?$/.exec(plain)) ??
    []
  if (day !== undefined && month !== undefined) {
    const number = String(MONTHS.indexOf(month) + 1).padStart(2, '0')
    return [new RegExp(`${year ?? ''}-${number}-${day.padStart(2, '0')}`)]
  }
  const [, clock, half] = /^(\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?)\s?(?:z|utc|([ap])\.?m\.?)?$/.exec(plain) ?? []
  if (clock !== undefined) {
    const [hour = '', ...rest] = clock.split(':')
    const of24 = half === undefined ? Number(hour) : (Number(hour) % 12) + (half === 'p' ? 12 : 0)
    return [new RegExp(`(?:^|[t\\s]|z-)${escaped([String(of24).padStart(2, '0'), ...rest].join(':'))}`)]
  }
  return [new RegExp(escaped(plain.replace(/\s?(z|utc)$/, '').replace(' ', 't')))]
}

function swapped(match: RegExpExecArray | null): (string | undefined)[] | undefined {
  return match ? [match[0], match[2], match[1], match[3]] : undefined
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}

/** The number of a cell; undefined where it is none. */
export function numberIn({ columns, rows }: Cited, row: number, column: number): number | undefined {
  const value = rows[row]?.[column]
  if (typeof value === 'number') return value
  const isNumeric = /INT|DECIMAL|DOUBLE|FLOAT|NUMERIC/i.test(columns[column]?.type ?? '')
  return isNumeric && typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined
}

/** The time of a cell, in milliseconds; undefined where it is none, or was put there by the statement. */
export function timeIn(cited: Cited, row: number, column: number): number | undefined {
  const text = textOf(cited.rows[row]?.[column])
  if (text === undefined || !/^\d{4}-\d\d-\d\d/.test(text) || !isOfLogs(cited, column, text)) return undefined
  const time = Date.parse(text.replace(' ', 'T'))
  return Number.isNaN(time) ? undefined : time
}

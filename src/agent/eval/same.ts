/** Rows of an answer, as JSON has them. */
export interface Table {
  rows: readonly (readonly unknown[])[]
  /** Whether rows were cut off: then `rows` is not the whole answer. */
  more?: boolean
}

/** With more columns than this, a result counts as wrong: matching it would take too long. */
const MAX_COLUMNS = 60

/**
 * Whether an answer has the rows of the gold, in any order of rows and columns and with any further columns.
 * Numbers are compared at the precision of the less exact one. Whole numbers must be equal, and so must the
 * number of rows.
 */
export function isSame(gold: Table, answer: Table): boolean {
  if (answer.more || gold.rows.length !== answer.rows.length) return false
  if (gold.rows.length === 0) return true
  const width = gold.rows[0]?.length ?? 0
  const wide = answer.rows[0]?.length ?? 0
  if (wide < width || wide > MAX_COLUMNS) return false
  const candidates = Array.from({ length: width }, (_, column) => {
    const wanted = columnOf(gold, column)
    return Array.from({ length: wide }, (_, other) => other).filter((other) =>
      areSameBags(wanted, columnOf(answer, other)),
    )
  })
  return isMatched(gold, answer, candidates, [])
}

/** Tries columns of the answer for columns of the gold, until the rows are the same too. */
function isMatched(gold: Table, answer: Table, candidates: number[][], chosen: number[]): boolean {
  const next = candidates[chosen.length]
  if (next === undefined)
    return areSameBags(
      gold.rows,
      answer.rows.map((row) => chosen.map((column) => row[column])),
    )
  return next.some(
    (column) => !chosen.includes(column) && isMatched(gold, answer, candidates, [...chosen, column]),
  )
}

function columnOf({ rows }: Table, column: number): unknown[][] {
  return rows.map((row) => [row[column]])
}

/** The same rows, each as often, in any order. */
function areSameBags(one: readonly (readonly unknown[])[], other: readonly (readonly unknown[])[]): boolean {
  const left = other.map((row) => row.map(plain))
  for (const row of one) {
    const wanted = row.map(plain)
    const at = left.findIndex((found) => found.every((value, index) => isEqual(wanted[index], value)))
    if (at < 0) return false
    left.splice(at, 1)
  }
  return left.length === 0
}

type Plain = string | number | boolean | null

const TIME = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*(Z|UTC|[+-]00(?::?00)?)?)?$/

/** A number, a time in milliseconds behind a `t`, or as it is. */
function plain(value: unknown): Plain {
  if (value === null || value === undefined) return null
  if (typeof value === 'number' || typeof value === 'boolean') return value
  if (typeof value !== 'string') return JSON.stringify(value)
  const text = value.trim()
  const [, day, time] = TIME.exec(text) ?? []
  if (day !== undefined) {
    const clock = time === undefined ? '00:00:00' : time.length === 5 ? `${time}:00` : time
    return `t${Date.parse(`${day}T${clock}Z`)}`
  }
  return /^-?(0|[1-9]\d{0,14})(\.\d+)?$/.test(text) ? Number(text) : text
}

function isEqual(one: Plain | undefined, other: Plain | undefined): boolean {
  if (typeof one !== 'number' || typeof other !== 'number') return one === other
  if (one === other) return true
  if (Number.isInteger(one) && Number.isInteger(other)) return false
  // At least three digits: 15 is no answer where 15.37 is right.
  const places = Math.min(placesOf(one), placesOf(other))
  const digits = Math.min(digitsOf(one), digitsOf(other))
  const isClose = Math.abs(one - other) <= 0.5 * 10 ** -places + 1e-9 * Math.abs(one)
  return isClose && (digits >= 3 || places >= 2)
}

function placesOf(value: number): number {
  const [, after = ''] = String(Number(value.toPrecision(12))).split('.')
  return after.includes('e') ? 12 : after.length
}

function digitsOf(value: number): number {
  return String(Number(value.toPrecision(12)))
    .replace(/e.*$/, '')
    .replace(/\D/g, '')
    .replace(/^0+/, '').length
}

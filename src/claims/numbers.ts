import { type Cited, isOfLogs, numberIn, textOf } from './support.ts'
import { columnsNamed, countsCalls, factorOf, isThing, mayCount, type UnitName } from './units.ts'

/** Rows of a result that a sentence is about. */
export interface About {
  cited: Cited
  /** Those of the cited rows. */
  rows: readonly number[]
  /** Those of all rows, cited or not: only all of them can be counted and summed. */
  all: readonly number[]
}

/**
 * The origin of a number, in words; undefined when the rows do not give it. A rounded number may differ by
 * half a unit of its last digit.
 *
 * @param unit what it counts; columns that count something else have it by chance
 * @param after what follows it in the sentence
 */
export function madeOf(
  value: number,
  shown: string,
  about: readonly About[],
  unit?: UnitName,
  after = '',
): string | undefined {
  const close = closeTo(value, shown)
  if (about.some(({ cited, rows }) => rows.some((row) => inCell(cited, row, close, unit, after))))
    return 'a cell'
  if (unit === 'percent') return undefined
  if (about.some(({ cited, rows }) => rows.some((row) => inJson(cited, row, value)))) return 'a cell'
  if (about.some((one) => !(unit === 'calls' && hasCounts(one)) && countsOf(one, unit).has(value)))
    return 'how many'
  for (const { cited, all } of about) {
    if (isPartial(cited)) continue
    const named = countingColumns(cited, after)
    for (const [column, { name }] of cited.columns.entries()) {
      if (!mayCount(name, unit) || !named.has(column)) continue
      const own = all.flatMap((row) => ofLogs(cited, row, column) ?? [])
      if (own.length < 2) continue
      const sum = own.reduce((total, one) => total + one, 0)
      const factor = factorOf(name, after)
      if (close(sum, factor)) return 'a sum'
      if (/\./.test(shown) && close(sum / own.length, factor)) return 'a mean'
    }
  }
  const rowsInAll = about.reduce((sum, { all }) => sum + all.length, 0)
  return about.length > 1 && !about.some(({ cited }) => isPartial(cited)) && rowsInAll === value
    ? 'how many'
    : undefined
}

/**
 * The origin of a number after `of`, as in `7 of the 10 calls`: the sum of a result's rows, or its only row.
 * `a session of 34 minutes` is no total: a single cell of many rows is none.
 */
export function totalOf(
  value: number,
  shown: string,
  all: readonly About[],
  unit: UnitName | undefined,
  after: string,
): string | undefined {
  const only = all.filter(({ cited }) => cited.rows.length === 1)
  return (
    madeOf(value, shown, only, unit, after) ??
    madeOf(value, shown, all.map(withoutCells), unit, after) ??
    (all.some(({ cited }) => !isPartial(cited) && cited.rows.length === value) ? 'how many' : undefined)
  )
}

/** Numbers of single rows are no sums. */
export function withoutCells({ cited, all }: About): About {
  return { cited, rows: [], all }
}

/** Columns with numbers that the words after a number may mean. */
export function countingColumns(cited: Cited, after: string): ReadonlySet<number> {
  const isNumber = (column: number) => cited.rows.some((_, row) => numberIn(cited, row, column) !== undefined)
  const numeric = [...cited.columns].flatMap(({ name }, at): [number, string][] =>
    isNumber(at) ? [[at, name]] : [],
  )
  return columnsNamed(new Map(numeric), after)
}

/** Whether each row that is meant has the number, as `each` and `every` say. */
export function isInEach(
  value: number,
  shown: string,
  about: readonly About[],
  unit?: UnitName,
  after = '',
): boolean {
  const close = closeTo(value, shown)
  return about.some(
    ({ cited, rows }) => rows.length > 0 && rows.every((row) => inCell(cited, row, close, unit, after)),
  )
}

/** Whether a statement has put the number into a cell by itself. */
export function isMadeUp(value: number, shown: string, about: readonly About[]): boolean {
  const close = closeTo(value, shown)
  return about.some(({ cited, rows }) =>
    rows.some((row) => cited.columns.some((_, column) => close(numberIn(cited, row, column) ?? Number.NaN))),
  )
}

/** Whether rows are missing behind those that are here. */
export function isPartial({ isCut, rows, origins }: Cited): boolean {
  return isCut || (origins !== undefined && rows.length >= origins.most)
}

/** How many rows there are, and how many different values each column has. */
function countsOf({ cited, all, rows }: About, unit: UnitName | undefined): ReadonlySet<number> {
  if (isPartial(cited)) return new Set()
  // Some of many that are alike are no count of them.
  const counts = new Set(rows.length === 0 && all.length > 0 ? [] : [all.length])
  // A call is a row, however alike.
  if (unit === 'calls') return counts
  for (const [column, { name }] of cited.columns.entries()) {
    if (!isThing(name, unit)) continue
    const texts = all.flatMap((row) => textOf(cited.rows[row]?.[column]) ?? [])
    if (texts.every((text) => isOfLogs(cited, column, text))) counts.add(new Set(texts).size)
  }
  return counts
}

export function ofLogs(cited: Cited, row: number, column: number): number | undefined {
  const number = numberIn(cited, row, column)
  return number !== undefined && isOfLogs(cited, column, String(number)) ? number : undefined
}

function inCell(cited: Cited, row: number, close: Close, unit: UnitName | undefined, after: string): boolean {
  const named = countingColumns(cited, after)
  return [...cited.columns].some(({ name }, column) => {
    const number = ofLogs(cited, row, column) ?? Number.NaN
    if (unit !== 'percent')
      return mayCount(name, unit) && named.has(column) && close(number, factorOf(name, after))
    const isShare = mayCount(name, unit) || isFigure(cited, column) || isInPercent(cited, row)
    return isShare && (close(number) || (Math.abs(number) <= 1 && close(number * 100)))
  })
}

function isFigure({ origins }: Cited, column: number): boolean {
  return origins?.columns[column]?.kind === 'figure'
}

/** A metric's unit is in another column of its row. */
function isInPercent(cited: Cited, row: number): boolean {
  return [...cited.columns.keys()].some((column) =>
    /^(?:percent|%)$/i.test(textOf(cited.rows[row]?.[column]) ?? ''),
  )
}

/** Whether a row counts calls itself: then the number of rows is no number of calls. */
function hasCounts({ cited, rows }: About): boolean {
  return rows.some((row) =>
    [...cited.columns].some(
      ({ name }, column) => countsCalls(name) && ofLogs(cited, row, column) !== undefined,
    ),
  )
}

/** A number of its own in a text of JSON: `"fromPort": 22`. */
function inJson(cited: Cited, row: number, value: number): boolean {
  const form = new RegExp(`[:\\[,]\\s*${String(value).replace('.', '\\.')}\\s*[,}\\]]`)
  return [...cited.columns.keys()].some((column) => {
    const text = textOf(cited.rows[row]?.[column])
    return text !== undefined && /[{[]/.test(text) && form.test(text) && isOfLogs(cited, column, text)
  })
}

/** By the sign or the word after a number, how many it stands for. */
export const SCALES: Readonly<Record<string, number>> = {
  ...{ k: 1e3, m: 1e6, g: 1e9, t: 1e12 },
  ...{ hundred: 100, thousand: 1e3, million: 1e6, billion: 1e9 },
}

/** Whether a cell has the number of a sentence, which counts in units of `factor` of the cell's. */
type Close = (cell: number, factor?: number) => boolean

function closeTo(value: number, shown: string): Close {
  return (cell, factor = 1) => Math.abs(cell - value * factor) <= toleranceOf(value, shown) * factor
}

/** `about 4,000` → `4 thousand`: it may differ by half of its last digit that is not 0. */
export function roundedIn(before: string, shown: string, value: number): string {
  if (!/\b(?:about|around|roughly|approximately|some)\s+$/i.test(before)) return shown
  if (!/^[\d,]+$/.test(shown) || value % 100 !== 0) return shown
  const name = value % 1e6 === 0 ? 'million' : value % 1000 === 0 ? 'thousand' : 'hundred'
  return `${value / (SCALES[name] ?? 1)} ${name}`
}

/** Whether a number has the sign of another currency than any column has. */
export function isOtherMoney(shown: string, about: readonly About[]): boolean {
  const form = shown.startsWith('€') ? /eur/i : shown.startsWith('£') ? /gbp|pound/i : undefined
  return form !== undefined && !about.some(({ cited }) => cited.columns.some(({ name }) => form.test(name)))
}

/** Half a unit of the last digit shown; 0 for a whole number, unless it is in thousands or a percentage. */
function toleranceOf(value: number, shown: string): number {
  const decimals = /\.(\d+)/.exec(shown)?.[1]?.length
  const unit = /\d\s?(?:([kKMGT])i?B?|(hundred|thousand|million|billion))$/i
    .exec(shown)
    ?.slice(1)
    .find(Boolean)
  const scale = unit === undefined ? 1 : (SCALES[unit.toLowerCase()] ?? 1)
  if (decimals !== undefined) return (0.5000001 * scale) / 10 ** decimals
  if (/%$/.test(shown)) return 0.5000001
  return unit === undefined ? Math.abs(value) * 1e-12 : 0.5 * scale
}

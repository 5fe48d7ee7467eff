import { dayText } from '../lib/day.ts'
import { type DataFile, fromBytes, type Schema, toStored } from './iceberg/index.ts'
import type { StagedFile } from './parquet.ts'
import { DAY, SEVERAL } from './table.ts'

/** The days of a file's rows, as days since 1970: the first and the last. */
export interface DaySpan {
  first: number
  last: number
}

const EVERY_DAY: DaySpan = { first: Number.NEGATIVE_INFINITY, last: Number.POSITIVE_INFINITY }

/** The days of a data file; undefined when its rows have none. */
export function daysOf({ partition, lower, upper }: DataFile, schema: Schema): DaySpan | undefined {
  const day = partition[DAY]
  if (day === null) return undefined
  if (typeof day === 'number') return { first: day, last: day }
  const field = schema.fields.find(({ name }) => name === DAY)
  const [from, to] = [field && lower.get(field.id), field && upper.get(field.id)]
  if (!from || !to) return EVERY_DAY
  return { first: Number(fromBytes('date', from)), last: Number(fromBytes('date', to)) }
}

/**
 * The `day` under which `stageParquet` writes a file's rows: their day, `several`, or undefined when they
 * have none.
 */
export function dayOf({ partition }: DataFile): string | undefined {
  const day = partition[DAY]
  if (day === undefined) return SEVERAL
  return typeof day === 'number' ? dayText(day) : undefined
}

/** The days of a staged file; undefined when its rows have none. */
export function stagedDays({ day, statistics }: StagedFile): DaySpan | undefined {
  if (day === null) return undefined
  if (day !== SEVERAL) return { first: numberOf(day), last: numberOf(day) }
  const { min, max, null_count } = statistics[DAY] ?? statistics[`"${DAY}"`] ?? {}
  // Rows without a day may be among them.
  if (min === undefined || max === undefined || null_count !== '0') return EVERY_DAY
  return { first: numberOf(min), last: numberOf(max) }
}

function numberOf(day: string): number {
  return Number(toStored('date', day))
}

/**
 * Groups spans that have days in common: all rows of one day are in one group. Everything without days is one
 * group too.
 */
export function byDays<T>(all: readonly T[], spanOf: (one: T) => DaySpan | undefined): T[][] {
  const spans = new Map(all.map((one) => [one, spanOf(one)]))
  const none = all.filter((one) => spans.get(one) === undefined)
  const some = all.filter((one) => spans.get(one) !== undefined)
  const first = (one: T) => spans.get(one)?.first ?? 0
  const groups: T[][] = []
  let last = Number.NEGATIVE_INFINITY
  for (const one of some.sort((a, b) => first(a) - first(b))) {
    if (groups.length === 0 || first(one) > last) groups.push([])
    groups.at(-1)?.push(one)
    last = Math.max(last, spans.get(one)?.last ?? 0)
  }
  return none.length === 0 ? groups : [...groups, none]
}

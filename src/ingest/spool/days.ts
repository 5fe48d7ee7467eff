import { FEW_DAYS } from '../../lake/table.ts'
import { DAY_MS, dayText } from '../../lib/day.ts'
import type { LogType } from '../../logtypes/contract.ts'
import type { Spool } from './contract.ts'

/** Spool files that one COPY writes, or a few, and how it partitions them by day. */
export type Portion =
  /** Rows of one day; when the files are `mixed`, the COPY filters by that day. */
  | { kind: 'day'; part: readonly Spool[]; day: string; mixed: boolean }
  /** Rows of so few days that one COPY can partition them. */
  | { kind: 'few'; part: readonly Spool[] }
  /** Rows of many days with few rows each: they go into one file. */
  | { kind: 'several'; part: readonly Spool[] }
  /** Rows of unknown days, or of many days in no order. */
  | { kind: 'many'; part: readonly Spool[] }

/** 8 MiB of records of one day, or of several together, are worth a file of their own. */
const FULL_FILE = 8 << 20

/** Decides how the spool files of a batch are written. */
export function portions(type: LogType, spools: readonly Spool[]): Portion[] {
  // A user's SQL can change a row's time, so its day is read from the result.
  if (type.kind === 'prepared' && type.select) {
    const first = spools.reduce((least, { firstDay }) => Math.min(least, dayNumber(firstDay)), Infinity)
    const last = spools.reduce((max, { lastDay }) => Math.max(max, dayNumber(lastDay)), -Infinity)
    return [{ kind: last - first > FEW_DAYS ? 'many' : 'few', part: spools }]
  }
  return fewDays(spools) ?? manyDays(spools)
}

/**
 * One portion per day; a file whose records are of several days is read for each. Undefined when there are
 * too many days.
 */
function fewDays(spools: readonly Spool[]): Portion[] | undefined {
  const days = new Map<number, { part: Spool[]; mixed: boolean }>()
  for (const spool of spools) {
    const [first, last] = [dayNumber(spool.firstDay), dayNumber(spool.lastDay)]
    for (let day = first; day <= last; day++) {
      if (days.size > FEW_DAYS) return undefined
      const found = days.get(day) ?? { part: [], mixed: false }
      found.part.push(spool)
      found.mixed ||= first !== last
      days.set(day, found)
    }
  }
  return [...days].map(([number, { part, mixed }]) => ({ kind: 'day', part, day: dayText(number), mixed }))
}

/**
 * Spool files of neighbouring days are written together until they fill a file; a day that fills one has its
 * own. Only spool files that span more than one span of days are partitioned by DuckDB.
 */
function manyDays(spools: readonly Spool[]): Portion[] {
  const found: Portion[] = []
  const spans = new Map<number, Spool[]>()
  const mixed: Spool[] = []
  for (const spool of spools) {
    const span = spanOf(dayNumber(spool.firstDay))
    if (span !== spanOf(dayNumber(spool.lastDay))) mixed.push(spool)
    else if (spool.firstDay === spool.lastDay && spool.bytes >= FULL_FILE)
      found.push({ kind: 'day', part: [spool], day: dayText(dayNumber(spool.firstDay)), mixed: false })
    else {
      const same = spans.get(span)
      if (same) same.push(spool)
      else spans.set(span, [spool])
    }
  }
  let part: Spool[] = []
  const parts: Spool[][] = []
  for (const [, some] of [...spans].sort(([a], [b]) => a - b)) {
    if (part.length === 0) parts.push(part)
    part.push(...some)
    if (part.reduce((sum, { bytes }) => sum + bytes, 0) >= FULL_FILE) part = []
  }
  for (const part of parts) {
    const [day] = part.map(({ firstDay }) => firstDay)
    const isOne = part.every(({ firstDay, lastDay }) => firstDay === day && lastDay === day)
    if (isOne && day !== undefined)
      found.push({ kind: 'day', part, day: dayText(dayNumber(day)), mixed: false })
    else found.push({ kind: 'several', part })
  }
  if (mixed.length > 0) found.push({ kind: 'many', part: mixed })
  return found
}

/** Consecutive days in a span. */
const SPAN_DAYS = 32

/** The span of a day: records of one span go into one spool file. */
export function spanOf(dayNumber: number): number {
  return Math.floor(dayNumber / SPAN_DAYS)
}

/** 20260107 → days since 1970 */
export function dayNumber(day: number): number {
  const date = new Date(0)
  // `Date.UTC` would read the years 1 to 99 as 1901 to 1999.
  date.setUTCFullYear(Math.floor(day / 10_000), (Math.floor(day / 100) % 100) - 1, day % 100)
  return Math.floor(date.getTime() / DAY_MS)
}

/** Days since 1970 → 20260107 */
export function dayOf(number: number): number {
  const date = new Date(number * DAY_MS)
  return date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate()
}

/** Days since 1970 → 2026-01-07 */

import { DAYS_AT_ONCE } from '../../lake/table.ts'
import { DAY_MS, dayText } from '../../lib/day.ts'
import type { LogType } from '../../logtypes/contract.ts'
import type { Spool } from './contract.ts'

/** Spool files that one or a few COPYs write, and how. */
export type Portion =
  /** The rows of one day, which is told where the files hold others, too. */
  | { kind: 'day'; part: readonly Spool[]; day: string; mixed: boolean }
  /** Rows of as few days as one COPY can tell apart. */
  | { kind: 'few'; part: readonly Spool[] }
  /** Rows of more, or of unknown days. */
  | { kind: 'many'; part: readonly Spool[] }

/** The most days that are written one by one. More of them are told apart by DuckDB, which is slower for a full day and faster for many small ones. */
export const MOST_DAYS = 8

/** From this many bytes on, the records of one day are worth a COPY of their own. */
const FULL_DAY = 8 << 20

/** How the spool files of a batch are written. */
export function portions(type: LogType, spools: readonly Spool[]): Portion[] {
  // A user's SQL may make other times: where it ends up is told of its rows.
  if (type.kind === 'prepared' && type.select) {
    const first = spools.reduce((least, { firstDay }) => Math.min(least, dayNumber(firstDay)), Infinity)
    const last = spools.reduce((most, { lastDay }) => Math.max(most, dayNumber(lastDay)), -Infinity)
    return [{ kind: last - first > MOST_DAYS ? 'many' : 'few', part: spools }]
  }
  return fewDays(spools) ?? manyDays(spools)
}

/** Day by day; a file whose records are of two days is read for both. Undefined when there are too many. */
function fewDays(spools: readonly Spool[]): Portion[] | undefined {
  const days = new Map<number, { part: Spool[]; mixed: boolean }>()
  for (const spool of spools) {
    const [first, last] = [dayNumber(spool.firstDay), dayNumber(spool.lastDay)]
    for (let day = first; day <= last; day++) {
      if (days.size > MOST_DAYS) return undefined
      const found = days.get(day) ?? { part: [], mixed: false }
      found.part.push(spool)
      found.mixed ||= first !== last
      days.set(day, found)
    }
  }
  return [...days].map(([number, { part, mixed }]) => ({ kind: 'day', part, day: dayText(number), mixed }))
}

/**
 * Files whose days are in one span are written together, so that no COPY has more days open than it has memory for;
 * only files that hold more take the longer way.
 */
function manyDays(spools: readonly Spool[]): Portion[] {
  const found: Portion[] = []
  const spans = new Map<number, Spool[]>()
  const mixed: Spool[] = []
  for (const spool of spools) {
    const span = spanOf(dayNumber(spool.firstDay))
    if (span !== spanOf(dayNumber(spool.lastDay))) mixed.push(spool)
    else if (spool.firstDay === spool.lastDay && spool.bytes >= FULL_DAY)
      found.push({ kind: 'day', part: [spool], day: dayText(dayNumber(spool.firstDay)), mixed: false })
    else {
      const same = spans.get(span)
      if (same) same.push(spool)
      else spans.set(span, [spool])
    }
  }
  for (const part of spans.values()) found.push({ kind: 'few', part })
  if (mixed.length > 0) found.push({ kind: 'many', part: mixed })
  return found
}

/** Which span of days that follow one another a day is in: one COPY can tell the days of a span apart. */
export function spanOf(dayNumber: number): number {
  return Math.floor(dayNumber / DAYS_AT_ONCE)
}

/** 20260107 → days since 1970 */
export function dayNumber(day: number): number {
  const date = new Date(0)
  // Of the years 1 to 99, too, which Date.UTC takes for 1901 to 1999.
  date.setUTCFullYear(Math.floor(day / 10_000), (Math.floor(day / 100) % 100) - 1, day % 100)
  return Math.floor(date.getTime() / DAY_MS)
}

/** Days since 1970 → 20260107 */
export function dayOf(number: number): number {
  const date = new Date(number * DAY_MS)
  return date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate()
}

/** Days since 1970 → 2026-01-07 */

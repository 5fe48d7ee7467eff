import { preferences } from '../preferences.ts'
import { day, dayYear, hourMinute, ms } from './format.ts'

/**
 * A span of time, as people type it and as the address of a page stores it: `-24h` is relative to now, `A..B`
 * is fixed, `all` is everything in the lake.
 */
export interface Range {
  readonly text: string
  /** Milliseconds since 1970, inclusive; undefined if the span has no start. */
  readonly from?: number
  /** Exclusive; undefined means now. */
  readonly to?: number
}

const UNIT: Record<string, number> = {
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}
const RELATIVE = /^(?:last\s+|-)?(\d+(?:\.\d+)?)\s*(s|min|m|h|d|w)(?:\s+ago)?$/i
const AROUND = /^(.+?)\s*(?:\+-|±|\+\/-)\s*(\d+)\s*(s|min|m|h|d)$/i

export const PRESETS = [
  { text: '-15m', label: 'last 15 minutes' },
  { text: '-1h', label: 'last hour' },
  { text: '-24h', label: 'last 24 hours' },
  { text: '-7d', label: 'last 7 days' },
  { text: '-30d', label: 'last 30 days' },
  { text: 'all', label: 'everything' },
] as const

/** The span of every row, for lists that have none of their own. */
export const ALWAYS = { from: '1970-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' }

/** Parses a typed span; undefined if the text is none. The result's `text` is the form for the address. */
export function parseRange(typed: string, now = Date.now()): Range | undefined {
  const text = typed.trim()
  if (text === '' || text === 'all' || text === 'everything') return { text: 'all' }
  const relative = RELATIVE.exec(text)
  if (relative) {
    const [, count, unit] = relative as unknown as [string, string, string]
    const length = Number(count) * (UNIT[unit.toLowerCase()] as number)
    return { text: `-${count}${unit.toLowerCase()}`, from: now - length }
  }
  const around = AROUND.exec(text)
  if (around) {
    const [, middle, count, unit] = around as unknown as [string, string, string, string]
    const at = parseTime(middle)
    const half = Number(count) * (UNIT[unit.toLowerCase()] as number)
    return at === undefined ? undefined : between(at - half, at + half)
  }
  const parts = text.split(/\s*(?:\.\.|\s[–—-]\s|\sto\s)\s*/i)
  if (parts.length === 2) {
    const [first, second] = parts as [string, string]
    const from = parseTime(first)
    const to = second === '' || second === 'now' ? undefined : parseTime(second, from)
    if (from === undefined || (second !== '' && second !== 'now' && to === undefined)) return undefined
    if (to !== undefined && to <= from) return undefined
    return to === undefined ? { text: `${iso(from)}..`, from } : between(from, to)
  }
  const only = parseTime(text)
  if (only === undefined) return undefined
  return /^\d{4}-\d\d-\d\d$/.test(text) || /^\d\d?\.\d\d?\.(\d{4})?$/.test(text)
    ? between(only, only + 86_400_000)
    : between(only - 900_000, only + 900_000)
}

export function between(from: number, to: number): Range {
  return { text: `${iso(from)}..${iso(to)}`, from, to }
}

export function iso(at: number): string {
  return new Date(at).toISOString().replace(/\.000Z$/, 'Z')
}

/** Parses a typed time. Without a zone it is in the reader's; `03:00` alone is on the day of `sameDayAs`. */
function parseTime(typed: string, sameDayAs?: number): number | undefined {
  const text = typed.trim()
  if (/^\d{10}$/.test(text)) return Number(text) * 1000
  if (/^\d{13}$/.test(text)) return Number(text)
  if (/(?:Z|[+-]\d\d:?\d\d)$/.test(text)) return ms(text)
  const alone = /^(\d\d?):(\d\d)(?::(\d\d))?$/.exec(text)
  if (alone && sameDayAs !== undefined) {
    const date = new Date(sameDayAs)
    const utc = preferences().zone === 'utc'
    const [year, month, dayOfMonth] = utc
      ? [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
      : [date.getFullYear(), date.getMonth(), date.getDate()]
    return local(year, month, dayOfMonth, Number(alone[1]), Number(alone[2]), Number(alone[3] ?? 0))
  }
  const dotted = /^(\d\d?)\.(\d\d?)\.(\d{4})?(?:[\sT]+(\d\d?):(\d\d)(?::(\d\d))?)?$/.exec(text)
  if (dotted) {
    const year = dotted[3] ? Number(dotted[3]) : new Date().getFullYear()
    const [month, dayOfMonth] = [Number(dotted[2]) - 1, Number(dotted[1])]
    return local(
      year,
      month,
      dayOfMonth,
      Number(dotted[4] ?? 0),
      Number(dotted[5] ?? 0),
      Number(dotted[6] ?? 0),
    )
  }
  const plain = /^(\d{4})-(\d\d)-(\d\d)(?:[\sT]+(\d\d?):(\d\d)(?::(\d\d))?)?$/.exec(text)
  if (!plain) return undefined
  const [, year, month, dayOfMonth, hour, minute, second] = plain.map((part) => Number(part ?? 0))
  return local(
    year as number,
    (month as number) - 1,
    dayOfMonth as number,
    hour ?? 0,
    minute ?? 0,
    second ?? 0,
  )
}

function local(
  year: number,
  month: number,
  date: number,
  hour: number,
  minute: number,
  second: number,
): number | undefined {
  // `Date` would turn 31 June into 1 July; such a date is rejected instead.
  const days = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  if (month < 0 || month > 11 || date < 1 || date > days || hour > 24 || minute > 59 || second > 59)
    return undefined
  return preferences().zone === 'utc'
    ? Date.UTC(year, month, date, hour, minute, second)
    : new Date(year, month, date, hour, minute, second).getTime()
}

/** The label of a span: `last 7 days`, `8 Jan 02:00 – 03:20`. */
export function rangeLabel(range: Range): string {
  const preset = PRESETS.find(({ text }) => text === range.text)
  if (preset) return preset.label
  if (range.text.startsWith('-')) return `last ${range.text.slice(1).replace(/(\d)([a-z])/, '$1 $2')}`
  if (range.from === undefined) return 'everything'
  if (range.to === undefined) return `since ${dayYear(range.from)} ${hourMinute(range.from)}`
  const whole = range.from % 86_400_000 === 0 && range.to - range.from === 86_400_000
  if (whole && preferences().zone === 'utc') return dayYear(range.from)
  const sameDay = day(range.from) === day(range.to - 1)
  return `${day(range.from)} ${hourMinute(range.from)} – ${sameDay ? '' : `${day(range.to)} `}${hourMinute(range.to)}`
}

/** The span of the same length directly before (-1) or after (+1). */
export function step(range: Range, direction: -1 | 1, now = Date.now()): Range | undefined {
  if (range.from === undefined) return undefined
  const to = range.to ?? now
  const length = to - range.from
  return between(range.from + direction * length, to + direction * length)
}

import { preferences } from '../preferences.ts'

/**
 * Formats times, counts and sizes; no other module knows the reader's time zone. Times are milliseconds since
 * 1970.
 */

export const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const two = (value: number) => String(value).padStart(2, '0')

export interface Clock {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly weekday: number
  readonly hour: number
  readonly minute: number
  readonly second: number
}

export function clock(ms: number, zone = preferences().zone): Clock {
  const date = new Date(ms)
  return zone === 'utc'
    ? {
        year: date.getUTCFullYear(),
        month: date.getUTCMonth(),
        day: date.getUTCDate(),
        weekday: date.getUTCDay(),
        hour: date.getUTCHours(),
        minute: date.getUTCMinutes(),
        second: date.getUTCSeconds(),
      }
    : {
        year: date.getFullYear(),
        month: date.getMonth(),
        day: date.getDate(),
        weekday: date.getDay(),
        hour: date.getHours(),
        minute: date.getMinutes(),
        second: date.getSeconds(),
      }
}

/** Parses an ISO time. A time without a zone is UTC, like all times in the lake. */
export function ms(time: string | null | undefined): number | undefined {
  if (!time) return undefined
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/.test(time) ? time : `${time.replace(' ', 'T')}Z`
  const parsed = Date.parse(zoned)
  return Number.isNaN(parsed) ? undefined : parsed
}

/** `02:17:26` */
export function clockTime(value: number): string {
  const { hour, minute, second } = clock(value)
  return `${two(hour)}:${two(minute)}:${two(second)}`
}

/** `02:17` */
export function hourMinute(value: number): string {
  const { hour, minute } = clock(value)
  return `${two(hour)}:${two(minute)}`
}

/** `8 Jan` */
export function day(value: number): string {
  const at = clock(value)
  return `${at.day} ${MONTHS[at.month]}`
}

/** `8 Jan 2026` */
export function dayYear(value: number): string {
  const at = clock(value)
  return `${at.day} ${MONTHS[at.month]} ${at.year}`
}

/** `8 Jan, 02:17:26` */
export function dayTime(value: number): string {
  return `${day(value)}, ${clockTime(value)}`
}

/** `Thu 02:17` */
export function weekdayTime(value: number): string {
  return `${DAYS[clock(value).weekday]} ${hourMinute(value)}`
}

/** `Thu 8 Jan 2026, 02:17:26 UTC` */
export function full(value: number): string {
  const at = clock(value)
  return `${DAYS[at.weekday]} ${at.day} ${MONTHS[at.month]} ${at.year}, ${clockTime(value)} ${zoneName(value)}`
}

/** `UTC`, or the reader's offset at that time: `UTC+2`. */
export function zoneName(value = Date.now()): string {
  if (preferences().zone === 'utc') return 'UTC'
  const minutes = -new Date(value).getTimezoneOffset()
  if (minutes === 0) return 'UTC+0'
  const rest = Math.abs(minutes) % 60
  return `UTC${minutes < 0 ? '−' : '+'}${Math.floor(Math.abs(minutes) / 60)}${rest ? `:${two(rest)}` : ''}`
}

/** `34 min 4 s`, `2 h 5 min`, `3 d 4 h`: two units at most. */
export function span(milliseconds: number): string {
  const seconds = Math.round(Math.abs(milliseconds) / 1000)
  const units = [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'min'],
    [1, 's'],
  ] as const
  const first = units.findIndex(([size]) => seconds >= size)
  if (first < 0) return '0 s'
  const [size, name] = units[first] as (typeof units)[number]
  const rest = units[first + 1]
  const left = rest ? Math.floor((seconds % size) / rest[0]) : 0
  return `${Math.floor(seconds / size)} ${name}${rest && left ? ` ${left} ${rest[1]}` : ''}`
}

/** `in 2 days`, `3 min ago`, from now. */
export function relative(value: number, now = Date.now()): string {
  const away = Math.abs(value - now)
  if (away < 60_000) return 'now'
  const amount =
    away < 3_600_000
      ? `${Math.round(away / 60_000)} min`
      : away < 86_400_000
        ? `${Math.round(away / 3_600_000)} h`
        : plural(Math.round(away / 86_400_000), 'day')
  return value > now ? `in ${amount}` : `${amount} ago`
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`
}

/** The length of a step of a chart: `hour`, `2 hours`. */
export function stepName(milliseconds: number): string {
  const [size, name] =
    milliseconds % 86_400_000 === 0
      ? ([86_400_000, 'day'] as const)
      : milliseconds % 3_600_000 === 0
        ? ([3_600_000, 'hour'] as const)
        : milliseconds % 60_000 === 0
          ? ([60_000, 'minute'] as const)
          : ([1000, 'second'] as const)
  return milliseconds === size ? name : plural(milliseconds / size, name)
}

/** `41,203` */
export function number(value: number): string {
  return value.toLocaleString('en-US')
}

/** `5.07 M`, `98.1 k`: three significant digits. */
export function short(value: number): string {
  const size = Math.abs(value)
  if (size < 10_000) return number(Math.round(value))
  const [by, unit] = size < 1e6 ? [1e3, 'k'] : size < 1e9 ? [1e6, 'M'] : [1e9, 'G']
  const scaled = value / by
  return `${scaled.toFixed(Math.abs(scaled) < 10 ? 2 : Math.abs(scaled) < 100 ? 1 : 0)} ${unit}`
}

/** `$16.54`; below a cent, two significant digits. */
export function usd(value: number): string {
  if (value !== 0 && Math.abs(value) < 0.01) return `$${value.toPrecision(2)}`
  return `$${value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`
}

/** `1.2 s`, `340 ms` */
export function latency(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`
}

/** `1.4 MB` */
export function bytes(size: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const step = size < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(size) / 3))
  return `${(size / 1000 ** step).toFixed(step === 0 ? 0 : 1)} ${units[step]}`
}

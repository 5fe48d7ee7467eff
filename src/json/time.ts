/**
 * Converts the ways in which AWS writes a time to one form: `2026-01-07T22:16:43Z`, with up to six digits of
 * a fraction when there is one. Accepts ISO 8601 extended and basic, with `Z` or an offset with or without
 * its colon. Without either it is UTC, as all of AWS's times are.
 *
 * @returns undefined when the text is not a time
 */
export function plainTime(text: string): string | undefined {
  if (isPlainNow(text)) return text
  const parts = ISO.exec(text.trim())
  if (!parts) return undefined
  const [, year, month, day, hour, minute, second, fraction = '', zone = 'Z'] = parts
  const clock = `${year}-${month}-${day}T${hour}:${minute}:${second}`
  const utc = Date.parse(`${clock}Z`)
  // `Date.parse` turns 31 February into March, so the result must match the input.
  if (Number.isNaN(utc) || new Date(utc).toISOString().slice(0, 19) !== clock) return undefined
  const timestamp = new Date(utc - offsetMinutes(zone) * 60_000)
  // An offset can lead out of the years with four digits.
  if (!(timestamp.getTime() >= FIRST && timestamp.getTime() <= LAST)) return undefined
  const micros = fraction.slice(0, 6).replace(/0+$/, '')
  return `${timestamp.toISOString().slice(0, 19)}${micros === '' ? '' : `.${micros}`}Z`
}

/**
 * Whether a time has the same information as its plain form: it differs at most by zeros at the end of its
 * fraction.
 */
export function saysItAll(text: string): boolean {
  return WHOLE_TIME.test(text) && plainTime(text) !== undefined
}

const WHOLE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z$/

/** A time in milliseconds since 1970 in the plain form; undefined when it is not one. */
export function timeOfMillis(millis: number): string | undefined {
  if (!(millis >= FIRST && millis <= LAST)) return undefined
  if (millis === lastMillis) return lastTime
  const whole = Math.trunc(millis)
  if (!(whole >= midnightThen && whole < midnightThen + 86_400_000)) {
    midnightThen = Math.floor(whole / 86_400_000) * 86_400_000
    dateThen = new Date(midnightThen).toISOString().slice(0, 11)
  }
  const inDay = whole - midnightThen
  const seconds = Math.floor(inDay / 1000)
  const fraction = inDay - seconds * 1000
  const minutes = Math.floor(seconds / 60)
  const clock = `${TWO[Math.floor(minutes / 60)]}:${TWO[minutes % 60]}:${TWO[seconds % 60]}`
  lastMillis = millis
  lastTime = fraction === 0 ? `${dateThen}${clock}Z` : `${dateThen}${clock}.${digitsOf(fraction)}Z`
  return lastTime
}

const TWO = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'))
let midnightThen = Number.NaN
let dateThen = ''

/** Thousandths as digits after a point, without zeros at their end. */
function digitsOf(thousandths: number): string {
  if (thousandths % 100 === 0) return String(thousandths / 100)
  if (thousandths % 10 === 0) return TWO[thousandths / 10] ?? String(thousandths / 10)
  return String(thousandths).padStart(3, '0')
}

let lastMillis = Number.NaN
let lastTime = ''

/** Whether a text is already in the plain form, on a day that was seen before: nearly all are. */
function isPlainNow(text: string): boolean {
  if (text.length !== 20 || !PLAIN_CLOCK.test(text)) return false
  const day = text.slice(0, 10)
  if (day === lastDay) return true
  const midnight = Date.parse(`${day}T00:00:00Z`)
  if (!(midnight >= FIRST) || new Date(midnight).toISOString().slice(0, 10) !== day) return false
  lastDay = day
  return true
}

const PLAIN_CLOCK = /^\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/
let lastDay = ''

/**
 * A time in any of its forms: text as `plainTime` accepts it, or seconds or milliseconds since 1970 as a
 * number or as text. Numbers before 5 March 1973 would be misread, but AWS did not exist then.
 *
 * @returns the form of `plainTime`; undefined when the value is not a time
 */
export function parseTimestamp(value: unknown): string | undefined {
  if (typeof value === 'string')
    return plainTime(value) ?? (NUMBER.test(value) ? parseTimestamp(Number(value)) : undefined)
  if (typeof value !== 'number') return undefined
  return timeOfMillis(Math.abs(value) < 1e11 ? value * 1000 : value)
}

const NUMBER = /^\d+(?:\.\d+)?$/

const ISO =
  /^(\d{4})-?(\d{2})-?(\d{2})[T ](\d{2}):?(\d{2}):?(\d{2})(?:[.,](\d{1,9}))? ?(Z|z|UTC|[+-]\d{2}(?::?\d{2})?)?$/

const FIRST = Date.parse('0001-01-01T00:00:00Z')
const LAST = Date.parse('9999-12-31T23:59:59.999Z')

function offsetMinutes(zone: string): number {
  const parts = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone)
  if (!parts) return 0
  const minutes = Number(parts[2]) * 60 + Number(parts[3] ?? 0)
  return parts[1] === '-' ? -minutes : minutes
}

const DIGIT_ZERO = 0x30
const COLON = 0x3a
const DASH = 0x2d
const LETTER_T = 0x54
const LETTER_Z = 0x5a
const DAYS = [0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** The day of `2026-01-07T22:16:43Z`, as 20260107; 0 when the bytes at `at` are not in exactly this form. */
export function dayOfTime(bytes: Uint8Array, at: number): number {
  return bytes[at + 19] === LETTER_Z ? dayOfClock(bytes, at) : 0
}

/** Like `dayOfTime`, without a check of what follows the seconds. */
export function dayOfClock(bytes: Uint8Array, at: number): number {
  if (bytes[at + 10] !== LETTER_T) return 0
  if (bytes[at + 4] !== DASH || bytes[at + 7] !== DASH) return 0
  if (bytes[at + 13] !== COLON || bytes[at + 16] !== COLON) return 0
  const year = digits(bytes, at) * 100 + digits(bytes, at + 2)
  const month = digits(bytes, at + 5)
  const day = digits(bytes, at + 8)
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= (DAYS[month] as number))) return 0
  if (month === 2 && day === 29 && (year % 4 !== 0 || (year % 100 === 0 && year % 400 !== 0))) return 0
  if (!(digits(bytes, at + 11) < 24 && digits(bytes, at + 14) < 60 && digits(bytes, at + 17) < 60)) return 0
  return year * 10_000 + month * 100 + day
}

let knownDay = 0
let knownMicros = 0

/**
 * Length of the time at `at` before its quote, in the form `2026-01-07T22:16:43Z` or `…43.123Z`; 0 for any
 * other.
 */
export function timestampLength(bytes: Uint8Array, at: number): number {
  if (dayOfClock(bytes, at) === 0) return 0
  if (bytes[at + 19] === LETTER_Z) return bytes[at + 20] === QUOTE ? 20 : 0
  if (bytes[at + 19] !== POINT || bytes[at + 23] !== LETTER_Z || bytes[at + 24] !== QUOTE) return 0
  return Number.isNaN(thousandths(bytes, at + 20)) ? 0 : 24
}

/**
 * Microseconds since 1970 of such a time, without its fraction; NaN for years with fewer than four digits.
 */
export function microsOfTime(bytes: Uint8Array, at: number): number {
  const day = dayOfClock(bytes, at)
  if (day < 1000_00_00) return Number.NaN
  if (day !== knownDay) {
    knownDay = day
    knownMicros = Date.UTC(Math.floor(day / 10_000), (Math.floor(day / 100) % 100) - 1, day % 100) * 1000
  }
  const seconds = digits(bytes, at + 11) * 3600 + digits(bytes, at + 14) * 60 + digits(bytes, at + 17)
  return knownMicros + seconds * 1_000_000
}

/**
 * Like `microsOfTime`, with the fraction that `timestampLength` allows; NaN also where a double would not
 * hold it exactly.
 */
export function microsOfTimestamp(bytes: Uint8Array, at: number): number {
  const fraction = bytes[at + 19] === POINT ? thousandths(bytes, at + 20) : 0
  return exactly(microsOfTime(bytes, at), fraction * 1000)
}

/**
 * Whole seconds are exact in a double up to the year 9999; microseconds with a fraction are up to the year
 * 2255.
 */
function exactly(seconds: number, fraction: number): number {
  const micros = seconds + fraction
  return fraction === 0 || Number.isSafeInteger(micros) ? micros : Number.NaN
}

let midnight = Number.NaN
let dayThen = 0

/** The day of a time in milliseconds since 1970, as 20260107. */
export function dayOfMillis(millis: number): number {
  if (!(millis >= midnight && millis < midnight + DAY_MILLIS)) {
    midnight = Math.floor(millis / DAY_MILLIS) * DAY_MILLIS
    const date = new Date(midnight)
    dayThen = date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate()
  }
  return dayThen
}

const DAY_MILLIS = 86_400_000
const POINT = 0x2e
const QUOTE = 0x22

function thousandths(bytes: Uint8Array, at: number): number {
  return Math.floor(digits(bytes, at) * 10) + (digits(bytes, at + 1) % 10)
}

/** Two digits as a number; NaN when either is not a digit. */
function digits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) - DIGIT_ZERO
  const ones = (bytes[at + 1] as number) - DIGIT_ZERO
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}

let plainDay = ''
let plainMicros = 0

/**
 * Microseconds since 1970 of a time in the form of `plainTime`; NaN for another form, for years below 1000,
 * and where a double would not hold them exactly.
 */
export function microsOfPlain(time: string): number {
  const { length } = time
  const last = length - 1
  if (length < 20 || length > 27 || time.charCodeAt(last) !== LETTER_Z || time.charCodeAt(0) === DIGIT_ZERO)
    return Number.NaN
  const day = time.slice(0, 10)
  if (day !== plainDay) {
    if (!/^\d{4}-\d\d-\d\d$/.test(day)) return Number.NaN
    plainMicros = Date.parse(`${day}T00:00:00Z`) * 1000
    plainDay = day
  }
  if (time[10] !== 'T' || time[13] !== ':' || time[16] !== ':') return Number.NaN
  const seconds = twoDigits(time, 11) * 3600 + twoDigits(time, 14) * 60 + twoDigits(time, 17)
  if (length === 20) return plainMicros + seconds * 1_000_000
  if (length === 21 || time[19] !== '.') return Number.NaN
  let fraction = 0
  for (let at = 20; at < 26; at++) fraction = fraction * 10 + (at < last ? digit(time, at) : 0)
  return exactly(plainMicros + seconds * 1_000_000, fraction)
}

function twoDigits(text: string, at: number): number {
  return digit(text, at) * 10 + digit(text, at + 1)
}

function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - DIGIT_ZERO
  return value >= 0 && value <= 9 ? value : Number.NaN
}

import { plainTime } from '../json/time.ts'
import type { TimeForm } from './definition.ts'

/** A time in the column's form, and whether it keeps all information of the field. */
export interface Timestamp {
  /** As in `2026-01-07T22:16:43.123456Z`. */
  plain: string
  exact: boolean
}

/** Digits of the number that are fractions of a second. */
const FRACTION: Record<Exclude<TimeForm, 'iso' | 'iso-utc'>, number> = {
  'epoch-seconds': 0,
  'epoch-milliseconds': 3,
  'epoch-microseconds': 6,
  'epoch-nanoseconds': 9,
}

/**
 * Parses the time in a field's text.
 *
 * @param text a number's digits as delivered, or the text between the quotes
 * @returns undefined when it is not a time
 */
export function parseTimestamp(text: string, form: TimeForm): Timestamp | undefined {
  return form === 'iso' || form === 'iso-utc'
    ? isoTimestamp(text, form)
    : epochTimestamp(text, FRACTION[form])
}

/** The most common form, which needs no parsing. */
const PLAIN =
  /^(?!0000)\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?Z$/

function isoTimestamp(text: string, form: 'iso' | 'iso-utc'): Timestamp | undefined {
  if (form === 'iso' && PLAIN.test(text)) return { plain: text, exact: true }
  const trimmed = text.trim()
  const zone = /(?:[zZ]|UTC|GMT|[+-]\d{2}(?::?\d{2})?)$/.exec(trimmed.slice(10))?.[0]
  if (zone === undefined && form === 'iso') return undefined
  const plain = plainTime(zone === undefined ? `${trimmed}Z` : trimmed.replace(/ ?GMT$/, 'Z'))
  if (plain === undefined) return undefined
  const finer = /[.,]\d{6}\d*[1-9]\d*/.test(trimmed)
  return { plain, exact: !finer && (zone === undefined || !/[1-9]/.test(zone)) }
}

const EPOCH = /^(-?)(\d{1,20})(?:\.(\d{1,9})\d*)?$/
const FIRST = BigInt(Date.parse('0001-01-01T00:00:00Z')) * 1000n
const LAST = BigInt(Date.parse('9999-12-31T23:59:59Z')) * 1000n + 999_999n

function epochTimestamp(text: string, digits: number): Timestamp | undefined {
  const parts = EPOCH.exec(text.trim())
  if (!parts) return undefined
  const [, sign, whole, part = ''] = parts as unknown as [string, string, string, string?]
  // Computed in nanoseconds for every unit, so that no digit goes through a float.
  const nanos = BigInt(whole + part.padEnd(9 - digits, '0').slice(0, 9 - digits)) * (sign === '-' ? -1n : 1n)
  const finer = nanos % 1000n !== 0n || /[1-9]/.test(part.slice(9 - digits))
  const micros = (nanos - (((nanos % 1000n) + 1000n) % 1000n)) / 1000n
  if (micros < FIRST || micros > LAST) return undefined
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n
  const second = new Date(Number((micros - fraction) / 1000n)).toISOString().slice(0, 19)
  const shown = String(fraction).padStart(6, '0').replace(/0+$/, '')
  return { plain: `${second}${shown === '' ? '' : `.${shown}`}Z`, exact: !finer }
}

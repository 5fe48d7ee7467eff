import {
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBValue,
} from '@duckdb/node-api'

import { visible } from '../lib/terminal.ts'

export type Plain = null | boolean | number | bigint | string | Plain[] | { [field: string]: Plain }

/**
 * A value as in JSON: times as ISO 8601, in UTC where they have a zone and unchanged where they have none,
 * bytes as Base64. Integers that a `number` cannot hold are kept as bigint.
 */
export function plainValue(value: DuckDBValue): Plain {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value
  if (value instanceof DuckDBTimestampTZValue) return isoTime(value.micros)
  if (value instanceof DuckDBTimestampValue) return isoText(value.micros, 6)
  if (value instanceof DuckDBTimestampNanosecondsValue) return isoText(value.nanos, 9)
  if (value instanceof DuckDBTimestampMillisecondsValue) return isoText(value.millis, 3)
  if (value instanceof DuckDBTimestampSecondsValue) return isoText(value.seconds, 0)
  if (value instanceof DuckDBDateValue) return value.toString()
  if (value instanceof DuckDBDecimalValue) return value.toDouble()
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('base64')
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue)
    return value.items.map(plainValue)
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(
      Object.entries(value.entries).map(([field, inner]) => [field, plainValue(inner)]),
    )
  }
  if (value instanceof DuckDBMapValue) {
    return Object.fromEntries(
      value.entries.map(({ key, value: inner }) => [String(plainValue(key)), plainValue(inner)]),
    )
  }
  return String(value)
}

/** Microseconds since 1970 → `2026-01-07T22:16:43Z`, with a fraction only where there is one. */
export function isoTime(micros: bigint): string {
  const text = isoText(micros, 6)
  return text.endsWith('infinity') ? text : `${text}Z`
}

/** The same for a time without a zone, a number with this many digits behind the seconds. */
function isoText(time: bigint, digits: number): string {
  const second = 10n ** BigInt(digits)
  const seconds = time / second - (time % second < 0n ? 1n : 0n)
  const fraction = digits === 0 ? '' : String(time - seconds * second).padStart(digits, '0')
  const shown = fraction.replace(/0+$/, '')
  const date = new Date(Number(seconds) * 1000)
  if (Number.isNaN(date.getTime()) || time === 2n ** 63n - 1n || time === -(2n ** 63n - 1n))
    return time < 0n ? '-infinity' : 'infinity'
  // A year beyond 9999 has more digits and a sign.
  return `${date.toISOString().slice(0, -5)}${shown === '' ? '' : `.${shown}`}`
}

/** A value as one text: for tables and CSV. */
export function valueText(value: DuckDBValue): string {
  const plain = plainValue(value)
  if (plain === null) return ''
  return typeof plain === 'object' ? jsonText(plain) : String(plain)
}

/** A value as JSON. A column's integers are numbers in every row, with all their digits. */
export function jsonText(value: Plain): string {
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  try {
    return JSON.stringify(value)
  } catch (thrown) {
    // JSON.stringify throws on a bigint.
    if (!(thrown instanceof TypeError)) throw thrown
  }
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`
  const members = Object.entries(value).map(([name, inner]) => `${JSON.stringify(name)}:${jsonText(inner)}`)
  return `{${members.join(',')}}`
}

/** A value for a person: NULL is empty, an empty text is `""`, control characters are shown. */
export function cellText(value: DuckDBValue): string {
  return value === '' ? '""' : visible(valueText(value))
}

/**
 * Parses dates and timestamps to the numbers that Iceberg stores: days and microseconds since 1970-01-01 UTC.
 * Text that is not a date, or a time finer than a microsecond, gives null.
 *
 * Iceberg specification: "Primitive Types" (date, timestamptz).
 */

const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/
const timePattern =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s?(Z|[+-]\d{2}(?::?\d{2})?)?$/i

const dayMs = 86_400_000

/** `2026-01-31` as days since 1970-01-01. */
export function daysOf(text: string): number | null {
  const found = datePattern.exec(text)
  if (!found) return null
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])]
  const date = new Date(0)
  // Unlike `Date.UTC`, this does not add 1900 to the years 0 to 99.
  date.setUTCFullYear(year, month - 1, day)
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null
  return date.getTime() / dayMs
}

/** `2026-01-31T10:00:00.123456Z`, or DuckDB's `2026-01-31 10:00:00.123456+00`; no offset means UTC. */
export function microsOf(text: string): bigint | null {
  const found = timePattern.exec(text)
  if (!found) {
    const day = daysOf(text)
    return day === null ? null : BigInt(day) * BigInt(dayMs) * 1000n
  }
  const days = daysOf(found[1] ?? '')
  const [hours, minutes, seconds] = [Number(found[2]), Number(found[3]), Number(found[4] ?? 0)]
  const fraction = (found[5] ?? '').padEnd(9, '0')
  if (days === null || hours > 23 || minutes > 59 || seconds > 59 || !fraction.endsWith('000')) return null
  const offset = offsetMinutes(found[6])
  if (offset === null) return null
  const wholeSeconds = days * 86_400 + hours * 3600 + (minutes - offset) * 60 + seconds
  return BigInt(wholeSeconds) * 1_000_000n + BigInt(fraction.slice(0, 6))
}

function offsetMinutes(text: string | undefined): number | null {
  if (text === undefined || text.toUpperCase() === 'Z') return 0
  const digits = text.slice(1).replace(':', '')
  const [hours, minutes] = [Number(digits.slice(0, 2)), Number(digits.slice(2) || 0)]
  if (hours > 23 || minutes > 59) return null
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}

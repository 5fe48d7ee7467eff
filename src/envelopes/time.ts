/**
 * The ways AWS writes a moment, brought to one: `2026-01-07T22:16:43Z`, with up to six digits of a second's
 * fraction when there is one. ISO 8601 extended and basic, `Z` or an offset with or without its colon.
 *
 * @returns undefined when the text names no moment
 */
export function plainTime(text: string): string | undefined {
  const parts = ISO.exec(text.trim())
  if (!parts) return undefined
  const [, year, month, day, hour, minute, second, fraction = '', zone] = parts
  const clock = `${year}-${month}-${day}T${hour}:${minute}:${second}`
  const utc = Date.parse(`${clock}Z`)
  // Date.parse turns 31 February into March: what comes back must be what went in.
  if (Number.isNaN(utc) || new Date(utc).toISOString().slice(0, 19) !== clock) return undefined
  const moment = new Date(utc - offsetMinutes(zone as string) * 60_000)
  // An offset can lead out of the years that have four digits.
  if (!(moment.getTime() >= FIRST && moment.getTime() <= LAST)) return undefined
  const micros = fraction.slice(0, 6).replace(/0+$/, '')
  return `${moment.toISOString().slice(0, 19)}${micros === '' ? '' : `.${micros}`}Z`
}

const ISO =
  /^(\d{4})-?(\d{2})-?(\d{2})[T ](\d{2}):?(\d{2}):?(\d{2})(?:[.,](\d{1,9}))? ?(Z|z|UTC|[+-]\d{2}(?::?\d{2})?)$/

const FIRST = Date.parse('0001-01-01T00:00:00Z')
const LAST = Date.parse('9999-12-31T23:59:59Z')

function offsetMinutes(zone: string): number {
  const parts = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone)
  if (!parts) return 0
  const minutes = Number(parts[2]) * 60 + Number(parts[3] ?? 0)
  return parts[1] === '-' ? -minutes : minutes
}

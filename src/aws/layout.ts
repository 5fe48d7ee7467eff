/**
 * The UTC day of delivery in an object's key, as 2026-01-07: AWS writes `…/2026/01/07/…`. Undefined for a key
 * without one. It depends on the name only, so that the ledger can look up an object under that day.
 */
export function dayOfKey(key: string): string | undefined {
  const match = /(?:^|\/)([1-9]\d{3})\/(\d{2})\/(\d{2})(?=\/|$)/.exec(key)
  if (!match) return undefined
  const day = `${match[1]}-${match[2]}-${match[3]}`
  const time = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day) ? day : undefined
}

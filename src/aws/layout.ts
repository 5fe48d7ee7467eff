/**
 * The UTC day of delivery that an object's key tells, as 2026-01-07: AWS writes `…/2026/01/07/…`. Undefined where
 * the key tells none. A function of the name alone, so that the ledger can look under that day.
 */
export function dayOfKey(key: string): string | undefined {
  const match = /(?:^|\/)([1-9]\d{3})\/(\d{2})\/(\d{2})(?=\/|$)/.exec(key)
  if (!match) return undefined
  const day = `${match[1]}-${match[2]}-${match[3]}`
  const time = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day) ? day : undefined
}

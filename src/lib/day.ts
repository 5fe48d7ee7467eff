export const DAY_MS = 86_400_000

/** A day by its number since 1970, in UTC, as in `2026-01-07`. */
export function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10)
}

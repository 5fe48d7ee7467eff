export const DAY_MS = 86_400_000

/** The UTC day with this number since 1970, as in `2026-01-07`. */
export function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10)
}

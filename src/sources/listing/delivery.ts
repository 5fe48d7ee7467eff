import { dayOfKey } from '../../aws/layout.ts'
import type { Entry } from './page.ts'

/** Limits on the time of delivery, in milliseconds since 1970; undefined for none. */
export interface Delivery {
  sinceMs?: number | undefined
  /** Exclusive. */
  untilMs?: number | undefined
}

/** Whether a date folder (`2026`, `2026-01`, `2026-01-07`) may hold objects delivered within the limits. */
export function mayHold({ sinceMs, untilMs }: Delivery, date: string): boolean {
  const first = date.padEnd(10, '-01-01'.slice(date.length - 4))
  const last = date.padEnd(10, '-12-31'.slice(date.length - 4))
  return (
    (sinceMs === undefined || last >= dayOf(sinceMs)) &&
    (untilMs === undefined || first <= dayOf(untilMs - 1))
  )
}

/**
 * Whether an object was delivered within the limits, by the day in its key, or else by its last-modified
 * time.
 */
export function delivered(delivery: Delivery, { key, writtenMs }: Entry): boolean {
  const day = dayOfKey(key)
  if (day !== undefined) return mayHold(delivery, day)
  const { sinceMs = Number.NEGATIVE_INFINITY, untilMs = Number.POSITIVE_INFINITY } = delivery
  return writtenMs >= sinceMs && writtenMs < untilMs
}

/** The UTC day of a time, as in 2026-01-07. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

import { type Schedule, spanMs } from './settings.ts'

const DAY_MS = 86_400_000

/** The last scheduled time up to now. Times are in milliseconds since 1970. */
export function slotBefore({ every, at }: Pick<Schedule, 'every' | 'at'>, nowMs: number): number {
  const everyMs = Math.max(60_000, spanMs(every))
  const [hours = 0, minutes = 0] = at.split(':').map(Number)
  const offset = ((hours * 60 + minutes) * 60_000) % Math.max(everyMs, DAY_MS)
  // Intervals below a day are counted from midnight UTC, others from the first day of 1970.
  return Math.floor((nowMs - offset) / everyMs) * everyMs + offset
}

/** The next scheduled time. */
export function slotAfter(schedule: Pick<Schedule, 'every' | 'at'>, nowMs: number): number {
  return slotBefore(schedule, nowMs) + Math.max(60_000, spanMs(schedule.every))
}

/**
 * What is looked at in a slot. @param readUntil where the analysis before it ended; what was left waiting
 * comes along
 */
export function windowOf(
  { window, every }: Pick<Schedule, 'window' | 'every'>,
  slotMs: number,
  readUntil: string | undefined,
): { since: string; until: string } {
  const since = slotMs - spanMs(window ?? every)
  const before = readUntil === undefined ? Number.POSITIVE_INFINITY : Date.parse(readUntil)
  return { since: isoOf(Math.min(since, Math.max(before, slotMs - 90 * DAY_MS))), until: isoOf(slotMs) }
}

/** `nightly-20260108T0600`: the same in every process with this schedule. */
export function runOf(name: string, slotMs: number): string {
  return `${name}-${isoOf(slotMs).slice(0, 16).replace(/[-:]/g, '')}`
}

export function isoOf(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z')
}

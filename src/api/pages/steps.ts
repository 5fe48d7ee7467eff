/** Steps of time at round times. */
const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const NICE = [
  ...[1, 2, 5, 10, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14, 28, 91, 364].map((n) => n * DAY),
]

export interface Steps {
  /** Start of the first step: a whole number of steps since 1970. */
  startMs: number
  stepMs: number
  count: number
  /** `from`, rounded down to the unit of counting. */
  fromMs: number
}

/**
 * @param max steps
 * @param leastMs what is counted in: ten minutes in summaries
 */
export function stepOf(fromMs: number, toMs: number, max: number, leastMs: number): Steps {
  const spanMs = Math.max(1, toMs - fromMs)
  const fits = (stepMs: number) => Math.ceil(spanMs / stepMs) + 1 <= Math.max(2, max)
  const stepMs =
    NICE.find((step) => step >= leastMs && step % leastMs === 0 && fits(step)) ?? (NICE.at(-1) as number)
  const startMs = Math.floor(fromMs / stepMs) * stepMs
  return {
    startMs,
    stepMs,
    count: Math.max(1, Math.ceil((toMs - startMs) / stepMs)),
    fromMs: Math.floor(fromMs / leastMs) * leastMs,
  }
}

/** A number for every step, 0 for steps without a row. */
export function dense<Row extends { bucket: number }>(
  { startMs, stepMs, count }: Steps,
  rows: readonly Row[],
  of: (row: Row) => number,
): number[] {
  const first = startMs / stepMs
  const found = new Array<number>(count).fill(0)
  for (const row of rows) {
    const at = row.bucket - first
    if (at >= 0 && at < count) found[at] = (found[at] ?? 0) + of(row)
  }
  return found
}

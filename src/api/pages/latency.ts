/**
 * A quantile of latencies that are counted in steps: step n has those longer than 2^((n-1)/2) and up to
 * 2^(n/2) milliseconds. Values are assumed to spread evenly over the logarithm within a step, so the error
 * stays below 42 % and is mostly far smaller. Null if nothing was timed.
 */
export function quantileOf(
  steps: readonly { step: number; answers: number }[],
  quantile: number,
): number | null {
  const counts = new Map<number, number>()
  for (const { step, answers } of steps) counts.set(step, (counts.get(step) ?? 0) + answers)
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  if (total === 0) return null
  let before = 0
  for (const [step, count] of [...counts].sort(([a], [b]) => a - b)) {
    if (before + count >= quantile * total) {
      const within = count === 0 ? 1 : (quantile * total - before) / count
      return Math.round(2 ** ((step - 1 + within) / 2))
    }
    before += count
  }
  return null
}

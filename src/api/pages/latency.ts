/**
 * A quantile of latencies that are known by steps: those of a step n took longer than 2^((n-1)/2) and up to 2^(n/2) milliseconds.
 * Inside a step they are taken to be spread evenly in the logarithm, so that the answer is off by less than 42 %, mostly by far
 * less. Null when nothing was timed.
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

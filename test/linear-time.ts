import { expect } from 'vitest'

/** The processor time of one call, in microseconds. It counts the garbage collector and the compiler as well. */
function costOf(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return user + system
}

/** What is shorter, in microseconds, is noise of the clock. */
const NOISE = 60_000

/**
 * Fails unless the processor time of `work` grows no faster than the length it is given. Eight times the length takes
 * about eight times as long in linear time, and 64 times as long in quadratic time. The least of up to six turns
 * counts: a neighbour on a busy machine makes single turns slower, by half or more.
 */
export function expectLinearTime(work: (length: number) => void, length: number): void {
  const [short, long] = [length / 8, length]
  work(short)
  const least = { short: Number.POSITIVE_INFINITY, long: Number.POSITIVE_INFINITY }
  const isLinear = () => least.long < Math.max(24 * least.short, NOISE)
  for (let turn = 0; turn < 2 || (turn < 6 && !isLinear()); turn++) {
    least.short = Math.min(
      least.short,
      costOf(() => work(short)),
    )
    least.long = Math.min(
      least.long,
      costOf(() => work(long)),
    )
  }
  expect(
    isLinear(),
    `${long} took ${least.long} µs, an eighth of it ${least.short} µs: more than 24 times as long`,
  ).toBe(true)
}

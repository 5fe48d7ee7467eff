/** Items kept; if there are more, each pass finds all of them again. */
export const KEPT_ITEMS = 1 << 19

/**
 * Items that can be iterated more than once, in bounded memory: a few are kept, many are found again by each
 * pass.
 */
export function again<T>(find: () => Iterable<T>): Iterable<T> & { atLeast(count: number): boolean } {
  const kept: T[] = []
  let all: Iterable<T> = kept
  for (const item of find()) {
    if (kept.length === KEPT_ITEMS) {
      kept.length = 0
      all = { [Symbol.iterator]: () => find()[Symbol.iterator]() }
      break
    }
    kept.push(item)
  }
  return {
    [Symbol.iterator]: () => all[Symbol.iterator](),
    atLeast: (count) => all !== kept || kept.length >= count,
  }
}

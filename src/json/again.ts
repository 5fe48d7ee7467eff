/** So many items are kept; of more, all are found anew each time. */
export const KEPT_ITEMS = 1 << 19

/** Items for whoever goes over them more than once, in memory that is bounded however many there are. */
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

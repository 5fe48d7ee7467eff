/** A queue of items, in order, that wait for a reader. */
export interface Buffered<T> {
  /** False when the buffer has ended: nothing will read the item. */
  push(item: T): boolean
  /**
   * Waits for an item; undefined when the buffer has ended, even if items are left. Throws the error that it
   * ended with.
   */
  next(): Promise<T | undefined>
  /** Removes and returns the remaining items. */
  empty(): T[]
  end(failure?: unknown): void
}

export function buffered<T>(): Buffered<T> {
  const items: T[] = []
  let ended: { failure: unknown } | undefined
  let wake: () => void = () => undefined
  return {
    push(item) {
      if (ended) return false
      items.push(item)
      wake()
      return true
    },
    async next() {
      while (!ended && items.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      if (ended?.failure !== undefined) throw ended.failure
      return ended ? undefined : items.shift()
    },
    empty: () => items.splice(0),
    end(failure) {
      ended ??= { failure }
      wake()
    },
  }
}

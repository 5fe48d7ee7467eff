/** Items that wait for somebody to ask for them, in their order. */
export interface Buffered<T> {
  /** False when it has ended: then nobody will ask for the item. */
  push(item: T): boolean
  /** Waits for an item; undefined when it has ended, whatever is left. Throws what it ended with. */
  next(): Promise<T | undefined>
  /** Takes out what is left. */
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

/** A stream that one task writes while another reads it. */
export interface Channel<T> extends AsyncIterable<T> {
  /** Resolves once the item has been taken, or the reader has closed the channel. */
  put(item: T): Promise<void>
  /** Ends the stream after the items that were put. */
  end(): void
  /** Called by the reader to stop: items that were not taken are dropped. */
  close(): void
}

export function channel<T>(): Channel<T> {
  const waiting: { item: T; taken(): void }[] = []
  let wake: () => void = () => undefined
  let ended = false
  let closed = false

  async function next(): Promise<IteratorResult<T, undefined>> {
    for (;;) {
      const first = closed ? undefined : waiting.shift()
      if (first) {
        first.taken()
        return { done: false, value: first.item }
      }
      if (ended || closed) return { done: true, value: undefined }
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }

  function close(): void {
    closed = true
    for (const { taken } of waiting.splice(0)) taken()
    wake()
  }

  return {
    async put(item) {
      if (closed) return
      await new Promise<void>((taken) => {
        waiting.push({ item, taken })
        wake()
      })
    },
    end() {
      ended = true
      wake()
    },
    close,
    [Symbol.asyncIterator]: () => ({
      next,
      async return() {
        close()
        return { done: true, value: undefined }
      },
    }),
  }
}

/** Streams of items with delays: a late item must not hold up those that are ready. */

const LATE = Symbol('late')

/** An iterator with a time limit for each item. An item that arrives too late is kept for the next call. */
export interface Patient<T> {
  /**
   * The next item; undefined when none arrives within the limit in milliseconds. Without a limit it waits.
   */
  next(withinMs?: number): Promise<IteratorResult<T, undefined> | undefined>
  close(): Promise<void>
}

export function patient<T>(items: AsyncIterable<T>): Patient<T> {
  const iterator = items[Symbol.asyncIterator]()
  let asked: Promise<IteratorResult<T, undefined>> | undefined
  return {
    async next(withinMs) {
      asked ??= iterator.next()
      const found = withinMs === undefined ? await asked : await before(asked, withinMs)
      if (found === LATE) return undefined
      asked = undefined
      return found
    },
    async close() {
      await asked?.catch(() => undefined)
      await iterator.return?.()
    },
  }
}

async function before<T>(asked: Promise<T>, withinMs: number): Promise<T | typeof LATE> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(() => resolve(LATE), withinMs)
  })
  try {
    return await Promise.race([asked, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Items in groups of `max`; a smaller group when no other item arrives for a while. */
export async function* gather<T>(
  items: AsyncIterable<T>,
  max: number,
  quietMs: number | undefined,
): AsyncGenerator<T[]> {
  const source = patient(items)
  let group: T[] = []
  try {
    for (;;) {
      const found = await source.next(group.length === 0 ? undefined : quietMs)
      if (found?.done) break
      if (found) group.push(found.value)
      if (!found || group.length === max) {
        yield group
        group = []
      }
    }
    if (group.length > 0) yield group
  } finally {
    await source.close()
  }
}

/** Limits on concurrent work on a stream. */
export interface Concurrency<T> {
  /** Most items under way, including finished ones that were not taken yet. */
  atOnce: number
  /** Most weight of items under way; a heavier item is worked on alone. */
  max?: number
  weight?(item: T): number
  /** Whether results come in the order of the items, or as they finish. */
  inOrder: boolean
  /** Called at once when one fails; the items under way are awaited before the failure is thrown. */
  onFailure?(): void
}

interface Slot<R> {
  weight: number
  finished?: { kind: 'done'; result: R } | { kind: 'failed'; failure: unknown }
}

/**
 * Works on several items at once. Neither an item that arrives late nor one that takes long holds up the
 * others.
 */
export async function* concurrently<T, R>(
  items: AsyncIterable<T>,
  { atOnce, max = Number.POSITIVE_INFINITY, weight = () => 0, inOrder, onFailure }: Concurrency<T>,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const iterator = items[Symbol.asyncIterator]()
  const slots: Slot<R>[] = []
  const running = new Set<Promise<void>>()
  let weighs = 0
  let arrival: Promise<void> | undefined
  let arrived: IteratorResult<T, undefined> | undefined
  let ended = false

  function start(item: T): void {
    const slot: Slot<R> = { weight: weight(item) }
    weighs += slot.weight
    slots.push(slot)
    const done: Promise<void> = work(item).then(
      (result) => finish({ kind: 'done', result }),
      (failure) => finish({ kind: 'failed', failure }),
    )
    function finish(finished: NonNullable<Slot<R>['finished']>): void {
      if (finished.kind === 'failed') onFailure?.()
      slot.finished = finished
      running.delete(done)
    }
    running.add(done)
  }

  function takeFinished(): Slot<R> | undefined {
    const at = inOrder ? (slots[0]?.finished ? 0 : -1) : slots.findIndex(({ finished }) => finished)
    return at < 0 ? undefined : slots.splice(at, 1)[0]
  }

  try {
    for (;;) {
      for (let slot = takeFinished(); slot?.finished; slot = takeFinished()) {
        if (slot.finished.kind === 'failed') throw slot.finished.failure
        yield slot.finished.result
        weighs -= slot.weight
      }
      const room = slots.length < atOnce
      // An item's weight is known only once it has arrived, so it may have to wait for room.
      if (arrived && !arrived.done && room && (slots.length === 0 || weighs + weight(arrived.value) <= max)) {
        start(arrived.value)
        arrived = undefined
        continue
      }
      if (arrived?.done) ended = true
      if (ended && slots.length === 0) return
      if (!ended && !arrived && room) {
        arrival ??= iterator.next().then((found) => {
          arrived = found
          arrival = undefined
        })
        // Awaited below, or in the next iteration; until then a failure must not count as unhandled.
        arrival.catch(() => undefined)
      }
      await Promise.race([...(arrival && room ? [arrival] : []), ...running])
    }
  } finally {
    await arrival?.catch(() => undefined)
    await Promise.all(running)
    await iterator.return?.()
  }
}

/** Several streams as one: each item as soon as it arrives, with at most one item per stream read ahead. */
export async function* merged<T>(streams: readonly AsyncIterable<T>[]): AsyncGenerator<T> {
  const iterators = streams.map((stream) => stream[Symbol.asyncIterator]())
  const ask = async (at: number) => ({ at, found: await (iterators[at] as AsyncIterator<T>).next() })
  const asked = new Map(iterators.map((_, at) => [at, ask(at)]))
  try {
    while (asked.size > 0) {
      const { at, found } = await Promise.race(asked.values())
      if (found.done) asked.delete(at)
      else {
        const next = ask(at)
        // Awaited in the next iteration; until then a failure must not count as unhandled.
        next.catch(() => undefined)
        asked.set(at, next)
        yield found.value
      }
    }
  } finally {
    await Promise.allSettled(asked.values())
    await Promise.all(iterators.map((iterator) => iterator.return?.()))
  }
}

/**
 * Starts on the next item while the current one is worked on. At the end, the stream before it is stopped.
 */
export async function* ahead<T>(items: AsyncGenerator<T>, stop: AbortController): AsyncGenerator<T> {
  let next = items.next()
  try {
    for (;;) {
      const { value, done } = await next
      if (done) return
      next = items.next()
      next.catch(() => undefined)
      yield value
    }
  } finally {
    stop.abort()
    // An early stop waits for the work under way, which uses resources that the caller closes next.
    await next.catch(() => undefined)
    await items.return(undefined)
  }
}

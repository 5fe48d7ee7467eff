/** Streams of items that may take their time: what is not there yet must not hold up what is. */

const LATE = Symbol('late')

/** An iterator that can be asked with patience. What comes too late is kept for whoever asks next. */
export interface Patient<T> {
  /** The next item; undefined when none has come within so many milliseconds. Without a limit it is waited for. */
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

/** Items in groups of `most`; a smaller one when no other item comes for so long. */
export async function* gather<T>(
  items: AsyncIterable<T>,
  most: number,
  quietMs: number | undefined,
): AsyncGenerator<T[]> {
  const source = patient(items)
  let group: T[] = []
  try {
    for (;;) {
      const found = await source.next(group.length === 0 ? undefined : quietMs)
      if (found?.done) break
      if (found) group.push(found.value)
      if (!found || group.length === most) {
        yield group
        group = []
      }
    }
    if (group.length > 0) yield group
  } finally {
    await source.close()
  }
}

/** How much of a stream is worked on at once. */
export interface Concurrency<T> {
  /** Items under way, those among them that are finished and not yet taken. */
  atOnce: number
  /** What items under way may weigh together; one that weighs more is worked on alone. */
  most?: number
  weight?(item: T): number
  /** Results come in the order of the items; otherwise as they are finished. */
  inOrder: boolean
  /** Called at once when one fails; the items under way are awaited before the failure is thrown. */
  onFailure?(): void
}

interface Slot<R> {
  weight: number
  finished?: { result: R } | { failure: unknown }
}

/** Works on several items at once. An item that is slow to come does not hold up results, nor a slow one the others. */
export async function* concurrently<T, R>(
  items: AsyncIterable<T>,
  { atOnce, most = Number.POSITIVE_INFINITY, weight = () => 0, inOrder, onFailure }: Concurrency<T>,
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
      (result) => finish({ result }),
      (failure) => finish({ failure }),
    )
    function finish(finished: NonNullable<Slot<R>['finished']>): void {
      if ('failure' in finished) onFailure?.()
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
        if ('failure' in slot.finished) throw slot.finished.failure
        yield slot.finished.result
        weighs -= slot.weight
      }
      const room = slots.length < atOnce
      // Only the item itself tells what it weighs: it waits until there is room for it.
      if (
        arrived &&
        !arrived.done &&
        room &&
        (slots.length === 0 || weighs + weight(arrived.value) <= most)
      ) {
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
        // It is awaited below, or at the next turn; until then a failure must not count as unhandled.
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

/** Several streams as one: each item as soon as it is there, and no more than one of each before it is asked for. */
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
        // Awaited at the next turn; until then a failure must not count as unhandled.
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

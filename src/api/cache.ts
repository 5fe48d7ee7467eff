/** An operation's answer, as it is sent. */
export interface Kept<Value> {
  value: Value
  bytes: number
}

/**
 * Caches answers under everything that they depend on: operation, input, what the reader may see, and the
 * versions of the tables read. So no answer becomes stale. Callers that ask for the same answer share one
 * computation, which is cancelled when all of them have gone.
 */
export interface AnswerCache {
  get<Value>(
    key: string,
    signal: AbortSignal,
    make: (signal: AbortSignal) => Promise<Kept<Value>>,
  ): Promise<{ value: Value; hit: boolean }>
  standing(): { entries: number; bytes: number }
}

interface UnderWay {
  made: Promise<Kept<unknown>>
  waiting: number
  stop: AbortController
}

export function answerCache(max: number): AnswerCache {
  const kept = new Map<string, Kept<unknown>>()
  const underWay = new Map<string, UnderWay>()
  let total = 0

  function keep(key: string, one: Kept<unknown>): void {
    if (one.bytes > max / 4) return
    kept.set(key, one)
    total += one.bytes
    for (const [oldest, { bytes }] of kept) {
      if (total <= max) break
      kept.delete(oldest)
      total -= bytes
    }
  }

  function begin(key: string, make: (signal: AbortSignal) => Promise<Kept<unknown>>): UnderWay {
    const stop = new AbortController()
    const made = make(stop.signal)
    const one: UnderWay = { made, waiting: 0, stop }
    underWay.set(key, one)
    made
      .then((value) => keep(key, value))
      .catch(() => undefined)
      .finally(() => {
        if (underWay.get(key) === one) underWay.delete(key)
      })
    return one
  }

  return {
    standing: () => ({ entries: kept.size, bytes: total }),
    async get<Value>(key: string, signal: AbortSignal, make: (signal: AbortSignal) => Promise<Kept<Value>>) {
      const hit = kept.get(key)
      if (hit) {
        kept.delete(key)
        kept.set(key, hit)
        return { value: hit.value as Value, hit: true }
      }
      const shared = underWay.get(key)
      const one = shared ?? begin(key, make)
      one.waiting++
      try {
        const { value } = await orGone(one.made, signal)
        return { value: value as Value, hit: shared !== undefined }
      } finally {
        one.waiting--
        if (one.waiting === 0 && signal.aborted) {
          if (underWay.get(key) === one) underWay.delete(key)
          one.stop.abort(signal.reason)
        }
      }
    },
  }
}

/** Waits for a shared computation, unless its own caller leaves first. */
function orGone<Value>(made: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((done, failed) => {
    const gone = () => failed(signal.reason)
    if (signal.aborted) return gone()
    signal.addEventListener('abort', gone, { once: true })
    made.then(done, failed).finally(() => signal.removeEventListener('abort', gone))
  })
}

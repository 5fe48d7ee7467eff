import { setTimeout as wait } from 'node:timers/promises'
import { Interrupted } from '../lib/errors.ts'
import type { Delivery, Limits } from './contract.ts'

/** Bytes that a protocol may add to a text: names, ids, brackets. */
const AROUND = 512

/** Deliveries in order, in batches within the receiver's limits. A delivery that is too large comes alone. */
export async function* batches(
  deliveries: AsyncIterable<readonly Delivery[]>,
  { deliveries: max, bytes }: Limits,
): AsyncGenerator<Delivery[]> {
  let batch: Delivery[] = []
  let weight = 0
  for await (const some of deliveries) {
    for (const one of some) {
      const weighs = Buffer.byteLength(one.text) + AROUND
      if (batch.length > 0 && (batch.length === max || weight + weighs > bytes)) {
        yield batch
        batch = []
        weight = 0
      }
      batch.push(one)
      weight += weighs
    }
  }
  if (batch.length > 0) yield batch
}

/** The same items; the next one is prepared while the current one is processed. */
export async function* ahead<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]()
  let next = iterator.next()
  // It is awaited below; until then a failure must not count as unhandled.
  next.catch(() => undefined)
  try {
    for (let found = await next; !found.done; found = await next) {
      next = iterator.next()
      next.catch(() => undefined)
      yield found.value
    }
  } finally {
    await next.catch(() => undefined)
    await iterator.return?.()
  }
}

/** Delays batches so that the rows per second stay within the rate, one batch apart. */
export function pacer(
  rowsPerSecond: number | undefined,
): (rows: number, signal: AbortSignal) => Promise<void> {
  let freeMs = 0
  return async (rows, signal) => {
    if (rowsPerSecond === undefined) return
    const now = Date.now()
    const from = Math.max(now, freeMs)
    freeMs = from + (rows / rowsPerSecond) * 1000
    if (from > now)
      await wait(from - now, undefined, { signal }).catch(() => {
        throw new Interrupted('the delivery was stopped')
      })
  }
}

/**
 * Routes of one process read at the same time, each with an engine of its own. They share what one alone may
 * hold: with five, memory would be five times as much.
 */
let readers = 0
let last: Promise<unknown> = Promise.resolve()

/** @returns what is to be called at the end */
export function beginReading(): () => void {
  readers++
  return () => {
    readers--
  }
}

/** How many are reading. One whose receiver is down is among them: it holds what it has read. */
export function readersNow(): number {
  return Math.max(1, readers)
}

/**
 * Does work when all that was asked for before is done: while an engine sorts, it takes several times what it
 * gives.
 */
export async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const before = last
  const mine = (async () => {
    await before
    return await work()
  })()
  last = mine.catch(() => undefined)
  return await mine
}

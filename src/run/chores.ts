import { setTimeout as wait } from 'node:timers/promises'
import type { Journal } from './journal.ts'
import { ownWords } from './supervise.ts'

/** A task that a run repeats at intervals, next to its sources and followers. */
export interface Chore {
  name: string
  everyMs: number
  /** Whether it runs once more at the end of the run, even when the run was stopped. */
  last: boolean
  /** @returns facts for the journal; undefined for none */
  work(signal: AbortSignal): Promise<Record<string, string | number> | undefined>
}

/** Runs chores until `signal` is aborted. One that fails runs again after its interval. */
export function doChores(
  chores: readonly Chore[],
  journal: Journal,
  signal: AbortSignal,
): { end(): Promise<void> } {
  const over = new AbortController()
  const stop = AbortSignal.any([signal, over.signal])
  const all = Promise.all(chores.map((chore) => keepDoing(chore, journal, stop)))
  return {
    async end() {
      over.abort()
      await all
      for (const chore of chores)
        if (chore.last || !signal.aborted) await once(chore, journal, new AbortController().signal)
    },
  }
}

async function keepDoing(chore: Chore, journal: Journal, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await once(chore, journal, signal)
    await wait(chore.everyMs, undefined, { signal }).catch(() => undefined)
  }
}

async function once({ name, work }: Chore, journal: Journal, signal: AbortSignal): Promise<void> {
  try {
    const facts = await work(signal)
    if (facts) journal.note(name, facts)
  } catch (thrown) {
    journal.note(`${name} failed, and is done again later`, { failure: ownWords(thrown) })
  }
}

import type { Lake } from '../lake/lake.ts'
import { type Followed, followerWorker } from './follower-worker.ts'
import type { Journal } from './journal.ts'
import type { FollowerReport } from './report.ts'
import { supervise } from './supervise.ts'

/** What followers need, wherever they run. */
export interface Carried {
  /** One report for each follower, in their order; updated during the run. */
  reports: readonly FollowerReport[]
  journal: Journal
  signal: AbortSignal
  /** Aborted when no new rows will come: each follower reads what is left, and ends. */
  finish: AbortSignal
}

/** Where followers run. */
export interface Carrier {
  /** Resolves when all have ended; never throws. */
  follow(carried: Carried): Promise<void>
  /** Memory of the followers' own process in bytes; undefined without such a process. */
  memory?(): number | undefined
}

/** Runs followers in this process. */
export function inThisProcess(lake: Lake, followed: readonly Followed[]): Carrier {
  return {
    async follow({ reports, journal, signal, finish }) {
      const ends = inTheOrderOfRows(followed, finish)
      const all = followed.map(async (one, at) => {
        const report = reports[at] as FollowerReport
        const own = ends.signalOf(one)
        await supervise(followerWorker(lake, one, report, journal, own), journal, signal)
        ends.ended(one)
      })
      await Promise.all(all)
    },
  }
}

/**
 * When each follower may end: after the sources, and after the followers that write a table which it reads.
 * Followers that wait for each other in a circle end together.
 */
function inTheOrderOfRows(followed: readonly Followed[], finish: AbortSignal) {
  const ends = new Map(followed.map((one) => [one, new AbortController()]))
  const open = new Set(followed)
  const feeds = (from: Followed, to: Followed) =>
    from !== to &&
    from.follower.writes.some(({ name }) => to.follower.tables.some((table) => table.name === name))
  function letEnd(): void {
    if (!finish.aborted) return
    const free = [...open].filter((one) => ![...open].some((other) => feeds(other, one)))
    for (const one of free.length > 0 ? free : open) ends.get(one)?.abort()
  }
  finish.addEventListener('abort', letEnd)
  letEnd()
  return {
    signalOf: (one: Followed) => (ends.get(one) as AbortController).signal,
    ended(one: Followed): void {
      open.delete(one)
      letEnd()
    },
  }
}

import { setTimeout as wait } from 'node:timers/promises'
import type { Behind } from '../follow/standing.ts'
import type { Journal } from './journal.ts'
import type { FollowerReport } from './report.ts'
import type { Worker } from './supervise.ts'

/** Follows the lake's versions, not its rows: it has no cursor in the lake, and no files are kept for it. */
export interface Mirror {
  /** As in `mirror`: it is listed among the followers. */
  name: string
  pauseMs: number
  /** Does the work that is due; undefined when there is none. */
  turn(): Promise<{ written: number } | undefined>
  behind(): Promise<Behind | undefined>
}

/**
 * A mirror as a worker: it runs at its own pace, and once more at the end of the run, for the last version.
 */
export function mirrorWorker(
  { name, pauseMs, turn, behind }: Mirror,
  report: FollowerReport,
  journal: Journal,
  finish: AbortSignal,
): Worker {
  async function look(): Promise<void> {
    const found = await behind()
    if (found) report.behind = found
  }

  async function work(signal: AbortSignal): Promise<void> {
    journal.started({ kind: 'follower', name })
    while (!signal.aborted) {
      const isLast = finish.aborted
      const done = await turn()
      delete report.failure
      if (done) {
        report.commits++
        report.written += done.written
        report.lastCommitMs = Date.now()
        journal.followed(report)
      }
      await look()
      if (isLast) return
      await wait(pauseMs, undefined, { signal: AbortSignal.any([signal, finish]) }).catch(() => undefined)
    }
  }

  return { report, work, done: () => report.commits, finish }
}

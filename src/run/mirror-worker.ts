import { setTimeout as wait } from 'node:timers/promises'
import type { Behind } from '../follow/standing.ts'
import type { Journal } from './journal.ts'
import type { FollowerReport } from './report.ts'
import type { Worker } from './supervise.ts'

/** What follows the lake's versions and no rows: it has no cursor in the lake, and keeps no files there. */
export interface Mirror {
  /** As in `mirror`: it is told of as followers are. */
  name: string
  pauseMs: number
  /** Does what there is to do; undefined when that is nothing. */
  turn(): Promise<{ written: number } | undefined>
  behind(): Promise<Behind | undefined>
}

/** A mirror at its own pace, until the run ends; then once more, for what came last. */
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

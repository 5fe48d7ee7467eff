import { setTimeout as wait } from 'node:timers/promises'
import type { Follower } from '../follow/contract.ts'
import { type FollowOptions, openFollowing } from '../follow/follow.ts'
import { followersOf } from '../follow/standing.ts'
import type { Lake } from '../lake/lake.ts'
import type { Journal } from './journal.ts'
import type { FollowerReport } from './report.ts'
import type { Worker } from './supervise.ts'

/** A follower as it is configured. */
export interface Followed {
  follower: Follower
  options: FollowOptions
  /** Pause after a turn that read all new rows. */
  pauseMs: number
}

/** Time between two updates of how far it is behind. */
const LOOK_MS = 15_000

/**
 * A follower as a worker. It pauses between turns, so that one turn covers many commits, unless there were
 * more rows than a turn may read.
 *
 * @param finish aborted when no new rows will come: it then reads what is left, and ends
 */
export function followerWorker(
  lake: Lake,
  { follower, options, pauseMs }: Followed,
  report: FollowerReport,
  journal: Journal,
  finish: AbortSignal,
): Worker {
  async function look(): Promise<void> {
    const standing = (await followersOf(await lake.newest())).find(({ name }) => name === follower.name)
    if (!standing) return
    report.behind = standing.behind
    report.state = standing.state
  }
  const looking = setInterval(() => void look().catch(() => undefined), LOOK_MS)
  looking.unref()

  async function work(signal: AbortSignal): Promise<void> {
    journal.started({ kind: 'follower', name: follower.name })
    const following = await openFollowing(lake, follower, { ...options, signal })
    try {
      while (!signal.aborted) {
        // Rows may still come while a turn runs, so that a turn which began before the end proves nothing.
        const isLast = finish.aborted
        const { outcome, files, rows, written, tables, more } = await following.turn()
        delete report.failure
        if (outcome === 'lost') report.lost++
        if (outcome === 'committed') {
          report.commits++
          report.files += files
          report.rows += rows
          report.written += written
          for (const [table, count] of Object.entries(tables))
            report.tables[table] = (report.tables[table] ?? 0) + count
          report.lastCommitMs = Date.now()
          journal.followed(report)
        }
        if (outcome === 'committed' && more) continue
        await look()
        const isNothing = outcome === 'idle' || outcome === 'done'
        if (isLast && isNothing) return
        if (!finish.aborted)
          await rest(isNothing || outcome === 'committed' ? pauseMs : Math.random() * pauseMs, signal)
      }
    } finally {
      await following.close()
    }
  }

  /** Ends early when the run ends, or when no new rows will come. */
  async function rest(ms: number, signal: AbortSignal): Promise<void> {
    await wait(ms, undefined, { signal: AbortSignal.any([signal, finish]) }).catch(() => undefined)
  }

  return { report, work, done: () => report.commits, finish, close: async () => clearInterval(looking) }
}

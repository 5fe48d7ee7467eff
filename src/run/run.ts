import { setMaxListeners } from 'node:events'
import { letGoOfStale } from '../follow/cursor.ts'
import type { Lake } from '../lake/lake.ts'
import { type Compaction, keepCompact } from './compact-worker.ts'
import { type Followed, followerWorker } from './follower-worker.ts'
import type { Journal } from './journal.ts'
import { type Mirror, mirrorWorker } from './mirror-worker.ts'
import { emptyFollowerReport, emptyReport, type FollowerReport, type Report } from './report.ts'
import { type Configured, sourceWorker } from './source-worker.ts'
import { supervise } from './supervise.ts'

export interface Run {
  /** One for each source, in the order of the configuration; they change as the run goes on. */
  reports: readonly Report[]
  /** One for each follower. */
  followers: readonly FollowerReport[]
  /** Whether it has been told to end. */
  ending(): boolean
  /**
   * Resolves when all workers have ended: sources by themselves, then followers with what those have brought; or all since
   * `signal` was aborted.
   */
  done: Promise<void>
}

export interface Followers {
  followed: readonly Followed[]
  /** A follower that stands still for longer is let go; never without it. */
  letGoMs?: number
  /** What shows the lake's versions in catalogs of others. */
  mirrors?: readonly Mirror[]
  /** How files are kept large; not at all without it. */
  compaction?: Compaction
}

/** Time between two searches for followers that stand still. */
const STALE_MS = 3_600_000

/** Runs sources and followers at once on one lake. What one of them fails of does not touch the others. */
export function run(
  lake: Lake,
  sources: readonly Configured[],
  journal: Journal,
  signal: AbortSignal,
  { followed, letGoMs, mirrors = [], compaction }: Followers = { followed: [] },
): Run {
  setMaxListeners(0, signal)
  const reports = sources.map(({ name, type }) => emptyReport(name, type))
  const names = [...followed.map(({ follower }) => follower.name), ...mirrors.map(({ name }) => name)]
  const followers = names.map(emptyFollowerReport)
  const finish = new AbortController()
  setMaxListeners(0, finish.signal)
  const reading = sources.map((source, at) =>
    supervise(sourceWorker(lake, source, reports[at] as Report, journal), journal, signal),
  )
  const following = followed.map((one, at) => {
    const report = followers[at] as FollowerReport
    return supervise(followerWorker(lake, one, report, journal, finish.signal), journal, signal)
  })
  // After the followers, whose commits they are to see as well.
  const finishMirrors = new AbortController()
  const mirroring = mirrors.map((one, at) => {
    const report = followers[followed.length + at] as FollowerReport
    return supervise(mirrorWorker(one, report, journal, finishMirrors.signal), journal, signal)
  })
  const ended = new AbortController()
  const upkeep = AbortSignal.any([signal, ended.signal])
  const compacting = compaction ? keepCompact(lake, compaction, journal, upkeep) : Promise.resolve()
  const stale = setInterval(() => void dropStale().catch(() => undefined), STALE_MS)
  stale.unref()
  async function dropStale(): Promise<void> {
    if (letGoMs === undefined) return
    for (const name of await letGoOfStale(lake, letGoMs)) journal.letGo(name)
  }
  async function all(): Promise<void> {
    await Promise.all(reading)
    // Without sources, followers go on until the run is stopped.
    if (sources.length > 0) finish.abort()
    await Promise.all(following)
    if (sources.length > 0) finishMirrors.abort()
    await Promise.all(mirroring)
    clearInterval(stale)
    ended.abort()
    await compacting
  }
  return { reports, followers, ending: () => signal.aborted, done: all() }
}

import { setMaxListeners } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { letGoOfStale } from '../follow/cursor.ts'
import type { Lake } from '../lake/lake.ts'
import { type Carrier, inThisProcess } from './carrier.ts'
import { type Compaction, keepCompact } from './compact-worker.ts'
import type { Followed } from './follower-worker.ts'
import type { Journal } from './journal.ts'
import { type Mirror, mirrorWorker } from './mirror-worker.ts'
import { emptyFollowerReport, emptyReport, type FollowerReport, type Report } from './report.ts'
import { type Configured, sourceWorker } from './source-worker.ts'
import { supervise } from './supervise.ts'

export interface Run {
  /** One for each source, in the order of the configuration; updated during the run. */
  reports: readonly Report[]
  /** One for each follower. */
  followers: readonly FollowerReport[]
  followersMemory?: Carrier['memory']
  /** Whether it was asked to end. */
  ending(): boolean
  /**
   * Resolves when all workers have ended: because the sources ended by themselves and followers have read
   * their rows, or because `signal` was aborted.
   */
  done: Promise<void>
}

export interface Followers {
  followed: readonly Followed[]
  /** Where they run; in this process by default. */
  carrier?: Carrier
  /** Time after which a follower that stands still is let go; by default never. */
  letGoMs?: number
  /** Mirrors of the lake's versions in other catalogs. */
  mirrors?: readonly Mirror[]
  /** How small files are merged; by default they are not. */
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
  { followed, carrier = inThisProcess(lake, followed), letGoMs, mirrors = [], compaction }: Followers = {
    followed: [],
  },
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
  const following = carrier.follow({
    reports: followers.slice(0, followed.length),
    journal,
    signal,
    finish: finish.signal,
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
    // Without sources, the rest goes on until the run is stopped.
    if (sources.length > 0) finish.abort()
    else await stopped(signal)
    await following
    if (sources.length > 0) finishMirrors.abort()
    await Promise.all(mirroring)
    clearInterval(stale)
    ended.abort()
    await compacting
  }
  return { reports, followers, followersMemory: carrier.memory, ending: () => signal.aborted, done: all() }
}

/** The longest time of a timer. */
const LONG_MS = 2 ** 31 - 1

/** Keeps the process alive until then: some work waits by timers that do not. */
async function stopped(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await wait(LONG_MS, undefined, { signal }).catch(() => undefined)
}

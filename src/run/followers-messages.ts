import type { Journal } from './journal.ts'
import type { FollowerReport } from './report.ts'

/**
 * Messages of a run to the process of its followers. They hold no secrets: that process reads the
 * configuration itself.
 */
export type ToFollowers =
  /** The first message: the place to open, and the reports of an earlier such process. */
  | { kind: 'begin'; place: object; reports: readonly FollowerReport[] }
  /** No new rows will come: followers read what is left, and end. */
  | { kind: 'finish' }
  | { kind: 'stop' }

/** Messages of the process of the followers to the run. */
export type FromFollowers =
  /** Sent at intervals: the followers' reports, and the memory of the process in bytes. */
  | { kind: 'reports'; reports: readonly FollowerReport[]; memory: number }
  | { kind: 'happened'; happening: Happening; report: FollowerReport; retrySeconds?: number }
  /** Why it ends before it began, without any text of a log. */
  | { kind: 'failure'; failure: string }
  /** The last message: every follower has ended. */
  | { kind: 'ended' }

/** Entries of a follower's journal. */
export type Happening = keyof Pick<Journal, 'started' | 'followed' | 'failed' | 'ended'>

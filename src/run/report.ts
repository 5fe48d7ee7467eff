import type { Behind, FollowerStanding } from '../follow/standing.ts'
import { emptyTotals, type Totals } from '../ingest/totals.ts'
import { isDeadLetter, type LogObject, type Source, type SourceState } from '../sources/contract.ts'

export type Status =
  /** It is being opened, or it works. */
  | 'running'
  /** It failed, and is opened again at `retryMs`. */
  | 'failed'
  /** It ended by itself, or with the run. */
  | 'ended'

/** Facts about a worker. Times are in milliseconds since 1970. */
interface WorkerFacts {
  name: string
  status: Status
  lastCommitMs?: number
  /**
   * Number of times that it was opened again after a failure; the last failure, without any text of a log.
   */
  restarts: number
  failure?: string
  retryMs?: number
}

export type WorkerReport = Report | FollowerReport

/** The state and the counts of a source. */
export interface Report extends WorkerFacts {
  kind: 'source'
  type: string
  totals: Totals
  /** When the newest object that it named was written, and the newest one of those that are in the lake. */
  newestMs?: number
  storedMs?: number
  /** As the source itself sees it. */
  state?: SourceState
}

/** How a follower does, since the run began. */
export interface FollowerReport extends WorkerFacts {
  kind: 'follower'
  commits: number
  /** Turns whose rows were dropped, since another process was first. */
  lost: number
  /** Read, and added to its tables. */
  files: number
  rows: number
  written: number
  /** The same by table. */
  tables: Record<string, number>
  /** What it has not read, when that was last looked at. */
  behind?: Behind
  /** As the lake has it; `let-go` when it must be taken up again by a person. */
  state?: FollowerStanding['state']
}

export function emptyReport(name: string, type: string): Report {
  return { kind: 'source', name, type, status: 'running', totals: emptyTotals(), restarts: 0 }
}

export function emptyFollowerReport(name: string): FollowerReport {
  const counts = { commits: 0, lost: 0, files: 0, rows: 0, written: 0, tables: {}, restarts: 0 }
  return { kind: 'follower', name, status: 'running', ...counts }
}

/** The source, with an eye on how old its objects are. */
export function observed(source: Source, report: Report): Source {
  return {
    ...source,
    async *objects(signal) {
      for await (const found of source.objects(signal))
        yield isDeadLetter(found) ? found : seen(found, report)
    },
  }
}

function seen(object: LogObject, report: Report): LogObject {
  report.newestMs = Math.max(report.newestMs ?? 0, object.writtenMs)
  return {
    ...object,
    async acknowledge() {
      report.storedMs = Math.max(report.storedMs ?? 0, object.writtenMs)
      await object.acknowledge()
    },
  }
}

/** Seconds by which the lake is behind the source; undefined while that is not known. */
export function lagSeconds({ newestMs, storedMs, state }: Report, nowMs = Date.now()): number | undefined {
  if (state?.readUntilMs !== undefined) return Math.max(0, nowMs - state.readUntilMs) / 1000
  if (newestMs === undefined) return undefined
  // The lake has none of its objects yet: it is behind by the age of the newest.
  return Math.max(0, storedMs === undefined ? nowMs - newestMs : newestMs - storedMs) / 1000
}

/**
 * Age in seconds of the oldest message that was received and neither deleted nor released; undefined when
 * there is none.
 */
export function oldestSeconds({ state }: Report, nowMs = Date.now()): number | undefined {
  return state?.oldestMs === undefined ? undefined : Math.max(0, nowMs - state.oldestMs) / 1000
}

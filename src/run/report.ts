import { type Account, emptyAccount } from '../ingest/account.ts'
import { isDeadLetter, type LogObject, type Source, type SourceState } from '../sources/contract.ts'

export type Status =
  /** It is being opened, or it names objects. */
  | 'running'
  /** It failed, and is opened again at `retryMs`. */
  | 'failed'
  /** It came to an end by itself, or with the run. */
  | 'ended'

/** How a source does. Times are in milliseconds since 1970. */
export interface Report {
  name: string
  type: string
  status: Status
  account: Account
  /** When the newest object that it named was written, and the newest one of those that are in the lake. */
  newestMs?: number
  storedMs?: number
  lastCommitMs?: number
  /** How often it was opened again after a failure, and the last of these in our own words. */
  restarts: number
  failure?: string
  retryMs?: number
  /** As the source itself sees it. */
  state?: SourceState
}

export function emptyReport(name: string, type: string): Report {
  return { name, type, status: 'running', account: emptyAccount(), restarts: 0 }
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
  // Over the object, not a copy of it: reading may change its version.
  return Object.create(object, {
    acknowledge: {
      async value() {
        report.storedMs = Math.max(report.storedMs ?? 0, object.writtenMs)
        await object.acknowledge()
      },
    },
  }) as LogObject
}

/** How far the lake is behind what there is, in seconds; undefined as long as nobody knows. */
export function lagSeconds({ newestMs, storedMs, state }: Report, nowMs = Date.now()): number | undefined {
  if (state?.readUntilMs !== undefined) return Math.max(0, nowMs - state.readUntilMs) / 1000
  if (newestMs === undefined) return undefined
  // Nothing of it is in the lake yet: it is as far behind as the newest is old.
  return Math.max(0, storedMs === undefined ? nowMs - newestMs : newestMs - storedMs) / 1000
}

/** How old the oldest message is that is received and not settled, in seconds; undefined when there is none. */
export function oldestSeconds({ state }: Report, nowMs = Date.now()): number | undefined {
  return state?.oldestMs === undefined ? undefined : Math.max(0, nowMs - state.oldestMs) / 1000
}

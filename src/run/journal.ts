import { destination, pino } from 'pino'
import { withoutSecrets } from '../lib/secrets.ts'
import type { FollowerReport, Report, WorkerReport } from './report.ts'

/** What happens in a run. */
export interface Journal {
  started(worker: { kind: 'source'; name: string; type: string } | { kind: 'follower'; name: string }): void
  committed(report: Report): void
  followed(report: FollowerReport): void
  failed(report: WorkerReport, retrySeconds: number): void
  /** Some of the places in a source fail, or not any more. */
  partly(report: Report): void
  ended(report: WorkerReport): void
  /** A follower stood still for too long. */
  letGo(follower: string): void
  note(what: string, facts?: Record<string, string | number>): void
}

export const silent: Journal = {
  started() {},
  committed() {},
  followed() {},
  failed() {},
  partly() {},
  ended() {},
  letGo() {},
  note() {},
}

/** The most failing places that are named. */
const MAX_NAMED = 20

/**
 * Lines of JSON, as pino writes them: `level` 30 for information, 40 for a warning that an operator should
 * look at, 50 for a failure.
 *
 * @param to a file descriptor
 */
export function journal(to: number): Journal {
  // At once: the last lines before an end are the ones that are wanted.
  const lines = destination({ dest: to, sync: true })
  // A disk that is full takes no line: the run goes on, and its metrics tell how it does.
  lines.on('error', () => undefined)
  const log = pino(
    { base: { pid: process.pid } },
    {
      write(line) {
        lines.write(withoutSecrets(line))
      },
    },
  )
  const before = new Map<string, { rejected: number; failed: number; deadLetters: number }>()
  return {
    started: ({ kind, name, ...rest }) => log.info({ [kind]: name, ...rest }, `${kind} started`),
    committed({ name, totals }) {
      const { objects, records, commits, commitsLost, deadLetters } = totals
      const last = before.get(name) ?? { rejected: 0, failed: 0, deadLetters: 0 }
      const now = { rejected: records.rejected, failed: objects.failed, deadLetters }
      before.set(name, now)
      const facts = {
        source: name,
        objects: objects.stored + objects.skipped + objects.rejected,
        stored: records.stored,
        repeated: records.repeated,
        ...(records.conflicts > 0 ? { conflicts: records.conflicts } : {}),
        commits,
        commitsLost,
        ...now,
      }
      const [newest] = totals.failures.first.slice(-1)
      const failing = now.failed > last.failed && newest ? { failing: `${newest.uri}: ${newest.reason}` } : {}
      const worse =
        now.rejected > last.rejected || now.failed > last.failed || now.deadLetters > last.deadLetters
      if (worse) log.warn({ ...facts, ...failing }, 'committed, with something that could not be read')
      else log.info(facts, 'committed')
    },
    followed: ({ name, rows, written, commits, lost, behind }) =>
      log.info({ follower: name, rows, written, commits, lost, behindRows: behind?.rows ?? 0 }, 'followed'),
    failed: ({ kind, name, failure, restarts }, retrySeconds) =>
      log.error({ [kind]: name, failure, restarts, retrySeconds }, `${kind} failed, and is opened again`),
    partly({ name, state }) {
      const failing = state?.failing ?? []
      if (failing.length === 0) log.info({ source: name }, 'nothing of it fails any more')
      else
        log.warn(
          { source: name, count: failing.length, failing: failing.slice(0, MAX_NAMED) },
          'a part of it fails',
        )
    },
    ended(report) {
      const { kind, name } = report
      const done =
        report.kind === 'source'
          ? { stored: report.totals.records.stored, commits: report.totals.commits }
          : { written: report.written, commits: report.commits }
      log.info({ [kind]: name, ...done }, `${kind} ended`)
    },
    letGo: (name) =>
      log.error(
        { follower: name },
        'follower let go: it stood still for longer than retention.follower_days',
      ),
    note: (what, facts = {}) => log.info(facts, what),
  }
}

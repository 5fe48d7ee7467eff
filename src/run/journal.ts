import { destination, pino } from 'pino'
import type { Report } from './report.ts'

/** What happens in a run, for whoever wants to know. */
export interface Journal {
  started(source: { name: string; type: string }): void
  committed(report: Report): void
  failed(report: Report, retrySeconds: number): void
  /** Some of the places in a source fail, or not any more. */
  partly(report: Report): void
  ended(report: Report): void
  note(what: string, facts?: Record<string, string | number>): void
}

export const silent: Journal = {
  started() {},
  committed() {},
  failed() {},
  partly() {},
  ended() {},
  note() {},
}

/** So many places that fail are named. */
const MOST_NAMED = 20

/**
 * Lines of JSON, as pino writes them: `level` 30 for what is as it should be, 40 for what somebody should look at, 50 for what
 * failed.
 *
 * @param to a file descriptor
 */
export function journal(to: number): Journal {
  // At once: the last lines before an end are the ones that are wanted.
  const log = pino({ base: { pid: process.pid } }, destination({ dest: to, sync: true }))
  const before = new Map<string, { rejected: number; failed: number; letters: number }>()
  return {
    started: ({ name, type }) => log.info({ source: name, type }, 'source started'),
    committed({ name, account }) {
      const { objects, records, commits, commitsLost, deadLetters } = account
      const last = before.get(name) ?? { rejected: 0, failed: 0, letters: 0 }
      const now = { rejected: records.rejected, failed: objects.failed, letters: deadLetters }
      before.set(name, now)
      const facts = {
        source: name,
        objects: objects.stored + objects.skipped + objects.rejected,
        stored: records.stored,
        repeated: records.repeated,
        commits,
        commitsLost,
        ...now,
      }
      const worse = now.rejected > last.rejected || now.failed > last.failed || now.letters > last.letters
      if (worse) log.warn(facts, 'committed, with something that could not be read')
      else log.info(facts, 'committed')
    },
    failed: ({ name, failure, restarts }, retrySeconds) =>
      log.error({ source: name, failure, restarts, retrySeconds }, 'source failed, and is opened again'),
    partly({ name, state }) {
      const failing = state?.failing ?? []
      if (failing.length === 0) log.info({ source: name }, 'nothing of it fails any more')
      else
        log.warn(
          { source: name, count: failing.length, failing: failing.slice(0, MOST_NAMED) },
          'a part of it fails',
        )
    },
    ended: ({ name, account }) =>
      log.info({ source: name, stored: account.records.stored, commits: account.commits }, 'source ended'),
    note: (what, facts = {}) => log.info(facts, what),
  }
}

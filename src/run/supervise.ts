import { setTimeout as wait } from 'node:timers/promises'
import { saveCursors } from '../ingest/cursors.ts'
import { ingest } from '../ingest/ingest.ts'
import type { IngestOptions } from '../ingest/session.ts'
import { isStopped } from '../ingest/stop.ts'
import type { Lake } from '../lake/lake.ts'
import { LakeError, systemCode, UserError } from '../lib/errors.ts'
import type { Source, SourceDeps } from '../sources/contract.ts'
import type { Journal } from './journal.ts'
import { observed, type Report } from './report.ts'

/** A source as it is configured. */
export interface Configured {
  name: string
  type: string
  open(deps: SourceDeps): Source
  /** When it commits, and with how much of the machine. */
  options: IngestOptions
}

/** After a failure it is opened again so soon, and each time twice as late. */
const FIRST_RETRY_MS = 1_000
const LONGEST_RETRY_MS = 300_000
/** How far it has read is written down so often, when there is nothing else to commit. */
const CURSORS_MS = 600_000

/**
 * Keeps a source running until `signal` is aborted: whatever it fails of, it is opened again. Others know nothing of it. Never
 * throws.
 */
export async function supervise(
  lake: Lake,
  { name, type, open, options }: Configured,
  report: Report,
  journal: Journal,
  signal: AbortSignal,
): Promise<void> {
  const deps: SourceDeps = {
    name,
    stopped: () => isStopped(lake, name),
    cursor: async (cursor) => (await lake.newest()).catalog.cursors[cursor],
  }
  let retryMs = FIRST_RETRY_MS
  while (!signal.aborted) {
    const before = report.account.commits
    try {
      await once()
      report.status = 'ended'
      delete report.failure
      journal.ended(report)
      return
    } catch (thrown) {
      if (report.account.commits > before) retryMs = FIRST_RETRY_MS
      report.failure = ownWords(thrown)
      report.restarts++
      report.status = 'failed'
      report.retryMs = Date.now() + retryMs
      journal.failed(report, retryMs / 1000)
      await wait(retryMs, undefined, { signal }).catch(() => undefined)
      retryMs = Math.min(LONGEST_RETRY_MS, retryMs * 2)
    }
  }
  report.status = 'ended'

  async function once(): Promise<void> {
    const source = open(deps)
    journal.started({ name, type })
    report.status = 'running'
    const look = setInterval(lookOn, 1_000)
    const save = setInterval(() => saveCursors(lake, source).catch(() => undefined), CURSORS_MS)
    function lookOn(): void {
      const state = source.state?.()
      if (!state) return
      const before = report.state?.failing?.join() ?? ''
      report.state = state
      if ((state.failing?.join() ?? '') !== before) journal.partly(report)
    }
    try {
      await ingest(lake, observed(source, report), {
        ...options,
        account: report.account,
        signal,
        onProgress() {
          report.lastCommitMs = Date.now()
          // What it failed of is over.
          delete report.failure
          lookOn()
          journal.committed(report)
        },
      })
    } finally {
      clearInterval(look)
      clearInterval(save)
      delete report.state
    }
  }
}

/** An error of ours says what it is in our own words; another may quote a log, and is only named. */
export function ownWords(thrown: unknown): string {
  if (thrown instanceof UserError || thrown instanceof LakeError) return thrown.message
  const name = thrown instanceof Error ? thrown.name : 'a failure without a name'
  return [name, systemCode(thrown)].filter((part) => part !== undefined).join(' ')
}

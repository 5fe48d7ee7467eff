import { saveCursors } from '../ingest/commit/cursors.ts'
import { ingest } from '../ingest/ingest.ts'
import type { IngestOptions } from '../ingest/session.ts'
import { noteFailure } from '../lake/failing.ts'
import type { Lake } from '../lake/lake.ts'
import { isStopped } from '../lake/stop.ts'
import type { Source, SourceDeps } from '../sources/contract.ts'
import type { Journal } from './journal.ts'
import { observed, type Report } from './report.ts'
import { ownWords, type Worker } from './supervise.ts'

/** A source as it is configured. */
export interface Configured {
  name: string
  type: string
  open(deps: SourceDeps): Source
  /** When it commits, and with how much of the machine. */
  options: IngestOptions
}

/** Time between two commits of its cursors alone, when there is nothing else to commit. */
const CURSORS_MS = 600_000

/** A source that is read into the lake. */
export function sourceWorker(
  lake: Lake,
  { name, type, open, options }: Configured,
  report: Report,
  journal: Journal,
): Worker {
  const deps: SourceDeps = {
    name,
    stopped: () => isStopped(lake, name),
    cursor: async (cursor) => (await lake.newest()).catalog.cursors[cursor],
  }
  async function work(signal: AbortSignal): Promise<void> {
    try {
      await read(signal)
    } catch (thrown) {
      if (!signal.aborted) await noteFailure(lake, name, ownWords(thrown))
      throw thrown
    }
  }
  async function read(signal: AbortSignal): Promise<void> {
    const source = open(deps)
    journal.started({ kind: 'source', name, type })
    const look = setInterval(lookOn, 1_000)
    const save = setInterval(() => saveCursors(lake, source).catch(() => undefined), CURSORS_MS)
    function lookOn(): void {
      const state = source.state?.()
      if (!state) return
      const before = report.state?.failing?.join('; ') ?? ''
      report.state = state
      const failing = state.failing?.join('; ') ?? ''
      if (failing === before) return
      if (failing !== '') void noteFailure(lake, name, failing)
      journal.partly(report)
    }
    try {
      await ingest(lake, observed(source, report), {
        ...options,
        totals: report.totals,
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
  return { report, work, done: () => report.totals.commits }
}

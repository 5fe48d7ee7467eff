import { setTimeout as wait } from 'node:timers/promises'
import { LakeError, systemCode, UserError } from '../lib/errors.ts'
import type { Journal } from './journal.ts'
import type { WorkerReport } from './report.ts'

/** What a run keeps going: a source, or a follower. */
export interface Worker {
  report: WorkerReport
  /** Opens it, and works until it comes to its end or `signal` is aborted. */
  work(signal: AbortSignal): Promise<void>
  /** How much it has done so far: a failure after some of it is tried again soon. */
  done(): number
  /** Aborted when nothing new is to come: a failure after that ends it. */
  finish?: AbortSignal
  /** Called once, when it is not opened again. */
  close?(): Promise<void>
}

/** Delay before the first retry; doubles with each failure. */
const FIRST_RETRY_MS = 1_000
const LONGEST_RETRY_MS = 300_000

/** Keeps a worker going until `signal` is aborted: whatever it fails of, it is opened again. Never throws. */
export async function supervise(worker: Worker, journal: Journal, signal: AbortSignal): Promise<void> {
  const { report } = worker
  let retryMs = FIRST_RETRY_MS
  while (!signal.aborted) {
    const before = worker.done()
    try {
      report.status = 'running'
      await worker.work(signal)
      report.status = 'ended'
      delete report.failure
      journal.ended(report)
      break
    } catch (thrown) {
      if (worker.done() > before) retryMs = FIRST_RETRY_MS
      report.failure = ownWords(thrown)
      report.restarts++
      report.status = 'failed'
      report.retryMs = Date.now() + retryMs
      journal.failed(report, retryMs / 1000)
      if (worker.finish?.aborted) break
      const stop = worker.finish ? AbortSignal.any([signal, worker.finish]) : signal
      await wait(retryMs, undefined, { signal: stop }).catch(() => undefined)
      retryMs = Math.min(LONGEST_RETRY_MS, retryMs * 2)
    }
  }
  report.status = 'ended'
  await worker.close?.()
}

/** An error of ours says what it is in our own words; another may quote a log, and is only named. */
export function ownWords(thrown: unknown): string {
  if (thrown instanceof UserError || thrown instanceof LakeError) return thrown.message
  const name = thrown instanceof Error ? thrown.name : 'a failure without a name'
  return [name, systemCode(thrown)].filter((part) => part !== undefined).join(' ')
}

import { setTimeout as wait } from 'node:timers/promises'
import { Interrupted, LakeError, systemCode, UserError } from '../lib/errors.ts'
import { withoutSecrets } from '../lib/secrets.ts'
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

/** Runs a worker until `signal` is aborted. After any failure, it is opened again. Never throws. */
export async function supervise(worker: Worker, journal: Journal, signal: AbortSignal): Promise<void> {
  const { report } = worker
  async function work(): Promise<void> {
    report.status = 'running'
    await worker.work(signal).catch((thrown: unknown) => {
      // Ending on request is no failure.
      if (!signal.aborted || !isGivingUp(thrown)) throw thrown
    })
    report.status = 'ended'
    delete report.failure
    journal.ended(report)
  }
  const failed = (failure: string, retryMs: number) => noteFailure(report, failure, retryMs, journal)
  await openAgain({ work, done: worker.done, finish: worker.finish }, failed, signal)
  report.status = 'ended'
  await worker.close?.()
}

/**
 * Works until `work` returns or `signal` is aborted. Each failure is reported, and retried after a longer
 * pause. Never throws.
 */
export async function openAgain(
  { work, done, finish }: Pick<Worker, 'done'> & { work(): Promise<void>; finish: AbortSignal | undefined },
  failed: (failure: string, retryMs: number) => void,
  signal: AbortSignal,
): Promise<void> {
  let retryMs = FIRST_RETRY_MS
  while (!signal.aborted) {
    const before = done()
    try {
      return await work()
    } catch (thrown) {
      if (done() > before) retryMs = FIRST_RETRY_MS
      failed(ownWords(thrown), retryMs)
      if (finish?.aborted) return
      const stop = finish ? AbortSignal.any([signal, finish]) : signal
      await wait(retryMs, undefined, { signal: stop }).catch(() => undefined)
      retryMs = Math.min(LONGEST_RETRY_MS, retryMs * 2)
    }
  }
}

function isGivingUp(thrown: unknown): boolean {
  return thrown instanceof Interrupted || (thrown instanceof Error && thrown.name === 'AbortError')
}

export function noteFailure(report: WorkerReport, failure: string, retryMs: number, journal: Journal): void {
  report.failure = failure
  report.restarts++
  report.status = 'failed'
  report.retryMs = Date.now() + retryMs
  journal.failed(report, retryMs / 1000)
}

/** The message of an error of ours. Any other error may quote a log, so only its name and code are given. */
export function ownWords(thrown: unknown): string {
  if (thrown instanceof UserError || thrown instanceof LakeError) return withoutSecrets(thrown.message)
  const name = thrown instanceof Error ? thrown.name : 'a failure without a name'
  return [name, systemCode(thrown)].filter((part) => part !== undefined).join(' ')
}

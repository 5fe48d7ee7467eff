import { Worker } from 'node:worker_threads'
import { LakeError } from '../../lib/errors.ts'
import type { Onboarded } from '../../onboard/logtype.ts'
import type { OpenedGroup, OpenRequest } from './contract.ts'

/** Worker threads that unzip, unwrap and spool; DuckDB has threads of its own. */
export interface Pool {
  open(request: OpenRequest): Promise<OpenedGroup>
  close(): Promise<void>
}

interface Waiting {
  resolve(opened: OpenedGroup): void
  reject(failure: Error): void
}

/**
 * 16 MB for V8's young generation. A thread's objects live for one record only: with a smaller space
 * collections are frequent (half of it costs `session_log` 5 % of its rate), a larger one only holds memory.
 */
const YOUNG_MB = 16

/**
 * Starts a thread, and more of them, up to `threads`, once all are busy: one costs a tenth of a second of
 * processor time, which a small run does not need twice. A request goes to the least busy thread. A thread
 * that ends is replaced if it had been ready.
 */
export function startPool(threads: number, onboarded: Onboarded): Pool {
  let broken: Error | undefined
  let closed = false
  let next = 0
  const running: Thread[] = []
  start(0)

  function start(at: number): Thread {
    const worker = new Worker(new URL('./worker.js', import.meta.url), {
      workerData: onboarded,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    })
    const waiting = new Map<number, Waiting>()
    const thread: Thread = { worker, waiting, isReady: false }
    running[at] = thread
    worker.on('message', (reply: Reply | 'ready') => {
      thread.isReady = true
      if (reply === 'ready') return
      const { id, opened, failed } = reply
      const job = waiting.get(id)
      waiting.delete(id)
      if (opened) job?.resolve(opened)
      else job?.reject(errorOf(failed))
    })
    /** Fails the requests of a thread that has ended, so that their objects can be opened elsewhere. */
    function end(why: Error): void {
      if (running[at] !== thread || closed) return
      if (thread.isReady) start(at)
      else broken = why
      const all = thread.isReady ? [thread] : running
      for (const { waiting: jobs } of all) {
        for (const job of jobs.values()) job.reject(why)
        jobs.clear()
      }
    }
    worker.on('error', end)
    worker.on('exit', () => end(new Error('a thread that opens objects has ended')))
    return thread
  }

  function leastBusy(): Thread {
    const least = running.reduce((one, other) => (other.waiting.size < one.waiting.size ? other : one))
    return least.waiting.size > 0 && running.length < threads ? start(running.length) : least
  }

  return {
    open(request) {
      if (broken) return Promise.reject(broken)
      const { worker, waiting } = leastBusy()
      const id = next++
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        // The bytes are moved to the thread, not copied.
        const own = request.objects.flatMap((object) =>
          object.kind === 'bytes' && object.bytes.byteLength === object.bytes.buffer.byteLength
            ? [object.bytes.buffer as ArrayBuffer]
            : [],
        )
        worker.postMessage({ id, request }, own)
      })
    },
    async close() {
      closed = true
      const gone = new Error('the run is over')
      await Promise.all(running.map(({ worker }) => worker.terminate()))
      for (const { waiting } of running) for (const job of waiting.values()) job.reject(gone)
    },
  }
}

interface Thread {
  worker: Worker
  waiting: Map<number, Waiting>
  /** Whether the thread started: an end after that was caused by a request. */
  isReady: boolean
}

interface Reply {
  id: number
  opened?: OpenedGroup
  failed?: { thrown: Error; what?: string; file?: string; remedy?: string }
}

/** Rebuilds a thread's error: its class does not survive `postMessage`. */
function errorOf(failed: Reply['failed']): Error {
  const { thrown, what, file, remedy } = failed ?? {}
  if (what === undefined || file === undefined || remedy === undefined)
    return thrown ?? new Error('a thread failed')
  return new LakeError(what, { file, remedy, cause: thrown?.cause })
}

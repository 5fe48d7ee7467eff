import { Worker } from 'node:worker_threads'
import { LakeError } from '../../lib/errors.ts'
import type { Onboarded } from '../../onboard/logtype.ts'
import type { OpenedGroup, OpenRequest } from './contract.ts'

/** Threads that unzip, unwrap and spool, beside the engine that reads what they spooled. */
export interface Pool {
  open(request: OpenRequest): Promise<OpenedGroup>
  close(): Promise<void>
}

interface Waiting {
  resolve(opened: OpenedGroup): void
  reject(failure: Error): void
}

/**
 * What a thread makes of a record is gone with the next: with little room for what is young, collections are many (half
 * of this costs `session_log` a twentieth of its rate); with much, memory is held for nothing.
 */
const YOUNG_MB = 16

/** Starts `threads` threads; a request goes to the one with the least to do. One that ends is replaced, if it was ready. */
export function startPool(threads: number, onboarded: Onboarded): Pool {
  let broken: Error | undefined
  let closed = false
  let next = 0
  const running: Thread[] = []
  for (let at = 0; at < threads; at++) start(at)

  function start(at: number): void {
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
    /** A thread that is gone answers nobody any more: what it had may be opened by another. */
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
  }

  return {
    open(request) {
      if (broken) return Promise.reject(broken)
      const { worker, waiting } = running.reduce((least, one) =>
        one.waiting.size < least.waiting.size ? one : least,
      )
      const id = next++
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        // The bytes are the thread's own from here on: nothing is copied.
        const own = request.objects.flatMap((object) =>
          'bytes' in object && object.bytes.byteLength === object.bytes.buffer.byteLength
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
  /** Whether it has come so far as to be asked: what ends it after that lies in what it was asked. */
  isReady: boolean
}

interface Reply {
  id: number
  opened?: OpenedGroup
  failed?: { thrown: Error; what?: string; file?: string; remedy?: string }
}

/** A thread's error as it was: its class does not survive the way. */
function errorOf(failed: Reply['failed']): Error {
  const { thrown, what, file, remedy } = failed ?? {}
  if (what === undefined || file === undefined || remedy === undefined)
    return thrown ?? new Error('a thread failed')
  return new LakeError(what, { file, remedy, cause: thrown?.cause })
}

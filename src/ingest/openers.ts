import { Worker } from 'node:worker_threads'
import { LakeError } from '../lib/errors.ts'
import type { Onboarded } from '../onboard/logtype.ts'
import type { OpenedGroup, OpenRequest } from './open.ts'

/** Threads that unzip, unwrap and spool, beside the engine that reads what they spooled. */
export interface Openers {
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

/** Starts `threads` threads; a request goes to the one with the least to do. */
export function startOpeners(threads: number, onboarded: Onboarded): Openers {
  const waiting = new Map<number, Waiting>()
  let broken: Error | undefined
  /** A thread that is gone answers nobody any more. */
  function fail(why: Error): void {
    broken ??= why
    for (const job of waiting.values()) job.reject(broken)
    waiting.clear()
  }
  const workers = Array.from({ length: threads }, () => {
    const worker = new Worker(new URL('./open-worker.js', import.meta.url), {
      workerData: onboarded,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    })
    const started = { worker, busy: 0 }
    worker.on('message', ({ id, opened, failed }: Reply) => {
      started.busy--
      const job = waiting.get(id)
      waiting.delete(id)
      if (opened) job?.resolve(opened)
      else job?.reject(errorOf(failed))
    })
    worker.on('error', fail)
    worker.on('exit', () => fail(new Error('a thread that opens objects has ended')))
    return started
  })
  let next = 0
  return {
    open(request) {
      if (broken) return Promise.reject(broken)
      const idle = workers.reduce((least, one) => (one.busy < least.busy ? one : least))
      idle.busy++
      const id = next++
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        // The bytes are the thread's own from here on: nothing is copied.
        const own = request.objects.flatMap((object) =>
          'bytes' in object && object.bytes.byteLength === object.bytes.buffer.byteLength
            ? [object.bytes.buffer as ArrayBuffer]
            : [],
        )
        idle.worker.postMessage({ id, request }, own)
      })
    },
    async close() {
      await Promise.all(workers.map(({ worker }) => worker.terminate()))
    },
  }
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

import { LakeError, UserError } from '../lib/errors.ts'
import type { MemoryWatch } from './memory-watch.ts'

/** A question ran out of memory; the files that it read are intact. */
export class TooMuchMemory extends LakeError {
  constructor(files: readonly string[], cause: unknown) {
    super('the question needs more memory than it may have', {
      file: files[0] ?? 'none',
      remedy: 'ask for less at a time, or raise query.memory in loglake.yaml',
      cause,
    })
  }
}

/** Limits that can end a question early. */
export interface Bounds {
  /** Throws the reason when the question was ended. */
  check(cause: unknown): void
  /**
   * Waits for the engine's work, but at most `STUCK_MS` after the question was ended; then throws the reason.
   */
  within<T>(work: Promise<T>): Promise<T>
  /** The same for each item. */
  itemsWithin<T>(items: AsyncGenerator<T>): AsyncGenerator<T>
  /** Call it when the question is over; `close` runs once the engine has finished its work for it. */
  end(close: () => void): void
}

/** Time between two interrupts: an interrupt that falls between two statements has no effect. */
const AGAIN_MS = 100
/**
 * DuckDB checks for an interrupt between two steps, and one step may take minutes: callers stop waiting after
 * this time.
 */
const STUCK_MS = 2000

/**
 * Questions of this process that were abandoned while DuckDB still runs a step: only a signal ends the
 * process before that step is over.
 */
let givenUpQuestions = 0

export function questionsGivenUp(): number {
  return givenUpQuestions
}

/**
 * @param interrupt interrupts what the engine is running now
 * @param files the files that the question reads
 */
export function boundsOf(
  interrupt: () => void,
  watch: MemoryWatch,
  { signal, seconds }: { signal?: AbortSignal | undefined; seconds?: number | undefined },
  files: readonly string[],
): Bounds {
  let why: ((cause: unknown) => Error) | undefined
  let again: NodeJS.Timeout | undefined
  let giveUp: NodeJS.Timeout | undefined
  let giveUpNow: (because: Error) => void = () => undefined
  const givenUp = new Promise<never>((_, reject) => {
    giveUpNow = reject
  })
  givenUp.catch(() => undefined)
  const stop = (because: (cause: unknown) => Error) => {
    why ??= because
    interrupt()
    again ??= setInterval(interrupt, AGAIN_MS).unref()
    giveUp ??= setTimeout(() => giveUpNow((why ?? because)(undefined)), STUCK_MS)
  }
  const cancelled = () => stop((cause) => new UserError('the question was cancelled', { cause }))
  const late = () =>
    stop(
      (cause) =>
        new UserError(
          `the question took more than ${seconds} s and was ended: ask for less, or raise query.seconds in loglake.yaml`,
          { cause },
        ),
    )
  signal?.addEventListener('abort', cancelled)
  if (signal?.aborted) cancelled()
  const timer = seconds === undefined ? undefined : setTimeout(late, seconds * 1000).unref()
  const unwatched = watch.enter(() => stop((cause) => new TooMuchMemory(files, cause)))
  const working = new Set<Promise<unknown>>()
  const within: Bounds['within'] = async (work) => {
    working.add(work)
    const ended = () => working.delete(work)
    work.then(ended, ended)
    return await Promise.race([work, givenUp])
  }
  return {
    check(cause) {
      if (why) throw why(cause)
    },
    within,
    async *itemsWithin(items) {
      try {
        for (;;) {
          const next = await within(items.next())
          if (next.done) return
          yield next.value
        }
      } finally {
        await within(items.return(undefined))
      }
    },
    end(close) {
      clearTimeout(timer)
      clearTimeout(giveUp)
      signal?.removeEventListener('abort', cancelled)
      const over = () => {
        clearInterval(again)
        unwatched()
        close()
      }
      if (working.size === 0) return over()
      givenUpQuestions++
      void Promise.allSettled(working).then(() => {
        givenUpQuestions--
        over()
      })
    },
  }
}

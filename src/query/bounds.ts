import { LakeError, UserError } from '../lib/errors.ts'
import type { MemoryWatch } from './memory-watch.ts'

/** Nothing is wrong with the files that the question read. */
export class TooMuchMemory extends LakeError {
  constructor(files: readonly string[], cause: unknown) {
    super('the question needs more memory than it may have', {
      file: files[0] ?? 'none',
      remedy: 'ask for less at a time, or raise query.memory in loglake.yaml',
      cause,
    })
  }
}

/** What ends a question before its end. */
export interface Bounds {
  /** Throws why it was ended, if it was. */
  check(cause: unknown): void
  /** To be called when the question is over. */
  end(): void
}

/** What fell between two statements is said again. */
const AGAIN_MS = 100

/**
 * @param interrupt ends what the engine does at this moment
 * @param files those that it reads
 */
export function boundsOf(
  interrupt: () => void,
  watch: MemoryWatch,
  { signal, seconds }: { signal?: AbortSignal | undefined; seconds?: number | undefined },
  files: readonly string[],
): Bounds {
  let why: ((cause: unknown) => Error) | undefined
  let again: NodeJS.Timeout | undefined
  const stop = (because: (cause: unknown) => Error) => {
    why ??= because
    interrupt()
    again ??= setInterval(interrupt, AGAIN_MS).unref()
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
  return {
    check(cause) {
      if (why) throw why(cause)
    },
    end() {
      clearTimeout(timer)
      clearInterval(again)
      unwatched()
      signal?.removeEventListener('abort', cancelled)
    },
  }
}

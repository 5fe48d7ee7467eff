import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { LogObject } from './contract.ts'

export interface Watching {
  /** Milliseconds from the start of one listing to the next. */
  pollMs: number
  /** Milliseconds without a change after which a file is complete: a growing file is not read. */
  settleMs: number
  /** Checked before every listing. */
  stopped?: (() => Promise<boolean>) | undefined
}

/** 1 hour: a file that is older when first seen is taken as complete. */
const OLD_MS = 3_600_000

/**
 * Lists files repeatedly, and yields each file, and each change of it, once. A file that could not be read is
 * yielded again.
 */
export async function* watching(
  list: () => AsyncIterable<LogObject>,
  { pollMs, settleMs, stopped }: Watching,
  signal?: AbortSignal,
): AsyncGenerator<LogObject> {
  const named = new Set<string>()
  let growing = new Map<string, { version: string; sinceMs: number }>()
  const pause = (ms: number) => wait(ms, undefined, signal ? { signal } : {}).catch(() => undefined)
  while (!signal?.aborted) {
    if (await stopped?.()) {
      await pause(pollMs)
      continue
    }
    const still = new Map<string, { version: string; sinceMs: number }>()
    for await (const object of list()) {
      if (signal?.aborted) return
      const { uri, version, writtenMs } = object
      const mark = markOf(uri, version)
      if (named.has(mark)) continue
      const before = growing.get(uri)
      const nowMs = performance.now()
      const sinceMs = before?.version === version ? before.sinceMs : nowMs
      if (nowMs - sinceMs < settleMs && Date.now() - writtenMs < OLD_MS) {
        still.set(uri, { version, sinceMs })
        continue
      }
      named.add(mark)
      yield {
        ...object,
        async release(why) {
          named.delete(mark)
          await object.release?.(why)
        },
      }
    }
    growing = still
    await pause(growing.size > 0 ? Math.min(pollMs, settleMs) : pollMs)
  }
}

/** A few bytes per file, since there may be millions. */
function markOf(uri: string, version: string): string {
  return createHash('sha256').update(`${version}\n${uri}`).digest().toString('latin1', 0, 8)
}

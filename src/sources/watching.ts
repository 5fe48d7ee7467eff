import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { LogObject } from './contract.ts'

export interface Watching {
  /** A look round begins so long after the one before. */
  pollMs: number
  /** A file is whole when it has not changed for so long: one that still grows is not read. */
  settleMs: number
  /** Asked before every look. */
  stopped?: (() => Promise<boolean>) | undefined
}

/** What is older than that when it is first seen, nobody is writing any more. */
const OLD_MS = 3_600_000

/**
 * Files as they come: a listing looked at again and again, each file and each change of it named once. One that could not be read
 * is named again.
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

/** A few bytes for each file that has been named: there may be millions. */
function markOf(uri: string, version: string): string {
  return createHash('sha256').update(`${version}\n${uri}`).digest().toString('latin1', 0, 8)
}

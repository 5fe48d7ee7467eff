import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { LogObject } from '../contract.ts'
import type { Dated, Timeline } from './contract.ts'
import { progress } from './progress.ts'

export interface ReaderSettings {
  /** Nothing older is read. */
  sinceMs: number
  /** An event may be told so long after its time: the end of what has been read is read again and again. */
  lateMs: number
  /** The clock, in milliseconds since 1970. */
  now(): number
}

/** Reads a timeline span by span, in the order of time. */
export interface Reader {
  /** Names the new events of the next span. Returns whether there is more at once. */
  turn(signal?: AbortSignal): AsyncGenerator<LogObject, boolean>
  /** Up to where everything will be in the lake, once the objects of these URIs are. */
  settledMs(done: ReadonlySet<string>): number | undefined
  /** Up to where it has been read. */
  readUntilMs(): number
  inHand(): number
}

const HOUR_MS = 3_600_000
const LONGEST_MS = 7 * 24 * HOUR_MS
const SHORTEST_MS = HOUR_MS / 4
/** A span with more pages than that is a long one: the next is half as long. */
const MANY_PAGES = 40
/** Not more is named than that before it is in the lake. */
const MOST_BYTES = 64 << 20
/** So many ids at the end of what has been read are remembered; one that is forgotten is found to be a repeat by the lake. */
const MOST_SEEN = 200_000

/** @param cursorMs up to where the lake has everything */
export function reader<Event extends Dated>(
  line: Timeline<Event>,
  { sinceMs, lateMs, now }: ReaderSettings,
  cursorMs: number | undefined,
): Reader {
  const done = progress()
  const seen = new Map<string, number>()
  let settledMs = Math.max(sinceMs, cursorMs ?? sinceMs)
  let untilMs = settledMs
  let stepMs = HOUR_MS

  function objectOf(events: readonly Event[]): LogObject {
    const { uri, bytes } = line.object(events)
    return {
      uri,
      version: createHash('sha256').update(bytes).digest('hex').slice(0, 32),
      bytes: bytes.length,
      writtenMs: events.reduce((latest, { timeMs }) => Math.max(latest, timeMs), 0),
      // A copy: whoever reads them keeps them.
      read: async () => Uint8Array.from(bytes),
      acknowledge: async () => done.acknowledge(uri),
      async release() {
        // It is not in the lake: as long as that is so, the cursor stays before it, and it may be named again.
        for (const { id } of events) seen.delete(id)
      },
    }
  }

  return {
    async *turn(signal) {
      const nowMs = now()
      const fromMs = settledMs
      const near = nowMs - fromMs <= stepMs + lateMs
      const toMs = near ? nowMs : fromMs + stepMs
      const reading = done.begin()
      let pages = 0
      for await (const page of line.read({ fromMs, toMs }, signal)) {
        pages++
        const fresh = page.filter(({ id }) => !seen.has(id))
        for (const { id, timeMs } of fresh) seen.set(id, timeMs)
        if (fresh.length === 0) continue
        const object = objectOf(fresh)
        reading.add(object.uri, object.bytes)
        yield object
        while (done.bytes() > MOST_BYTES && !signal?.aborted)
          await wait(50, undefined, signal ? { signal } : {}).catch(() => undefined)
      }
      // Stopped in the middle: what came is there, but not all of it.
      if (signal?.aborted) return false
      untilMs = toMs
      settledMs = Math.max(settledMs, Math.min(toMs, nowMs - lateMs))
      reading.finish(settledMs)
      for (const [id, timeMs] of seen) if (timeMs < settledMs || seen.size > MOST_SEEN) seen.delete(id)
      if (pages <= 1) stepMs = Math.min(LONGEST_MS, stepMs * 2)
      else if (pages > MANY_PAGES) stepMs = Math.max(SHORTEST_MS, stepMs / 2)
      return !near
    },
    settledMs: (more) => done.settledMs(more),
    readUntilMs: () => untilMs,
    inHand: () => done.objects(),
  }
}

import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { troubleOf } from '../../aws/errors.ts'
import type { LogObject } from '../contract.ts'
import type { Dated, Span, Timeline } from './contract.ts'
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

/** A span is begun so often, half as long each time, before it is given up. */
const MOST_BEGINNINGS = 6

/**
 * The pages of a span. Where its token ends before the last page, a shorter span is read from the beginning: it has fewer
 * pages, and its events that were named already are known.
 */
async function* whole<Event extends Dated>(
  line: Timeline<Event>,
  span: Span,
  shortened: (toMs: number) => void,
  signal: AbortSignal | undefined,
): AsyncGenerator<Event[]> {
  let { toMs } = span
  for (let begun = 1; ; begun++) {
    try {
      return yield* line.read({ fromMs: span.fromMs, toMs }, signal)
    } catch (thrown) {
      if (troubleOf(thrown) !== 'page token' || begun === MOST_BEGINNINGS || signal?.aborted) throw thrown
      toMs = span.fromMs + Math.ceil((toMs - span.fromMs) / 2)
      shortened(toMs)
    }
  }
}

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
    const version = createHash('sha256').update(bytes).digest('hex').slice(0, 32)
    const writtenMs = events.reduce((latest, { timeMs }) => Math.max(latest, timeMs), 0)
    return {
      kind: 'object',
      uri,
      version,
      bytes: bytes.length,
      writtenMs,
      // A copy: whoever reads them keeps them.
      read: async () => ({ bytes: Uint8Array.from(bytes), version, writtenMs }),
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
      let toMs = nowMs - fromMs <= stepMs + lateMs ? nowMs : fromMs + stepMs
      const reading = done.begin()
      let pages = 0
      const shortened = (ms: number) => {
        toMs = ms
      }
      for await (const page of whole(line, { fromMs, toMs }, shortened, signal)) {
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
      return toMs < nowMs
    },
    settledMs: (more) => done.settledMs(more),
    readUntilMs: () => untilMs,
    inHand: () => done.objects(),
  }
}

import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { troubleOf } from '../../aws/errors.ts'
import type { LogObject } from '../contract.ts'
import type { Dated, Span, Timeline } from './contract.ts'
import { progress } from './progress.ts'

export interface ReaderSettings {
  /** Older events are not read. */
  sinceMs: number
  /**
   * Milliseconds by which an event may be late: the end of what has been read is read again for this long.
   */
  lateMs: number
  /** The clock, in milliseconds since 1970. */
  now(): number
}

/** Reads a timeline span by span, in order of time. */
export interface Reader {
  /** Yields the new events of the next span. Returns whether there are more now. */
  turn(signal?: AbortSignal): AsyncGenerator<LogObject, boolean>
  /** Time up to which everything will be in the lake, once the objects of these URIs are. */
  settledMs(done: ReadonlySet<string>): number | undefined
  /** Time up to which it has been read. */
  readUntilMs(): number
  inFlight(): number
}

const HOUR_MS = 3_600_000
const LONGEST_MS = 7 * 24 * HOUR_MS
const SHORTEST_MS = HOUR_MS / 4
/** Pages above which a span is long: the next one is half as long. */
const MANY_PAGES = 40
/** 64 MiB of named events that may be outside the lake. */
const MAX_BYTES = 64 << 20
/**
 * Event ids remembered at the end of what has been read; the lake recognizes an event whose id was forgotten
 * as a duplicate.
 */
const MAX_SEEN = 200_000

/** Attempts at a span, half as long each time, before it fails. */
const MAX_BEGINNINGS = 6

/**
 * The pages of a span. When its token expires before the last page, a shorter span is read from the
 * beginning: it has fewer pages, and its events that were already named are skipped.
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
      if (troubleOf(thrown) !== 'page token' || begun === MAX_BEGINNINGS || signal?.aborted) throw thrown
      toMs = span.fromMs + Math.ceil((toMs - span.fromMs) / 2)
      shortened(toMs)
    }
  }
}

/** @param cursorMs time up to which the lake has everything */
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
      // A copy, because the reader keeps the bytes.
      read: async () => ({ bytes: Uint8Array.from(bytes), version, writtenMs }),
      acknowledge: async () => done.acknowledge(uri),
      async release() {
        // The object is not in the lake: the cursor stays before it, and its events may be named again.
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
        while (done.bytes() > MAX_BYTES && !signal?.aborted)
          await wait(50, undefined, signal ? { signal } : {}).catch(() => undefined)
      }
      // Aborted in the middle: the span is incomplete.
      if (signal?.aborted) return false
      untilMs = toMs
      settledMs = Math.max(settledMs, Math.min(toMs, nowMs - lateMs))
      reading.finish(settledMs)
      for (const [id, timeMs] of seen) if (timeMs < settledMs || seen.size > MAX_SEEN) seen.delete(id)
      if (pages <= 1) stepMs = Math.min(LONGEST_MS, stepMs * 2)
      else if (pages > MANY_PAGES) stepMs = Math.max(SHORTEST_MS, stepMs / 2)
      return toMs < nowMs
    },
    settledMs: (more) => done.settledMs(more),
    readUntilMs: () => untilMs,
    inFlight: () => done.objects(),
  }
}

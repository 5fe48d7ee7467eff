import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { dayOfKey } from '../../aws/layout.ts'
import { DAY_MS } from '../../lib/day.ts'
import { sentence, UserError } from '../../lib/errors.ts'
import type { Failure, LogObject, SourceState } from '../contract.ts'
import type { Ending } from '../s3-object.ts'
import { dayOf } from './delivery.ts'
import type { Entry } from './page.ts'

/** What one listing covers. */
export interface Look {
  /** Only objects delivered since this time, in milliseconds since 1970. */
  sinceMs?: number
  /** Only these days of date folders, as in 2026-01-07; folders without dates are listed completely. */
  days?: string[]
}

export interface RoundsSettings {
  /** Milliseconds from the start of one listing to the next. */
  pollMs: number
  /** Milliseconds back in which late objects may still appear under their day. */
  marginMs: number
  /** Whether the source is stopped. */
  stopped?: (() => Promise<boolean>) | undefined
  /** Time after which no more objects can come, in milliseconds since 1970. */
  overMs?: number | undefined
  now?(): number
}

/** A bucket that is listed in rounds. */
export interface Rounds {
  objects(signal?: AbortSignal): AsyncGenerator<LogObject>
  state(): SourceState
}

/** 6 hours between listings of all days of the margin. */
const WIDE_MS = 6 * 3_600_000
/** 2 seconds between checks whether the source is stopped. */
const STOP_MS = 2_000
/** 1 second until a failed listing is repeated; doubles with each failure, up to the usual time. */
const FAILED_MS = 1_000
/**
 * 30 seconds until an object that could not be read is tried again; doubles with each failure, up to a day.
 */
const OWED_MS = 30_000
/** Unreadable objects remembered; further ones are tried when they are listed again. */
const MAX_OWED = 50_000
/** Named objects of the last two days remembered; for others the ledger is asked. */
const MAX_NAMED = 2_000_000

interface Owed {
  entry: Entry
  tries: number
  dueMs: number
}

/**
 * Lists everything once, and then in each round the days in which new objects may appear: those since the
 * last listing and the one before, and every six hours all days of the margin. An object is named once while
 * it does not change; one that could not be read is named again. A failed listing is repeated, except the
 * first one, whose failure ends the source.
 *
 * @param list may be called again before its last iteration has ended
 */
export function rounds(
  list: (look: Look, signal: AbortSignal) => AsyncIterable<Entry>,
  objectOf: (entry: Entry, ending: Ending) => LogObject,
  { pollMs, marginMs, stopped: isStopped, overMs, now = Date.now }: RoundsSettings,
): Rounds {
  const named = new Set<string>()
  const owed = new Map<string, Owed>()
  const inFlight = new Set<LogObject>()
  let failing: string[] = []
  let stopped = false
  /** The start of the last complete listing, and of the last one of the whole margin. */
  let listedMs: number | undefined
  let wideMs = 0

  function lookAt(beginMs: number): Look {
    if (listedMs === undefined) return {}
    const fromMs = listedMs - DAY_MS
    if (beginMs - wideMs >= WIDE_MS) return { sinceMs: Math.min(fromMs, beginMs - marginMs) }
    const days: string[] = []
    for (let ms = fromMs; dayOf(ms) <= dayOf(beginMs); ms += DAY_MS) days.push(dayOf(ms))
    return { days }
  }

  /** Whether the next listing will contain the object too. */
  function isNear({ key, writtenMs }: Entry, beginMs: number): boolean {
    const day = dayOfKey(key)
    return day === undefined ? writtenMs >= beginMs - 2 * DAY_MS : day >= dayOf(beginMs - DAY_MS)
  }

  function name(entry: Entry, tries: number): LogObject {
    const mark = markOf(entry)
    const object = objectOf(entry, {
      stopped: () => stopped,
      async acknowledge() {
        inFlight.delete(object)
      },
      async release({ outcome }: Failure) {
        inFlight.delete(object)
        const back = outcome === 'released'
        const pauseMs = back ? 0 : Math.min(DAY_MS, OWED_MS * 2 ** Math.min(tries, 20))
        if (owed.size < MAX_OWED)
          owed.set(mark, { entry, tries: back ? tries : tries + 1, dueMs: now() + pauseMs })
        else named.delete(mark)
      },
    })
    inFlight.add(object)
    return object
  }

  async function* once(look: Look, beginMs: number, signal: AbortSignal): AsyncGenerator<LogObject> {
    for (const [mark, { entry, tries, dueMs }] of [...owed]) {
      if (dueMs > beginMs) continue
      owed.delete(mark)
      yield name(entry, tries)
    }
    for await (const entry of list(look, signal)) {
      const { key, writtenMs } = entry
      if (look.days && dayOfKey(key) === undefined && writtenMs < (listedMs ?? 0) - DAY_MS) continue
      const mark = markOf(entry)
      if (named.has(mark) || owed.has(mark)) continue
      if (isNear(entry, beginMs)) {
        named.add(mark)
        if (named.size > MAX_NAMED) named.delete(named.values().next().value as string)
      }
      yield name(entry, 0)
    }
  }

  return {
    state: () => ({ inFlight: inFlight.size, stopped, failing: [...failing] }),
    async *objects(end) {
      const over = new AbortController()
      const signal = end ? AbortSignal.any([end, over.signal]) : over.signal
      const pause = (ms: number) => wait(ms, undefined, { signal }).catch(() => undefined)
      let round = new AbortController()
      async function lookForStop(): Promise<void> {
        while (isStopped && !signal.aborted) {
          stopped = await isStopped().catch(() => stopped)
          if (stopped) round.abort()
          await pause(Math.min(STOP_MS, pollMs))
        }
      }
      stopped = (await isStopped?.()) ?? false
      const looking = lookForStop()
      let failedMs = FAILED_MS
      try {
        while (!signal.aborted) {
          if (stopped) {
            await pause(Math.min(STOP_MS, pollMs))
            continue
          }
          round = new AbortController()
          const beginMs = now()
          const look = lookAt(beginMs)
          let pauseMs = pollMs
          try {
            yield* once(look, beginMs, AbortSignal.any([signal, round.signal]))
            if (round.signal.aborted) continue
            if (look.days === undefined) wideMs = beginMs
            listedMs = beginMs
            failing = []
            failedMs = FAILED_MS
            if (overMs !== undefined && beginMs >= overMs && owed.size + inFlight.size === 0) return
          } catch (thrown) {
            if (signal.aborted || round.signal.aborted) continue
            // When even the first listing fails, the configuration is wrong.
            if (listedMs === undefined && thrown instanceof UserError) throw thrown
            failing = [sentence(thrown).split('\n')[0] as string]
            pauseMs = Math.min(failedMs, pollMs)
            failedMs *= 2
          }
          await pause(pauseMs)
        }
      } finally {
        over.abort()
        await looking
      }
    },
  }
}

/** A few bytes per named object, since there may be millions. */
function markOf({ key, etag }: Entry): string {
  return createHash('sha256').update(`${etag}\n${key}`).digest().toString('latin1', 0, 8)
}

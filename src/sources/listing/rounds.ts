import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { dayOfKey } from '../../aws/layout.ts'
import { DAY_MS } from '../../lib/day.ts'
import { sentence, UserError } from '../../lib/errors.ts'
import type { Failure, LogObject, SourceState } from '../contract.ts'
import type { Ending } from '../s3-object.ts'
import { dayOf } from './delivery.ts'
import type { Entry } from './page.ts'

/** What a listing goes over. */
export interface Look {
  /** Only what was delivered from then on, in milliseconds since 1970. */
  sinceMs?: number
  /** Only these days of calendars, as in 2026-01-07; folders without a calendar as a whole. */
  days?: string[]
}

export interface RoundsSettings {
  /** A listing begins so long after the one before. */
  pollMs: number
  /** So far back something new may turn up under its day. */
  marginMs: number
  /** Whether somebody has stopped the source. */
  stopped?: (() => Promise<boolean>) | undefined
  /** Nothing more can come from then on, in milliseconds since 1970. */
  overMs?: number | undefined
  now?(): number
}

/** A bucket that is listed again and again. */
export interface Rounds {
  objects(signal?: AbortSignal): AsyncGenerator<LogObject>
  state(): SourceState
}

/** All days of the margin are looked at so often. */
const WIDE_MS = 6 * 3_600_000
/** Whether the source is stopped is asked so often. */
const STOP_MS = 2_000
/** After a listing that failed comes the next so soon, and each time twice as late, up to the usual time. */
const FAILED_MS = 1_000
/** What could not be read is tried again after so long, and each time twice as late, up to a day. */
const OWED_MS = 30_000
/** The most of those that are remembered; others are tried when they are listed again. */
const MOST_OWED = 50_000
/** The most objects of the last two days that are known to have been named; for others the ledger is asked. */
const MOST_NAMED = 2_000_000

interface Owed {
  entry: Entry
  tries: number
  dueMs: number
}

/**
 * Lists everything once, and from then on what may be new: the days since the last listing and the one before that, and every
 * six hours all days of the margin. An object is named once as long as it is the same; one that could not be read is named again.
 * A listing that fails is made again; the first one must be possible at all.
 *
 * @param list may be called again before its last iteration has come to an end
 */
export function rounds(
  list: (look: Look, signal: AbortSignal) => AsyncIterable<Entry>,
  objectOf: (entry: Entry, ending: Ending) => LogObject,
  { pollMs, marginMs, stopped: isStopped, overMs, now = Date.now }: RoundsSettings,
): Rounds {
  const named = new Set<string>()
  const owed = new Map<string, Owed>()
  const inHand = new Set<LogObject>()
  let failing: string[] = []
  let stopped = false
  /** When the last listing began that came to its end, and the last one of the whole margin. */
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

  /** Whether the next listing will name it, too. */
  function isNear({ key, writtenMs }: Entry, beginMs: number): boolean {
    const day = dayOfKey(key)
    return day === undefined ? writtenMs >= beginMs - 2 * DAY_MS : day >= dayOf(beginMs - DAY_MS)
  }

  function name(entry: Entry, tries: number): LogObject {
    const mark = markOf(entry)
    const object = objectOf(entry, {
      stopped: () => stopped,
      async acknowledge() {
        inHand.delete(object)
      },
      async release({ outcome }: Failure) {
        inHand.delete(object)
        const back = outcome === 'given-back'
        const pauseMs = back ? 0 : Math.min(DAY_MS, OWED_MS * 2 ** Math.min(tries, 20))
        if (owed.size < MOST_OWED)
          owed.set(mark, { entry, tries: back ? tries : tries + 1, dueMs: now() + pauseMs })
        else named.delete(mark)
      },
    })
    inHand.add(object)
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
        if (named.size > MOST_NAMED) named.delete(named.values().next().value as string)
      }
      yield name(entry, 0)
    }
  }

  return {
    state: () => ({ inHand: inHand.size, stopped, failing: [...failing] }),
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
            if (overMs !== undefined && beginMs >= overMs && owed.size + inHand.size === 0) return
          } catch (thrown) {
            if (signal.aborted || round.signal.aborted) continue
            // A bucket that was never listed: something is wrong with the configuration.
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

/** A few bytes for each object that has been named: there may be millions. */
function markOf({ key, etag }: Entry): string {
  return createHash('sha256').update(`${etag}\n${key}`).digest().toString('latin1', 0, 8)
}

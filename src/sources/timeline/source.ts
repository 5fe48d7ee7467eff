import { setTimeout as wait } from 'node:timers/promises'
import { awsError, mayPass, troubleOf } from '../../aws/errors.ts'
import { merged } from '../../lib/stream.ts'
import type { LogObject, ObjectSource, SourceDeps } from '../contract.ts'
import type { Dated, Timeline } from './contract.ts'
import { type Reader, reader } from './reader.ts'

export interface TimelineSource {
  /** The current timelines; called before every round. */
  lines(signal: AbortSignal | undefined): Promise<Timeline<Dated>[]>
  sinceMs: number
  lateMs: number
  /** Milliseconds from one round to the next, when there was nothing left to read. */
  pollMs: number
  /** Timelines read at once. */
  lanes: number
  counts(): Record<string, number>
  close(): void
}

/** 2 seconds between checks, in a pause, whether the source is stopped. */
const STOP_MS = 2_000

/**
 * Several timelines as one source. Each round reads one span of each, so that one with much to read does not
 * hold up the others. A timeline that fails is tried again in the next round; when all of them fail, the
 * source fails.
 */
export function timelineSource(what: TimelineSource, deps: SourceDeps): ObjectSource {
  const readers = new Map<string, Reader>()
  const counts: Record<string, number> = {}
  /** Why timelines failed in the last round. */
  let failing: string[] = []
  let stopped = false
  const cursorOf = (line: string) => `source/${deps.name}/${line}`

  async function readerOf(line: Timeline<Dated>): Promise<Reader> {
    const known = readers.get(line.name)
    if (known) return known
    const cursor = await deps.cursor?.(cursorOf(line.name))
    const { sinceMs, lateMs } = what
    const made = reader(
      line,
      { sinceMs, lateMs, now: Date.now },
      cursor === undefined ? undefined : Date.parse(cursor),
    )
    readers.set(line.name, made)
    return made
  }

  async function* round(signal: AbortSignal | undefined): AsyncGenerator<LogObject, boolean> {
    const lines = await what.lines(signal).catch((thrown) => {
      throw awsError('list what there is to read', deps.name, thrown)
    })
    const names = new Set(lines.map(({ name }) => name))
    // A timeline that no longer exists is forgotten once its objects are in the lake.
    for (const [name, { inFlight }] of readers) if (!names.has(name) && inFlight() === 0) readers.delete(name)
    const waiting = [...lines]
    const failures: unknown[] = []
    const failed: string[] = []
    let more = false
    async function* lane(): AsyncGenerator<LogObject> {
      for (let line = waiting.shift(); line && !signal?.aborted; line = waiting.shift()) {
        try {
          const found = yield* (await readerOf(line)).turn(signal)
          more = found || more
        } catch (thrown) {
          if (signal?.aborted) return
          if (!mayPass(troubleOf(thrown)) && !OF_ONE_PLACE.has(troubleOf(thrown)))
            throw awsError('read', line.name, thrown, line.need && [line.need])
          failures.push(awsError('read', line.name, thrown, line.need && [line.need]))
          const name = `${troubleOf(thrown)}: ${line.name}`
          counts[name] = (counts[name] ?? 0) + 1
          failed.push(name)
        }
      }
    }
    yield* merged(Array.from({ length: Math.min(what.lanes, lines.length) }, lane))
    failing = failed.sort()
    if (failures.length > 0 && failures.length === lines.length) throw failures[0]
    return more
  }

  async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
    const end = performance.now() + ms
    do {
      stopped = (await deps.stopped?.()) ?? false
      const left = stopped ? STOP_MS : Math.min(STOP_MS, end - performance.now())
      if (left > 0) await wait(left, undefined, signal ? { signal } : {}).catch(() => undefined)
    } while ((stopped || performance.now() < end) && !signal?.aborted)
  }

  return {
    name: deps.name,
    continuous: true,
    async *objects(signal) {
      await pause(0, signal)
      while (!signal?.aborted) {
        const more = yield* round(signal)
        await pause(more ? 0 : what.pollMs, signal)
      }
    },
    cursors(done) {
      const found: Record<string, string> = {}
      for (const [name, { settledMs }] of readers) {
        const ms = settledMs(done)
        if (ms !== undefined) found[cursorOf(name)] = new Date(ms).toISOString()
      }
      return found
    },
    counts: () => ({ ...what.counts(), ...counts }),
    state() {
      const all = [...readers.values()]
      return {
        inFlight: all.reduce((sum, { inFlight }) => sum + inFlight(), 0),
        stopped,
        failing,
        readUntilMs: all.length === 0 ? undefined : Math.min(...all.map(({ readUntilMs }) => readUntilMs())),
      }
    },
    async close() {
      what.close()
    },
  }
}

/** Troubles that may concern one log group or Region only. */
const OF_ONE_PLACE: ReadonlySet<string> = new Set([
  'denied',
  'KMS denied',
  'no bucket',
  'missing',
  'page token',
  'other',
])

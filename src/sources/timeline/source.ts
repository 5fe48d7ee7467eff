import { setTimeout as wait } from 'node:timers/promises'
import { awsError, mayPass, troubleOf } from '../../aws/errors.ts'
import { merged } from '../../lib/stream.ts'
import type { LogObject, ObjectSource, SourceDeps } from '../contract.ts'
import type { Dated, Timeline } from './contract.ts'
import { type Reader, reader } from './reader.ts'

export interface TimelineSource {
  /** The places that there are now; asked before every round. */
  lines(signal: AbortSignal | undefined): Promise<Timeline<Dated>[]>
  sinceMs: number
  lateMs: number
  /** A round begins so long after the one before, when there was nothing left. */
  pollMs: number
  /** So many places are read at once. */
  lanes: number
  told(): Record<string, number>
  close(): void
}

/** How often it is asked, in a pause, whether the source is stopped. */
const STOP_MS = 2_000

/**
 * Several timelines as one source: round after round, each place one span at a time, so that one with much to read does not
 * hold up the others. A place that fails is tried again in the next round; when all of them fail, the source does.
 */
export function timelineSource(what: TimelineSource, deps: SourceDeps): ObjectSource {
  const readers = new Map<string, Reader>()
  const told: Record<string, number> = {}
  /** By place, what it failed of in the last round. */
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
    // A place that is gone holds nothing up, once what came of it is in the lake.
    for (const [name, { inHand }] of readers) if (!names.has(name) && inHand() === 0) readers.delete(name)
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
            throw awsError('read', line.name, thrown)
          failures.push(awsError('read', line.name, thrown))
          const name = `${troubleOf(thrown)}: ${line.name}`
          told[name] = (told[name] ?? 0) + 1
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
    told: () => ({ ...what.told(), ...told }),
    state() {
      const all = [...readers.values()]
      return {
        inHand: all.reduce((sum, { inHand }) => sum + inHand(), 0),
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

/** What may be wrong with one log group or Region, and not with the others. */
const OF_ONE_PLACE: ReadonlySet<string> = new Set([
  'denied',
  'KMS denied',
  'no bucket',
  'missing',
  'page token',
  'other',
])

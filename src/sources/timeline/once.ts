import { setTimeout as wait } from 'node:timers/promises'
import { awsError, mayPass, troubleOf } from '../../aws/errors.ts'
import { merged } from '../../lib/stream.ts'
import type { LogObject, ObjectSource } from '../contract.ts'
import type { Dated, Span, Timeline } from './contract.ts'
import { reader } from './reader.ts'

/** Attempts after temporary failures, as long as none brings new events. */
const ATTEMPTS = 6

/**
 * Reads one span of several timelines, once and completely; the source fails when one of them cannot be read.
 */
export function onceSource(
  name: string,
  lines: readonly Timeline<Dated>[],
  { fromMs, toMs }: Span,
  { pauseMs = 2000, close }: { pauseMs?: number; close(): void },
): ObjectSource {
  async function* all(line: Timeline<Dated>, signal: AbortSignal | undefined): AsyncGenerator<LogObject> {
    const one = reader(line, { sinceMs: fromMs, lateMs: 0, now: () => toMs }, undefined)
    let failed = 0
    for (let more = true; more && !signal?.aborted; ) {
      const before = one.readUntilMs()
      try {
        more = yield* one.turn(signal)
        if (one.readUntilMs() > before) failed = 0
      } catch (thrown) {
        if (signal?.aborted) return
        if (!mayPass(troubleOf(thrown)) || ++failed === ATTEMPTS)
          throw awsError('read', line.name, thrown, line.need && [line.need])
        await wait(pauseMs * failed, undefined, signal ? { signal } : {}).catch(() => undefined)
      }
    }
  }

  return {
    name,
    // Objects must be committed before more is read, although the source ends.
    continuous: true,
    objects: (signal) => merged(lines.map((line) => all(line, signal))),
    async close() {
      close()
    },
  }
}

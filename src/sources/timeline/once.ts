import { setTimeout as wait } from 'node:timers/promises'
import { awsError, mayPass, troubleOf } from '../../aws/errors.ts'
import { merged } from '../../lib/stream.ts'
import type { LogObject, ObjectSource } from '../contract.ts'
import type { Dated, Span, Timeline } from './contract.ts'
import { reader } from './reader.ts'

/** A place is asked so often after a failure that passes, without anything new in between. */
const ATTEMPTS = 6

/** One span of several timelines, read once and to its end: a source that fails where one of them cannot be read. */
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
        if (!mayPass(troubleOf(thrown)) || ++failed === ATTEMPTS) throw awsError('read', line.name, thrown)
        await wait(pauseMs * failed, undefined, signal ? { signal } : {}).catch(() => undefined)
      }
    }
  }

  return {
    name,
    // What there is has to be committed before more is read, although it ends.
    continuous: true,
    objects: (signal) => merged(lines.map((line) => all(line, signal))),
    async close() {
      close()
    },
  }
}

import { Interrupted } from '../../lib/errors.ts'
import { bar, counted, grouped, progressLine } from '../../lib/terminal.ts'
import { isDeadLetter, type Source } from '../../sources/contract.ts'

/** A source with progress, and a way to stop it. */
export interface Watched {
  source: Source
  /** Objects read, or known to be in the lake. */
  seen(): number
  /** Objects that are in the lake. */
  settled(): number
}

/** Once `signal` is aborted, no further object is read. */
export function watch(source: Source, signal: AbortSignal): Watched {
  let seen = 0
  let settled = 0
  return {
    seen: () => seen,
    settled: () => settled,
    source: {
      ...source,
      async *objects(end) {
        for await (const object of source.objects(end)) {
          if (signal.aborted) throw new Interrupted()
          if (isDeadLetter(object)) {
            yield object
            continue
          }
          let counted = false
          const count = () => {
            if (!counted) seen++
            counted = true
          }
          yield {
            ...object,
            async read(end) {
              if (signal.aborted) throw new Interrupted()
              const read = await object.read(end)
              count()
              return read
            },
            async acknowledge() {
              count()
              settled++
              await object.acknowledge()
            },
          }
          // A worker thread reads the file itself.
          if (object.file !== undefined) count()
        }
      },
    },
  }
}

/** The progress of a run. */
export interface Progress {
  objects: number
  records: number
  /** Undefined until the source has been counted. */
  total: number | undefined
  seconds: number
}

/** `[██████░░░░░░░░░] 41%  0:12 left  93 of 228 objects, 12,345 records, 9,800/s` */
export function progressText({ objects, records, total, seconds }: Progress): string {
  const rate =
    records > 0 && seconds > 0 ? `, ${counted(records, 'record')}, ${grouped(records / seconds)}/s` : ''
  if (total === undefined || total === 0) return `${counted(objects, 'object')}${rate}`
  const part = Math.min(1, objects / total)
  const left = seconds > 2 && part > 0.02 && part < 1 ? `  ${clock((seconds / part) * (1 - part))} left` : ''
  return `${bar(part, 15)}${left}  ${grouped(objects)} of ${counted(total, 'object')}${rate}`
}

function clock(seconds: number): string {
  const whole = Math.round(seconds)
  const minutes = Math.floor(whole / 60)
  const rest = String(whole % 60).padStart(2, '0')
  if (minutes < 60) return `${minutes}:${rest}`
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${rest}`
}

const REDRAW_MS = 200

/** Updates a progress line until it is stopped; does nothing without a terminal. */
export function drawProgress(
  source: Source | undefined,
  current: () => { objects: number; records: number },
): () => void {
  if (!process.stderr.isTTY) return () => undefined
  const line = progressLine(process.stderr)
  const started = performance.now()
  let total: number | undefined
  let stopped = false
  async function count(): Promise<void> {
    let found = 0
    if (!source) return
    for await (const _ of source.objects()) {
      if (stopped) return
      found++
    }
    total = found
  }
  // A source that cannot be counted has no bar; the run itself reports what is wrong.
  count().catch(() => undefined)
  const timer = setInterval(() => {
    line.show(progressText({ ...current(), total, seconds: (performance.now() - started) / 1000 }))
  }, REDRAW_MS)
  return () => {
    stopped = true
    clearInterval(timer)
    line.clear()
  }
}

import type { Lake } from '../lake/lake.ts'
import type { LakeVersion } from '../lake/version.ts'
import { tableVersions } from './cache-key.ts'
import { Problem } from './problem.ts'

/**
 * Tells readers of new versions of the lake while they listen. One watcher looks for all of them, in the
 * catalog alone, and only while somebody listens: a listener costs the lake nothing, and takes no place of a
 * question.
 *
 * A version that changes only the access log is not told: each answer leads to one, so that whoever then asks
 * again would be told for ever.
 */
export interface Versions {
  /**
   * Begins to listen.
   *
   * @param from the version that the reader has; only later ones are told, and it is told itself if `first`
   * @param signal of the request: the listener has left once it is aborted
   * @throws Problem 503 when this person, or all together, listen too often
   */
  listen(person: string, from: LakeVersion, first: boolean, signal: AbortSignal): Listening
  /** How many listen now. */
  listening(): number
  /** Ends every listener, as the program ends. */
  close(): void
}

export interface Listening {
  /** Ends when the listener leaves. Whoever is slow misses versions, and gets the newest. */
  versions: AsyncIterable<LakeVersion>
  leave(): void
}

export interface VersionsLimits {
  /** Milliseconds between two looks. */
  everyMs: number
  /** Listeners of one person, such as visible tabs, and of all together. */
  perPerson: number
  inAll: number
}

interface Listener {
  person: string
  /** The rows that the listener knows of. */
  known: string
  next: LakeVersion | undefined
  left: boolean
  wake(): void
}

const RETRY_SECONDS = 30

export function watchVersions(
  lake: Pick<Lake, 'newest'>,
  { everyMs, perPerson, inAll }: VersionsLimits,
): Versions {
  const listeners = new Set<Listener>()
  let timer: NodeJS.Timeout | undefined
  let isClosed = false

  async function look(): Promise<void> {
    // What fails here fails for every question too, and they say why; the next look may find it again.
    const newest = await lake.newest().catch(() => undefined)
    timer = undefined
    if (newest) for (const listener of listeners) tell(listener, newest)
    lookLater()
  }

  function lookLater(): void {
    if (listeners.size > 0) timer ??= setTimeout(look, everyMs).unref()
  }

  return {
    listen(person, from, first, signal) {
      const own = [...listeners].filter((one) => one.person === person).length
      if (isClosed || own >= perPerson || listeners.size >= inAll)
        throw new Problem(503, 'Busy', 'Too many pages listen for new versions of the lake.', {
          retryAfter: RETRY_SECONDS,
        })
      const listener: Listener = {
        person,
        known: rowsOf(from),
        next: first ? from : undefined,
        left: false,
        wake: () => undefined,
      }
      const leave = () => {
        signal.removeEventListener('abort', leave)
        listeners.delete(listener)
        listener.left = true
        listener.wake()
        if (listeners.size === 0) clearTimeout(timer)
        if (listeners.size === 0) timer = undefined
      }
      listeners.add(listener)
      signal.addEventListener('abort', leave)
      if (signal.aborted) leave()
      lookLater()
      return { versions: told(listener, leave), leave }
    },
    listening: () => listeners.size,
    close() {
      isClosed = true
      for (const listener of listeners) {
        listener.left = true
        listener.wake()
      }
      listeners.clear()
      clearTimeout(timer)
    },
  }
}

function tell(listener: Listener, newest: LakeVersion): void {
  const rows = rowsOf(newest)
  if (rows === listener.known) return
  listener.known = rows
  listener.next = newest
  listener.wake()
}

async function* told(listener: Listener, leave: () => void): AsyncGenerator<LakeVersion> {
  try {
    while (!listener.left) {
      const { next } = listener
      listener.next = undefined
      if (next) yield next
      else
        await new Promise<void>((woken) => {
          listener.wake = woken
        })
    }
  } finally {
    leave()
  }
}

/** Whether rows that somebody may look at differ between two versions. */
export function haveOtherRows(one: LakeVersion, other: LakeVersion): boolean {
  return rowsOf(one) !== rowsOf(other)
}

/** What stays the same as long as no row but those of the access log changes. */
function rowsOf(version: LakeVersion): string {
  return JSON.stringify(tableVersions('all', version))
}

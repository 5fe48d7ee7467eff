import { availableMemory } from 'node:process'
import { parseSize } from '../lib/size.ts'

/**
 * Watches how much memory the process takes while questions are under way. DuckDB's own limit counts what its buffers hold, and not
 * the texts and lists that an expression has just made: a text that is doubled again and again is stopped here.
 */
export interface MemoryWatch {
  /**
   * Watches for as long as a question is under way.
   *
   * @param stop called again and again as long as there is too much
   * @returns to be called at its end
   */
  enter(stop: () => void): () => void
}

/** Memory at 1 GB a second grows by 10 MB from one look to the next. */
const LOOK_MS = 10
/** What lies in memory beside the engine's buffers when nothing is wrong: rows on their way, and what was given back and not yet reused. */
const BESIDE_BUFFERS = 512 << 20
/** Of what the machine has free: the rest is for others, and for what comes between two looks. */
const SHARE = 0.5
const MOST_SHARE = 0.7

/** What an engine for questions may have when nothing is said: it spills beyond. */
export function usualMemory(): string {
  return `${Math.floor(SHARE * availableMemory())}B`
}

/**
 * @param memory what the engine may have, as in `512MiB`
 */
export function watchMemory(memory: string, resident = () => process.memoryUsage.rss()): MemoryWatch {
  const engine = parseSize(memory) ?? Number.POSITIVE_INFINITY
  const running = new Set<() => void>()
  let timer: NodeJS.Timeout | undefined
  let atFirst: number | undefined
  let most = 0
  const look = () => {
    if (resident() > most) for (const stop of running) stop()
  }
  return {
    enter(stop) {
      if (running.size === 0) {
        const now = resident()
        atFirst ??= now
        const growth = Math.min(engine + BESIDE_BUFFERS, MOST_SHARE * availableMemory())
        // What is kept from a question that was stopped is not given to the next one on top, time after time.
        most = Math.min(now, atFirst + growth) + growth
        timer = setInterval(look, LOOK_MS)
        timer.unref()
      }
      running.add(stop)
      return () => {
        running.delete(stop)
        if (running.size === 0) clearInterval(timer)
      }
    },
  }
}

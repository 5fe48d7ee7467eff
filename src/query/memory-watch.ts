import { availableMemory } from 'node:process'
import { parseSize } from '../lib/size.ts'

/**
 * Watches the process's memory while questions run. DuckDB's own limit counts its buffers, not the texts and
 * lists that an expression has just created: this watch stops a text that is doubled again and again.
 */
export interface MemoryWatch {
  /**
   * Watches while a question runs.
   *
   * @param stop called repeatedly while memory is above the limit
   * @returns a function to call when the question ends
   */
  enter(stop: () => void): () => void
}

/** Time between two checks: at 1 GB a second, memory grows by 10 MB in it. */
const LOOK_MS = 10
/**
 * Memory of a healthy process outside the engine's buffers: rows in transit, and freed memory that is not yet
 * reused.
 */
const BESIDE_BUFFERS = 512 << 20
/**
 * Share of the machine's free memory that may be used: the rest is for other processes, and for growth
 * between two checks.
 */
const SHARE = 0.5
const MAX_SHARE = 0.7

/** An engine's default memory limit for questions; it spills to disk beyond it. */
export function usualMemory(): string {
  return `${Math.floor(SHARE * availableMemory())}B`
}

/** @param memory the engine's limit, as in `512MiB` */
export function watchMemory(memory: string, resident = () => process.memoryUsage.rss()): MemoryWatch {
  const engine = parseSize(memory) ?? Number.POSITIVE_INFINITY
  const running = new Set<() => void>()
  let timer: NodeJS.Timeout | undefined
  let atFirst: number | undefined
  let max = 0
  const look = () => {
    if (resident() > max) for (const stop of running) stop()
  }
  return {
    enter(stop) {
      if (running.size === 0) {
        const now = resident()
        atFirst ??= now
        const growth = Math.min(engine + BESIDE_BUFFERS, MAX_SHARE * availableMemory())
        // Memory kept after a stopped question counts as base at most once, so that the limit does not rise
        // with every stop.
        max = Math.min(now, atFirst + growth) + growth
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

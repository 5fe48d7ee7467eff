import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { faultPoint } from './steps.ts'
import type { Storage } from './storage/contract.ts'

/**
 * The turn to commit: a file that is created only if it does not exist, holds a random id of the turn, and is
 * removed when the commit is done. Writers that know of each other use it to commit one after the other,
 * instead of writing files that are thrown away because another writer was faster.
 *
 * It is only advice: a commit is the creation of the next catalog version, with a turn or without. So a turn
 * that is lost, stolen, ignored or held by a process that sleeps costs time and nothing else. When anything
 * fails here, the commit continues without.
 *
 * No two clocks are compared. A writer that has seen the same turn for some seconds, by its own clock, takes
 * its holder for dead.
 */
export const TURN = 'catalog/turn'

export interface TurnBounds {
  /** Time after which a holder that has not committed is taken for dead. */
  turnMs: number
  /** Longest wait for a turn; after it, the commit continues without. */
  waitMs: number
}

const BOUNDS: TurnBounds = { turnMs: 5000, waitMs: 30_000 }
/**
 * Pause between two looks, as a part of the time that the holder has had the turn; at least the time that one
 * request took.
 */
const LOOK_AFTER = 1 / 8
const SHORTEST_LOOK_MS = 10
const LONGEST_LOOK_MS = 500

/** The turn of one commit. */
export interface Turn {
  /** Waits for it, unless it is held already. */
  take(): Promise<void>
  /** Whether another writer holds it. False once we have waited for a turn. */
  isOthers(): Promise<boolean>
  /** Frees it for the next writer. Does nothing when we do not hold it. */
  giveUp(): Promise<void>
  /** Time that we waited for it. */
  readonly waitedMs: number
}

/** Makes turns for the commits of one writer. */
export function turnsOf(storage: Storage, { turnMs, waitMs }: TurnBounds = BOUNDS): () => Turn {
  /** The id of a turn that could not be removed, and that is ignored from then on. */
  let stuck: string | undefined

  async function holder(): Promise<string | undefined> {
    const bytes = await storage.find(TURN)
    return bytes && Buffer.from(bytes).toString()
  }

  async function removeTurn(id: string): Promise<void> {
    try {
      await storage.remove(TURN)
    } catch {
      stuck = id
    }
  }

  /** Waits until it is free, or its holder is taken for dead. False when that takes too long. */
  async function isFree(untilMs: number, lookMs: number): Promise<boolean> {
    let seen: { id: string; sinceMs: number } | undefined
    for (;;) {
      const id = await holder()
      if (id === undefined) return true
      if (id === stuck) return false
      if (id !== seen?.id) seen = { id, sinceMs: performance.now() }
      const hadMs = performance.now() - seen.sinceMs
      if (hadMs > turnMs) {
        await removeTurn(id)
        return id !== stuck
      }
      if (performance.now() > untilMs) return false
      const pauseMs = Math.min(Math.max(lookMs, hadMs * LOOK_AFTER, SHORTEST_LOOK_MS), LONGEST_LOOK_MS)
      await wait(pauseMs * (0.5 + Math.random()))
    }
  }

  /** The id of the turn once we have it; undefined when we cannot get it. */
  async function taken(untilMs: number): Promise<string | undefined> {
    const id = randomUUID()
    for (;;) {
      const askedMs = performance.now()
      if (await storage.create(TURN, Buffer.from(id))) return id
      if (!(await isFree(untilMs, performance.now() - askedMs))) return undefined
    }
  }

  return () => {
    let held: { id: string; sinceMs: number } | undefined
    let waitedMs = 0
    let untilMs: number | undefined
    return {
      get waitedMs() {
        return waitedMs
      },
      async isOthers() {
        if (held || waitedMs > 0) return false
        const size = await storage.size(TURN).catch(() => undefined)
        return size !== undefined
      },
      async take() {
        if (held) return
        const begunMs = performance.now()
        untilMs ??= begunMs + waitMs
        const id = await taken(untilMs).catch(() => undefined)
        waitedMs += performance.now() - begunMs
        if (id !== undefined) {
          held = { id, sinceMs: performance.now() }
          faultPoint('turn-taken')
        }
      },
      async giveUp() {
        if (!held) return
        const { id, sinceMs } = held
        held = undefined
        // After this time, another writer may have taken it.
        const late = performance.now() - sinceMs > turnMs
        if (late && (await holder().catch(() => undefined)) !== id) return
        await removeTurn(id)
        faultPoint('turn-given-up')
      },
    }
  }
}

import type { Engine } from '../lib/duckdb.ts'
import { sentence } from '../lib/errors.ts'

/** An internal error of DuckDB, after which that engine answers nothing more. */
export class EngineLost extends Error {
  override name = 'EngineLost'
}

/**
 * An engine that is replaced after DuckDB's internal error: otherwise one question would fail all later ones.
 */
export interface Renewable {
  get(): Promise<Engine>
  /**
   * Drops a lost engine; the next question opens a new one.
   *
   * @returns false when another question has already dropped it
   */
  renew(lost: Engine): boolean
  close(): void
}

export async function renewable(open: () => Promise<Engine>): Promise<Renewable> {
  let newest = await open()
  let current: Promise<Engine> | undefined = Promise.resolve(newest)
  return {
    async get() {
      current ??= open()
      try {
        newest = await current
        return newest
      } catch (thrown) {
        // The next question tries again.
        current = undefined
        throw thrown
      }
    },
    renew(lost) {
      if (lost !== newest || !current) return false
      current = undefined
      lost.close()
      return true
    },
    close: () => newest.close(),
  }
}

const GIVEN_UP = /^(FATAL|INTERNAL) Error|database has been invalidated/

/** Whether an error, or one of its causes, is DuckDB's fault and not the question's. */
export function isLost(thrown: unknown): boolean {
  for (let at = thrown; at instanceof Error; at = at.cause) if (GIVEN_UP.test(sentence(at))) return true
  return false
}

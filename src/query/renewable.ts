import type { Engine } from '../lib/duckdb.ts'
import { sentence } from '../lib/errors.ts'

/** DuckDB met a fault of its own, after which that engine answers nothing any more. */
export class EngineLost extends Error {
  override name = 'EngineLost'
}

/** An engine that is opened anew after DuckDB has given it up: else one question would end all that come after it. */
export interface Renewable {
  get(): Promise<Engine>
  /**
   * An engine is given up; whoever asks next gets a new one.
   *
   * @returns false when another question has noticed before
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
        // It is tried again by whoever asks next.
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

/** Whether DuckDB, and not the question, is at fault, in what was thrown or what caused it. */
export function isLost(thrown: unknown): boolean {
  for (let at = thrown; at instanceof Error; at = at.cause) if (GIVEN_UP.test(sentence(at))) return true
  return false
}

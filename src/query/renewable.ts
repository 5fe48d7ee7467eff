import type { Engine } from '../lib/duckdb.ts'
import { sentence } from '../lib/errors.ts'

/** DuckDB met a fault of its own, after which that engine answers nothing any more. */
export class EngineLost extends Error {
  override name = 'EngineLost'
}

/** An engine that is opened anew after DuckDB has given it up: else one question would end all that come after it. */
export interface Renewable {
  get(): Promise<Engine>
  /** The engine is given up; whoever asks next gets a new one. */
  renew(): void
  close(): void
}

export async function renewable(open: () => Promise<Engine>): Promise<Renewable> {
  let current = Promise.resolve(await open())
  const closed = (engine: Promise<Engine>) => void engine.then((one) => one.close()).catch(() => undefined)
  return {
    get: () => current,
    renew() {
      const old = current
      current = old.then(open, open)
      // Told to whoever asks for it.
      current.catch(() => undefined)
      closed(old)
    },
    close: () => closed(current),
  }
}

const GIVEN_UP = /^(FATAL|INTERNAL) Error|database has been invalidated/

/** Whether DuckDB, and not the question, is at fault, in what was thrown or what caused it. */
export function isLost(thrown: unknown): boolean {
  for (let at = thrown; at instanceof Error; at = at.cause) if (GIVEN_UP.test(sentence(at))) return true
  return false
}

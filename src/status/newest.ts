import type { Lake } from '../lake/lake.ts'
import type { EngineLimits } from '../lib/duckdb.ts'
import { rows } from './status.ts'

/** The newest object of a source, and the number of recent ones. */
export interface NewestObject {
  source: string
  object: string
  committedMs: number
  /** Objects of the last 30 days. */
  objects: number
  bytes: number
}

const DAYS = 30

/** The newest object of every source in the ledger. */
export async function newestObjectsIn(lake: Lake, limits: EngineLimits): Promise<NewestObject[]> {
  return (await rows(lake, 'newest', { days: DAYS }, limits)).map(
    ({ source, object, committed_ms, objects, bytes }) => ({
      source: String(source),
      object: String(object),
      committedMs: Number(committed_ms),
      objects: Number(objects),
      bytes: Number(bytes),
    }),
  )
}

/** Whether the ledger has an object, with any outcome. */
export async function isLedgered(lake: Lake, object: string, limits: EngineLimits): Promise<boolean> {
  const [row] = await rows(lake, 'ledgered', { object }, limits)
  return Number(row?.found ?? 0) > 0
}

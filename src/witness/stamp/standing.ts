/**
 * The state of the time stamps: stored in the lake itself, `control/stamp.json`, so that every machine sees
 * it.
 */
import type { Storage } from '../../lake/storage/contract.ts'

export interface StampStanding {
  /** The last stamped checkpoint, by its size; 0 for none. */
  size: number
  /** The authority's time, and its name. */
  time: string | null
  authority: string | null
  /** When the stamp was requested, by our clock, in milliseconds since 1970. */
  askedMs: number
  /** Why the last try failed. */
  failure?: { at: string; why: string }
}

const KEY = 'control/stamp.json'

export async function noteStanding(storage: Storage, standing: StampStanding): Promise<void> {
  await storage.hint(KEY, Buffer.from(JSON.stringify(standing)))
}

/** Undefined when no stamp was ever requested. */
export async function stampStanding(storage: Storage): Promise<StampStanding | undefined> {
  const bytes = await storage.find(KEY)
  if (!bytes) return undefined
  try {
    return JSON.parse(Buffer.from(bytes).toString()) as StampStanding
  } catch {
    // An incomplete file counts as missing; the next stamp writes it again.
    return undefined
  }
}

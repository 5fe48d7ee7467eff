/** How the stamping of checkpoints stands: noted in the lake itself, `control/stamp.json`, so that every machine knows. */
import type { Storage } from '../../lake/storage/contract.ts'

export interface StampStanding {
  /** The checkpoint that was stamped last, by its size; 0 where none was. */
  size: number
  /** The authority's time, and its name. */
  time: string | null
  authority: string | null
  /** When it was asked, by our clock, in milliseconds since 1970. */
  askedMs: number
  /** Why the last try failed. */
  failure?: { at: string; why: string }
}

const KEY = 'control/stamp.json'

export async function noteStanding(storage: Storage, standing: StampStanding): Promise<void> {
  await storage.hint(KEY, Buffer.from(JSON.stringify(standing)))
}

/** Undefined when no authority was ever asked. */
export async function stampStanding(storage: Storage): Promise<StampStanding | undefined> {
  const bytes = await storage.find(KEY)
  if (!bytes) return undefined
  try {
    return JSON.parse(Buffer.from(bytes).toString()) as StampStanding
  } catch {
    // A note that was cut short says nothing; the next stamp writes it anew.
    return undefined
  }
}

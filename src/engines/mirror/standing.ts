/** How far a mirror is behind the lake: noted in the lake itself, `control/mirror.json`, so that every machine knows. */
import type { Lake } from '../../lake/lake.ts'
import type { LakeVersion } from '../../lake/version.ts'
import type { Conflict, Mirrored } from './glue.ts'

export interface MirrorNote {
  database: string
  /** The version of the lake that it shows, and when that was put there. */
  version: number
  at: string
  conflicts: Conflict[]
  /** Why the last try failed; the rest is of the one before it. */
  failure?: string
}

export interface MirrorStanding extends MirrorNote {
  behind: {
    commits: number
    /** How long the oldest of them has waited; null where that version is not there any more. */
    ms: number | null
  }
}

const KEY = 'control/mirror.json'

export async function noteMirrored(lake: Lake, database: string, done: Mirrored): Promise<void> {
  const { version, conflicts } = done
  const note: MirrorNote = { database, version, at: new Date().toISOString(), conflicts }
  await lake.storage.hint(KEY, Buffer.from(JSON.stringify(note)))
}

export async function noteFailure(lake: Lake, database: string, failure: string): Promise<void> {
  const before = (await readNote(lake)) ?? { version: 0, at: new Date().toISOString(), conflicts: [] }
  await lake.storage.hint(KEY, Buffer.from(JSON.stringify({ ...before, database, failure })))
}

async function readNote(lake: Lake): Promise<MirrorNote | undefined> {
  const bytes = await lake.storage.find(KEY)
  if (!bytes) return undefined
  try {
    return JSON.parse(Buffer.from(bytes).toString()) as MirrorNote
  } catch {
    // A note that was cut short says nothing; the next turn writes it anew.
    return undefined
  }
}

/** Undefined when nothing was ever mirrored. */
export async function mirrorStanding(
  lake: Lake,
  version: LakeVersion,
  nowMs = Date.now(),
): Promise<MirrorStanding | undefined> {
  const note = await readNote(lake)
  if (!note) return undefined
  const commits = Math.max(0, version.number - note.version)
  if (commits === 0) return { ...note, behind: { commits, ms: 0 } }
  const next = await lake.at(note.version + 1).catch(() => undefined)
  const ms = next ? Math.max(0, nowMs - Date.parse(next.catalog.at)) : null
  return { ...note, behind: { commits, ms } }
}

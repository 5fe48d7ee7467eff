/**
 * The state of a mirror. It is stored in the lake itself, as `control/mirror.json`, so that every machine can
 * read it.
 */
import type { Lake } from '../../lake/lake.ts'
import type { LakeVersion } from '../../lake/version.ts'
import type { Conflict, Mirrored } from './glue.ts'

export interface MirrorNote {
  database: string
  /** The lake's version that it shows, and when that was set. */
  version: number
  at: string
  conflicts: Conflict[]
  /** Why the last attempt failed; the other fields are those of the attempt before. */
  failure?: string
}

export interface MirrorStanding extends MirrorNote {
  behind: {
    commits: number
    /** Milliseconds that the oldest of them has waited; null when a vacuum removed that version. */
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
    // A truncated note is ignored; the next round writes it again.
    return undefined
  }
}

/** Undefined when the lake was never mirrored. */
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

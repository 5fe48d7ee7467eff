import { type FollowerCursor, followerCursors, unread } from '../lake/changes.ts'
import type { LakeVersion } from '../lake/version.ts'
import { replayKey } from './cursor.ts'

/** The state of a follower, from its cursors in the lake. Times are in milliseconds since 1970. */
export interface FollowerStanding {
  name: string
  state: FollowerCursor['state']
  /** For a replay: the follower that it repeats, and the span. */
  replay?: string
  /** When it last read, or found nothing new. */
  seenMs: number
  /** What it has not read. */
  behind: Behind
  tables: TableStanding[]
}

export interface Behind {
  files: number
  rows: number
  bytes: number
  /** Commits. */
  versions: number
  /** How long the oldest unread commit has waited, as far as it is known: old snapshots are dropped. */
  ms: number
}

export interface TableStanding {
  table: string
  cursor: FollowerCursor
  behind: Behind
}

/** Every follower with cursors in a version, whether or not this program has it. */
export async function followersOf(version: LakeVersion, nowMs = Date.now()): Promise<FollowerStanding[]> {
  const byName = new Map<string, TableStanding[]>()
  for (const { follower, table, cursor } of followerCursors(version.catalog)) {
    const behind = await behindOf(version, table, cursor, nowMs)
    byName.set(follower, [...(byName.get(follower) ?? []), { table, cursor, behind }])
  }
  return [...byName].map(([name, tables]) => standingOf(version, name, tables))
}

function standingOf({ catalog }: LakeVersion, name: string, tables: TableStanding[]): FollowerStanding {
  const states = tables.map(({ cursor }) => cursor.state)
  const state = states.includes('let-go') ? 'let-go' : states.includes('following') ? 'following' : 'done'
  const sum = (of: keyof Behind) => tables.reduce((total, { behind }) => total + behind[of], 0)
  const replay = catalog.cursors[replayKey(name)]
  return {
    name,
    state,
    ...(replay === undefined ? {} : { replay }),
    seenMs: Math.max(...tables.map(({ cursor }) => Date.parse(cursor.seen))),
    behind: {
      files: sum('files'),
      rows: sum('rows'),
      bytes: sum('bytes'),
      versions: sum('versions'),
      ms: Math.max(...tables.map(({ behind }) => behind.ms)),
    },
    tables,
  }
}

async function behindOf(
  version: LakeVersion,
  name: string,
  cursor: FollowerCursor,
  nowMs: number,
): Promise<Behind> {
  const table = await version.table(name)
  const { until = Number.POSITIVE_INFINITY } = cursor
  const all = table && cursor.state !== 'done' ? await unread(table, cursor) : []
  const files = all.filter(({ sequence }) => sequence <= until)
  const [first] = files
  if (!table || !first) return { files: 0, rows: 0, bytes: 0, versions: 0, ms: 0 }
  const came = table.metadata.snapshots.find((snapshot) => snapshot['sequence-number'] === first.sequence)
  const sinceMs = came?.['timestamp-ms'] ?? Date.parse(cursor.seen)
  return {
    files: files.length,
    rows: files.reduce((total, { file }) => total + file.records, 0),
    bytes: files.reduce((total, { file }) => total + file.bytes, 0),
    versions: new Set(files.map(({ sequence }) => sequence)).size,
    ms: Math.max(0, nowMs - sinceMs),
  }
}

/**
 * Reads the rows that were added to a table since a cursor: each row once per cursor, whatever was compacted,
 * expired, vacuumed or rewritten since.
 *
 * Every data file has Iceberg's data sequence number: the number of the commit that added its rows. Rows of a
 * followed table are added or removed for good, never replaced (`AppendedTable`). So the files of the newest
 * snapshot with a number above the cursor hold exactly the newer rows. Why this always holds:
 *
 * - *No row twice.* Only compaction moves rows to another file. The merged file has the highest number of
 *   its inputs, and all inputs lie at or below the cursor of the slowest follower (`slowest`). So the merged
 *   file does too, and no follower reads it. Cursors only move forward.
 * - *No row lost.* A row that a follower has not read stays in its file, and the file in the newest
 *   snapshot. Expiry drops older snapshots, and vacuum removes files that no snapshot names, so neither
 *   touches it. The reader needs no chain of snapshots.
 * - *No race.* Cursors are part of the catalog, and a commit creates the next catalog file, so all commits
 *   of a lake have one order. Compaction compares its inputs with the cursors of the catalog that its commit
 *   is based on, and drops the group when they are no longer below. A follower that registers later starts at
 *   a version with the merged file. A follower registers in a commit of its own before it reads.
 * - *Removed before it was read.* Rows removed by retention or erasure are gone on purpose, and a follower
 *   that had not read them never will. Its commit fails when a file that it just read is gone, so no result
 *   is based on removed rows.
 *
 * The cost: files that a follower has not read stay small. A follower that has not moved for longer than
 * `retention.follower_days` is let go, so that it does not hold up compaction for ever.
 */
import type { Catalog } from './catalog.ts'
import type { Predicate } from './iceberg/index.ts'
import type { AppendedTable } from './table.ts'
import type { LakeVersion, NumberedFile, TableVersion } from './version.ts'

/**
 * How far a follower has read a table: all files up to a sequence number, in the order of number and name.
 */
export interface Position {
  sequence: number
  /**
   * The last file with this number that was read, relative to the table's folder; without it, all of them
   * were read.
   */
  file?: string
}

export interface AddedFile extends NumberedFile {
  /** The position of a follower that has read up to this file. */
  position: Position
}

export const START: Position = { sequence: 0 }

/** The files with rows added after a position, in order, without those that hold no row for `predicates`. */
export async function added(
  version: LakeVersion,
  { name }: AppendedTable,
  after: Position,
  predicates: Predicate[] = [],
): Promise<AddedFile[]> {
  const table = await version.table(name)
  return table ? await unread(table, after, predicates) : []
}

/** Like `added`, for a table that is open. */
export async function unread(
  table: TableVersion,
  after: Position,
  predicates: Predicate[] = [],
): Promise<AddedFile[]> {
  const files = (await table.numbered(predicates, wholeBelow(after)))
    .map((found) => ({ ...found, name: nameOf(table, found) }))
    .filter((found) => isAfter(found, after))
    .sort((a, b) => a.sequence - b.sequence || (a.name < b.name ? -1 : 1))
  return files.map(({ file, sequence, name }, at) => {
    const last = files[at + 1]?.sequence !== sequence
    return { file, sequence, position: last ? { sequence } : { sequence, file: name } }
  })
}

/** All files with numbers up to this one have been read. */
function wholeBelow({ sequence, file }: Position): number {
  return file === undefined ? sequence : sequence - 1
}

function isAfter({ sequence, name }: { sequence: number; name: string }, after: Position): boolean {
  if (sequence !== after.sequence) return sequence > after.sequence
  return after.file !== undefined && name > after.file
}

function nameOf(table: TableVersion, { file }: NumberedFile): string {
  return table.keyOf(file.path).slice(table.entry.folder.length + 1)
}

/** A follower's cursor in a table, stored in the catalog under `follower/<name>/<table>`. */
export interface FollowerCursor extends Position {
  /** `done` is a replay that has ended. Files are only kept for a follower that is `following`. */
  state: 'following' | 'let-go' | 'done'
  /** When it last read, or found nothing new, as an ISO time. */
  seen: string
  /** For a replay, the number at which it ends. */
  until?: number
}

const PREFIX = 'follower/'

export function cursorKey(follower: string, table: string): string {
  return `${PREFIX}${follower}/${table}`
}

/** `17 following seen=2026-01-07T22:16:43.000Z file=data/lake_day=2026-01-07/x.parquet` */
export function cursorText({ sequence, state, seen, until, file }: FollowerCursor): string {
  const parts = [String(sequence), state, `seen=${seen}`]
  if (until !== undefined) parts.push(`until=${until}`)
  if (file !== undefined) parts.push(`file=${encodeURI(file)}`)
  return parts.join(' ')
}

export function parseCursor(text: string): FollowerCursor {
  const [sequence, state, ...rest] = text.split(' ')
  const facts = new Map(
    rest.map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]),
  )
  const file = facts.get('file')
  const until = facts.get('until')
  return {
    sequence: Number(sequence),
    state: state as FollowerCursor['state'],
    seen: facts.get('seen') ?? '',
    ...(until === undefined ? {} : { until: Number(until) }),
    ...(file === undefined ? {} : { file: decodeURI(file) }),
  }
}

export interface FollowerEntry {
  follower: string
  table: string
  cursor: FollowerCursor
}

/** The cursors of all followers of a lake. */
export function followerCursors({ cursors }: Catalog): FollowerEntry[] {
  return Object.entries(cursors).flatMap(([key, text]) => {
    const [follower, table] = key.slice(PREFIX.length).split('/')
    if (!key.startsWith(PREFIX) || follower === undefined || table === undefined) return []
    return [{ follower, table, cursor: parseCursor(text) }]
  })
}

/** The sequence number that every follower of a table has read up to: only files up to it may be merged. */
export function slowest(catalog: Catalog, table: string): number {
  const behind = followerCursors(catalog).filter((entry) => entry.table === table && needsFiles(entry.cursor))
  return Math.min(Number.POSITIVE_INFINITY, ...behind.map(({ cursor }) => wholeBelow(cursor)))
}

/** Whether files after this position are kept for it. A replay needs no file after its end. */
function needsFiles({ state, until = Number.POSITIVE_INFINITY, ...position }: FollowerCursor): boolean {
  return state === 'following' && wholeBelow(position) < until
}

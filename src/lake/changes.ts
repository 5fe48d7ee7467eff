/**
 * What was added to a table since a cursor: each row once per cursor, whatever was compacted, expired, vacuumed or rewritten
 * since.
 *
 * Every data file has Iceberg's data sequence number, that of the commit which brought its rows. Rows of a followed table are
 * added or removed for good, never replaced (`AppendedTable`). So the files of the newest snapshot whose number is above a
 * cursor hold just the rows that came after it. Why this stays so:
 *
 * - *Nothing twice.* Only compaction moves rows to another file. The file that it makes has the highest number of its inputs,
 *   and all inputs lie at or below the cursor of the slowest follower (`slowest`): so does the new file, and no follower sees
 *   it. A cursor only ever goes forward.
 * - *Nothing lost.* A row that no follower has read stays in its file, and this file in the newest snapshot. Expiry drops
 *   older snapshots, and vacuum removes what no snapshot names, so neither can touch it. No chain of snapshots is walked.
 * - *At the same time.* Cursors lie in the catalog, and a commit is the creation of the next catalog file, so all commits of
 *   a lake are one after the other. Compaction compares its inputs with the cursors of the very catalog that its commit goes
 *   on from, and gives up its group when they do not lie below any more; a follower that is registered later begins at a
 *   version that has the merged file already. A follower registers with a commit of its own before it reads anything.
 * - *Removed before it was read.* Rows that retention or an erasure removes are gone on purpose, and a follower that had not
 *   read them never does. Its commit fails when a file of its turn is gone, so that no result rests on removed rows.
 *
 * The price: files that a follower has not read stay small. A follower that stands still for longer than
 * `retention.follower_days` is let go, so that it does not hold up compaction for good.
 */
import type { Catalog } from './catalog.ts'
import type { Predicate } from './iceberg/index.ts'
import type { AppendedTable } from './table.ts'
import type { LakeVersion, NumberedFile, TableVersion } from './version.ts'

/** How far a follower has read a table: all files up to a sequence number, in the order of number and name. */
export interface Position {
  sequence: number
  /** The last file of this number that was read, as below the table's folder; without one all of them were. */
  file?: string
}

export interface AddedFile extends NumberedFile {
  /** The position of a follower that has read up to this file. */
  position: Position
}

export const START: Position = { sequence: 0 }

/** The files with the rows that came after a position, in order. Files that hold none for `predicates` are left out. */
export async function added(
  version: LakeVersion,
  { name }: AppendedTable,
  after: Position,
  predicates: Predicate[] = [],
): Promise<AddedFile[]> {
  const table = await version.table(name)
  return table ? await unread(table, after, predicates) : []
}

/** The same of a table that is open. */
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

/** All numbers up to this one are read whole. */
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

/** What the catalog keeps of a follower and a table, under `follower/<name>/<table>`. */
export interface FollowerCursor extends Position {
  /** `done` is a replay at its end. Only a follower that is `following` has files kept for it. */
  state: 'following' | 'let-go' | 'done'
  /** When it last read, or found nothing new: an ISO time. */
  seen: string
  /** Of a replay: the number that it ends with. */
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

/** The sequence number up to which every follower of a table has read it: only such files may be merged. */
export function slowest(catalog: Catalog, table: string): number {
  const behind = followerCursors(catalog).filter((entry) => entry.table === table && needsFiles(entry.cursor))
  return Math.min(Number.POSITIVE_INFINITY, ...behind.map(({ cursor }) => wholeBelow(cursor)))
}

/** A replay has no use for what comes after its end. */
function needsFiles({ state, until = Number.POSITIVE_INFINITY, ...position }: FollowerCursor): boolean {
  return state === 'following' && wholeBelow(position) < until
}

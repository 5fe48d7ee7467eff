import { rm } from 'node:fs/promises'
import { plannedMetadata, type TableChange } from '../../lake/change.ts'
import { contestDuplicates } from '../../lake/contested.ts'
import { byDays, stagedDays } from '../../lake/days.ts'
import {
  findDuplicates,
  findStoredBefore,
  forgetRepeats,
  noteForeignObjects,
  type Suspected,
  suspects,
  withoutDuplicates,
} from '../../lake/duplicates.ts'
import type { DataFile, Schema } from '../../lake/iceberg/index.ts'
import { inGroups } from '../../lake/many-days.ts'
import { adopt, disown, type StagedFile, stageParquet } from '../../lake/parquet.ts'
import { allStagedKeys, hasDuplicates, type StagedKeys } from '../../lake/staged-keys.ts'
import { allDone } from '../../lake/storage/lanes.ts'
import { FEW_DAYS, SEVERAL, type TableDefinition } from '../../lake/table.ts'
import type { LakeVersion, TableVersion } from '../../lake/version.ts'
import type { Tally } from '../../ledger/contract.ts'
import type { Session } from '../session.ts'
import type { RowCount, Staged } from '../stage/contract.ts'
import { countRows } from '../stage/stage.ts'
import { conflictCounts, forgetConflicts, takeConflicts } from './conflicts.ts'

/** A batch's rows, table by table: without duplicates of the lake's rows and of each other. */
export interface FreshRows {
  session: Session
  tables: Fresh[]
  /** Number of conflicts of each object, by its URI. */
  conflicts: Map<string, number>
}

interface Fresh {
  table: TableDefinition
  schema: Schema
  files: FreshFile[]
  /** Rows of each object: those within the limits, and the new ones among them. */
  within: Map<string, RowCount>
  rows: Map<string, RowCount>
  /** Whether two of the rows have the same key; false once the second is removed. */
  duplicates: boolean
  /** The table's sequence number up to which these rows were compared with the lake. */
  sequence: number
}

interface FreshFile {
  staged: StagedFile
  keys: StagedKeys
  /**
   * Set once it is in the lake's storage, but not committed; the staged file is then a local copy that must
   * be released.
   */
  adopted?: { file: DataFile; key: string }
}

export async function freshRows(session: Session, staged: readonly Staged[]): Promise<FreshRows> {
  const tables: Fresh[] = []
  for (const { table, schema, files, rows } of staged) {
    const loaded = await withKeys(session, table, files)
    const duplicates = hasDuplicates(loaded.map(({ keys }) => keys))
    tables.push({ table, schema, files: loaded, within: rows, rows, duplicates, sequence: -1 })
  }
  await forgetConflicts(session.committer)
  return { session, tables, conflicts: new Map() }
}

/**
 * Removes the rows that the lake has, according to `looked`, and all rows of objects that another writer
 * committed first. A row with the key of another and other content is kept as a conflict.
 *
 * @param taken URIs of the objects that another writer committed
 * @param reread URIs of objects that an earlier run read under another limit
 * @returns whether the rows of any table changed
 */
export async function deduplicate(
  fresh: FreshRows,
  looked: ReadonlyMap<Fresh, Looked>,
  taken: readonly string[],
  reread: readonly string[],
): Promise<boolean> {
  const { committer: engine } = fresh.session
  let changed = false
  for (const entry of fresh.tables) {
    await forgetRepeats(engine, entry.table)
    await noteForeignObjects(engine, taken)
    const repeated = await findRepeated(fresh.session, entry, looked.get(entry), reread)
    if (repeated === 0 && taken.length === 0 && !entry.duplicates) continue
    // Last, because a row that repeats one of the lake's is not compared with other new rows.
    const files = entry.files.map(({ staged }) => staged.local)
    if (entry.duplicates && files.length > 0)
      await contestDuplicates(engine, entry.table, entry.schema, files)
    await takeConflicts(engine, entry.table)
    await rewrite(fresh.session, entry)
    entry.duplicates = false
    changed = true
  }
  fresh.conflicts = await conflictCounts(engine)
  return changed
}

/**
 * The files of a version that may hold a batch's rows. A table that got no rows since the last look is not
 * among them.
 */
export interface Looked {
  current: TableVersion
  suspected: Suspected[]
}

/** Finds these files, and holds local copies of them until they are released. */
export async function look({ session, tables }: FreshRows, base: LakeVersion): Promise<Map<Fresh, Looked>> {
  const { lake, filters } = session
  const found = new Map<Fresh, Looked>()
  const looking = tables.map(async (entry) => {
    const current = await base.table(entry.table.name)
    if (!current || current.sequence <= entry.sequence) return
    const { table, files, sequence } = entry
    const suspected = await suspects(lake.storage, table, current, files, sequence, filters)
    found.set(entry, { current, suspected })
  })
  await allDone(looking)
  return found
}

export function releaseLooked({ session }: FreshRows, looked: ReadonlyMap<Fresh, Looked>): void {
  for (const { suspected } of looked.values())
    for (const { old } of suspected) session.lake.storage.release(old)
}

/** Number of a table's new rows that the lake has, in files added since the last comparison. */
async function findRepeated(
  { committer: engine, lake: { storage } }: Session,
  entry: Fresh,
  looked: Looked | undefined,
  reread: readonly string[],
): Promise<number> {
  if (!looked) return 0
  const { table, schema, files } = entry
  const { current, suspected } = looked
  const repeated = await findDuplicates(engine, table, schema, suspected)
  const before = await findStoredBefore(engine, storage, table, current, files, reread)
  entry.sequence = current.sequence
  return repeated + before
}

/** Writes a table's files again, without the rows that were found to be duplicates. */
async function rewrite(session: Session, entry: Fresh): Promise<void> {
  const { committer: engine, place } = session
  const { table, schema, files } = entry
  const rewritten: StagedFile[] = []
  for (const { day, part } of someDays(files)) {
    const rows = withoutDuplicates(
      table,
      part.map(({ staged }) => staged),
    )
    const without = inAll(part.map(({ staged }) => staged.without))
    rewritten.push(...(await stageParquet(engine, table, schema, rows, place, { day, without })))
  }
  entry.files = await withKeys(session, table, rewritten)
  entry.rows = await countRows(engine, table, rewritten)
  await Promise.all(files.map((file) => discard(session, file)))
}

async function withKeys(
  { committer: engine }: Session,
  table: TableDefinition,
  files: readonly StagedFile[],
): Promise<FreshFile[]> {
  const keys = await allStagedKeys(engine, table, files)
  return files.map((file, index) => ({ staged: file, keys: keys[index] as StagedKeys }))
}

async function discard({ lake: { storage } }: Session, { staged, adopted }: FreshFile): Promise<void> {
  if (!adopted) return await rm(staged.local, { force: true })
  storage.release([staged.local])
  await disown(storage, adopted.key)
}

/** Moves the files to the lake's storage, each once, however often the commit is tried. */
export async function adoptFresh(
  { session, tables }: FreshRows,
  base: LakeVersion,
): Promise<Record<string, TableChange>> {
  const changes: Record<string, TableChange> = {}
  for (const entry of tables) {
    const add = await allDone(entry.files.map((file) => take(session, entry, file, base)))
    if (add.length > 0) changes[entry.table.name] = { add }
  }
  return changes
}

async function take(
  { lake: { storage } }: Session,
  { table, schema }: Fresh,
  file: FreshFile,
  base: LakeVersion,
): Promise<DataFile> {
  if (!file.adopted) {
    const metadata = plannedMetadata(storage, table, await base.table(table.name))
    const { staged, keys } = file
    file.adopted = await adopt(storage, table, { metadata, schema }, staged, keys.filter)
    file.staged = { ...staged, local: await storage.local(file.adopted.key) }
  }
  return file.adopted.file
}

/** An object's rows in all tables: it may hold records of several log types. */
export function tallyOf({ tables, conflicts }: FreshRows, uri: string): Tally {
  const total: Tally = { within: 0, fresh: 0, conflicts: conflicts.get(uri) ?? 0 }
  for (const { within, rows } of tables) {
    total.within += within.get(uri)?.rows ?? 0
    const found = rows.get(uri)
    if (!found) continue
    total.fresh += found.rows
    if (total.first === undefined || found.first < total.first) total.first = found.first
    if (total.last === undefined || found.last > total.last) total.last = found.last
  }
  return total
}

/** Releases the local files, after the commit or when it is given up. */
export function releaseFresh({ session, tables }: FreshRows): void {
  for (const { files } of tables)
    session.lake.storage.release(files.flatMap(({ staged, adopted }) => (adopted ? [staged.local] : [])))
}

function inAll([first = new Set<string>(), ...others]: ReadonlySet<string>[]): ReadonlySet<string> {
  return new Set([...first].filter((name) => others.every((other) => other.has(name))))
}

/**
 * Groups files by day: duplicates have the same time, so they are in files that share a day. Small days are
 * grouped together.
 */
function someDays(files: readonly FreshFile[]): { day: string | undefined; part: FreshFile[] }[] {
  const counted = byDays(files, ({ staged }) => stagedDays(staged)).map((part) => ({
    part,
    day: part.every(({ staged }) => staged.day === part[0]?.staged.day) ? part[0]?.staged.day : SEVERAL,
    rows: part.reduce((sum, { staged }) => sum + staged.rows, 0),
  }))
  const groups = counted.length <= FEW_DAYS ? counted.map((one) => [one]) : inGroups(counted)
  return groups.map((group) => ({
    day: group.length === 1 ? (group[0]?.day ?? undefined) : SEVERAL,
    part: group.flatMap(({ part }) => part),
  }))
}

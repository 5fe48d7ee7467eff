import { rm } from 'node:fs/promises'
import { plannedMetadata, type TableChange } from '../../lake/change.ts'
import { contestTwins } from '../../lake/contested.ts'
import { byDays, stagedDays } from '../../lake/days.ts'
import type { DataFile, Schema } from '../../lake/iceberg/index.ts'
import { inGroups } from '../../lake/many-days.ts'
import { adopt, disown, type StagedFile, stageParquet } from '../../lake/parquet.ts'
import {
  findRepeats,
  findStoredBefore,
  forgetRepeats,
  noteForeignObjects,
  withoutRepeats,
} from '../../lake/repeats.ts'
import { allStagedKeys, hasTwins, type StagedKeys } from '../../lake/staged-keys.ts'
import { allDone } from '../../lake/storage/lanes.ts'
import { FEW_DAYS, SEVERAL, type TableDefinition } from '../../lake/table.ts'
import type { LakeVersion } from '../../lake/version.ts'
import type { Tally } from '../../ledger/contract.ts'
import type { Session } from '../session.ts'
import type { RowCount, Staged } from '../stage/contract.ts'
import { countRows } from '../stage/stage.ts'
import { conflictCounts, forgetConflicts, takeConflicts } from './conflicts.ts'

/** A batch's rows, table by table: without those that the lake has already, or that stand among them twice. */
export interface FreshRows {
  session: Session
  tables: Fresh[]
  /** How many conflicts each object has, by its URI. */
  conflicts: Map<string, number>
}

interface Fresh {
  table: TableDefinition
  schema: Schema
  files: FreshFile[]
  /** Rows of each object: within the limits, and of these the new ones. */
  within: Map<string, RowCount>
  rows: Map<string, RowCount>
  /** Whether two of the rows have the same key, as long as the second has not been taken out. */
  twins: boolean
  /** The table's sequence up to which these rows were held against the lake. */
  sequence: number
}

interface FreshFile {
  staged: StagedFile
  keys: StagedKeys
  /** Once it lies in the lake's storage, not yet in the lake; the staged file is then a path that the storage lent. */
  adopted?: { file: DataFile; key: string }
}

export async function freshRows(session: Session, staged: readonly Staged[]): Promise<FreshRows> {
  const tables: Fresh[] = []
  for (const { table, schema, files, rows } of staged) {
    const loaded = await withKeys(session, table, files)
    const twins = hasTwins(loaded.map(({ keys }) => keys))
    tables.push({ table, schema, files: loaded, within: rows, rows, twins, sequence: -1 })
  }
  await forgetConflicts(session.settler)
  return { session, tables, conflicts: new Map() }
}

/**
 * Takes out the rows that a version of the lake has, and all rows of objects that another writer was first with. A row with
 * another one's key and other content is kept as a conflict.
 *
 * @param taken URIs of the objects that another writer committed
 * @param reread URIs of objects that an earlier run read under another limit
 * @returns whether any table's rows are others now
 */
export async function dedupe(
  fresh: FreshRows,
  base: LakeVersion,
  taken: readonly string[],
  reread: readonly string[],
): Promise<boolean> {
  const { settler: engine } = fresh.session
  let changed = false
  for (const entry of fresh.tables) {
    await forgetRepeats(engine, entry.table)
    await noteForeignObjects(engine, taken)
    const repeated = await findRepeated(fresh.session, entry, base, reread)
    if (repeated === 0 && taken.length === 0 && !entry.twins) continue
    // A repeat of the lake's is none of another new row's: what those say of each other is asked last.
    const files = entry.files.map(({ staged }) => staged.local)
    if (entry.twins && files.length > 0) await contestTwins(engine, entry.table, entry.schema, files)
    await takeConflicts(engine, entry.table)
    await rewrite(fresh.session, entry)
    entry.twins = false
    changed = true
  }
  fresh.conflicts = await conflictCounts(engine)
  return changed
}

/** How many of a table's new rows the lake has, by what was added since they were last held against it. */
async function findRepeated(
  { settler: engine, lake: { storage }, filters }: Session,
  entry: Fresh,
  base: LakeVersion,
  reread: readonly string[],
): Promise<number> {
  const { table, schema, files, sequence } = entry
  const current = await base.table(table.name)
  if (!current || current.sequence <= sequence) return 0
  const among = { current, schema }
  const repeated = await findRepeats(engine, storage, table, among, files, sequence, filters)
  const before = await findStoredBefore(engine, storage, table, current, files, reread)
  entry.sequence = current.sequence
  return repeated + before
}

/** Writes a table's files anew without what has been found to be repeated. */
async function rewrite(session: Session, entry: Fresh): Promise<void> {
  const { settler: engine, place } = session
  const { table, schema, files } = entry
  const rewritten: StagedFile[] = []
  for (const { day, part } of someDays(files)) {
    const rows = withoutRepeats(
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
  { settler: engine }: Session,
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

/** Takes the files into the lake's storage, each once, however often the commit is tried. */
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

/** Gives up the local files, once the commit is done or given up. */
export function releaseFresh({ session, tables }: FreshRows): void {
  for (const { files } of tables)
    session.lake.storage.release(files.flatMap(({ staged, adopted }) => (adopted ? [staged.local] : [])))
}

function inAll([first = new Set<string>(), ...others]: ReadonlySet<string>[]): ReadonlySet<string> {
  return new Set([...first].filter((name) => others.every((other) => other.has(name))))
}

/** Twins have the same time, so they lie in files that have a day in common. Of many days, small ones go together. */
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

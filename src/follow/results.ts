import { rm } from 'node:fs/promises'
import type { LakeChange } from '../lake/change.ts'
import { plannedMetadata, type TableChange } from '../lake/change.ts'
import type { AddedFile } from '../lake/changes.ts'
import { currentSchema, type DataFile, type Schema } from '../lake/iceberg/index.ts'
import type { Lake } from '../lake/lake.ts'
import { stageOnce } from '../lake/many-days.ts'
import { adopt, disown, type StagedFile } from '../lake/parquet.ts'
import { stagedKeys } from '../lake/staged-keys.ts'
import type { Storage } from '../lake/storage/contract.ts'
import { allDone } from '../lake/storage/lanes.ts'
import type { TableDefinition } from '../lake/table.ts'
import type { LakeVersion } from '../lake/version.ts'
import type { Engine } from '../lib/duckdb.ts'
import type { Cursor, Follower, Work } from './contract.ts'
import { type Cursors, cursorsOf, movedTo, unmoved } from './cursor.ts'
import { faultPoint } from './steps.ts'

/** A file with rows that a follower made. */
export interface Result {
  table: TableDefinition
  schema: Schema
  staged: StagedFile
  filter: Uint8Array | undefined
  /** Set once it is in the lake's storage; it is in the lake after the commit that names it. */
  adopted?: { file: DataFile; key: string }
}

/** Writes the rows of a follower's work as Parquet files that wait for their commit. */
export async function stageResults(
  { storage }: Lake,
  engine: Engine,
  { writes }: Pick<Follower, 'writes'>,
  version: LakeVersion,
  rows: Work['rows'],
  place: string,
): Promise<Result[]> {
  const results: Result[] = []
  for (const table of writes) {
    const select = rows[table.name]
    if (select === undefined) continue
    const schema = currentSchema(plannedMetadata(storage, table, await version.table(table.name)))
    // Rows of followers are read far more often than they are written.
    for (const staged of await stageOnce(engine, table, schema, select, place, { large: true })) {
      const filter = table.key ? (await stagedKeys(engine, table, staged)).filter : undefined
      results.push({ table, schema, staged, filter })
    }
  }
  return results
}

/** What moves together with the results. */
export interface Step {
  name: string
  /** When writing of the first file began, in milliseconds since 1970. */
  since: number
  /** Where the follower began, and where it ends. */
  cursors: Cursors
  to: Cursor
  /** What it has read, by table. */
  read: ReadonlyMap<string, readonly AddedFile[]>
}

/** For a follower whose rows depend on the rows of its tables: the version that it read them from. */
export interface Alone {
  writes: readonly TableDefinition[]
  version: LakeVersion
}

/**
 * Commits rows and cursors together. False, without any change, when another process was first or files that
 * were read are gone.
 *
 * @param alone nothing may have been added to these tables since
 */
export async function commitResults(
  lake: Lake,
  results: readonly Result[],
  moved: Step,
  alone?: Alone,
): Promise<boolean> {
  const { name, since, cursors, to, read } = moved
  async function prepare(base: LakeVersion): Promise<LakeChange | undefined> {
    const current = cursorsOf(base, name, [...cursors.keys()])
    if (!unmoved(cursors, current) || !(await allThere(base, read))) return undefined
    if (alone && !(await unchanged(alone, base))) return undefined
    const tables: Record<string, { add: DataFile[] } & TableChange> = {}
    const added = await allDone(results.map((result) => takeResult(lake.storage, result, base)))
    faultPoint('results-adopted')
    for (const [at, { table }] of results.entries()) {
      tables[table.name] ??= { add: [] }
      tables[table.name]?.add.push(added[at] as DataFile)
    }
    return { tables, cursors: movedTo(name, current, to) }
  }
  const { changed } = await lake.commit(`follow ${name}`, prepare, since)
  if (!changed) await allDone(results.map((result) => discard(lake.storage, result)))
  return changed
}

async function unchanged({ writes, version }: Alone, base: LakeVersion): Promise<boolean> {
  for (const { name } of writes) {
    const [before, now] = [await version.table(name), await base.table(name)]
    if (before?.sequence !== now?.sequence) return false
  }
  return true
}

/** Whether files are still in the newest version: retention or an erasure may have removed their rows. */
async function allThere(base: LakeVersion, read: Step['read']): Promise<boolean> {
  for (const [name, files] of read) {
    const table = await base.table(name)
    const first = Math.min(...files.map(({ sequence }) => sequence))
    const there = new Set((await table?.files([], first - 1))?.map(({ path }) => path))
    if (!files.every(({ file }) => there.has(file.path))) return false
  }
  return true
}

/** Moves a file to the lake's storage, once, however often the commit is tried. */
export async function takeResult(storage: Storage, result: Result, base: LakeVersion): Promise<DataFile> {
  const { table, schema, staged, filter } = result
  if (!result.adopted) {
    const metadata = plannedMetadata(storage, table, await base.table(table.name))
    result.adopted = await adopt(storage, table, { metadata, schema }, staged, filter)
  }
  return result.adopted.file
}

async function discard(storage: Storage, { staged, adopted }: Result): Promise<void> {
  if (adopted) await disown(storage, adopted.key)
  else await rm(staged.local, { force: true })
}

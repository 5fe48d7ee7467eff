import { rm } from 'node:fs/promises'
import { plannedMetadata, type TableChange } from '../lake/change.ts'
import type { DataFile, Schema } from '../lake/iceberg/index.ts'
import type { LakeChange, Prepare } from '../lake/lake.ts'
import { adopt, disown, type StagedFile, stageParquet } from '../lake/parquet.ts'
import {
  findRepeats,
  findStoredBefore,
  forgetRepeats,
  hasTwins,
  noteForeignObjects,
  type StagedKeys,
  stagedKeys,
  withoutRepeats,
} from '../lake/repeats.ts'
import { allDone } from '../lake/storage/lanes.ts'
import type { TableDefinition } from '../lake/table.ts'
import type { LakeVersion } from '../lake/version.ts'
import { step } from '../lib/steps.ts'
import type { LetterFacts } from '../sources/contract.ts'
import type { Batch, BatchObject, ObjectCounts } from './batch.ts'
import { ledgerRows, settles } from './ledger.ts'
import { knownLetters, writeLetters } from './letters.ts'
import { outcomeOf, skippedRecords, type Tally, writeOwnTables } from './own-files.ts'
import type { Session } from './session.ts'
import { countRows, type RowCount, type Staged } from './stage.ts'

/** A batch on its way through the commit: what it holds changes with what other writers were first with. */
export interface Settling {
  prepare: Prepare
  /** Gives up the local files, once the commit is done or given up. */
  release(): void
  /** What became of each object, once committed. Objects that another writer was first with are not among them. */
  outcome(): { object: BatchObject; counts: ObjectCounts }[]
  /** Dead letters that the lake did not have. */
  letters(): number
}

interface FreshFile {
  staged: StagedFile
  keys: StagedKeys
  /** Once it lies in the lake's storage, not yet in the lake; the staged file is then a path that the storage lent. */
  adopted?: { file: DataFile; key: string }
}

interface Fresh {
  table: TableDefinition
  schema: Schema
  files: FreshFile[]
  /** Rows of each object: within the limits, and of these the new ones. */
  within: Map<string, RowCount>
  rows: Map<string, RowCount>
  /** The table's sequence up to which these rows were held against the lake. */
  sequence: number
}

/** Makes a staged batch ready to commit, again and again until it is committed. */
export async function settle(session: Session, batch: Batch, staged: readonly Staged[]): Promise<Settling> {
  const { settler: engine, lake, filters } = session
  const { storage } = lake
  let objects = batch.objects
  let letters: readonly LetterFacts[] = batch.letters.map(({ deadLetter }) => deadLetter)
  let letterFiles: TableChange | undefined
  let letterSequence = -1
  let ledgerSequence = batch.ledgerSequence
  let ownFiles: Record<string, TableChange> | undefined
  const fresh: Fresh[] = []

  for (const { table, schema, files, rows } of staged) {
    const loaded = []
    for (const file of files) loaded.push({ staged: file, keys: await stagedKeys(engine, table, file) })
    const entry: Fresh = { table, schema, files: loaded, within: rows, rows, sequence: -1 }
    await forgetRepeats(engine, table)
    // Repeats among the new rows themselves are taken out once, before the lake is looked at.
    if (hasTwins(loaded.map(({ keys }) => keys))) await rewrite(entry)
    fresh.push(entry)
  }

  async function rewrite(entry: Fresh): Promise<void> {
    const { table, schema, files } = entry
    const rewritten: StagedFile[] = []
    for (const { day, part } of byDay(files)) {
      const rows = withoutRepeats(
        table,
        part.map(({ staged }) => staged),
      )
      const without = inAll(part.map(({ staged }) => staged.without))
      rewritten.push(...(await stageParquet(engine, table, schema, rows, session.place, { day, without })))
    }
    entry.files = []
    for (const file of rewritten)
      entry.files.push({ staged: file, keys: await stagedKeys(engine, table, file) })
    entry.rows = await countRows(engine, table, rewritten)
    await Promise.all(files.map(discard))
  }

  async function discard({ staged, adopted }: FreshFile): Promise<void> {
    if (!adopted) return await rm(staged.local, { force: true })
    storage.release([staged.local])
    await disown(storage, adopted.key)
  }

  /** Takes a file into the lake's storage once, however often the commit is tried. */
  async function take(entry: Fresh, file: FreshFile, base: LakeVersion): Promise<DataFile> {
    if (!file.adopted) {
      const metadata = plannedMetadata(storage, entry.table, await base.table(entry.table.name))
      const { staged, keys } = file
      file.adopted = await adopt(
        storage,
        entry.table,
        { metadata, schema: entry.schema },
        staged,
        keys.filter,
      )
      file.staged = { ...staged, local: await storage.local(file.adopted.key) }
    }
    return file.adopted.file
  }

  /** Objects that another writer committed since we looked, so that nothing is left to do. */
  async function takenObjects(base: LakeVersion): Promise<string[]> {
    const table = await base.table('ledger')
    if (!table || table.sequence <= ledgerSequence) return []
    const uris = objects.map(({ object }) => object.uri)
    const rows = await ledgerRows(engine, storage, table, uris, filters, ledgerSequence)
    ledgerSequence = table.sequence
    const taken: string[] = []
    for (const entry of objects) {
      const { uri, version } = entry.object
      const row = rows.get(uri)?.find((found) => found.version === version)
      if (row && (entry.leftOut !== undefined || settles(row, session.window))) taken.push(uri)
      // Read meanwhile under a narrower limit: its row is ours to replace.
      else if (row) entry.previous = row
    }
    return taken
  }

  async function prepare(base: LakeVersion): Promise<LakeChange | undefined> {
    const taken = await takenObjects(base)
    objects = objects.filter(({ object }) => !taken.includes(object.uri))
    for (const entry of fresh) {
      await forgetRepeats(engine, entry.table)
      await noteForeignObjects(engine, taken)
      const table = await base.table(entry.table.name)
      let repeated = 0
      if (table && table.sequence > entry.sequence) {
        repeated = await findRepeats(
          engine,
          storage,
          entry.table,
          table,
          entry.files,
          entry.sequence,
          filters,
        )
        repeated += await findStoredBefore(engine, storage, entry.table, table, entry.files, rereadObjects())
        entry.sequence = table.sequence
      }
      if (repeated > 0 || taken.length > 0) {
        await rewrite(entry)
        ownFiles = undefined
      }
    }
    step('repeats-checked')
    if (taken.length > 0) ownFiles = undefined
    await forgetKnownLetters(base)
    if (objects.length === 0 && letters.length === 0) return undefined

    const tables: Record<string, TableChange> = {}
    for (const entry of fresh) {
      const add = await allDone(entry.files.map((file) => take(entry, file, base)))
      if (add.length > 0) tables[entry.table.name] = { add }
    }
    if (!ownFiles || objects.some(({ previous }) => previous)) {
      ownFiles = await writeOwnTables(session, batch.source, objects, tally, base)
      step('ledger-adopted')
    }
    if (letters.length > 0) letterFiles ??= await writeLetters(session, batch.source, letters, base)
    return { tables: { ...tables, ...ownFiles, ...(letterFiles ? { deadletter: letterFiles } : {}) } }
  }

  /** A message that could not be deleted comes again, and so may its letter. */
  async function forgetKnownLetters(base: LakeVersion): Promise<void> {
    const table = letters.length > 0 ? await base.table('deadletter') : undefined
    if (!table || table.sequence <= letterSequence) return
    const known = await knownLetters(session, table, letters, letterSequence)
    letterSequence = table.sequence
    if (known.size === 0) return
    letters = letters.filter(({ id }) => !known.has(id))
    letterFiles = undefined
  }

  function rereadObjects(): string[] {
    return objects.filter(({ previous, reread }) => previous || reread).map(({ object }) => object.uri)
  }

  /** An object's rows in all tables: it may hold records of several log types. */
  function tally({ object: { uri } }: BatchObject): Tally {
    const total: Tally = { within: 0, fresh: 0 }
    for (const { within, rows } of fresh) {
      total.within += within.get(uri)?.rows ?? 0
      const found = rows.get(uri)
      if (!found) continue
      total.fresh += found.rows
      if (total.first === undefined || found.first < total.first) total.first = found.first
      if (total.last === undefined || found.last > total.last) total.last = found.last
    }
    return total
  }

  function release(): void {
    for (const { files } of fresh)
      storage.release(files.flatMap(({ staged, adopted }) => (adopted ? [staged.local] : [])))
  }

  return {
    prepare,
    release,
    letters: () => new Set(letters.map(({ id }) => id)).size,
    outcome: () => objects.map((object) => ({ object, counts: runCounts(object, tally(object)) })),
  }
}

function inAll([first = new Set<string>(), ...others]: ReadonlySet<string>[]): ReadonlySet<string> {
  return new Set([...first].filter((name) => others.every((other) => other.has(name))))
}

/** Twins have the same time, so they lie in files of one day. */
function byDay(files: readonly FreshFile[]): { day: string | undefined; part: FreshFile[] }[] {
  const days = new Map<string | undefined, FreshFile[]>()
  for (const file of files) {
    const day = file.staged.day ?? undefined
    days.set(day, [...(days.get(day) ?? []), file])
  }
  return [...days].map(([day, part]) => ({ day, part }))
}

/** The run's own view: what this reading of the object brought. */
function runCounts({ opened }: BatchObject, { within, fresh }: Tally): ObjectCounts {
  return {
    outcome: outcomeOf(opened),
    stored: fresh,
    repeated: within - fresh,
    skipped: opened.spooled - within + skippedRecords(opened),
  }
}

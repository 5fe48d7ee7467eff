import { setTimeout as wait } from 'node:timers/promises'
import { LakeError } from '../lib/errors.ts'
import {
  type Catalog,
  catalogKey,
  createCatalog,
  isFree,
  isGivenUp,
  isLinked,
  readCatalog,
} from './catalog.ts'
import { type LakeChange, type WrittenChange, writeChange } from './change.ts'
import { dataKey } from './names.ts'
import { type NewestCatalog, newestCatalogOf } from './newest-catalog.ts'
import { nextCatalog } from './next-catalog.ts'
import { type OtherWriters, otherWriters } from './other-writers.ts'
import { publish } from './publish.ts'
import { faultPoint } from './steps.ts'
import type { Storage } from './storage/contract.ts'
import { folderOf, type TableDefinition } from './table.ts'
import { type Turn, turnsOf } from './turn.ts'
import { type LakeVersion, lakeVersion, metadataCache } from './version.ts'

/**
 * A lake: its tables, its newest version, and the commit.
 *
 * A commit is optimistic. It computes its change on the newest version (`Prepare`), writes the metadata of
 * the changed tables, and then creates the next file of the catalog (`catalog.ts`), which exactly one writer
 * can. Until then nothing is visible, and then all of it is, in every table. The loser of a race discards the
 * metadata that it wrote and computes its change again on the winner's version, so that a change never rests
 * on rows that it has not seen. Its data files stay: they are staged before, and do not depend on the
 * version.
 *
 * Writers that know of each other take turns (`turn.ts`), which saves lost races; correctness does not depend
 * on it. A commit that took long checks before the catalog that its files are still there, since `vacuum` may
 * have removed what no version named.
 */

/**
 * Computes a change against a version of the lake. Called again with the newer version whenever another
 * writer was first; undefined when nothing is left to do.
 */
export type Prepare = (base: LakeVersion) => Promise<LakeChange | undefined>

export interface Committed {
  version: LakeVersion
  /** Number of races that this commit lost to other writers. */
  lost: number
  /** Time that it waited for its turn. */
  waitedMs: number
  /** False when there was nothing to do. */
  changed: boolean
}

export interface Lake {
  storage: Storage
  tables: ReadonlyMap<string, TableDefinition>
  /** Whether anything was ever committed. */
  exists(): Promise<boolean>
  newest(): Promise<LakeVersion>
  at(version: number): Promise<LakeVersion>
  /**
   * One atomic step across all tables.
   *
   * @param since when writing of its first file began, in milliseconds since 1970; by default now
   */
  commit(by: string, prepare: Prepare, since?: number): Promise<Committed>
}

/** Longest pause after a lost race, however slow the storage is. */
const LONGEST_PAUSE_MS = 10_000
/** When clocks differ by more than this, one of them is wrong, and their times cannot be compared. */
export const CLOCKS_APART_MS = 300_000
/** A commit that took longer than this checks that its files still exist. */
const LONG_MS = 3_600_000

/** Opens a lake with these tables, or the place where one will be. */
export function openLake(storage: Storage, definitions: readonly TableDefinition[]): Lake {
  const cache = metadataCache()
  const tables = new Map(definitions.map((table) => [table.name, table]))
  const newest = newestCatalogOf(storage)
  const versionOf = (catalog: Catalog) => lakeVersion(storage, catalog, cache, tables)
  const writer: Writer = { storage, tables, newest, others: otherWriters(), versionOf }
  const newTurn = turnsOf(storage)
  return {
    storage,
    tables,
    exists: async () => (await newest.number()) > 0,
    newest: async () => versionOf(await newest.read()),
    async at(version) {
      if (await isFree(storage, version)) {
        throw new LakeError(`the lake has no version ${version}`, {
          file: storage.root,
          remedy: 'ask for a lower number',
        })
      }
      return versionOf(await readCatalog(storage, version))
    },
    async commit(by, prepare, since = Date.now()) {
      const turn = newTurn()
      try {
        return await commitInTurn(writer, turn, { by, prepare, since })
      } finally {
        await turn.giveUp()
      }
    },
  }
}

/** What all commits of one opened lake share. */
interface Writer extends Pick<Lake, 'storage' | 'tables'> {
  newest: NewestCatalog
  others: OtherWriters
  versionOf(catalog: Catalog): LakeVersion
}

interface Commit {
  by: string
  prepare: Prepare
  since: number
}

async function commitInTurn(writer: Writer, turn: Turn, commit: Commit): Promise<Committed> {
  const { storage, others } = writer
  for (let lost = 0; ; lost++) {
    const begunMs = performance.now()
    const { catalog, whole, base, change } = await prepareOn(writer, await newestInTurn(writer, turn), commit)
    const { waitedMs } = turn
    if (!change) return { version: base, lost, waitedMs, changed: false }
    const isLate = lost > 0 || Date.now() - commit.since > LONG_MS
    const there = isLate ? filesAreThere(storage, catalog, change) : undefined
    // Awaited below; until then, a failure must not end the process.
    there?.catch(() => undefined)
    await whole

    const written = await writeAll(writer, base, change)
    await there?.catch(async (thrown) => {
      await discard(storage, written)
      throw thrown
    })
    const next = nextCatalog(catalog, commit.by, change, written)
    if (await createCatalog(storage, next)) {
      await becomeNewest(writer, turn, { base, next, written })
      return { version: writer.versionOf(next), lost, waitedMs, changed: true }
    }
    faultPoint('catalog-lost')
    await discard(storage, written)
    if (await isGivenUp(storage, next.version)) throw missedDeadline(storage, next)
    const metMs = others.meet()
    // If turns do not help, a random pause keeps losers apart. It gets shorter with each loss, so that no
    // writer loses for ever.
    if (lost > 0) await pause((Math.random() * (metMs - begunMs)) / (2 * (lost + 1)))
  }
}

/**
 * The newest version, once it is our turn. A writer that is alone takes no turn: it only checks whether
 * another holds one.
 */
async function newestInTurn({ newest, others }: Writer, turn: Turn): Promise<Catalog> {
  if (others.areAtWork()) await turn.take()
  const [catalog, taken] = await Promise.all([newest.read(), turn.isOthers()])
  if (taken || others.made(catalog)) others.meet()
  if (!others.areAtWork() || turn.waitedMs > 0) return catalog
  await turn.take()
  return await newest.read()
}

interface Prepared {
  catalog: Catalog
  base: LakeVersion
  change: LakeChange | undefined
  /** Ends when the catalog has been found to have no hole. */
  whole: Promise<void>
}

async function prepareOn(
  { storage, newest, versionOf }: Writer,
  catalog: Catalog,
  { prepare, since }: Commit,
): Promise<Prepared> {
  if (catalog.vacuumed !== undefined && since < Date.parse(catalog.vacuumed))
    throw missedDeadline(storage, catalog)
  const whole = newest.checkGaps(catalog)
  // Awaited later; until then, a failure must not end the process.
  whole.catch(() => undefined)
  const base = versionOf(catalog)
  return { catalog, base, change: await prepare(base), whole }
}

interface Created {
  base: LakeVersion
  next: Catalog
  written: Map<string, WrittenChange>
}

/**
 * Tells of a version whose file was created. Nothing is discarded on failure here: the version may be in the
 * lake, and `vacuum` may have run since.
 */
async function becomeNewest(
  { storage, newest, others }: Writer,
  turn: Turn,
  { base, next, written }: Created,
): Promise<void> {
  const [proven] = await Promise.all([isLinked(storage, next), turn.giveUp()])
  if (!proven) throw missedDeadline(storage, next)
  faultPoint('catalog-written')
  newest.committed(next.version)
  others.committed(next)
  await publish(storage, base, written, next.version)
}

/** The error of a commit that took so long that `vacuum` may have removed its files. */
function missedDeadline({ root }: Storage, { version, vacuumed = '' }: Catalog): LakeError {
  const file = `${root}/${catalogKey(version)}`
  if (Date.parse(vacuumed) > Date.now() + CLOCKS_APART_MS) {
    return new LakeError(
      `the lake is locked until ${vacuumed}: it was vacuumed under a clock that was ahead`,
      {
        file,
        remedy: 'set the clock of this machine if it is behind; otherwise `loglake repair` unlocks the lake',
      },
    )
  }
  return new LakeError('a commit slept so long that the lake was vacuumed meanwhile', {
    file,
    remedy: 'run again: what is in the lake already is left as it is',
  })
}

/** A file that no longer exists was removed by a `vacuum` that took it for old, whatever our clock says. */
async function filesAreThere(
  storage: Storage,
  catalog: Catalog,
  { tables: changes }: LakeChange,
): Promise<void> {
  const keys = Object.entries(changes).flatMap(([name, { add = [] }]) =>
    add.map(({ path }) => dataKey(folderIn(catalog, name), path)),
  )
  const sizes = await Promise.all(keys.map((key) => storage.size(key)))
  if (sizes.includes(undefined)) throw missedDeadline(storage, catalog)
}

async function writeAll(
  { storage, tables }: Pick<Lake, 'storage' | 'tables'>,
  base: LakeVersion,
  change: LakeChange,
): Promise<Map<string, WrittenChange>> {
  const pending = Object.entries(change.tables).map(async ([name, tableChange]) => {
    const table = tables.get(name)
    if (!table) throw new Error(`no table is called ${name}`)
    return [name, await writeChange(storage, table, await base.table(name), tableChange)] as const
  })
  return new Map(await Promise.all(pending))
}

async function discard(storage: Storage, written: ReadonlyMap<string, WrittenChange>): Promise<void> {
  await Promise.all([...written.values()].flatMap(({ keys }) => keys.map((key) => storage.remove(key))))
}

function folderIn({ tables }: Catalog, table: string): string {
  return tables[table]?.folder ?? folderOf(table)
}

async function pause(ms: number): Promise<void> {
  if (ms > 0) await wait(Math.min(ms, LONGEST_PAUSE_MS))
}

import { setTimeout as wait } from 'node:timers/promises'
import { LakeError, UserError } from '../lib/errors.ts'
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
import { beyondGap, findNewest } from './newest-version.ts'
import { emptyCatalog, nextCatalog } from './next-catalog.ts'
import { hasLaterMetadata, publish } from './publish.ts'
import { faultPoint } from './steps.ts'
import type { Storage } from './storage/contract.ts'
import { folderOf, type TableDefinition } from './table.ts'
import { type Turn, turnsOf } from './turn.ts'
import { type LakeVersion, lakeVersion, metadataCache } from './version.ts'

/**
 * Computes a change against a version of the lake. Called again with the newer version whenever another writer was first;
 * undefined when nothing is left to do.
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
/** Time after meeting another writer for which we assume that it is still at work. */
const MET_MS = 60_000

/** When clocks differ by more than this, one of them is wrong, and their times cannot be compared. */
export const CLOCKS_APART_MS = 300_000
/** A commit that took longer than this checks that its files still exist. */
const LONG_MS = 3_600_000

/** Opens a lake with these tables, or the place where one will be. */
export function openLake(storage: Storage, definitions: readonly TableDefinition[]): Lake {
  const cache = metadataCache()
  const tables = new Map(definitions.map((table) => [table.name, table]))
  let known = 0
  /** A version that is lost, until it is there again. */
  let gap: number | undefined

  /** The number of the newest version. A second call looks only for versions after the one that the first call found. */
  async function look(): Promise<number> {
    const found = await findNewest(storage, known)
    known = found.version
    gap ??= found.gap
    return known
  }

  async function newestCatalog(): Promise<Catalog> {
    if ((await look()) === 0) checkLocation(storage.root)
    return known === 0 ? emptyCatalog() : await readCatalog(storage, known)
  }

  /** Its own last commit; when another writer was last met, by a clock that only goes forward. */
  const pace = { commit: '', metMs: Number.NEGATIVE_INFINITY }
  const newTurn = turnsOf(storage)

  async function commit(by: string, prepare: Prepare, since = Date.now()): Promise<Committed> {
    const turn = newTurn()
    try {
      return await commitInTurn(turn, by, prepare, since)
    } finally {
      await turn.giveUp()
    }
  }

  async function commitInTurn(turn: Turn, by: string, prepare: Prepare, since: number): Promise<Committed> {
    for (let lost = 0; ; lost++) {
      const begunMs = performance.now()
      const newest = await inTurn(turn)
      const { catalog, whole, base, change } = await prepareOn(newest, prepare, since)
      const { waitedMs } = turn
      if (!change) return { version: base, lost, waitedMs, changed: false }
      const there =
        lost > 0 || Date.now() - since > LONG_MS ? filesAreThere(storage, catalog, change) : undefined
      // Awaited below; until then, a failure must not end the process.
      there?.catch(() => undefined)
      await whole

      const written = await writeAll({ storage, tables }, base, change)
      await there?.catch(async (thrown) => {
        await discard(storage, written)
        throw thrown
      })
      const next = nextCatalog(catalog, by, change, written)
      if (await createCatalog(storage, next)) {
        // Nothing is discarded on failure here: the version may be in the lake, and `vacuum` may have run since.
        const [proven] = await Promise.all([isLinked(storage, next), turn.giveUp()])
        if (!proven) throw missedDeadline(storage, next)
        faultPoint('catalog-written')
        known = next.version
        pace.commit = next.commit
        await publish(storage, base, written, next.version)
        return { version: lakeVersion(storage, next, cache, tables), lost, waitedMs, changed: true }
      }
      faultPoint('catalog-lost')
      await discard(storage, written)
      if (await isGivenUp(storage, next.version)) throw missedDeadline(storage, next)
      pace.metMs = performance.now()
      // If turns do not help, a random pause keeps losers apart. It gets shorter with each loss, so that no writer loses for ever.
      if (lost > 0) await pause((Math.random() * (pace.metMs - begunMs)) / (2 * (lost + 1)))
    }
  }

  const isMet = () => performance.now() - pace.metMs <= MET_MS

  /** The newest version, once it is our turn. A writer that is alone takes no turn: it only checks whether another holds one. */
  async function inTurn(turn: Turn): Promise<Catalog> {
    if (isMet()) await turn.take()
    const [catalog, taken] = await Promise.all([newestCatalog(), turn.isOthers()])
    if (taken || isOfAnother(catalog)) pace.metMs = performance.now()
    if (!isMet() || turn.waitedMs > 0) return catalog
    await turn.take()
    return await newestCatalog()
  }

  /** Whether another writer that is still at work made this version; before our own first commit, its age decides. */
  function isOfAnother({ commit: made, at }: Catalog): boolean {
    return pace.commit === '' ? Date.now() - Date.parse(at) < MET_MS : made !== pace.commit
  }

  interface Prepared {
    catalog: Catalog
    base: LakeVersion
    change: LakeChange | undefined
    /** Ends when the catalog has been found to have no hole. */
    whole: Promise<void>
  }

  async function prepareOn(catalog: Catalog, prepare: Prepare, since: number): Promise<Prepared> {
    if (catalog.vacuumed !== undefined && since < Date.parse(catalog.vacuumed))
      throw missedDeadline(storage, catalog)
    const whole = catalogIsWhole(catalog)
    // Awaited later; until then, a failure must not end the process.
    whole.catch(() => undefined)
    const base = lakeVersion(storage, catalog, cache, tables)
    return { catalog, base, change: await prepare(base), whole }
  }

  /** When the next version is lost and later ones were made, a commit here would fork the lake, or take their place. */
  async function catalogIsWhole(catalog: Catalog): Promise<void> {
    const { version } = catalog
    const [beyond, published] = await Promise.all([
      version === 0 ? undefined : beyondGap(storage, version),
      // Nothing can be lost before what this process saw or wrote itself.
      pace.commit === '' && hasLaterMetadata(storage, catalog),
    ])
    gap ??= beyond ?? (published ? version + 1 : undefined)
    if (gap === undefined) return
    // Others may have committed since, and a vacuum may have given that up again: then this commit fails by itself.
    if (!(await isFree(storage, gap)) || (await isGivenUp(storage, gap))) gap = undefined
    else throw gapError(storage, gap, version)
  }

  return {
    storage,
    tables,
    exists: async () => (await look()) > 0,
    newest: async () => lakeVersion(storage, await newestCatalog(), cache, tables),
    async at(version) {
      if (await isFree(storage, version)) {
        throw new LakeError(`the lake has no version ${version}`, {
          file: storage.root,
          remedy: 'ask for a lower number',
        })
      }
      return lakeVersion(storage, await readCatalog(storage, version), cache, tables)
    },
    commit,
  }
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

/**
 * Other engines read a table's location as a URI: pyiceberg and Spark cut a path at `#` or `?`. Neither decodes `%23`, so such a
 * path cannot be escaped.
 */
function checkLocation(root: string): void {
  const wrong = /[#?\p{Cc}]/u.exec(root.startsWith('file:') ? root : '')
  if (!wrong) return
  const character = /\p{Cc}/u.test(wrong[0]) ? 'a control character' : wrong[0]
  throw new UserError(
    `a lake cannot be made in a folder whose path has ${character} in it: Spark and pyiceberg could not read it. Choose another with --lake`,
  )
}

/** The error of a writer that finds a version missing from the catalog, below the newest or above it. */
export function gapError(storage: Storage, version: number, newest: number): LakeError {
  if (version > newest) {
    return new LakeError(`version ${version} of the lake is missing, although it was committed`, {
      file: `${storage.root}/${catalogKey(version)}`,
      remedy:
        'restore that file from a backup; without one, `loglake repair` goes on from the newest version that is left, and what was added since has to be ingested again',
    })
  }
  return new LakeError(`version ${version} of the lake is missing, and later ones are there`, {
    file: `${storage.root}/${catalogKey(version)}`,
    remedy:
      'restore that file from a backup; without one, `loglake repair` steps over it, since each version holds the whole truth',
  })
}

async function pause(ms: number): Promise<void> {
  if (ms > 0) await wait(Math.min(ms, LONGEST_PAUSE_MS))
}

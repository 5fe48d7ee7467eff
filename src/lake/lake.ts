import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { LakeError, UserError } from '../lib/errors.ts'
import { step } from '../lib/steps.ts'
import {
  beyondGap,
  type Catalog,
  catalogHash,
  catalogKey,
  createCatalog,
  findNewest,
  goesOn,
  hintNewest,
  isFree,
  isGivenUp,
  newestVersion,
  readCatalog,
} from './catalog.ts'
import { type TableChange, type WrittenChange, writeChange } from './change.ts'
import type { Storage } from './storage/contract.ts'
import { folderOf, type TableDefinition } from './table.ts'
import { type LakeVersion, lakeVersion, metadataCache } from './version.ts'

/** What a commit does, table by table. */
export interface LakeChange {
  tables: Record<string, TableChange>
  /** Null takes a cursor away. */
  cursors?: Record<string, string | null>
  /** Files written before this moment that no version names are about to be removed. */
  vacuumed?: string
  /** Why it is done, where a person has to say so. */
  why?: string
}

/**
 * Works out a change against a version of the lake. Called again, with what won, whenever another writer was first;
 * undefined when nothing is left to do.
 */
export type Prepare = (base: LakeVersion) => Promise<LakeChange | undefined>

export interface Committed {
  version: LakeVersion
  /** How often another writer was first. */
  lost: number
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
   * @param since when the first of its files was begun, in milliseconds since 1970; by default now
   */
  commit(by: string, prepare: Prepare, since?: number): Promise<Committed>
}

/** No pause is longer, however slow the storage. */
const LONGEST_PAUSE_MS = 10_000
/** Who has met another writer takes it for being there for so long. */
const MET_MS = 60_000

/** Clocks that are further apart than this are wrong: one's moments are not the other's. */
export const CLOCKS_APART_MS = 300_000
/** Who took longer than this looks whether its files are still there. */
const LONG_MS = 3_600_000

/** Opens a lake with these tables, or the place where one will be. */
export function openLake(storage: Storage, definitions: readonly TableDefinition[]): Lake {
  const cache = metadataCache()
  const tables = new Map(definitions.map((table) => [table.name, table]))
  let known = 0
  /** A version that is lost, until it is there again. */
  let gap: number | undefined

  /** The number of the newest version; whoever asks again only looks for what came since. */
  async function look(): Promise<number> {
    const found = await findNewest(storage, known)
    known = found.version
    gap ??= found.gap
    return known
  }

  async function newestCatalog(): Promise<Catalog> {
    if ((await look()) === 0) checkPlace(storage.root)
    return known === 0 ? emptyCatalog() : await readCatalog(storage, known)
  }

  /** How long the last attempt took; its own last commit; when another writer was last met. Of a clock that only goes forward. */
  const pace = { tookMs: 0, commit: '', doneMs: 0, metMs: Number.NEGATIVE_INFINITY }

  /** Whoever has just committed, and is not alone, lets the others go first: else it is always a little ahead of them. */
  async function afterYou(): Promise<void> {
    const nowMs = performance.now()
    if (nowMs - pace.metMs > MET_MS) return
    await pause(pace.doneMs + Math.random() * 2 * pace.tookMs - nowMs)
  }

  async function commit(by: string, prepare: Prepare, since = Date.now()): Promise<Committed> {
    await afterYou()
    for (let lost = 0; ; lost++) {
      const begunMs = performance.now()
      const catalog = await newestCatalog()
      if (pace.commit !== '' && catalog.commit !== pace.commit) pace.metMs = begunMs
      if (catalog.vacuumed !== undefined && since < Date.parse(catalog.vacuumed)) throw overslept(catalog)
      const whole = catalogIsWhole(catalog)
      // It is waited for below, whatever happens until then.
      whole.catch(() => undefined)
      const base = lakeVersion(storage, catalog, cache, tables)
      const change = await prepare(base)
      if (!change) return { version: base, lost, changed: false }
      if (lost > 0 || Date.now() - since > LONG_MS) await filesAreThere(catalog, change)
      await whole

      const written = await writeAll(base, change)
      const { why: _, ...before } = catalog
      const next: Catalog = {
        ...before,
        version: catalog.version + 1,
        commit: randomUUID(),
        parent: catalog.commit,
        ...(catalog.version === 0 ? {} : { parentHash: catalogHash(catalog) }),
        at: new Date().toISOString(),
        by,
        ...(change.why === undefined ? {} : { why: change.why }),
        tables: {
          ...catalog.tables,
          ...Object.fromEntries([...written].map(([name, { entry }]) => [name, entry])),
        },
        cursors: moved(catalog.cursors, change.cursors),
        ...(change.vacuumed === undefined ? {} : { vacuumed: change.vacuumed }),
      }
      const first = await createCatalog(storage, next)
      pace.tookMs = performance.now() - begunMs
      if (first) {
        // Nothing of it is discarded: it may be in the lake, and older than what `vacuum` has removed since.
        if (!(await goesOn(storage, next))) throw overslept(next)
        step('catalog-written')
        known = next.version
        await publish(base, written, next.version)
        Object.assign(pace, { commit: next.commit, doneMs: performance.now() })
        return { version: lakeVersion(storage, next, cache, tables), lost, changed: true }
      }
      step('catalog-lost')
      await discard(written)
      if (await isGivenUp(storage, next.version)) throw overslept(next)
      pace.metMs = performance.now()
      // As long as the storage is slow, so that losers do not meet again; shorter each time, so that nobody loses for ever.
      await pause((Math.random() * pace.tookMs) / (2 * (lost + 1)))
    }
  }

  function overslept({ version, vacuumed = '' }: Catalog): LakeError {
    const file = `${storage.root}/${catalogKey(version)}`
    if (Date.parse(vacuumed) > Date.now() + CLOCKS_APART_MS) {
      return new LakeError(
        `the lake is locked until ${vacuumed}: it was vacuumed under a clock that was ahead`,
        {
          file,
          remedy:
            'set the clock of this machine if it is behind; otherwise `loglake repair` unlocks the lake',
        },
      )
    }
    return new LakeError('a commit slept so long that the lake was vacuumed meanwhile', {
      file,
      remedy: 'run again: what is in the lake already is left as it is',
    })
  }

  /** A commit on top of a version whose followers are there, but for the next, would fork the lake. */
  async function catalogIsWhole({ version }: Catalog): Promise<void> {
    gap ??= version === 0 ? undefined : await beyondGap(storage, version)
    if (gap === undefined) return
    if (!(await isFree(storage, gap))) gap = undefined
    else throw gapError(storage, gap)
  }

  /** Files that are no longer there were removed by a `vacuum` for which they were old, whatever our clock says. */
  async function filesAreThere(catalog: Catalog, { tables: changes }: LakeChange): Promise<void> {
    const keys = Object.entries(changes).flatMap(([name, { add = [] }]) =>
      add.map(({ path }) => `${folderIn(catalog, name)}/data/${path.split('/data/').at(-1)}`),
    )
    const sizes = await Promise.all(keys.map((key) => storage.size(key)))
    if (sizes.includes(undefined)) throw overslept(catalog)
  }

  async function writeAll(base: LakeVersion, change: LakeChange): Promise<Map<string, WrittenChange>> {
    const pending = Object.entries(change.tables).map(async ([name, tableChange]) => {
      const table = tables.get(name)
      if (!table) throw new Error(`no table is called ${name}`)
      return [name, await writeChange(storage, table, await base.table(name), tableChange)] as const
    })
    return new Map(await Promise.all(pending))
  }

  async function discard(written: Map<string, WrittenChange>): Promise<void> {
    await Promise.all([...written.values()].flatMap(({ keys }) => keys.map((key) => storage.remove(key))))
  }

  /**
   * For engines that read a path: `metadata/v<N>.metadata.json` and a hint. Only after the commit, since they take
   * the highest N that they find for committed. What a killed writer left out, the next one makes up for; what is not
   * the newest any more, whoever came later has published.
   */
  async function publish(
    base: LakeVersion,
    written: Map<string, WrittenChange>,
    version: number,
  ): Promise<void> {
    const newest = await newestVersion(storage, version)
    const tables = newest === version ? undefined : (await readCatalog(storage, newest)).tables
    const each = [...written].map(async ([name, { entry, bytes }]) => {
      if (tables && tables[name]?.number !== entry.number) return
      const before = base.catalog.tables[name]
      if (before && (await storage.size(publicKey(before.folder, before.number))) === undefined) {
        await storage.create(
          publicKey(before.folder, before.number),
          await storage.read(`${before.folder}/${before.metadata}`),
        )
      }
      // Overwrites what a commit left here whose catalog was moved away: only this one is in the lake.
      await storage.hint(publicKey(entry.folder, entry.number), bytes)
      step('metadata-published')
      await storage.hint(`${entry.folder}/metadata/version-hint.text`, Buffer.from(String(entry.number)))
    })
    await Promise.all([...each, ...(tables ? [] : [hintNewest(storage, version)])])
    step('hint-written')
  }

  return {
    storage,
    tables,
    exists: async () => (await look()) > 0,
    newest: async () => lakeVersion(storage, await newestCatalog(), cache, tables),
    async at(version) {
      if ((await newestVersion(storage, known)) < version) {
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

function folderIn({ tables }: Catalog, table: string): string {
  return tables[table]?.folder ?? folderOf(table)
}

/**
 * Other engines take a table's location for a URI: of a path with `#` or `?` in it, pyiceberg and Spark look for the part before
 * it. Neither decodes `%23`, so there is no other way to write it.
 */
function checkPlace(root: string): void {
  const wrong = /[#?\p{Cc}]/u.exec(root.startsWith('file:') ? root : '')
  if (!wrong) return
  const character = /\p{Cc}/u.test(wrong[0]) ? 'a control character' : wrong[0]
  throw new UserError(
    `a lake cannot be made in a folder whose path has ${character} in it: Spark and pyiceberg could not read it. Choose another with --lake`,
  )
}

/** What a writer says that meets a catalog with a hole in it. */
export function gapError(storage: Storage, version: number): LakeError {
  return new LakeError(`version ${version} of the lake is missing, and later ones are there`, {
    file: `${storage.root}/${catalogKey(version)}`,
    remedy:
      'restore that file from a backup; without one, `loglake repair` steps over it, since each version holds the whole truth',
  })
}

function moved(
  cursors: Record<string, string>,
  changes: Record<string, string | null> = {},
): Record<string, string> {
  const all = Object.entries({ ...cursors, ...changes })
  return Object.fromEntries(all.filter((entry): entry is [string, string] => entry[1] !== null))
}

async function pause(ms: number): Promise<void> {
  if (ms > 0) await wait(Math.min(ms, LONGEST_PAUSE_MS))
}

export function publicKey(folder: string, number: number): string {
  return `${folder}/metadata/v${number}.metadata.json`
}

function emptyCatalog(): Catalog {
  return {
    format: 1,
    lake: randomUUID(),
    version: 0,
    commit: '',
    parent: '',
    at: '',
    by: '',
    tables: {},
    cursors: {},
  }
}

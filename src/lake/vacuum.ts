import { DAY_MS } from '../lib/day.ts'
import { LakeError } from '../lib/errors.ts'
import {
  catalogKey,
  fill,
  giveUp,
  giveUpThousands,
  type Listed,
  listCatalog,
  readCatalog,
} from './catalog.ts'
import type { TableChange } from './change.ts'
import { filterKeyOf } from './file-filter.ts'
import { DELETED, readManifest, readManifestList } from './iceberg/index.ts'
import { CLOCKS_APART_MS, type Lake } from './lake.ts'
import { isCatalogDraft, isStaged, isTableFile } from './names.ts'
import { listingPath } from './needles/listing.ts'
import { gapError } from './newest-catalog.ts'
import { hintKey, publicKey } from './publish.ts'
import type { StoredFile } from './storage/contract.ts'
import { allDone, limit } from './storage/lanes.ts'
import type { TableVersion } from './version.ts'

export interface VacuumOptions {
  /** Milliseconds that snapshots and catalog versions are kept; the newest always is. */
  keepMs?: number
  /**
   * Age in milliseconds at which unreferenced files are removed: a younger one may belong to a commit under
   * way.
   */
  graceMs?: number
  /** Only report what would be removed. */
  dryRun?: boolean
}

export interface Vacuumed {
  snapshots: number
  files: number
  bytes: number
}

const KEEP_MS = 7 * DAY_MS
/** Files removed at once. */
const REMOVALS = 16

/**
 * Drops old snapshots, and removes the files that no remaining version needs.
 *
 * On a full disk, even the commit that says from when on files are safe has no room. So files that need no
 * commit are removed first, then unreferenced files, and only then are snapshots dropped.
 */
export async function vacuum(lake: Lake, options: VacuumOptions = {}): Promise<Vacuumed> {
  if (!(await lake.exists())) return { snapshots: 0, files: 0, bytes: 0 }
  try {
    return await vacuumOnce(lake, options)
  } catch (thrown) {
    if (options.dryRun || !isFull(thrown)) throw thrown
    const freed = await makeRoom(lake, options)
    const orphans = await vacuumOnce(lake, { ...options, keepMs: Number.POSITIVE_INFINITY })
    const done = await vacuumOnce(lake, options)
    const sum = (of: 'files' | 'bytes') => freed[of] + orphans[of] + done[of]
    return { snapshots: done.snapshots, files: sum('files'), bytes: sum('bytes') }
  }
}

async function vacuumOnce(lake: Lake, options: VacuumOptions): Promise<Vacuumed> {
  const { keepMs = KEEP_MS, graceMs = DAY_MS, dryRun = false } = options
  const { storage } = lake
  const now = await trustedNow(lake, dryRun)
  const snapshots = dryRun ? 0 : await expire(lake, now - keepMs, now - graceMs)
  const newest = (await lake.newest()).number
  // Listed after the newest version was read: commits made meanwhile are in the listing, with all versions
  // before them.
  const listed = await listCatalog(storage)
  const { versions } = listed
  const live = new Set<string>()
  const seen = new Set<string>()
  const folders = new Set<string>()
  let oldest = newest
  let parent: string | undefined
  for (const version of versions.filter((number) => number <= newest).toReversed()) {
    if (version < newest && writtenOf(listed, version) < now - keepMs) break
    const catalog = await readCatalog(storage, version)
    for (let at = version + 1; at < oldest; at++)
      if (!listed.isGivenUp(at)) throw gapError(storage, at, newest)
    // A version that its successor does not continue was left by a writer that missed its deadline.
    if (parent !== undefined && oldest === version + 1 && catalog.commit !== parent) break
    parent = catalog.parent
    oldest = version
    for (const { folder } of Object.values(catalog.tables)) folders.add(folder)
    await keepReachable(lake, version, live, seen)
  }

  const removed = { snapshots, files: 0, bytes: 0 }
  const old = (file: StoredFile) => file.writtenMs <= now - graceMs
  const count = (file: { bytes: number }) => {
    removed.files++
    removed.bytes += file.bytes
  }
  const files: string[] = []
  for await (const file of ownFiles(lake, folders)) {
    if (live.has(file.key) || !old(file)) continue
    count(file)
    files.push(file.key)
  }
  const given = versions.filter((version) => version < oldest && writtenOf(listed, version) <= now - graceMs)
  for (const version of given) count(listed.files.get(version) ?? { bytes: 0 })
  if (dryRun) return removed
  await giveUpVersions(lake, listed, given, oldest)
  const lanes = limit(REMOVALS)
  await allDone(files.map((key) => lanes(() => storage.remove(key))))
  for (const folder of folders) {
    const isOurs = (key: string) => isTableFile(key, folder)
    await storage.removeUnfinished(`${folder}/data`, now - graceMs, isOurs)
  }
  return removed
}

function writtenOf({ files }: Listed, version: number): number {
  return files.get(version)?.writtenMs ?? 0
}

/**
 * Marks old versions, and all free numbers below the oldest, so that none can be taken again. A version below
 * a free number was left by a writer that missed its deadline, in a lake without marks.
 */
async function giveUpVersions(
  { storage }: Lake,
  listed: Listed,
  versions: readonly number[],
  oldest: number,
): Promise<void> {
  const there = new Set(listed.versions)
  const free: number[] = []
  for (let at = oldest - 1; at >= 1 && !listed.isGivenUp(at); at--) if (!there.has(at)) free.push(at)
  const left = versions.filter((version) => version < (free[0] ?? 0))
  await fill(storage, [...free, ...left])
  await giveUp(
    storage,
    versions.filter((version) => !left.includes(version)),
  )
  await giveUpThousands(storage, listed.versions.find((version) => !versions.includes(version)) ?? oldest)
}

/**
 * The files in the lake's folders that match its names. Folders of other programs are not listed where that
 * can be avoided.
 */
async function* ownFiles({ storage }: Lake, folders: ReadonlySet<string>): AsyncGenerator<StoredFile> {
  for await (const file of storage.list('catalog')) if (isCatalogDraft(file.key)) yield file
  for await (const file of storage.list('staging')) if (isStaged(file.key)) yield file
  for (const folder of folders) {
    for (const part of ['data', 'metadata'])
      for await (const file of storage.list(`${folder}/${part}`))
        if (isTableFile(file.key, folder)) yield file
  }
}

/**
 * The time by the storage's clock, which dates its files. If this machine's clock is far from it, `vacuum`
 * would remove young files, or lock the lake for as long as the clock is ahead.
 */
async function trustedNow({ storage }: Lake, dryRun: boolean): Promise<number> {
  if (dryRun) return Date.now()
  const now = await storage.now()
  const apartMs = Date.now() - now
  if (Math.abs(apartMs) <= CLOCKS_APART_MS) return now
  const minutes = Math.round(Math.abs(apartMs) / 60_000)
  throw new LakeError(
    `this machine's clock is ${minutes} minutes ${apartMs > 0 ? 'ahead of' : 'behind'} the storage's: nothing was removed`,
    { file: storage.root, remedy: `set the clock: the storage says ${new Date(now).toISOString()}` },
  )
}

function isFull(thrown: unknown): boolean {
  return thrown instanceof LakeError && thrown.what.startsWith('no space left')
}

/**
 * Removes, without writing, files that no reader and no commit under way can miss: drafts of killed writers,
 * copies of metadata that are not the newest (engines that read a path follow the hint), and filters of files
 * that the newest version does not have. A file without a filter is read itself.
 */
async function makeRoom(lake: Lake, { graceMs = DAY_MS }: VacuumOptions): Promise<Vacuumed> {
  const { storage } = lake
  const freed = { snapshots: 0, files: 0, bytes: 0 }
  const version = await lake.newest()
  const remove = async ({ key, bytes }: StoredFile) => {
    await storage.remove(key)
    freed.files++
    freed.bytes += bytes
  }
  const until = Date.now() - graceMs
  for await (const file of storage.list('staging'))
    if (isStaged(file.key) && file.writtenMs <= until) await remove(file)
  for (const [name, { folder, number }] of Object.entries(version.catalog.tables)) {
    for await (const file of storage.list(`${folder}/metadata`)) {
      const published = /\/v(\d+)\.metadata\.json$/.exec(file.key)?.[1]
      if (published !== undefined && Number(published) < number) await remove(file)
    }
    const table = await version.table(name)
    const filters = new Set(
      (await table?.files())?.map(({ path }) => filterKeyOf((table as TableVersion).keyOf(path))),
    )
    for await (const file of storage.list(`${folder}/data`)) {
      const filter = file.key.endsWith('.bloom.puffin') && isTableFile(file.key, folder)
      if (filter && !filters.has(file.key) && file.writtenMs <= until) await remove(file)
    }
  }
  if (freed.files > 0) return freed
  throw new LakeError('no space left to vacuum the lake, and nothing can be removed without a commit', {
    file: storage.root,
    remedy: 'free a few MiB on that disk by removing files outside of the lake, then run again',
  })
}

/**
 * Drops old snapshots, and notes in the catalog from when on files are safe. An older commit under way loses
 * to this one, reads the note, and gives up, instead of naming a file that is about to be removed.
 */
async function expire(lake: Lake, olderThanMs: number, safeFromMs: number): Promise<number> {
  let dropped = 0
  await lake.commit('vacuum', async (base) => {
    dropped = 0
    const tables: Record<string, TableChange> = {}
    for (const name of Object.keys(base.catalog.tables)) {
      // A table unknown to this program keeps its snapshots: its metadata may be newer than this code.
      if (!lake.tables.has(name)) continue
      const table = await base.table(name)
      const old = table?.metadata.snapshots.filter((snapshot) => snapshot['timestamp-ms'] < olderThanMs) ?? []
      const current = table?.metadata['current-snapshot-id']
      const droppable = old.filter((snapshot) => snapshot['snapshot-id'] !== current)
      if (droppable.length === 0) continue
      dropped += droppable.length
      tables[name] = { expire: { keepLast: 1, olderThanMs } }
    }
    return { tables, vacuumed: new Date(safeFromMs).toISOString() }
  })
  return dropped
}

/** Marks every file that a catalog version names, through every snapshot of its tables. */
async function keepReachable(
  lake: Lake,
  version: number,
  live: Set<string>,
  seen: Set<string>,
): Promise<void> {
  live.add(catalogKey(version))
  const catalog = await readCatalog(lake.storage, version)
  const opened = await lake.at(version)
  for (const [name, entry] of Object.entries(catalog.tables)) {
    const metadataKey = `${entry.folder}/${entry.metadata}`
    if (seen.has(metadataKey)) continue
    seen.add(metadataKey)
    live.add(metadataKey)
    live.add(publicKey(entry.folder, entry.number))
    live.add(hintKey(entry.folder))
    const table = await opened.table(name)
    if (table) await keepSnapshots(lake, table, live, seen)
  }
}

async function keepSnapshots(
  lake: Lake,
  table: TableVersion,
  live: Set<string>,
  seen: Set<string>,
): Promise<void> {
  const listing = listingPath(table.metadata)
  if (listing !== undefined) {
    live.add(table.keyOf(listing))
    for (const { file } of (await table.listing())?.groups ?? [])
      live.add(`${table.entry.folder}/metadata/${file}`)
  }
  for (const snapshot of table.metadata.snapshots) {
    const listKey = table.keyOf(snapshot['manifest-list'])
    if (seen.has(listKey)) continue
    seen.add(listKey)
    live.add(listKey)
    for (const manifest of readManifestList(await lake.storage.read(listKey))) {
      const manifestKey = table.keyOf(manifest.path)
      live.add(manifestKey)
      if (seen.has(manifestKey)) continue
      seen.add(manifestKey)
      const bytes = await lake.storage.read(manifestKey)
      const entries = readManifest(bytes, manifest, { columns: new Set() })
      for (const { file, status } of entries) {
        // A snapshot that still needs the file lists it in another manifest.
        if (status === DELETED) continue
        const dataKey = table.keyOf(file.path)
        live.add(dataKey)
        live.add(filterKeyOf(dataKey))
      }
    }
  }
}

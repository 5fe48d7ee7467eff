import { bloomKeyOf } from './bloom-file.ts'
import { catalogKey, readCatalog, removeVersions, versionOf } from './catalog.ts'
import type { TableChange } from './change.ts'
import { DELETED, readManifest, readManifestList } from './iceberg/index.ts'
import { type Lake, publicKey } from './lake.ts'
import { allDone, atOnce } from './storage/lanes.ts'
import type { TableVersion } from './version.ts'

export interface VacuumOptions {
  /** Snapshots and catalog versions older than this are given up, but for the newest. */
  keepMs?: number
  /** Files that nothing names are removed once they are so old: a younger one may belong to a commit under way. */
  graceMs?: number
  /** Only say what would be removed. */
  dryRun?: boolean
}

export interface Vacuumed {
  snapshots: number
  files: number
  bytes: number
}

const DAY_MS = 86_400_000
/** So many files are removed at once. */
const REMOVALS = 16

/** Gives up old snapshots, and removes the files that no version left can need. */
export async function vacuum(lake: Lake, options: VacuumOptions = {}): Promise<Vacuumed> {
  const { keepMs = 7 * DAY_MS, graceMs = DAY_MS, dryRun = false } = options
  const now = Date.now()
  const { storage } = lake
  if (!(await lake.exists())) return { snapshots: 0, files: 0, bytes: 0 }
  const snapshots = dryRun ? 0 : await expire(lake, now - keepMs, now - graceMs)
  const newest = (await lake.newest()).number
  const live = new Set<string>(['catalog/newest'])
  const written = new Map<number, number>()
  for await (const { key, writtenMs } of storage.list('catalog')) {
    const version = versionOf(key)
    if (version !== undefined) written.set(version, writtenMs)
  }
  const seen = new Set<string>()
  let parent: string | undefined
  for (let version = newest; written.has(version); version--) {
    if (version < newest && (written.get(version) as number) < now - keepMs) break
    const catalog = await readCatalog(storage, version)
    // A version that the next one does not go on from was left by a writer that overslept.
    if (parent !== undefined && catalog.commit !== parent) break
    parent = catalog.parent
    await keepReachable(lake, version, live, seen)
  }

  const removed = { snapshots, files: 0, bytes: 0 }
  const versions: number[] = []
  const files: string[] = []
  for await (const { key, bytes, writtenMs } of storage.list('')) {
    if (live.has(key) || writtenMs > now - graceMs || !isOurs(key)) continue
    removed.files++
    removed.bytes += bytes
    const version = versionOf(key)
    if (version === undefined) files.push(key)
    else versions.push(version)
  }
  if (dryRun) return removed
  await removeVersions(storage, versions)
  const lanes = atOnce(REMOVALS)
  await allDone(files.map((key) => lanes(() => storage.remove(key))))
  await storage.removeUnfinished(now - graceMs)
  return removed
}

/** Nothing is removed but what loglake writes. */
function isOurs(key: string): boolean {
  return /^(catalog\/(v\d+\.json|\.draft-)|staging\/|tables\/[^/]+\/(data|metadata)\/)/.test(key)
}

/**
 * Gives up old snapshots, and says in the catalog from when on files are safe. A commit under way that is older loses
 * to this one, reads that, and gives itself up, instead of naming a file that is removed next.
 */
async function expire(lake: Lake, olderThanMs: number, safeFromMs: number): Promise<number> {
  let dropped = 0
  await lake.commit('vacuum', async (base) => {
    dropped = 0
    const tables: Record<string, TableChange> = {}
    for (const name of Object.keys(base.catalog.tables)) {
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
    live.add(`${entry.folder}/metadata/version-hint.text`)
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
      const entries = readManifest(await lake.storage.read(manifestKey), manifest, new Set())
      for (const { file, status } of entries) {
        // Whoever still needs it lists it in a manifest of its own.
        if (status === DELETED) continue
        const dataKey = table.keyOf(file.path)
        live.add(dataKey)
        live.add(bloomKeyOf(dataKey))
      }
    }
  }
}

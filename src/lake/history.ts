import { type Catalog, catalogKey, isMark, LaterFormat, listCatalog, parseCatalog } from './catalog.ts'
import type { Lake } from './lake.ts'
import { allDone, limit } from './storage/lanes.ts'

/** A version of the lake, and the changes of its commit. */
export interface VersionFacts {
  version: number
  at: string
  by: string
  changes: TableFacts[]
  /** Whether it can be queried: all of its tables still exist. */
  readable: boolean
}

export interface TableFacts {
  table: string
  /** Rows added; undefined where the table's own history does not reach back. */
  added?: number
  removed?: number
  files?: number
}

/** Catalogs read at once. */
const READS = 16

/**
 * The newest versions, the newest first, and the number of versions that were not read.
 *
 * @param before only versions before this one
 */
export async function history(
  lake: Lake,
  max: number,
  before = Number.POSITIVE_INFINITY,
): Promise<{ versions: VersionFacts[]; more: number; givenUp: number }> {
  const { storage } = lake
  const listed = await listCatalog(storage)
  const lanes = limit(READS)
  const listedBefore = listed.versions.filter((version) => version < before)
  const shown = listedBefore.slice(-max)
  // One more, to compare the first of them with.
  const wanted = listedBefore.slice(-max - 1)
  const catalogs = new Map<number, Catalog>()
  await allDone(
    wanted.map((version) =>
      lanes(async () => {
        const catalog = await readOrNone(lake, version)
        if (catalog) catalogs.set(version, catalog)
      }),
    ),
  )
  const newest = await lake.newest()
  const sizes = new Map<string, Promise<boolean>>()
  const isThere = (key: string) => {
    const known = sizes.get(key) ?? lanes(async () => (await storage.size(key)) !== undefined)
    sizes.set(key, known)
    return known
  }
  const versions = await allDone(
    shown.map(async (version): Promise<VersionFacts> => {
      const catalog = catalogs.get(version)
      if (!catalog) return { version, at: '', by: '', changes: [], readable: false }
      const previous = catalogs.get(version - 1)
      const changes: TableFacts[] = []
      for (const [table, entry] of Object.entries(catalog.tables)) {
        if (!previous && version > 1) break
        if (previous?.tables[table]?.metadata === entry.metadata) continue
        const snapshots = (await newest.table(table))?.metadata.snapshots ?? []
        const summary = snapshots.find((one) => one['sequence-number'] === entry.number)?.summary
        changes.push({ table, ...countsOf(summary) })
      }
      const metadata = Object.values(catalog.tables).map((entry) => `${entry.folder}/${entry.metadata}`)
      const readable = (await allDone(metadata.map(isThere))).every(Boolean)
      return { version, at: catalog.at, by: catalog.by, changes, readable }
    }),
  )
  return {
    versions: versions.reverse(),
    more: listedBefore.length - shown.length,
    givenUp: (listed.versions[0] ?? 1) - 1,
  }
}

/** Undefined when a vacuum removed it meanwhile, or it is damaged; `verify` reports which. */
async function readOrNone({ storage }: Lake, version: number): Promise<Catalog | undefined> {
  const bytes = await storage.find(catalogKey(version))
  if (bytes === undefined || isMark(bytes.length)) return undefined
  try {
    return parseCatalog(storage, version, bytes)
  } catch (thrown) {
    if (thrown instanceof LaterFormat) throw thrown
    return undefined
  }
}

function countsOf(summary: Record<string, string> | undefined): Omit<TableFacts, 'table'> {
  if (!summary) return {}
  const number = (key: string) => Number(summary[key] ?? 0)
  return {
    added: number('added-records'),
    removed: number('deleted-records'),
    files: number('total-data-files'),
  }
}

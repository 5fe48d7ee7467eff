import { LakeError, sentence } from '../lib/errors.ts'
import type { Storage } from './storage/contract.ts'

/**
 * The lake's catalog: `catalog/v1.json`, `catalog/v2.json`, ... each written only if it does not exist, each the
 * whole truth about the lake at one moment. Whoever creates the next one has committed.
 */
export interface Catalog {
  format: 1
  lake: string
  version: number
  /** Names the commit, so that a writer recognises its own after an answer that got lost. */
  commit: string
  /** The commit that this one goes on from; empty for the first. */
  parent: string
  at: string
  by: string
  tables: Record<string, TableEntry>
  /** How far each follower has read. */
  cursors: Record<string, string>
  /** Files written before this moment that no version names are gone, or soon will be: `vacuum` was here. */
  vacuumed?: string
}

export interface TableEntry {
  /** The table's folder below the lake's root. */
  folder: string
  /** The metadata file in it. */
  metadata: string
  /** How many commits touched the table: the N of `metadata/v<N>.metadata.json`. */
  number: number
}

const HINT = 'catalog/newest'

export function catalogKey(version: number): string {
  return `catalog/v${version}.json`
}

/** The version number in a catalog key, or undefined for another file. */
export function versionOf(key: string): number | undefined {
  const match = /^catalog\/v(\d+)\.json$/.exec(key)
  return match ? Number(match[1]) : undefined
}

/** The number of the newest version at or above `from`, 0 in an empty lake. No listing, unless nothing is known. */
export async function newestVersion(storage: Storage, from = 0): Promise<number> {
  const exists = async (version: number) => (await storage.size(catalogKey(version))) !== undefined
  let known = from
  // A version that we know may be gone: `vacuum` removes old ones.
  if (known === 0 || !(await exists(known))) {
    const hint = await storage.find(HINT)
    const hinted = hint ? Number(Buffer.from(hint).toString()) : 0
    known =
      Number.isSafeInteger(hinted) && hinted > 0 && (await exists(hinted))
        ? hinted
        : await listNewest(storage)
  }
  // Versions above a living one have no gap: leap, then halve.
  let leap = 1
  while (await exists(known + leap)) {
    known += leap
    leap *= 2
  }
  for (leap = Math.floor(leap / 2); leap >= 1; leap = Math.floor(leap / 2)) {
    if (await exists(known + leap)) known += leap
  }
  // Where nothing but the first is found, what is left of a writer that overslept may be in the way.
  return known === 1 ? await listNewest(storage) : known
}

async function listNewest(storage: Storage): Promise<number> {
  let newest = 0
  for await (const { key } of storage.list('catalog')) newest = Math.max(newest, versionOf(key) ?? 0)
  return newest
}

export async function readCatalog(storage: Storage, version: number): Promise<Catalog> {
  const key = catalogKey(version)
  const bytes = await storage.read(key)
  try {
    const catalog = JSON.parse(Buffer.from(bytes).toString('utf8')) as Catalog
    if (catalog.format !== 1)
      throw new Error(`its format is ${String(catalog.format)}, this loglake knows format 1`)
    if (catalog.version !== version || typeof catalog.tables !== 'object')
      throw new Error('it is no catalog of this lake')
    return catalog
  } catch (thrown) {
    throw new LakeError(`the catalog cannot be read: ${sentence(thrown)}`, {
      file: `${storage.root}/${key}`,
      remedy: `restore the file from a backup. If there is none, moving it away goes back to version ${version - 1}: what that one commit added can then be ingested again`,
      cause: thrown,
    })
  }
}

/** Commits. False when somebody else was first with this version. */
export async function createCatalog(storage: Storage, catalog: Catalog): Promise<boolean> {
  const key = catalogKey(catalog.version)
  const bytes = Buffer.from(`${JSON.stringify(catalog, null, 2)}\n`)
  if (await storage.create(key, bytes)) return true
  // A write whose answer got lost may be our own.
  return (await readCatalog(storage, catalog.version)).commit === catalog.commit
}

/** Is there once the first version was removed: no number is free again unnoticed. */
const FIRST_IS_GONE = 'catalog/first-is-gone'

/**
 * Whether a version that was just created surely goes on from a living one. A writer that slept for days may find its
 * number free again, since `vacuum` removed what came after its base: nobody would ever read that commit. While a
 * version is there, no later one was removed: `vacuum` begins with the oldest.
 */
export async function goesOn(storage: Storage, { version }: Catalog): Promise<boolean> {
  if (version === 1) return (await storage.size(FIRST_IS_GONE)) === undefined
  return (await storage.size(catalogKey(version - 1))) !== undefined
}

/** Removes old versions, the oldest first. */
export async function removeVersions(storage: Storage, versions: readonly number[]): Promise<void> {
  for (const version of versions.toSorted((a, b) => a - b)) {
    if (version === 1) await storage.create(FIRST_IS_GONE, Buffer.from(new Date().toISOString()))
    await storage.remove(catalogKey(version))
  }
}

/** Leaves a hint of the newest version; only an old one makes the next reader look a little longer. */
export async function hintNewest(storage: Storage, version: number): Promise<void> {
  await storage.hint(HINT, Buffer.from(String(version)))
}

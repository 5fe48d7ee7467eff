import { type Catalog, readCatalog } from './catalog.ts'
import type { WrittenChange } from './change.ts'
import { hintNewest, newestVersion } from './newest-version.ts'
import { faultPoint } from './steps.ts'
import type { Storage } from './storage/contract.ts'
import type { LakeVersion } from './version.ts'

/**
 * Writes `metadata/v<N>.metadata.json` and a hint, for engines that open a table by its path. Only after the
 * commit, because they take the highest N that they find for committed. The next writer publishes what a
 * killed writer did not. A version that is no longer the newest is skipped: the writer of the newer one
 * publishes the table.
 */
export async function publish(
  storage: Storage,
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
    // Overwrites the file of a commit whose catalog `repair` moved away: only this one is in the lake.
    await storage.hint(publicKey(entry.folder, entry.number), bytes)
    faultPoint('metadata-published')
    await storage.hint(hintKey(entry.folder), Buffer.from(String(entry.number)))
  })
  await Promise.all([...each, ...(tables ? [] : [hintNewest(storage, version)])])
  faultPoint('hint-written')
}

export function hintKey(folder: string): string {
  return `${folder}/metadata/version-hint.text`
}

export function publicKey(folder: string, number: number): string {
  return `${folder}/metadata/v${number}.metadata.json`
}

/**
 * Whether a table's metadata was published by a later version. It is written after its version, which is lost
 * if it is not there.
 */
export async function hasLaterMetadata(storage: Storage, { tables }: Catalog): Promise<boolean> {
  const later = Object.values(tables).map(({ folder, number }) => storage.size(publicKey(folder, number + 1)))
  return (await Promise.all(later)).some((size) => size !== undefined)
}

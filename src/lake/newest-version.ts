/**
 * Finds the newest version of the catalog from a hint and by growing steps. It lists the catalog only if the
 * hint or a version is lost, because a lost version must not hide the later ones.
 */
import { catalogKey, FIRST_IS_GONE, isFree, isGone, isMark, isSameThousand, listCatalog } from './catalog.ts'
import type { Storage } from './storage/contract.ts'

/** Names a version that was committed; the newest is this one or a later one. */
export const HINT = 'catalog/newest'

export interface Newest {
  /** 0 in an empty lake. */
  version: number
  /**
   * A number that is free although it was a version: its file is lost. If it is above the newest version, the
   * hint names it or a later one.
   */
  gap?: number
}

/** The number of the newest version at or above `from`, 0 in an empty lake. */
export async function newestVersion(storage: Storage, from = 0): Promise<number> {
  return (await findNewest(storage, from)).version
}

/** Finds the newest version, and whether one below it is lost. No listing, unless nothing is known. */
export async function findNewest(storage: Storage, from = 0): Promise<Newest> {
  const sizeOf = (version: number) => storage.size(catalogKey(version))
  let known = from
  // A version that we know may be gone with its thousand.
  let [size, gone, next] =
    from === 0
      ? [undefined, false, undefined]
      : await Promise.all([sizeOf(from), isGone(storage, from), sizeOf(from + 1)])
  const first = size === undefined || gone
  if (first) {
    known = (await hintedVersion(storage)) ?? 0
    size = known > 0 ? await sizeOf(known) : undefined
    if (size === undefined) return await listNewest(storage, known)
    gone = await isGone(storage, known)
  }
  const start = known
  const taken = async (version: number) => {
    const found = !first && version === from + 1 ? next : await sizeOf(version)
    if (found !== undefined) [known, size] = [version, found]
    return found !== undefined
  }
  // Numbers above one that is taken have no gap, so leap, then halve. Usually there are none or one.
  let leap = 1
  if (await taken(known + 1)) while (await taken(known + leap)) leap *= 2
  for (leap = Math.floor(leap / 2); leap >= 1; leap = Math.floor(leap / 2)) await taken(known + leap)
  if (!isSameThousand(known, start)) gone = await isGone(storage, known)
  // Neither a mark nor the file of a writer that missed its deadline is a version. And a lost file must not
  // hide later versions.
  const lost = gone || isMark(size as number) || known === 1
  if (lost || (first && (await beyondGap(storage, known)) !== undefined)) return await listNewest(storage)
  return { version: known }
}

/**
 * Offsets above a version at which later ones are looked for, in case the file of the next one is lost. Up to
 * seven lost versions never hide later ones; more do not if as many versions follow them. `verify` lists the
 * catalog, and sees all.
 */
const AHEAD = [2, 3, 4, 5, 6, 7, 8, 16, 32, 64, 128, 256, 512, 1024]

/** The number after a version, when it is free and later versions exist: its file is lost. */
export async function beyondGap(storage: Storage, version: number): Promise<number | undefined> {
  const ahead = await Promise.all(AHEAD.map((offset) => isFree(storage, version + offset)))
  // Others may have committed while we looked.
  const lost = ahead.includes(false) && (await isFree(storage, version + 1))
  return lost ? version + 1 : undefined
}

/** @param hinted the version that the hint names: it was committed, or the hint would not name it */
async function listNewest(storage: Storage, hinted = 0): Promise<Newest> {
  const { versions, isGivenUp } = await listCatalog(storage)
  const version = versions.at(-1) ?? 0
  // The first may be left of a writer that missed its deadline in a lake that has no marks yet.
  const early = versions[0] === 1 && (await storage.size(FIRST_IS_GONE)) !== undefined
  const living = new Set(versions)
  for (let at = version; at > (versions[early ? 1 : 0] ?? version); at--) {
    if (!living.has(at) && !isGivenUp(at) && (await isFree(storage, at))) return { version, gap: at }
  }
  // The hint was read before the listing: were the version there, it would have been listed.
  return hinted > version ? { version, gap: version + 1 } : { version }
}

/** The version that the hint names; undefined where there is no hint, or one that names none. */
export async function hintedVersion(storage: Storage): Promise<number | undefined> {
  const hint = Number(Buffer.from((await storage.find(HINT)) ?? []).toString())
  return Number.isSafeInteger(hint) && hint > 0 ? hint : undefined
}

/** Writes a hint of the newest version; an old hint only makes the next reader search a little longer. */
export async function hintNewest(storage: Storage, version: number): Promise<void> {
  await storage.hint(HINT, Buffer.from(String(version)))
}

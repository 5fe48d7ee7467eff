import { createHash } from 'node:crypto'
import { LakeError, sentence } from '../lib/errors.ts'
import type { Storage } from './storage/contract.ts'
import { allDone, limit } from './storage/lanes.ts'

/**
 * The lake's catalog: `catalog/v1.json`, `catalog/v2.json`, ... each written only if it does not exist, each
 * the whole truth about the lake at one moment. A writer commits by creating the next one.
 *
 * **A number is used once.** A version that `vacuum` gives up is not removed: a mark of a few bytes takes its
 * place, so that a writer that slept for days and then creates the number after its base finds it taken, as
 * if it had just lost a race. Once all numbers of a thousand are marks, `catalog/gone/<thousand>` is created,
 * and only when that is durable are its marks removed.
 *
 * Why a commit is then proven: let a writer create `v<N>` at the moment t, and find at a later moment that
 * `catalog/gone/` has no file for N. That file is created before any mark of its thousand is removed, and is
 * never removed; so up to t no mark of that thousand was removed, and no version ever is, it only becomes a
 * mark. The number N was therefore never taken before t, and no other writer can have had it. If the file is
 * there, the commit is void, and every reader treats it so: no version of a thousand that is gone counts.
 *
 * Lakes that were vacuumed before there were marks have numbers that are free again. So the version before
 * must also be the one that the commit goes on from, or have been given up with a mark: while it was there,
 * no later one was removed, since the oldest went first. The next `vacuum` marks what is free, in words of
 * its own (`not used`): what follows such a mark proves nothing.
 */
export interface Catalog {
  format: 1
  lake: string
  version: number
  /** Names the commit, so that a writer recognises its own when the answer to its request was lost. */
  commit: string
  /** The commit that this one continues; empty for the first. */
  parent: string
  /** SHA-256 of the version that this one continues, so that no earlier version can be altered unnoticed. */
  parentHash?: string
  at: string
  by: string
  /** The reason, where a person has to give one: for an erasure, for retention. */
  why?: string
  tables: Record<string, TableEntry>
  /** How far each follower has read. */
  cursors: Record<string, string>
  /** Set by `vacuum`: files written before this time that no version names are removed, or about to be. */
  vacuumed?: string
}

export interface TableEntry {
  /** The table's folder below the lake's root. */
  folder: string
  /** The metadata file in it. */
  metadata: string
  /** Number of commits that changed the table: the N of `metadata/v<N>.metadata.json`. */
  number: number
}

/** Marks that are written or removed at once. */
const MARKS = 16

export function catalogKey(version: number): string {
  return `catalog/v${version}.json`
}

/** The version number in a catalog key, or undefined for another file. */
export function versionOf(key: string): number | undefined {
  const match = /^catalog\/v(\d+)\.json$/.exec(key)
  return match ? Number(match[1]) : undefined
}

/**
 * The content of a mark: a version was given up here, or none of this lake ever was here. No catalog is as
 * short.
 */
const GIVEN_UP = Buffer.from('given up\n')
const NOT_USED = Buffer.from('not used\n')
/** Numbers that share one file in `catalog/gone/` once all of them are given up. */
const THOUSAND = 1000

export function isMark(bytes: number): boolean {
  return bytes === GIVEN_UP.length
}

function goneKey(version: number): string {
  return `catalog/gone/${Math.floor(version / THOUSAND)}`
}

/** Exists once the first version was removed from a lake that had no marks. */
export const FIRST_IS_GONE = 'catalog/first-is-gone'

/** Whether both numbers share one file in `catalog/gone/`. */
export function isSameThousand(one: number, other: number): boolean {
  return Math.floor(one / THOUSAND) === Math.floor(other / THOUSAND)
}

/** Whether all numbers of a version's thousand are given up, so that whatever stands there is no version. */
export async function isGone(storage: Storage, version: number): Promise<boolean> {
  return (await storage.size(goneKey(version))) !== undefined
}

export async function isFree(storage: Storage, version: number): Promise<boolean> {
  return (await storage.size(catalogKey(version))) === undefined
}

/** What the catalog's folder holds. */
export interface Listed {
  /** The numbers of versions, in order. */
  versions: number[]
  files: ReadonlyMap<number, { bytes: number; writtenMs: number }>
  marks: Set<number>
  /** Versions whose thousand is gone: void, whatever they hold. */
  voided: number[]
  isGivenUp(version: number): boolean
}

export async function listCatalog(storage: Storage): Promise<Listed> {
  const found = new Map<number, { bytes: number; writtenMs: number }>()
  const gone = new Set<number>()
  for await (const { key, bytes, writtenMs } of storage.list('catalog')) {
    const version = versionOf(key)
    if (version !== undefined) found.set(version, { bytes, writtenMs })
    const thousand = /^catalog\/gone\/(\d+)$/.exec(key)?.[1]
    if (thousand !== undefined) gone.add(Number(thousand))
  }
  const isVoid = (version: number) => gone.has(Math.floor(version / THOUSAND))
  const all = [...found.keys()].sort((a, b) => a - b)
  const marks = new Set(all.filter((version) => isMark(found.get(version)?.bytes ?? 0)))
  const versions = all.filter((version) => !marks.has(version) && !isVoid(version))
  return {
    versions,
    files: found,
    marks,
    voided: all.filter(isVoid),
    isGivenUp: (version) => marks.has(version) || isVoid(version),
  }
}

export async function readCatalog(storage: Storage, version: number): Promise<Catalog> {
  return parseCatalog(storage, version, await storage.read(catalogKey(version)))
}

const FORMAT = 1

/** The lake was made by a later loglake, in a format that this one does not know. It is not damaged. */
export class LaterFormat extends LakeError {
  override name = 'LaterFormat'
}

export function parseCatalog(storage: Storage, version: number, bytes: Uint8Array): Catalog {
  const file = `${storage.root}/${catalogKey(version)}`
  if (isMark(bytes.length)) {
    throw new LakeError(`version ${version} of the lake was given up`, {
      file,
      remedy: '`loglake vacuum` gives up old versions: ask for a later one',
    })
  }
  let format: unknown
  try {
    const catalog = JSON.parse(Buffer.from(bytes).toString('utf8')) as Catalog
    format = catalog.format
    if (typeof format !== 'number' || format < FORMAT) throw new Error('it is no catalog of this lake')
    if (format > FORMAT) throw new Error('it is of a later format')
    if (catalog.version !== version || typeof catalog.tables !== 'object')
      throw new Error('it is no catalog of this lake')
    return catalog
  } catch (thrown) {
    if (typeof format === 'number' && format > FORMAT) {
      throw new LaterFormat(`the lake is of format ${format}, and this loglake knows format ${FORMAT}`, {
        file,
        remedy: 'upgrade loglake: `npm install --global loglake@latest`. Nothing is wrong with the lake',
      })
    }
    throw new LakeError(`the catalog cannot be read: ${sentence(thrown)}`, {
      file,
      remedy:
        'restore the file from a backup. If there is none, `loglake repair --dry-run` shows the versions that can be read',
      cause: thrown,
    })
  }
}

function encodeCatalog(catalog: Catalog): Buffer {
  return Buffer.from(`${JSON.stringify(catalog, null, 2)}\n`)
}

/** SHA-256 of a catalog as it is written. */
export function catalogHash(catalog: Catalog): string {
  return createHash('sha256').update(encodeCatalog(catalog)).digest('hex')
}

/** Commits. False when another writer created this version first, even if it was given up since. */
export async function createCatalog(storage: Storage, catalog: Catalog): Promise<boolean> {
  const key = catalogKey(catalog.version)
  if (await storage.create(key, encodeCatalog(catalog))) return true
  // A write whose answer got lost may be our own.
  const there = await storage.read(key)
  return !isMark(there.length) && parseCatalog(storage, catalog.version, there).commit === catalog.commit
}

/** Whether a version was given up: a writer that still wants to create it slept for too long. */
export async function isGivenUp(storage: Storage, version: number): Promise<boolean> {
  const [size, gone] = await Promise.all([storage.size(catalogKey(version)), isGone(storage, version)])
  return gone || isMark(size ?? 0)
}

/**
 * Whether a version that was just created is proven to be the lake's: see the head of this file. If it is
 * not, it is removed or marked, so that no reader takes it for a version. A version that was built on it
 * meanwhile has all of it.
 */
export async function isLinked(storage: Storage, catalog: Catalog): Promise<boolean> {
  const { version } = catalog
  const [gone, proven] = await Promise.all([isGone(storage, version), followsParent(storage, catalog)])
  if (gone) await storage.remove(catalogKey(version))
  else if (!proven) await storage.hint(catalogKey(version), NOT_USED)
  return !gone && proven
}

async function followsParent(storage: Storage, { version, parent }: Catalog): Promise<boolean> {
  if (version === 1) return (await storage.size(FIRST_IS_GONE)) === undefined
  const bytes = await storage.find(catalogKey(version - 1))
  // A vacuum may have given it up just now: with a mark, or with its thousand.
  if (bytes === undefined) return await isGone(storage, version - 1)
  if (isMark(bytes.length)) return GIVEN_UP.equals(bytes)
  return parseCatalog(storage, version - 1, bytes).commit === parent
}

/** Puts marks where versions were. */
export async function giveUp(storage: Storage, versions: readonly number[]): Promise<void> {
  const lanes = limit(MARKS)
  await allDone(versions.map((version) => lanes(() => storage.hint(catalogKey(version), GIVEN_UP))))
}

/**
 * Marks numbers that are free, or whose file was never a version of this lake, so that no writer that slept
 * takes them.
 */
export async function fill(storage: Storage, versions: readonly number[]): Promise<void> {
  const lanes = limit(MARKS)
  const put = async (key: string) => {
    if (!(await storage.create(key, NOT_USED))) await storage.hint(key, NOT_USED)
  }
  await allDone(versions.map((version) => lanes(() => put(catalogKey(version)))))
}

/** Removes the marks of whole thousands below a version, once a file says that they are gone. */
export async function giveUpThousands(storage: Storage, version: number): Promise<void> {
  const { marks, voided } = await listCatalog(storage)
  const thousand = (number: number) => Math.floor(number / THOUSAND)
  const going = [...marks, ...voided].filter((number) => thousand(number) < thousand(version))
  for (const one of new Set(going.map(thousand)))
    await storage.create(goneKey(one * THOUSAND), Buffer.from(new Date().toISOString()))
  const lanes = limit(MARKS)
  await allDone(going.map((number) => lanes(() => storage.remove(catalogKey(number)))))
}

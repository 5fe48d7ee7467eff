import {
  type Catalog,
  catalogHash,
  catalogKey,
  isFree,
  isMark,
  LaterFormat,
  listCatalog,
  parseCatalog,
} from './catalog.ts'
import type { Storage } from './storage/contract.ts'
import { allDone, limit } from './storage/lanes.ts'

/** All versions that a lake still has, and each place where a version does not continue the one before it. */
export interface Chain {
  /** In the order of their numbers; a version that cannot be read has no catalog. */
  links: Link[]
  breaks: Break[]
}

export interface Link {
  version: number
  catalog?: Catalog
  /** The error of reading it. */
  damage?: unknown
}

export type Break =
  /** The files of these versions are lost. */
  | { kind: 'gap'; from: number; to: number }
  /** The next version does not continue this committed one. */
  | { kind: 'fork'; version: number }
  | { kind: 'damaged'; version: number; damage: unknown }
  /** The version differs from the one that the next version continued, although it has the same number. */
  | { kind: 'altered'; version: number }

/** Versions read at once. */
const READS = 16

/** Reads the whole catalog. Commits and vacuums that happen meanwhile are not reported as breaks. */
export async function readChain(storage: Storage): Promise<Chain> {
  const listed = await listCatalog(storage)
  const lanes = limit(READS)
  const read = await allDone(listed.versions.map((version) => lanes(() => readLink(storage, version))))
  const links = read.filter((link) => link !== undefined)
  const breaks: Break[] = []
  for (const [index, link] of links.entries()) {
    const before = links[index - 1]
    if (before) breaks.push(...(await breaksBetween(storage, before, link, listed.isGivenUp)))
    if (!link.catalog) breaks.push({ kind: 'damaged', version: link.version, damage: link.damage })
  }
  return { links, breaks }
}

/** Undefined when a vacuum removed it meanwhile. */
async function readLink(storage: Storage, version: number): Promise<Link | undefined> {
  const bytes = await storage.find(catalogKey(version))
  if (bytes === undefined || isMark(bytes.length)) return undefined
  try {
    return { version, catalog: parseCatalog(storage, version, bytes) }
  } catch (damage) {
    if (damage instanceof LaterFormat) throw damage
    return { version, damage }
  }
}

async function breaksBetween(
  storage: Storage,
  before: Link,
  after: Link,
  isGivenUp: (version: number) => boolean,
): Promise<Break[]> {
  const breaks: Break[] = []
  for (let at = before.version + 1; at < after.version; at++) {
    const last = breaks.at(-1)
    if (isGivenUp(at) || !(await isFree(storage, at))) continue
    if (last?.kind === 'gap' && last.to === at - 1) last.to = at
    else breaks.push({ kind: 'gap', from: at, to: at })
  }
  if (after.version > before.version + 1 || !before.catalog || !after.catalog) return breaks
  const { commit, version } = before.catalog
  const { parent, parentHash } = after.catalog
  if (parent !== commit) return [{ kind: 'fork', version }]
  const altered = parentHash !== undefined && parentHash !== catalogHash(before.catalog)
  return altered ? [{ kind: 'altered', version }] : []
}

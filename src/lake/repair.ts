import { randomUUID } from 'node:crypto'
import { LakeError, UserError } from '../lib/errors.ts'
import { type Catalog, catalogHash, catalogKey, createCatalog, fill, isFree } from './catalog.ts'
import { type Chain, type Link, readChain } from './chain.ts'
import { currentSnapshot } from './iceberg/index.ts'
import { CLOCKS_APART_MS, type Lake } from './lake.ts'
import { hintedVersion, hintNewest, newestVersion } from './newest-version.ts'
import { hintKey, publicKey } from './publish.ts'
import { allDone } from './storage/lanes.ts'

/**
 * Repairs a lake's catalog as far as possible. It touches no data file and frees no version number: a file
 * that is in the way is kept under `catalog/aside/`, and a mark takes its place. Each version holds the whole
 * state, so a lost one can be skipped; of two heads, the user chooses one.
 */
export interface RepairOptions {
  /** The commit to continue from, when there are two heads or the newest version cannot be read. */
  keep?: string | undefined
  /** Only report what would be done. */
  dryRun?: boolean
}

export interface Repaired {
  /** The newest version after the repair. */
  version: number
  /** What was done, or would be, in order. */
  repairs: { kind: RepairKind; what: string }[]
  /** The versions that the lake can continue from; the user chooses when there is more than one. */
  heads: Head[]
  /** True when nothing was done, because a head must be chosen first. */
  undecided: boolean
}

export type RepairKind = 'gap' | 'aside' | 'restore' | 'unlock' | 'hint' | 'publish'

/** A version that no later version continues. */
export interface Head {
  commit: string
  version: number
  at: string
  by: string
  /** Rows of each table. */
  rows: Record<string, number>
}

interface Step {
  kind: RepairKind
  what: string
  run(): Promise<void>
}

export async function repair(lake: Lake, { keep, dryRun = false }: RepairOptions = {}): Promise<Repaired> {
  const { storage } = lake
  const chain = await readChain(storage)
  const links = headsOf(chain)
  const heads = await Promise.all(links.map((link) => headOf(lake, link)))
  const newest = chain.links.at(-1)
  const chosen = links.find(({ catalog }) => catalog?.commit === keep)?.catalog
  if (keep !== undefined && !chosen)
    throw new UserError(`no head of the lake is the commit ${keep}: \`loglake repair --dry-run\` lists them`)
  const needed = links.length > 1 || (newest !== undefined && !newest.catalog)
  const kept = chosen ?? (needed ? undefined : newest?.catalog)
  const steps = [...mendGaps(lake, chain)]
  // The head comes first: all other steps depend on it.
  if (kept) steps.push(...goOnFrom(lake, chain, kept))
  // A restored version is published when it is made.
  if (kept && kept.version === newest?.version) steps.push(...(await mendCopies(lake, kept)))
  const undecided = needed && !chosen
  if (!dryRun && !undecided) for (const { run } of steps) await run()
  const version = await newestVersion(storage)
  return { version, repairs: steps.map(({ kind, what }) => ({ kind, what })), heads, undecided }
}

/** Versions that no later version continues: the newest readable one, and those before a fork. */
function headsOf({ links, breaks }: Chain): Link[] {
  const forks = new Set(breaks.flatMap((one) => (one.kind === 'fork' ? [one.version] : [])))
  const newest = links.findLast(({ catalog }) => catalog)
  return links.filter((link) => link.catalog && (link === newest || forks.has(link.version)))
}

async function headOf(lake: Lake, { catalog }: Link): Promise<Head> {
  const { commit, version, at, by, tables } = catalog as Catalog
  const opened = await lake.at(version)
  const rows: Record<string, number> = {}
  for (const name of Object.keys(tables)) {
    const table = await opened.table(name).catch(() => undefined)
    rows[name] = Number((table && currentSnapshot(table.metadata)?.summary['total-records']) ?? 0)
  }
  return { commit, version, at, by, rows }
}

function mendGaps({ storage }: Lake, { breaks }: Chain): Step[] {
  return breaks.flatMap((one) => {
    if (one.kind !== 'gap') return []
    const numbers = Array.from({ length: one.to - one.from + 1 }, (_, index) => one.from + index)
    const which = numbers.length === 1 ? `version ${one.from}` : `versions ${one.from} to ${one.to}`
    const what = `step over ${which}, whose files are lost: version ${one.to + 1} holds all that they held`
    return [{ kind: 'gap' as const, what, run: () => fill(storage, numbers) }]
  })
}

function goOnFrom(lake: Lake, { links, breaks }: Chain, kept: Catalog): Step[] {
  const { storage } = lake
  const newest = links.at(-1) as Link
  const steps: Step[] = []
  const locked = Date.parse(kept.vacuumed ?? '') > Date.now() + CLOCKS_APART_MS
  if (kept.version !== newest.version) {
    const what = `make version ${newest.version + 1} of what version ${kept.version} holds (commit ${kept.commit})`
    steps.push({ kind: 'restore', what, run: () => restore(lake, links, kept) })
  }
  for (const one of breaks) {
    if (one.kind !== 'fork' && one.kind !== 'damaged') continue
    const why = one.kind === 'fork' ? 'which no later version goes on from' : 'which cannot be read'
    const what = `keep version ${one.version}, ${why}, under catalog/aside/`
    steps.push({ kind: 'aside', what, run: () => setAside(lake, one.version) })
  }
  if (locked) {
    const what = `unlock the lake, which was vacuumed under a clock that was ahead (${kept.vacuumed})`
    const run = async () => {
      const vacuumed = new Date(await storage.now()).toISOString()
      await lake.commit('repair', async () => ({ tables: {}, vacuumed }), Number.POSITIVE_INFINITY)
    }
    steps.push({ kind: 'unlock', what, run })
  }
  return steps
}

/**
 * Writes a new version above all others with the tables of an earlier one, under metadata numbers that
 * engines read as newer.
 */
async function restore({ storage }: Lake, links: readonly Link[], kept: Catalog): Promise<void> {
  const newest = links.at(-1) as Link
  const numberOf = (name: string) =>
    Math.max(...links.map(({ catalog }) => catalog?.tables[name]?.number ?? 0))
  const tables = Object.fromEntries(
    Object.entries(kept.tables).map(([name, entry]) => [name, { ...entry, number: numberOf(name) + 1 }]),
  )
  const { parentHash: _, ...rest } = kept
  const next: Catalog = {
    ...rest,
    version: newest.version + 1,
    commit: randomUUID(),
    parent: newest.catalog?.commit ?? kept.commit,
    ...(newest.catalog ? { parentHash: catalogHash(newest.catalog) } : {}),
    at: new Date().toISOString(),
    by: 'repair',
    tables,
  }
  if (await createCatalog(storage, next)) return await publish(storage, next)
  throw new LakeError('another writer committed during the repair', {
    file: `${storage.root}/${catalogKey(next.version)}`,
    remedy: 'stop all writers of this lake, then run `loglake repair` again',
  })
}

async function publish(storage: Lake['storage'], { version, tables }: Catalog): Promise<void> {
  for (const { folder, metadata, number } of Object.values(tables)) {
    await storage.hint(publicKey(folder, number), await storage.read(`${folder}/${metadata}`))
    await storage.hint(hintKey(folder), Buffer.from(String(number)))
  }
  await hintNewest(storage, version)
}

async function setAside({ storage }: Lake, version: number): Promise<void> {
  const bytes = await storage.read(catalogKey(version))
  await storage.write(`catalog/aside/v${version}-${randomUUID()}.json`, bytes)
  await fill(storage, [version])
}

/**
 * Writes the hint and the copies of metadata for other engines again, where they are not those of the newest
 * version.
 */
async function mendCopies({ storage }: Lake, kept: Catalog): Promise<Step[]> {
  const steps: Step[] = []
  const hint = await hintedVersion(storage)
  if (hint === undefined || (await isFree(storage, hint))) {
    const run = async () => await hintNewest(storage, await newestVersion(storage))
    const isLost = hint !== undefined && hint > kept.version
    const what = isLost
      ? `go on from version ${kept.version}: version ${hint} is lost, and what was added since has to be ingested again`
      : 'write the hint of the newest version'
    steps.push({ kind: 'hint', what, run })
  }
  for (const [name, { folder, metadata, number }] of Object.entries(kept.tables)) {
    const later: string[] = []
    for (let at = number + 1; (await storage.size(publicKey(folder, at))) !== undefined; at++)
      later.push(publicKey(folder, at))
    if (later.length > 0) {
      const what = `take back the metadata of ${name} that a lost version published for engines that read a path`
      const run = async () => {
        await storage.hint(hintKey(folder), Buffer.from(String(number)))
        await allDone(later.toReversed().map((key) => storage.remove(key)))
      }
      steps.push({ kind: 'publish', what, run })
    }
    const [own, published, hinted] = await Promise.all([
      storage.find(`${folder}/${metadata}`),
      storage.find(publicKey(folder, number)),
      storage.find(hintKey(folder)),
    ])
    const isHinted = later.length > 0 || Buffer.from(hinted ?? []).toString() === String(number)
    if (!own || (isHinted && published && Buffer.from(own).equals(published))) continue
    const what = `publish the metadata of ${name} for engines that read a path`
    const run = async () => {
      await storage.hint(publicKey(folder, number), own)
      await storage.hint(hintKey(folder), Buffer.from(String(number)))
    }
    steps.push({ kind: 'publish', what, run })
  }
  return steps
}

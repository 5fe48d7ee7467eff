import { setTimeout as wait } from 'node:timers/promises'
import { catalogKey, isMark } from '../../src/lake/catalog.ts'
import { type Lake, openLake } from '../../src/lake/lake.ts'
import { readingFiles } from '../../src/lake/parquet.ts'
import { localStorage } from '../../src/lake/storage/local.ts'
import { s3Storage } from '../../src/lake/storage/s3.ts'
import { isS3 } from '../../src/lake/storage/s3-location.ts'
import { type LakeVersion, metadataCache, type TableVersion, tableVersion } from '../../src/lake/version.ts'
import { type Engine, openEngine } from '../../src/lib/duckdb.ts'
import { list } from '../../src/lib/sql.ts'
import { lakeTables } from '../../src/tables/index.ts'
import type { Truth } from './objects.ts'

/** What is wrong with a lake; nothing is, when all is empty and 0. */
export interface Verdict {
  lost: number
  doubled: number
  /** In words, each with the place. */
  wrong: string[]
  versions: number
}

/** The lake in a folder or on S3, as a reader of this process sees it. */
export function lakeIn(place: string): Lake {
  return openLake(isS3(place) ? s3Storage(place) : localStorage(place), lakeTables)
}

let shared: Promise<Engine> | undefined
export function reader(): Promise<Engine> {
  shared ??= openEngine({ threads: 1, memory: '256MiB' })
  return shared
}

async function pathsOf(lake: Lake, table: TableVersion | undefined): Promise<string[]> {
  const paths: string[] = []
  for (const file of (await table?.files()) ?? []) {
    paths.push(await lake.storage.local((table as TableVersion).keyOf(file.path)))
  }
  return paths
}

/** Rows of a query over a table's files; none when there are none. */
export async function rowsOf<T>(lake: Lake, table: TableVersion | undefined, what: string): Promise<T[]> {
  const paths = await pathsOf(lake, table)
  if (paths.length === 0) return []
  const engine = await reader()
  const question = `select ${what} from read_parquet(${list(paths)}, hive_partitioning = false)`
  return (await readingFiles(engine, paths, () => engine.objects(question))) as T[]
}

/** Holds a lake against the truth: its newest version, every older one, and every snapshot that is left. */
export async function judge(folder: string, truth: Truth): Promise<Verdict> {
  const lake = lakeIn(folder)
  const newest = await lake.newest()
  const verdict = await judgeVersions(lake)
  const { wrong } = verdict

  const found = await rowsOf<{ eventid: string | null }>(lake, await newest.table('cloudtrail'), 'eventid')
  const ids = found.flatMap(({ eventid }) => (eventid === null ? [] : [eventid]))
  const distinct = new Set(ids)
  const nameless = found.length - ids.length
  for (const id of distinct) if (!truth.ids.has(id)) wrong.push(`the event ${id} was never delivered`)
  verdict.lost += [...truth.ids].filter((id) => !distinct.has(id)).length
  verdict.lost += Math.max(0, truth.nameless - nameless)
  verdict.doubled += ids.length - distinct.size + Math.max(0, nameless - truth.nameless)

  interface LedgerRow {
    lake_object: string
    read: number
    rejected: number
    balance: number
  }
  const ledger = await rowsOf<LedgerRow>(
    lake,
    await newest.table('ledger'),
    `lake_object, records_read::int as read, records_rejected::int as rejected,
     (records_read - records_stored - records_repeated - records_skipped - records_rejected)::int as balance`,
  )
  const objects = ledger.map(({ lake_object }) => lake_object)
  verdict.lost += truth.files.filter((file) => !objects.includes(file)).length
  verdict.doubled += objects.length - new Set(objects).size
  for (const { lake_object, balance } of ledger)
    if (balance !== 0) wrong.push(`${lake_object}: the records do not add up, ${balance} are missing`)
  const sum = (key: 'read' | 'rejected') => ledger.reduce((total, row) => total + row[key], 0)
  if (sum('read') !== truth.read) wrong.push(`${sum('read')} records read, ${truth.read} delivered`)
  const rejects = await rowsOf<{ id: string }>(lake, await newest.table('reject'), 'id')
  if (sum('rejected') !== truth.rejected || rejects.length !== truth.rejected)
    wrong.push(`${sum('rejected')} records and ${rejects.length} rows rejected instead of ${truth.rejected}`)
  wrong.push(...(await uncommitted(lake, newest)))
  return verdict
}

/** Looks at every version and every snapshot: no row twice, no commit by halves. */
export async function judgeVersions(lake: Lake): Promise<Verdict> {
  const verdict: Verdict = { lost: 0, doubled: 0, wrong: [], versions: 0 }
  const contents = new Map<string, Promise<string[]>>()
  const idsIn = async (table: TableVersion | undefined) => {
    const all: string[] = []
    for (const path of await pathsOf(lake, table)) {
      let content = contents.get(path)
      if (!content) {
        content = keysIn(path)
        contents.set(path, content)
      }
      all.push(...(await content))
    }
    return all
  }
  const newest = await lake.newest()
  for (const version of await versionsOf(lake, newest.number)) {
    const { number } = version
    verdict.versions++
    const all = await idsIn(await version.table('cloudtrail'))
    const named = all.filter((id) => id !== '')
    if (new Set(named).size < named.length) verdict.wrong.push(`version ${number} has an event twice`)
    const half = await halfCommit(lake, version)
    if (half) verdict.wrong.push(half)
  }
  const table = await newest.table('cloudtrail')
  for (const snapshot of table?.metadata.snapshots ?? []) {
    const { name, entry, metadata } = table as TableVersion
    const then = { ...metadata, 'current-snapshot-id': snapshot['snapshot-id'] }
    const ids = await idsIn(tableVersion(lake.storage, name, entry, then, metadataCache()))
    const named = ids.filter((id) => id !== '')
    if (new Set(named).size < named.length)
      verdict.wrong.push(`the snapshot ${snapshot['snapshot-id']} has an event twice`)
  }
  return verdict
}

/** The versions that are left: `vacuum` may have removed old ones. */
async function versionsOf(lake: Lake, newest: number): Promise<LakeVersion[]> {
  const versions: LakeVersion[] = []
  for (let number = newest; number > 0; number--) {
    const size = await lake.storage.size(catalogKey(number))
    if (size === undefined || isMark(size)) break
    const version = await lake.at(number)
    const next = versions.at(-1)
    if (next && next.catalog.parent !== version.catalog.commit) break
    versions.push(version)
  }
  return versions.reverse()
}

async function keysIn(path: string): Promise<string[]> {
  const engine = await reader()
  const question = `select coalesce(eventid, '') from read_parquet(${list([path])}, hive_partitioning = false)`
  const rows = await readingFiles(engine, [path], () => engine.rows(question))
  return rows.map(([id]) => String(id))
}

/** The ledger counts what the tables hold, at every version; undefined when it does. */
async function halfCommit(lake: Lake, version: LakeVersion): Promise<string | undefined> {
  const count = 'count(*)::int as n'
  const [rows] = await rowsOf<{ n: number }>(lake, await version.table('cloudtrail'), count)
  const [rejects] = await rowsOf<{ n: number }>(lake, await version.table('reject'), count)
  const [told] = await rowsOf<{ stored: number; rejected: number }>(
    lake,
    await version.table('ledger'),
    'sum(records_stored)::int as stored, sum(records_rejected)::int as rejected',
  )
  if ((told?.stored ?? 0) === (rows?.n ?? 0) && (told?.rejected ?? 0) === (rejects?.n ?? 0)) return undefined
  return `version ${version.number}: the ledger says ${told?.stored} stored and ${told?.rejected} rejected, the tables hold ${rows?.n} and ${rejects?.n}`
}

/** Metadata that engines find by its path, but that no version of the catalog names. */
async function uncommitted(lake: Lake, newest: LakeVersion): Promise<string[]> {
  const committed = new Set<string>()
  for (const { catalog } of await versionsOf(lake, newest.number)) {
    for (const { folder, metadata } of Object.values(catalog.tables)) committed.add(`${folder}/${metadata}`)
  }
  const text = async (key: string) => Buffer.from(await lake.storage.read(key)).toString()
  const named = new Set<string>()
  for (const key of committed) named.add(await text(key))
  const wrong: string[] = []
  for (const { folder, number } of Object.values(newest.catalog.tables)) {
    const place = `${folder}/metadata`
    for await (const { key } of lake.storage.list(place)) {
      const published = /\/v(\d+)\.metadata\.json$/.exec(key)
      // Of what was committed and then vacuumed, nothing is left that could tell.
      if (!published || (newest.catalog.vacuumed !== undefined && Number(published[1]) < number)) continue
      if (!named.has(await text(key)) || Number(published[1]) > number)
        wrong.push(`${key} was never committed`)
    }
    const hint = await lake.storage.find(`${place}/version-hint.text`)
    const hinted = hint && Buffer.from(hint).toString()
    if (hinted && (await lake.storage.size(`${place}/v${hinted}.metadata.json`)) === undefined)
      wrong.push(`${folder}: the hint names ${hinted}, which is not there`)
  }
  return wrong
}

/**
 * Reads the lake again and again while others write: what a reader must never see.
 *
 * @param pauseMs between two looks, each of which costs requests where the lake is on S3
 */
export async function watch(
  folder: string,
  until: Promise<unknown>,
  pauseMs = 10,
): Promise<{ reads: number; wrong: string[] }> {
  let over = false
  const end = () => {
    over = true
  }
  until.then(end, end)
  const wrong: string[] = []
  let reads = 0
  let seen = 0
  const lake = lakeIn(folder)
  while (!over) {
    const version = await lake.newest()
    if (version.number < seen) wrong.push(`version ${version.number} after ${seen}`)
    if (version.number > seen) {
      const half = await halfCommit(lake, version)
      if (half) wrong.push(half)
      reads++
    }
    seen = version.number
    await wait(pauseMs)
  }
  return { reads, wrong }
}

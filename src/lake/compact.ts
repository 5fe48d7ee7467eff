import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DAY_MS } from '../lib/day.ts'
import { type Engine, type EngineLimits, openEngine } from '../lib/duckdb.ts'
import { identifier } from '../lib/sql.ts'
import { plannedMetadata, type TableChange } from './change.ts'
import { slowest } from './changes.ts'
import { dayOf, daysOf } from './days.ts'
import { currentSchema, type DataFile, fromBytes } from './iceberg/index.ts'
import type { Lake } from './lake.ts'
import { withLocalFiles } from './local-files.ts'
import { coverFiles } from './needles/cover.ts'
import { adopt, disown, readParquet, stageParquet } from './parquet.ts'
import { stagedKeys } from './staged-keys.ts'
import { SEVERAL, type TableDefinition } from './table.ts'
import { type NumberedFile, rowsIn, type TableVersion } from './version.ts'

export interface CompactOptions {
  /** Bytes that merged files are filled up to. */
  targetBytes?: number
  limits?: EngineLimits
  onProgress?(progress: { table: string; group: number; groups: number }): void
  /** Merges only what is due; by default, everything that can be merged. */
  policy?: CompactPolicy
  /** Most groups of files to merge. */
  groups?: number
  /** Aborting it ends the compaction after the current group. */
  signal?: AbortSignal
  /** Called with the files of a table that stay unmerged because a follower has not read them. */
  onHeld?(held: { table: string; files: number }): void
}

/**
 * A day's small files are due once there are enough of one size, or the day ended long enough ago. Files are
 * merged with those of similar size, so that a row is rewritten a few times in all, and not with every hour
 * of its day.
 */
export interface CompactPolicy {
  files: number
  ageMs: number
  /** Milliseconds since 1970. */
  nowMs: number
}

export interface Compacted {
  table: string
  filesBefore: number
  filesAfter: number
  bytesBefore: number
  bytesAfter: number
}

const TARGET_BYTES = 128 << 20
/** Share of the target size at which a file is large enough. */
const LARGE_ENOUGH = 0.75
/** Average rows of a file below which merged rows are sorted again. */
const FULL_BATCH_ROWS = 50_000

/**
 * Merges small files into few large ones, day by day. Each group is a commit of its own. The rows stay the
 * same, so readers and writers continue meanwhile.
 */
export async function compact(lake: Lake, options: CompactOptions = {}): Promise<Compacted[]> {
  const target = options.targetBytes ?? TARGET_BYTES
  const place = await lake.storage.workplace()
  const spill = join(place, 'spill')
  // For a wide table, the Parquet writer takes nearly as much memory again, outside DuckDB's limit.
  const engine = await openEngine({ memory: '512MiB', spill, apart: true, ...options.limits })
  const results: Compacted[] = []
  const { policy, signal } = options
  const threads = options.limits?.threads
  let joined = 0
  try {
    const version = await lake.newest()
    for (const definition of lake.tables.values()) {
      const table = await version.table(definition.name)
      if (!table) continue
      const all = await table.numbered()
      // Files that will not be merged any more get their filters grouped.
      const stays = (file: DataFile) =>
        !policy || file.bytes >= target * LARGE_ENOUGH || isOver(table, file, policy)
      const floor = slowest(version.catalog, table.name)
      const readByAll = all.filter(({ sequence }) => sequence <= floor)
      if (readByAll.length < all.length)
        options.onHeld?.({ table: table.name, files: all.length - readByAll.length })
      const left = (options.groups ?? Number.POSITIVE_INFINITY) - joined
      const groups = groupFiles(table, definition, readByAll, target, options.policy).slice(
        0,
        Math.max(0, left),
      )
      joined += groups.length
      const result = { table: definition.name, filesBefore: 0, filesAfter: 0, bytesBefore: 0, bytesAfter: 0 }
      for (const [index, group] of groups.entries()) {
        if (signal?.aborted) return results
        options.onProgress?.({ table: definition.name, group: index + 1, groups: groups.length })
        const made = await compactGroup(lake, { engine, place, threads }, definition, table, group)
        if (made.length === 0) continue
        result.filesBefore += group.length
        result.filesAfter += made.length
        result.bytesBefore += sum(group)
        result.bytesAfter += sum(made)
      }
      if (result.filesBefore > 0) results.push(result)
      if (signal?.aborted) return results
      const { groups: max } = options
      const how = { isSettled: stays, signal, ...(max === undefined ? {} : { groups: max }) }
      await coverFiles(lake, engine, definition, place, how)
    }
  } finally {
    engine.close()
    await rm(place, { recursive: true, force: true })
  }
  return results
}

function sum(files: readonly DataFile[]): number {
  return files.reduce((total, { bytes }) => total + bytes, 0)
}

/**
 * Groups small files of one day that together make about one large file, in the order of their time. Files of
 * several days are grouped with each other.
 */
function groupFiles(
  table: TableVersion,
  { time }: TableDefinition,
  files: readonly NumberedFile[],
  target: number,
  policy?: CompactPolicy,
): DataFile[][] {
  const field = table.schema.fields.find(({ name }) => name === time)
  const start = ({ lower }: DataFile) => {
    const bound = field && lower.get(field.id)
    return bound ? Number(fromBytes(field.type, bound)) : 0
  }
  const days = new Map<string | undefined, DataFile[]>()
  for (const { file } of files) {
    if (file.bytes >= target * LARGE_ENOUGH) continue
    const day = dayOf(file)
    days.set(day, [...(days.get(day) ?? []), file])
  }
  const groups: DataFile[][] = []
  for (const all of days.values()) {
    const small = policy ? due(table, all, policy) : all
    small.sort((a, b) => start(a) - start(b) || (a.path < b.path ? -1 : 1))
    let group: DataFile[] = []
    for (const file of small) {
      if (group.length > 0 && sum(group) + file.bytes > target) {
        groups.push(group)
        group = []
      }
      group.push(file)
    }
    if (group.length > 0) groups.push(group)
  }
  return groups.filter((group) => group.length > 1)
}

/** Small files of days that have ended; else files of one size, where there are enough of them. */
function due(table: TableVersion, files: readonly DataFile[], policy: CompactPolicy): DataFile[] {
  if (files.every((file) => isOver(table, file, policy))) return [...files]
  const sizes = new Map<number, DataFile[]>()
  for (const file of files) {
    const size = Math.floor(Math.log(Math.max(1, file.bytes)) / Math.log(ONE_SIZE))
    sizes.set(size, [...(sizes.get(size) ?? []), file])
  }
  return [...sizes.values()].filter((same) => same.length >= policy.files).flat()
}

/** Factor by which files of one size class differ at most. */
const ONE_SIZE = 8

function isOver({ schema }: TableVersion, file: DataFile, { ageMs, nowMs }: CompactPolicy): boolean {
  const days = daysOf(file, schema)
  return days !== undefined && (days.last + 1) * DAY_MS + ageMs <= nowMs
}

/** The rows of merged files, without those that the table's `fold` replaces or adds up. */
function folded({ columns, fold }: TableDefinition, files: string): string {
  if (!fold) return `select * from ${files}`
  if (fold.by === 'newest') {
    const [version, of] = [identifier(fold.version), fold.of.map(identifier).join(', ')]
    return `select * from ${files} qualify ${version} is not distinct from max(${version}) over (partition by ${of})`
  }
  const selected = columns.map(({ name }) => {
    const column = identifier(name)
    if (fold.columns.includes(name)) return `sum(${column})::bigint as ${column}`
    return name === 'lake_ingested_at' ? `max(${column}) as ${column}` : column
  })
  return `select ${selected.join(', ')} from ${files} group by all`
}

/**
 * Rows that keep their order are written one row group after the other: a second thread gains nothing, and
 * takes up to 250 MiB.
 *
 * @param threads the engine's number of threads otherwise, by default as many as there are processors
 */
async function onOneThread<Result>(
  engine: Engine,
  threads: number | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  await engine.run('set threads = 1')
  try {
    return await work()
  } finally {
    await engine.run(threads ? `set threads = ${threads}` : 'reset threads')
  }
}

/** @returns the merged files; none when another writer removed one of the group's files meanwhile */
async function compactGroup(
  lake: Lake,
  { engine, place, threads }: { engine: Engine; place: string; threads: number | undefined },
  definition: TableDefinition,
  table: TableVersion,
  group: readonly DataFile[],
): Promise<DataFile[]> {
  const { storage } = lake
  const since = Date.now()
  const metadata = plannedMetadata(storage, definition, table)
  const schema = currentSchema(metadata)
  const [first] = group
  const day = first && dayOf(first)
  // Files of full batches are sorted already, each for its span of time: appended to one another they can
  // still be searched by both.
  const before = rowsIn(group)
  const sorted = before / group.length >= FULL_BATCH_ROWS
  // In a file of several days, a query for one day finds its rows together only if they are ordered by time.
  const order = sorted || day === SEVERAL ? 'keep' : 'sort'
  const stage = () =>
    withLocalFiles(storage, table, group, (locals) => {
      const rows = folded(definition, readParquet(locals, schema, definition))
      return stageParquet(engine, definition, schema, rows, place, { day, order, large: true })
    })
  const staged = order === 'keep' ? await onOneThread(engine, threads, stage) : await stage()
  const after = staged.reduce((total, { rows: count }) => total + count, 0)
  if (definition.fold ? after > before : after !== before)
    throw new Error(`${definition.name}: compaction made ${after} rows out of ${before}`)

  const made: { file: DataFile; key: string }[] = []
  for (const file of staged) {
    const filter = definition.key ? (await stagedKeys(engine, definition, file)).filter : undefined
    made.push(await adopt(storage, definition, { metadata, schema }, file, filter))
  }
  const { changed } = await lake.commit(
    'compact',
    async (base) => {
      const current = await base.table(definition.name)
      const numbers = new Map((await current?.numbered())?.map(({ file, sequence }) => [file.path, sequence]))
      // A follower registered meanwhile may still have to read the unmerged files.
      const floor = slowest(base.catalog, definition.name)
      const free = (path: string) => numbers.has(path) && (numbers.get(path) as number) <= floor
      if (!group.every(({ path }) => free(path))) return undefined
      const operation = before === after ? 'replace' : 'overwrite'
      const change: TableChange = { add: made.map(({ file }) => file), remove: group, operation }
      return { tables: { [definition.name]: change } }
    },
    since,
  )
  if (changed) return made.map(({ file }) => file)
  for (const { key } of made) await disown(storage, key)
  return []
}

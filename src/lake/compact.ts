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
import { coverFiles } from './needles/cover.ts'
import { adopt, disown, readParquet, stageParquet } from './parquet.ts'
import { stagedKeys } from './staged-keys.ts'
import { SEVERAL, type TableDefinition } from './table.ts'
import type { NumberedFile, TableVersion } from './version.ts'

export interface CompactOptions {
  /** Size that files are made up to, in bytes. */
  targetBytes?: number
  limits?: EngineLimits
  onProgress?(progress: { table: string; group: number; groups: number }): void
  /** Joins only what is due; by default all that can be joined. */
  policy?: CompactPolicy
  /** The most groups of files that are joined. */
  groups?: number
  /** Ends it between two groups. */
  signal?: AbortSignal
  /** Files of a table that are left as they are, since a follower has not read them. */
  onHeld?(held: { table: string; files: number }): void
}

/**
 * What is due: a day's small files, once there are so many of one size or the day is over for so long. Files are joined with those
 * that are as large, so that a row is written again a few times and not with every hour of its day.
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
/** A file of this part of the target is large enough. */
const LARGE_ENOUGH = 0.75
/** Files of fewer rows are sorted anew when they are joined. */
const FULL_BATCH_ROWS = 50_000

/**
 * Makes few large files out of many small ones, day by day. Each group is a commit of its own: the same rows in other
 * files, so readers and writers go on meanwhile.
 */
export async function compact(lake: Lake, options: CompactOptions = {}): Promise<Compacted[]> {
  const target = options.targetBytes ?? TARGET_BYTES
  const place = await lake.storage.workplace()
  const spill = join(place, 'spill')
  // Of a wide table, what the Parquet writer takes beside the engine's memory is nearly as much again.
  const engine = await openEngine({ memory: '512MiB', spill, apart: true, ...options.limits })
  const results: Compacted[] = []
  const { policy, signal } = options
  let joined = 0
  try {
    const version = await lake.newest()
    for (const definition of lake.tables.values()) {
      const table = await version.table(definition.name)
      if (!table) continue
      const all = await table.numbered()
      // What is not joined any more has its filters put together.
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
        const made = await compactGroup(lake, engine, definition, table, group, place)
        if (made.length === 0) continue
        result.filesBefore += group.length
        result.filesAfter += made.length
        result.bytesBefore += sum(group)
        result.bytesAfter += sum(made)
      }
      if (result.filesBefore > 0) results.push(result)
      if (signal?.aborted) return results
      const { groups: most } = options
      const how = { isSettled: stays, signal, ...(most === undefined ? {} : { groups: most }) }
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
 * Small files of one day that together make about one large file, in the order of their time; those of several days are joined
 * with each other.
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

/** Small files whose days are over; else those of one size, where there are enough of them. */
function due(table: TableVersion, files: readonly DataFile[], policy: CompactPolicy): DataFile[] {
  if (files.every((file) => isOver(table, file, policy))) return [...files]
  const sizes = new Map<number, DataFile[]>()
  for (const file of files) {
    const size = Math.floor(Math.log(Math.max(1, file.bytes)) / Math.log(ONE_SIZE))
    sizes.set(size, [...(sizes.get(size) ?? []), file])
  }
  return [...sizes.values()].filter((same) => same.length >= policy.files).flat()
}

/** Files are of one size when none is so many times as large as another. */
const ONE_SIZE = 8

function isOver({ schema }: TableVersion, file: DataFile, { ageMs, nowMs }: CompactPolicy): boolean {
  const days = daysOf(file, schema)
  return days !== undefined && (days.last + 1) * DAY_MS + ageMs <= nowMs
}

/** The rows of files that are joined, without those that others of them stand for. */
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

/** @returns the files made; none when another writer took one of the group's files away meanwhile */
async function compactGroup(
  lake: Lake,
  engine: Engine,
  definition: TableDefinition,
  table: TableVersion,
  group: readonly DataFile[],
  place: string,
): Promise<DataFile[]> {
  const { storage } = lake
  const since = Date.now()
  const metadata = plannedMetadata(storage, definition, table)
  const schema = currentSchema(metadata)
  const locals = await Promise.all(group.map(({ path, bytes }) => storage.local(table.keyOf(path), bytes)))
  const rows = folded(definition, readParquet(locals, schema, definition))
  const [first] = group
  const day = first && dayOf(first)
  // Files of a full batch are sorted already, each for its span of time: behind one another they stay searchable by both.
  const sorted = group.reduce((total, { records }) => total + records, 0) / group.length >= FULL_BATCH_ROWS
  const staged = await stageParquet(engine, definition, schema, rows, place, {
    day,
    // Of several days a question for one finds its stretch only in the order of time.
    order: sorted || day === SEVERAL ? 'keep' : 'sort',
    large: true,
  }).finally(() => storage.release(locals))
  const before = group.reduce((total, { records }) => total + records, 0)
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
      // A follower that has been registered meanwhile may have to read them as they are.
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

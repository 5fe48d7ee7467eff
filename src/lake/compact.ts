import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Engine, type EngineLimits, openEngine } from '../lib/duckdb.ts'
import { plannedMetadata, type TableChange } from './change.ts'
import { currentSchema, type DataFile, fromBytes } from './iceberg/index.ts'
import type { Lake } from './lake.ts'
import { adopt, disown, readParquet, stageParquet } from './parquet.ts'
import { stagedKeys } from './repeats.ts'
import { DAY, type TableDefinition } from './table.ts'
import type { TableVersion } from './version.ts'

export interface CompactOptions {
  /** Size that files are made up to, in bytes. */
  targetBytes?: number
  limits?: EngineLimits
  onProgress?(progress: { table: string; group: number; groups: number }): void
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
  const engine = await openEngine({ memory: '1GiB', spill: join(place, 'spill'), ...options.limits })
  const results: Compacted[] = []
  try {
    const version = await lake.newest()
    for (const definition of lake.tables.values()) {
      const table = await version.table(definition.name)
      if (!table) continue
      const groups = groupFiles(table, definition, await table.files(), target)
      const result = { table: definition.name, filesBefore: 0, filesAfter: 0, bytesBefore: 0, bytesAfter: 0 }
      for (const [index, group] of groups.entries()) {
        options.onProgress?.({ table: definition.name, group: index + 1, groups: groups.length })
        const made = await compactGroup(lake, engine, definition, table, group, place)
        if (made.length === 0) continue
        result.filesBefore += group.length
        result.filesAfter += made.length
        result.bytesBefore += sum(group)
        result.bytesAfter += sum(made)
      }
      if (result.filesBefore > 0) results.push(result)
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

/** Small files of one day that together make about one large file, in the order of their time. */
function groupFiles(
  table: TableVersion,
  { time }: TableDefinition,
  files: readonly DataFile[],
  target: number,
): DataFile[][] {
  const field = table.schema.fields.find(({ name }) => name === time)
  const start = ({ lower }: DataFile) => {
    const bound = field && lower.get(field.id)
    return bound ? Number(fromBytes(field.type, bound)) : 0
  }
  const days = new Map<unknown, DataFile[]>()
  for (const file of files) {
    if (file.bytes >= target * LARGE_ENOUGH) continue
    const day = file.partition[DAY]
    days.set(day, [...(days.get(day) ?? []), file])
  }
  const groups: DataFile[][] = []
  for (const small of days.values()) {
    small.sort((a, b) => start(a) - start(b) || (a.path < b.path ? -1 : 1))
    let group: DataFile[] = []
    for (const file of small) {
      if (group.length > 0 && sum(group) + file.bytes > target) {
        groups.push(group)
        group = []
      }
      group.push(file)
    }
    groups.push(group)
  }
  return groups.filter((group) => group.length > 1)
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
  const rows = `select * from ${readParquet(locals, schema, definition)}`
  const day = group[0]?.partition[DAY]
  // Files of a full batch are sorted already, each for its span of time: behind one another they stay searchable by both.
  const sorted = group.reduce((total, { records }) => total + records, 0) / group.length >= FULL_BATCH_ROWS
  const dayText = typeof day === 'number' ? new Date(day * 86_400_000).toISOString().slice(0, 10) : undefined
  const staged = await stageParquet(engine, definition, schema, rows, place, {
    day: dayText,
    order: sorted ? 'keep' : 'sort',
    large: true,
  }).finally(() => storage.release(locals))
  const before = group.reduce((total, { records }) => total + records, 0)
  const after = staged.reduce((total, { rows: count }) => total + count, 0)
  if (before !== after) throw new Error(`${definition.name}: compaction made ${after} rows out of ${before}`)

  const made: { file: DataFile; key: string }[] = []
  for (const file of staged) {
    const filter = definition.key ? (await stagedKeys(engine, definition, file)).filter : undefined
    made.push(await adopt(storage, definition, { metadata, schema }, file, filter))
  }
  const { changed } = await lake.commit(
    'compact',
    async (base) => {
      const current = await base.table(definition.name)
      const present = new Set((await current?.files())?.map(({ path }) => path))
      if (!group.every(({ path }) => present.has(path))) return undefined
      const change: TableChange = { add: made.map(({ file }) => file), remove: group, operation: 'replace' }
      return { tables: { [definition.name]: change } }
    },
    since,
  )
  if (changed) return made.map(({ file }) => file)
  for (const { key } of made) await disown(storage, key)
  return []
}

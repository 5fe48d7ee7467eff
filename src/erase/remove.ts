import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { LakeChange } from '../lake/change.ts'
import { plannedMetadata, type TableChange } from '../lake/change.ts'
import { dayOf } from '../lake/days.ts'
import { currentSchema, type DataFile } from '../lake/iceberg/index.ts'
import type { Lake } from '../lake/lake.ts'
import { stageOnce } from '../lake/many-days.ts'
import { adopt, disown, readParquet, stageParquet } from '../lake/parquet.ts'
import { stagedKeys } from '../lake/staged-keys.ts'
import type { TableDefinition } from '../lake/table.ts'
import type { LakeVersion, TableVersion } from '../lake/version.ts'
import { ledger, reject } from '../ledger/tables.ts'
import { type Engine, type EngineLimits, openEngine } from '../lib/duckdb.ts'
import { identifier, literal, sql } from '../lib/sql.ts'
import { type FoundTable, findRows, nothing, type Removed } from './found.ts'
import { ERASED, hashOf, type Selector } from './selector.ts'
import { erasureTable } from './tables.ts'

const url = (name: string) => new URL(`./sql/${name}.sql`, import.meta.url)

export interface RemoveOptions {
  selector: Selector
  by: string
  reason: string
  /** The name of the commit: `erase` or `retention`. */
  as: 'erase' | 'retention'
  /** Only these tables. */
  tables?: readonly string[]
  dryRun: boolean
  limits?: EngineLimits
}

/**
 * Removes rows permanently, in one commit: affected files are rewritten without them, the ledger counts the
 * removed rows by object, and `erasure` has the reason. Followers that have read a file do not read it again:
 * its rows have not become newer. The removed rows remain in earlier versions until `vacuum` deletes those.
 */
export async function removeRows(lake: Lake, options: RemoveOptions): Promise<Removed> {
  const since = Date.now()
  const id = randomUUID()
  const place = await lake.storage.workplace()
  const engine = await openEngine({ memory: '1GiB', spill: join(place, 'spill'), ...options.limits })
  let adopted: string[] = []
  const discard = async () => {
    for (const key of adopted) await disown(lake.storage, key)
    adopted = []
  }
  let removed: Removed = { id, ...nothing() }
  const prepare = async (base: LakeVersion): Promise<LakeChange | undefined> => {
    await discard()
    const work = { lake, engine, place, base, options, adopted }
    const found = await findRows(work, options)
    removed = { id, ...found.counts }
    if (options.dryRun || removed.rows === 0) return undefined
    const tables: Record<string, TableChange> = {}
    for (const { definition, table, files, condition } of found.tables)
      tables[definition.name] = await withoutRows(work, definition, table, files, condition)
    const own = await ledgerChange(work)
    if (own) tables.ledger = own
    tables[erasureTable.name] = { add: [await erasureRow(work, removed)] }
    return { tables, why: options.reason }
  }
  try {
    const { changed } = await lake.commit(options.as, prepare, since)
    if (!changed) await discard()
    return removed
  } catch (thrown) {
    await discard()
    throw thrown
  } finally {
    engine.close()
    await rm(place, { recursive: true, force: true })
  }
}

interface Work {
  lake: Lake
  engine: Engine
  place: string
  base: LakeVersion
  options: RemoveOptions
  adopted: string[]
}

/** Each file is rewritten separately: followers' positions stay valid. */
async function withoutRows(
  { lake, engine, place, adopted }: Work,
  definition: TableDefinition,
  table: TableVersion,
  files: FoundTable['files'],
  condition: string,
): Promise<TableChange> {
  const { storage } = lake
  const metadata = plannedMetadata(storage, definition, table)
  const schema = currentSchema(metadata)
  const add: DataFile[] = []
  const numbers = new Map<string, number>()
  for (const { file, sequence } of files.values()) {
    const local = await storage.local(table.keyOf(file.path), file.bytes)
    const rows = without(definition, readParquet([local], table.schema, definition), condition)
    const how = { day: dayOf(file), order: 'keep' as const }
    const staged = await stageParquet(
      engine,
      definition,
      schema,
      withAll(definition, table, rows),
      place,
      how,
    ).finally(() => storage.release([local]))
    for (const one of staged) {
      const filter = definition.key ? (await stagedKeys(engine, definition, one)).filter : undefined
      const made = await adopt(storage, definition, { metadata, schema }, one, filter)
      adopted.push(made.key)
      add.push(made.file)
      numbers.set(made.file.path, sequence)
    }
  }
  return { add, remove: [...files.values()].map(({ file }) => file), numbers }
}

/** A reject's row stays, since the ledger counts it; its copy of the record is removed. */
function without({ name }: TableDefinition, from: string, condition: string): string {
  if (name !== reject.name) return `select * from ${from} where not ${condition}`
  const gone = (column: string, value: string) =>
    `case when ${condition} then ${value} else ${column} end as ${column}`
  return `select * replace (${gone('bytes', "''::blob")}, ${gone('reason', literal(ERASED))}) from ${from}`
}

/** Columns that the table lacks so far are null. */
function withAll({ columns }: TableDefinition, { schema }: TableVersion, rows: string): string {
  const known = new Set(schema.fields.map(({ name }) => name))
  const added = columns
    .filter(({ name }) => !known.has(name))
    .map(({ name }) => `null as ${identifier(name)}`)
  return added.length === 0 ? rows : `select *, ${added.join(', ')} from (${rows})`
}

/** Updates the ledger's count of removed rows for each object. */
async function ledgerChange(work: Work): Promise<TableChange | undefined> {
  const { lake, engine, base, place, adopted } = work
  const table = await base.table(ledger.name)
  if (!table) return undefined
  const { storage } = lake
  const all = await table.files()
  const locals = new Map<string, DataFile>()
  try {
    for (const file of all) locals.set(await storage.local(table.keyOf(file.path), file.bytes), file)
    const from = (files: Iterable<string>) =>
      `(${withAll(ledger, table, `select * from ${readParquet([...files], table.schema, ledger)}`)})`
    const hit = await engine.rows(
      sql(url('erased-files'), { ledger: readParquet([...locals.keys()], table.schema, ledger) }),
    )
    if (hit.length === 0) return undefined
    const files = hit.map(([name]) => String(name))
    await engine.run(sql(url('erased-versions'), { ledger: from(locals.keys()) }))
    const rows = sql(url('ledger'), { ledger: from(files) })
    const metadata = plannedMetadata(storage, ledger, table)
    const schema = currentSchema(metadata)
    const add: DataFile[] = []
    for (const staged of await stageOnce(engine, ledger, schema, rows, place)) {
      const { filter } = await stagedKeys(engine, ledger, staged)
      const made = await adopt(storage, ledger, { metadata, schema }, staged, filter)
      adopted.push(made.key)
      add.push(made.file)
    }
    return { add, remove: files.map((name) => locals.get(name) as DataFile) }
  } finally {
    storage.release(locals.keys())
  }
}

async function erasureRow(
  { lake, engine, base, place, adopted, options }: Work,
  { id, rows, tables, held }: Removed,
): Promise<DataFile> {
  const { selector, by, reason } = options
  const text = (value: string | undefined) => (value === undefined ? 'null::varchar' : literal(value))
  const hash = selector.kind === 'days' ? undefined : hashOf(selector)
  const heldRows = Object.values(held).reduce((sum, one) => sum + one, 0)
  const row = sql(url('erasure'), {
    id: text(id),
    kind: text(selector.kind),
    value_sha256: text(hash),
    before: text(selector.kind === 'days' ? selector.until : undefined),
    by: text(by),
    reason: text(reason),
    rows: String(rows),
    tables: text(JSON.stringify(tables)),
    held: String(heldRows),
  })
  const metadata = plannedMetadata(lake.storage, erasureTable, await base.table(erasureTable.name))
  const schema = currentSchema(metadata)
  const [staged] = await stageParquet(engine, erasureTable, schema, row, place)
  if (!staged) throw new Error('the row of an erasure was not written')
  const made = await adopt(lake.storage, erasureTable, { metadata, schema }, staged, undefined)
  adopted.push(made.key)
  return made.file
}

import { plannedMetadata } from '../lake/change.ts'
import { currentSchema, type Schema } from '../lake/iceberg/index.ts'
import { type StagedFile, stageParquet } from '../lake/parquet.ts'
import type { TableDefinition } from '../lake/table.ts'
import type { Engine } from '../lib/duckdb.ts'
import { UserError } from '../lib/errors.ts'
import { identifier, list, sql } from '../lib/sql.ts'
import { step } from '../lib/steps.ts'
import type { LogType } from '../logtypes/contract.ts'
import type { Account } from './account.ts'
import type { Batch } from './batch.ts'
import type { OpenedObject } from './open.ts'
import { isRefusal, readableSpools } from './refused.ts'
import { columnsWithoutValues } from './rows.ts'
import type { Session } from './session.ts'
import type { Spool } from './spool.ts'
import { giveUpSpools } from './spool-files.ts'
import { limitedRows, nameObjects } from './spooled.ts'

/** One log type's rows of a batch, in files that are not yet in the lake. */
export interface Staged {
  table: TableDefinition
  schema: Schema
  files: StagedFile[]
  /** By the object's URI. */
  rows: Map<string, RowCount>
}

/** How many rows of an object lie in staged files, and when the first and last happened. */
export interface RowCount {
  rows: number
  first: string
  last: string
}

/** Turns batches into Parquet, one after the other. */
export async function* stages(
  session: Session,
  account: Account,
  batches: AsyncIterable<Batch>,
): AsyncGenerator<{ batch: Batch; staged: Staged[]; since: number }> {
  for await (const batch of batches) {
    const since = Date.now()
    const staged = await stage(session, account, batch)
    await giveUpSpools(
      session.spool,
      batch.spools.map(({ file }) => file),
    )
    yield { batch, staged, since }
  }
}

/** Turns the batch's spooled records into Parquet, a log type at a time. */
async function stage(session: Session, account: Account, batch: Batch): Promise<Staged[]> {
  const staged: Staged[] = []
  for (const type of session.known.types) {
    let spools = batch.spools.filter(({ logtype }) => logtype === type.name)
    if (spools.length === 0) continue
    const table = session.lake.tables.get(type.name)
    if (!table) throw new Error(`the lake does not know the table ${type.name}`)
    const base = await session.lake.newest()
    const schema = currentSchema(plannedMetadata(session.lake.storage, table, await base.table(type.name)))
    const write = async () => {
      const files: StagedFile[] = []
      for (const { day, part, mixed } of daysOf(type, spools)) {
        const rows = limitedRows(session, type, part, mixed ? day : undefined)
        files.push(
          ...(await stageParquet(session.engine, table, schema, rows, session.place, {
            day,
            order: 'any',
            without: columnsWithoutValues(type, part),
          })),
        )
      }
      return files
    }
    await nameObjects(session, batch.objects)
    let files: StagedFile[]
    try {
      files = await write()
    } catch (thrown) {
      if (!isRefusal(thrown)) throw thrown
      spools = await readableSpools(session, account, type, batch, spools)
      files = await write()
    }
    staged.push({ table, schema, files, rows: await countRows(session.engine, table, files) })
  }
  checkCounts(session, batch, staged)
  step('staged')
  return staged
}

/** Every record is accounted for, or nothing is committed. */
function checkCounts({ window, known }: Session, batch: Batch, staged: readonly Staged[]): void {
  const uris = new Set(batch.objects.map(({ object }) => object.uri))
  for (const { rows } of staged)
    for (const uri of rows.keys())
      if (!uris.has(uri)) throw new Error(`${uri}: it has left its batch, its rows have not`)
  const unlimited = window.since === undefined && window.until === undefined
  for (const { object, opened } of batch.objects) {
    const found = staged.reduce((sum, { rows }) => sum + (rows.get(object.uri)?.rows ?? 0), 0)
    if (found > opened.spooled || (found < opened.spooled && unlimited)) {
      blameSelect(known.types, opened, found)
      throw new Error(`${object.uri}: ${opened.spooled} records were unwrapped, ${found} became rows`)
    }
  }
}

/** A user's SQL is the only one that may leave records out, or make two of one. */
function blameSelect(types: readonly LogType[], { logtype, spooled }: OpenedObject, found: number): void {
  for (const type of types) {
    if (!('prepare' in type) || !type.select || !logtype?.split(', ').includes(type.name)) continue
    throw new UserError(
      `${type.select.file}:1: it makes ${found} rows of ${spooled} records: one row for each is wanted`,
    )
  }
}

/** Counts the rows of each object in staged files. */
export async function countRows(
  engine: Engine,
  { time }: TableDefinition,
  files: readonly StagedFile[],
): Promise<Map<string, RowCount>> {
  if (files.length === 0 || time === undefined) return new Map()
  const found = await engine.objects(
    sql(new URL('./sql/counts.sql', import.meta.url), {
      time: identifier(time),
      files: list(files.map(({ local }) => local)),
    }),
  )
  return new Map(
    found.map(({ lake_object, stored, first_time, last_time }) => [
      String(lake_object),
      { rows: Number(stored), first: String(first_time), last: String(last_time) },
    ]),
  )
}

/** More days than this in one batch are told apart by DuckDB, which is slower and takes more memory than one day. */
const MOST_DAYS = 8

/** A user's SQL may make other times: where it ends up is told of its rows. */
function daysOf(type: LogType, spools: readonly Spool[]): ReturnType<typeof byDay> {
  return 'prepare' in type && type.select ? [{ part: spools, mixed: false }] : byDay(spools)
}

/** The spool files day by day; one whose records are of two days is in both, and those are `mixed`. */
function byDay(spools: readonly Spool[]): { day?: string; part: readonly Spool[]; mixed: boolean }[] {
  const days = new Map<number, { part: Spool[]; mixed: boolean }>()
  for (const spool of spools) {
    const { firstDay: first, lastDay: last } = spool
    for (let day = first; day <= last; day = nextDay(day)) {
      if (days.size > MOST_DAYS) return [{ part: spools, mixed: false }]
      const found = days.get(day) ?? { part: [], mixed: false }
      found.part.push(spool)
      found.mixed ||= first !== last
      days.set(day, found)
    }
  }
  return [...days].map(([number, { part, mixed }]) => ({ day: dayText(number), part, mixed }))
}

function nextDay(day: number): number {
  const next = new Date(Date.parse(`${dayText(day)}T00:00:00Z`) + 86_400_000).toISOString()
  return Number(next.slice(0, 10).replaceAll('-', ''))
}

/** 20260107 → 2026-01-07 */
function dayText(day: number): string {
  const digits = String(day).padStart(8, '0')
  return `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`
}

import { plannedMetadata } from '../../lake/change.ts'
import { currentSchema } from '../../lake/iceberg/index.ts'
import { stageDaysSorted } from '../../lake/many-days.ts'
import { type StagedFile, stageParquet } from '../../lake/parquet.ts'
import { SEVERAL, type TableDefinition } from '../../lake/table.ts'
import type { Engine } from '../../lib/duckdb.ts'
import { UserError } from '../../lib/errors.ts'
import { identifier, list, sql } from '../../lib/sql.ts'
import { counted } from '../../lib/terminal.ts'
import type { LogType } from '../../logtypes/contract.ts'
import type { Batch } from '../contract.ts'
import type { OpenedObject } from '../open/contract.ts'
import type { Session } from '../session.ts'
import type { Spool } from '../spool/contract.ts'
import { portions } from '../spool/days.ts'
import { giveUpSpools } from '../spool/files.ts'
import { faultPoint } from '../steps.ts'
import type { Totals } from '../totals.ts'
import { stageApart } from './apart.ts'
import type { RowCount, Staged } from './contract.ts'
import { isRefusal, readableSpools } from './refused.ts'
import { columnsWithoutValues } from './rows.ts'
import { limitedRows, nameObjects } from './spooled.ts'
import { isUnexpected } from './unexpected.ts'

/** Turns batches into Parquet, one after the other. */
export async function* stages(
  session: Session,
  totals: Totals,
  batches: AsyncIterable<Batch>,
): AsyncGenerator<{ batch: Batch; staged: Staged[]; since: number }> {
  for await (const batch of batches) {
    const since = Date.now()
    const staged = await stage(session, totals, batch)
    await giveUpSpools(
      session.spool,
      batch.spools.map(({ file }) => file),
    )
    yield { batch, staged, since }
  }
}

/**
 * Turns the batch's spooled records into Parquet. After an unforeseen failure, only the records at fault are
 * rejected.
 */
async function stage(session: Session, totals: Totals, batch: Batch): Promise<Staged[]> {
  let staged: Staged[]
  try {
    staged = await stageTypes(session, totals, batch)
  } catch (thrown) {
    if (!isUnexpected(thrown)) throw thrown
    const stageSome = (some: Batch) => stageTypes(session, totals, some)
    staged = await stageApart({ session, totals, batch, stageSome }, thrown)
    checkCounts(session, batch, staged)
  }
  for (const entry of batch.objects) delete entry.alone
  faultPoint('staged')
  return staged
}

/** Turns the batch's spooled records into Parquet, one log type at a time. */
async function stageTypes(session: Session, totals: Totals, batch: Batch): Promise<Staged[]> {
  const staged: Staged[] = []
  for (const type of session.registry.types) {
    let spools = batch.spools.filter(({ logtype }) => logtype === type.name)
    if (spools.length === 0) continue
    const table = session.lake.tables.get(type.name)
    if (!table) throw new Error(`the lake does not know the table ${type.name}`)
    const base = await session.lake.newest()
    const schema = currentSchema(plannedMetadata(session.lake.storage, table, await base.table(type.name)))
    const write = () => writeAll(session, type, { table, schema }, spools)
    await nameObjects(session, batch.objects)
    let files: StagedFile[]
    try {
      files = await write()
    } catch (thrown) {
      if (!isRefusal(thrown)) throw thrown
      spools = await readableSpools(session, totals, type, batch, spools)
      files = await write()
    }
    staged.push({ table, schema, files, rows: await countRows(session.engine, table, files) })
  }
  checkCounts(session, batch, staged)
  return staged
}

/** One COPY after the other, because each takes memory of its own. */
async function writeAll(
  session: Session,
  type: LogType,
  { table, schema }: Pick<Staged, 'table' | 'schema'>,
  spools: readonly Spool[],
): Promise<StagedFile[]> {
  const { engine, place } = session
  const files: StagedFile[] = []
  for (const portion of portions(type, spools)) {
    const { kind, part } = portion
    const rows = limitedRows(session, type, part, kind === 'day' && portion.mixed ? portion.day : undefined)
    const how = { order: 'any' as const, without: columnsWithoutValues(type, part) }
    files.push(
      ...(kind === 'many'
        ? await stageDaysSorted(engine, table, schema, rows, place, how)
        : await stageParquet(engine, table, schema, rows, place, {
            ...how,
            day: kind === 'day' ? portion.day : kind === 'several' ? SEVERAL : undefined,
          })),
    )
  }
  return files
}

/** Throws before the commit when the count of a record's rows is not exactly one. */
function checkCounts({ window, registry }: Session, batch: Batch, staged: readonly Staged[]): void {
  const uris = new Set(batch.objects.map(({ object }) => object.uri))
  for (const { rows } of staged)
    for (const uri of rows.keys())
      if (!uris.has(uri)) throw new Error(`${uri}: the object left its batch, but its rows did not`)
  const unlimited = window.since === undefined && window.until === undefined
  for (const { object, opened } of batch.objects) {
    const found = staged.reduce((sum, { rows }) => sum + (rows.get(object.uri)?.rows ?? 0), 0)
    if (found > opened.spooled || (found < opened.spooled && unlimited)) {
      blameSelect(registry.types, opened, found)
      throw new Error(`${object.uri}: ${opened.spooled} records were unwrapped, but ${found} became rows`)
    }
  }
}

/** Only a user's SQL can drop a record, or make two rows of it. */
function blameSelect(types: readonly LogType[], { logtype, spooled }: OpenedObject, found: number): void {
  for (const type of types) {
    if (type.kind !== 'prepared' || !type.select || !logtype?.split(', ').includes(type.name)) continue
    throw new UserError(
      `${type.select.file}:1: it makes ${counted(found, 'row')} of ${counted(spooled, 'record')}: one row for each is wanted`,
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

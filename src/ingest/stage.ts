import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { elements, type Span } from '../envelopes/json.ts'
import { joinArray } from '../envelopes/strict.ts'
import { plannedMetadata } from '../lake/change.ts'
import { currentSchema, type Schema } from '../lake/iceberg/index.ts'
import { type StagedFile, stageParquet } from '../lake/parquet.ts'
import type { TableDefinition } from '../lake/table.ts'
import type { Engine } from '../lib/duckdb.ts'
import { identifier, list, literal, sql } from '../lib/sql.ts'
import { step } from '../lib/steps.ts'
import type { LogType } from '../logtypes/contract.ts'
import { logTypes } from '../logtypes/index.ts'
import type { Batch, BatchObject } from './batch.ts'
import type { Session } from './session.ts'
import { recordColumns } from './tables.ts'

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
  batches: AsyncIterable<Batch>,
): AsyncGenerator<{ batch: Batch; staged: Staged[] }> {
  for await (const batch of batches) yield { batch, staged: await stage(session, batch) }
}

/** Turns the batch's spooled records into Parquet, a log type at a time. */
async function stage(session: Session, batch: Batch): Promise<Staged[]> {
  const staged: Staged[] = []
  for (const type of logTypes) {
    const objects = batch.objects.filter(({ opened }) => opened.logtype === type.name && opened.spooled > 0)
    if (objects.length === 0) continue
    const table = session.lake.tables.get(type.name)
    if (!table) throw new Error(`the lake does not know the table ${type.name}`)
    const base = await session.lake.newest()
    const schema = currentSchema(plannedMetadata(session.lake.storage, table, await base.table(type.name)))
    const write = async () => {
      const files: StagedFile[] = []
      for (const { day, part, mixed } of byDay(objects)) {
        const rows = rowsOf(session, type, part, mixed ? day : undefined)
        files.push(...(await stageParquet(session.engine, table, schema, rows, session.place, { day })))
      }
      return files
    }
    await nameObjects(session, objects)
    let files: StagedFile[]
    try {
      files = await write()
    } catch (thrown) {
      if (!isRefusal(thrown)) throw thrown
      for (const object of objects) await makeReadable(session, type, object)
      await nameObjects(session, objects)
      files = await write()
    }
    const rows = await countRows(session.engine, table, files)
    for (const { object, opened } of objects) {
      const found = rows.get(object.uri)?.rows ?? 0
      // Every record is accounted for, or nothing is committed.
      if (found > opened.spooled || (found < opened.spooled && isUnlimited(session))) {
        throw new Error(`${object.uri}: ${opened.spooled} records were unwrapped, ${found} became rows`)
      }
    }
    staged.push({ table, schema, files, rows })
  }
  step('staged')
  return staged
}

function isUnlimited({ window }: Session): boolean {
  return window.since === undefined && window.until === undefined
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

/** DuckDB says so of text that is no JSON, no UTF-8, or not of the columns' shape. */
function isRefusal(thrown: unknown): boolean {
  return /^(Invalid Input|Conversion) Error/.test(String((thrown as Error).message))
}

async function nameObjects({ engine }: Session, objects: readonly BatchObject[]): Promise<void> {
  await engine.run('create or replace temp table object (spool varchar, uri varchar)')
  const rows = objects.map(({ spool, object }) => `(${literal(spool)}, ${literal(object.uri)})`)
  if (rows.length > 0) await engine.run(`insert into object values ${rows.join(', ')}`)
}

function rowsOf(session: Session, type: LogType, objects: readonly BatchObject[], day?: string): string {
  const { since, until } = session.window
  const limits = [
    ...(since === undefined ? [] : [`epoch_us(${identifier(type.time)}) >= ${since}`]),
    ...(until === undefined ? [] : [`epoch_us(${identifier(type.time)}) < ${until}`]),
    ...(day === undefined ? [] : [`${identifier(type.time)}::date = ${literal(day)}::date`]),
  ]
  return sql(new URL('./sql/rows.sql', import.meta.url), {
    spool: list(objects.map(({ spool }) => spool)),
    columns: recordColumns(type.shape),
    largest: String(Math.max(1 << 20, ...objects.map(({ opened }) => opened.expandedBytes + 1024))),
    flatten: sql(type.flatten),
    time: identifier(type.time),
    now: String(BigInt(Date.now()) * 1000n),
    window: limits.join(' and ') || 'true',
  })
}

/** More days than this in one batch are told apart by DuckDB, which is slower and takes more memory than one day. */
const MOST_DAYS = 8

/** The objects day by day; one whose records are of two days is in both, and those are `mixed`. */
function byDay(
  objects: readonly BatchObject[],
): { day?: string; part: readonly BatchObject[]; mixed: boolean }[] {
  const days = new Map<number, { part: BatchObject[]; mixed: boolean }>()
  for (const object of objects) {
    const [first, last] = object.opened.days ?? [0, 99_999_999]
    for (let day = first; day <= last; day = nextDay(day)) {
      if (days.size > MOST_DAYS || day === 0) return [{ part: objects, mixed: false }]
      const found = days.get(day) ?? { part: [], mixed: false }
      found.part.push(object)
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

/**
 * Leaves in an object's spool file only what DuckDB reads. First the object is looked at record by record; if DuckDB
 * still refuses, its records are halved until the ones at fault are found.
 */
async function makeReadable(session: Session, type: LogType, entry: BatchObject): Promise<void> {
  if ((await refusal(session, type, entry, entry.spool)) === undefined) return
  const bytes = await entry.object.read()
  const { spool } = entry
  entry.opened = await session.openers.open({
    bytes,
    spool,
    maxBytes: session.maxObjectBytes,
    strictly: true,
  })
  if (entry.opened.spooled === 0 || (await refusal(session, type, entry, spool)) === undefined) return

  const array = await readFile(spool)
  const good: Span[] = []
  const trial = `${join(session.spool, 'trial')}.json`
  const spanBytes = ({ start, end }: Span) => array.subarray(start, end)
  async function sort(spans: readonly Span[], from: number): Promise<void> {
    await writeFile(trial, joinArray(spans.map(spanBytes)))
    const reason = await refusal(session, type, entry, trial)
    if (reason === undefined) good.push(...spans)
    else if (spans.length === 1) {
      const bytes = Uint8Array.from(spanBytes(spans[0] as Span))
      const place = entry.opened.places?.[from] ?? { position: from, offset: 0 }
      entry.opened.rejected.push({ ...place, code: 'malformed-json', reason, bytes })
    } else {
      const middle = spans.length >> 1
      await sort(spans.slice(0, middle), from)
      await sort(spans.slice(middle), from + middle)
    }
  }
  const { spans } = elements(array, 0)
  await sort(spans, 0)
  await writeFile(spool, joinArray(good.map(spanBytes)))
  entry.opened.spooled = good.length
}

/** Why DuckDB cannot read a spool file, in words without any of its text; undefined when it can. */
async function refusal(
  session: Session,
  type: LogType,
  entry: BatchObject,
  spool: string,
): Promise<string | undefined> {
  const { engine } = session
  await nameObjects(session, [{ ...entry, spool }])
  try {
    await engine.run(`select count(columns(*)) from (${rowsOf(session, type, [{ ...entry, spool }])})`)
    return undefined
  } catch (thrown) {
    if (!isRefusal(thrown)) throw thrown
    const why = /(?:invalid|unexpected|no low surrogate|duplicate key|Expected [A-Z]+)[\w -]*/.exec(
      (thrown as Error).message,
    )
    return why ? `DuckDB refuses the record: ${why[0].trim()}` : 'DuckDB refuses the record'
  }
}

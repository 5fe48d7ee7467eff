import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { elements, joinArray, type Span } from '../envelopes/json.ts'
import { plannedMetadata } from '../lake/change.ts'
import { currentSchema, type Schema } from '../lake/iceberg/index.ts'
import { type StagedFile, stageParquet } from '../lake/parquet.ts'
import type { TableDefinition } from '../lake/table.ts'
import type { Engine } from '../lib/duckdb.ts'
import { UserError } from '../lib/errors.ts'
import { identifier, list, literal, sql } from '../lib/sql.ts'
import { step } from '../lib/steps.ts'
import type { LogType } from '../logtypes/contract.ts'
import { Unreadable } from '../sources/contract.ts'
import type { Account } from './account.ts'
import type { Batch, BatchObject } from './batch.ts'
import { release } from './fetch.ts'
import { deliveredRecords, type OpenedObject } from './open.ts'
import { rowsOf } from './rows.ts'
import type { Session } from './session.ts'
import type { Spool } from './spool.ts'

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
    yield { batch, staged: await stage(session, account, batch), since }
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

async function nameObjects({ engine }: Session, objects: readonly BatchObject[]): Promise<void> {
  await engine.run('create or replace temp table object (serial integer, uri varchar)')
  const rows = objects.map(({ opened, object }) => `(${opened.serial}, ${literal(object.uri)})`)
  if (rows.length > 0) await engine.run(`insert into object values ${rows.join(', ')}`)
}

function limitedRows(session: Session, type: LogType, spools: readonly Spool[], day?: string): string {
  const { since, until } = session.window
  const limits = [
    ...(since === undefined ? [] : [`epoch_us(${identifier(type.time)}) >= ${since}`]),
    ...(until === undefined ? [] : [`epoch_us(${identifier(type.time)}) < ${until}`]),
    ...(day === undefined
      ? []
      : [`make_timestamp(epoch_us(${identifier(type.time)}))::date = ${literal(day)}::date`]),
  ]
  return rowsOf(type, spools, limits, new Date())
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

/**
 * Spool files that DuckDB reads, in place of those it refuses: the objects in one are opened again one by one, each
 * record looked at; if DuckDB still refuses, records are halved until the ones at fault are found.
 */
async function readableSpools(
  session: Session,
  account: Account,
  type: LogType,
  batch: Batch,
  spools: readonly Spool[],
): Promise<Spool[]> {
  const readable: Spool[] = []
  for (const spool of spools) {
    if ((await refusal(session, type, spool)) === undefined) {
      readable.push(spool)
      continue
    }
    for (const entry of batch.objects.filter(({ opened }) => spool.serials.includes(opened.serial))) {
      const bytes = await readAgain(account, batch, entry)
      if (!bytes) {
        await nameObjects(session, batch.objects)
        continue
      }
      // A copy: a thread that is sent the bytes keeps them.
      const delivered = new Uint8Array(bytes)
      // Under a new number: what other spool files hold of it under the old one is not taken.
      const { uri, writtenMs } = entry.object
      const { parts } = entry
      const objects = [
        { serial: session.nextSerial(), uri, writtenMs, bytes, ...(parts === undefined ? {} : { parts }) },
      ]
      const { spool: folder, maxObjectBytes: maxBytes } = session
      const again = await session.openers.open({ objects, folder, maxBytes, strictly: true })
      entry.opened = again.objects[0] ?? entry.opened
      batch.spools.push(...again.spools)
      await nameObjects(session, batch.objects)
      for (const own of again.spools.filter(({ logtype }) => logtype === type.name)) {
        await dropRefused(session, type, { entry, delivered }, own)
        readable.push(own)
      }
    }
  }
  return readable
}

/** An object's bytes once more; undefined when they are not to be had any more, and the object leaves the batch. */
async function readAgain(
  account: Account,
  batch: Batch,
  entry: BatchObject,
): Promise<Uint8Array | undefined> {
  const { object } = entry
  const { version } = object
  try {
    const bytes = await object.read()
    if (object.version === version) return bytes
    throw new Unreadable('missing', 'it was overwritten while it was read')
  } catch (thrown) {
    if (!(thrown instanceof Unreadable)) throw thrown
    batch.objects.splice(batch.objects.indexOf(entry), 1)
    await release(account, object, { outcome: thrown.outcome, reason: thrown.message })
    return undefined
  }
}

/** Takes the records out of an object's own spool file that DuckDB refuses, and rejects them. */
async function dropRefused(
  session: Session,
  type: LogType,
  { entry, delivered: bytes }: { entry: BatchObject; delivered: Uint8Array },
  spool: Spool,
): Promise<void> {
  if ((await refusal(session, type, spool)) === undefined) return
  const array = await readFile(spool.file)
  const { spans } = elements(array, 0)
  const delivered = deliveredRecords(bytes, session.maxObjectBytes, entry.object, session.known)
  const bytesOf = ({ start, end }: Span) => array.subarray(start, end)
  const good: Span[] = []
  const trial = { ...spool, file: join(session.spool, 'trial.json') }
  async function sort(some: readonly Span[]): Promise<void> {
    await writeFile(trial.file, joinArray(some.map(bytesOf)))
    const reason = await refusal(session, type, trial)
    if (reason === undefined) good.push(...some)
    else if (some.length === 1) {
      const place = entry.opened.places?.[spans.indexOf(some[0] as Span)] ?? { position: 0, offset: 0 }
      // The spool file holds more than was delivered: the object's number, and what has no column a second time.
      const bytes = redacted(type, Uint8Array.from(delivered[place.position] ?? []))
      entry.opened.rejected.push({ ...place, code: 'malformed-json', reason, bytes })
    } else {
      const middle = some.length >> 1
      await sort(some.slice(0, middle))
      await sort(some.slice(middle))
    }
  }
  await sort(spans)
  await writeFile(spool.file, joinArray(good.map(bytesOf)))
  entry.opened.spooled -= spans.length - good.length
}

function redacted(type: LogType, bytes: Uint8Array): Uint8Array {
  return 'prepare' in type && type.discretion ? Uint8Array.from(type.discretion.redact(bytes)) : bytes
}

/** DuckDB says so of text that is no JSON, no UTF-8, or not of the columns' shape; and of what a user's SQL cannot work out. */
function isRefusal(thrown: unknown): boolean {
  return /^(Invalid Input|Conversion|Out of Range) Error/.test(String((thrown as Error).message))
}

/** Why DuckDB cannot read a spool file, in words without any of its text; undefined when it can. */
async function refusal(session: Session, type: LogType, spool: Spool): Promise<string | undefined> {
  try {
    await session.engine.run(`select count(columns(*)) from (${limitedRows(session, type, [spool])})`)
    return undefined
  } catch (thrown) {
    if (!isRefusal(thrown)) throw thrown
    const why = /(?:invalid|unexpected|no low surrogate|duplicate key|Expected [A-Z]+)[\w -]*/.exec(
      (thrown as Error).message,
    )
    return why ? `DuckDB refuses the record: ${why[0].trim()}` : 'DuckDB refuses the record'
  }
}

import { createHash } from 'node:crypto'
import { blobValue, type DuckDBAppender } from '@duckdb/node-api'
import { plannedMetadata, type TableChange } from '../lake/change.ts'
import { currentSchema, type DataFile } from '../lake/iceberg/index.ts'
import { ledger, reject } from '../lake/own-tables.ts'
import { adopt, stageParquet } from '../lake/parquet.ts'
import { stagedKeys } from '../lake/repeats.ts'
import type { TableDefinition } from '../lake/table.ts'
import type { LakeVersion } from '../lake/version.ts'
import { sql } from '../lib/sql.ts'
import { dayOfKey } from '../sources/key.ts'
import { type BatchObject, leftOutText } from './batch.ts'
import { ledgerRows, ledgerWithout } from './ledger.ts'
import type { OpenedObject } from './open.ts'
import type { Session } from './session.ts'

/** An object's rows: within the limits on event time, and of these the ones that are new to the lake. */
export interface Tally {
  within: number
  fresh: number
  first?: string
  last?: string
}

/** Writes the batch's rows of the ledger and of the rejects. */
export async function writeOwnTables(
  session: Session,
  source: string,
  objects: readonly BatchObject[],
  tally: (object: BatchObject) => Tally,
  base: LakeVersion,
): Promise<Record<string, TableChange>> {
  const { settler: engine } = session
  const file = (name: string) => new URL(`./sql/${name}`, import.meta.url)
  await engine.run(sql(file('ledger-entry.sql')))
  await engine.run(sql(file('reject-entry.sql')))
  const entries = await engine.connection.createAppender('ledger_entry')
  const rejects = await engine.connection.createAppender('reject_entry')
  for (const object of objects) {
    appendLedgerRow(entries, session, source, object, tally(object))
    if (isFirstReading(object))
      for (const rejected of object.opened.rejected) appendReject(rejects, object, rejected)
  }
  entries.closeSync()
  rejects.closeSync()

  const now = String(BigInt(Date.now()) * 1000n)
  const changes: Record<string, TableChange> = {}
  if (objects.length === 0) return changes
  const add = await addRows(session, ledger, sql(file('ledger-rows.sql'), { now }), base)
  changes.ledger = { add }
  if (objects.some((object) => isFirstReading(object) && object.opened.rejected.length > 0)) {
    changes.reject = { add: await addRows(session, reject, sql(file('reject-rows.sql'), { now }), base) }
  }
  const again = objects.filter(({ previous }) => previous)
  if (again.length > 0) {
    const { remove, kept } = await replaceRows(session, again, base)
    changes.ledger = { add: [...add, ...kept], remove }
  }
  return changes
}

/** The rejects of an object that is read again under another limit are known. */
function isFirstReading({ previous }: BatchObject): boolean {
  return !previous || previous.leftOut
}

/** Writes the rows of a query into files of one of the lake's own tables, in its storage and not yet in the lake. */
export async function addRows(
  session: Session,
  table: TableDefinition,
  rows: string,
  base: LakeVersion,
): Promise<DataFile[]> {
  const { settler: engine, lake, place } = session
  const metadata = plannedMetadata(lake.storage, table, await base.table(table.name))
  const schema = currentSchema(metadata)
  const added: DataFile[] = []
  for (const staged of await stageParquet(engine, table, schema, rows, place)) {
    const filter = table.key ? (await stagedKeys(engine, table, staged)).filter : undefined
    added.push((await adopt(lake.storage, table, { metadata, schema }, staged, filter)).file)
  }
  return added
}

/** The ledger's files with rows of these objects, and files with all their other rows. */
async function replaceRows(
  session: Session,
  objects: readonly BatchObject[],
  base: LakeVersion,
): Promise<{ remove: DataFile[]; kept: DataFile[] }> {
  const { settler: engine, lake, filters } = session
  const current = await base.table(ledger.name)
  if (!current) return { remove: [], kept: [] }
  const uris = objects.map(({ object }) => object.uri)
  const rows = await ledgerRows(engine, lake.storage, current, uris, filters)
  const files = new Map<string, DataFile>()
  for (const { object } of objects) {
    for (const { version, file } of rows.get(object.uri) ?? []) {
      if (version === object.version) files.set(await lake.storage.local(current.keyOf(file.path)), file)
    }
  }
  if (files.size === 0) return { remove: [], kept: [] }
  const others = ledgerWithout(
    current,
    [...files.keys()],
    objects.map(({ object }) => object),
  )
  const kept = await addRows(session, ledger, others, base).finally(() => lake.storage.release(files.keys()))
  return { remove: [...files.values()], kept }
}

export function outcomeOf({ spooled, rejected }: OpenedObject): 'stored' | 'skipped' | 'rejected' {
  if (spooled > 0) return 'stored'
  return rejected.length > 0 ? 'rejected' : 'skipped'
}

/** Records that had nothing to store. */
export function skippedRecords({ skippedRecords = new Map<string, number>() }: OpenedObject): number {
  return [...skippedRecords.values()].reduce((sum, times) => sum + times, 0)
}

function appendLedgerRow(
  to: DuckDBAppender,
  { window }: Session,
  source: string,
  { object, opened, previous, leftOut }: BatchObject,
  { within, fresh, first, last }: Tally,
): void {
  // Rows that an earlier reading of the same object stored come back as repeats: they are its own.
  const before = previous?.stored ?? 0
  const stored = before + fresh
  const repeated = within - fresh - Math.min(before, within - fresh)
  const values = [
    object.uri,
    object.version,
    object.bytes,
    leftOut === undefined ? opened.sha256 : undefined,
    source,
    leftOut === undefined ? opened.envelope : undefined,
    opened.logtype,
    leftOut === undefined ? outcomeOf(opened) : 'left-out',
    leftOut === undefined ? (opened.skipped ?? summary(opened)) : leftOutText(leftOut),
    opened.read,
    stored,
    repeated,
    opened.spooled - stored - repeated + skippedRecords(opened),
    opened.rejected.length,
    opened.expandedBytes,
    first,
    last,
    window.since,
    window.until,
    dayOfKey(object.uri),
  ]
  for (const value of values) {
    if (value === undefined) to.appendNull()
    else if (typeof value === 'string') to.appendVarchar(value)
    else to.appendBigInt(BigInt(value))
  }
  to.endRow()
}

/** `2 × the field eventTime is missing; not JSON`; the first few reasons. */
function summary({ rejected, skippedRecords = new Map<string, number>() }: OpenedObject): string | undefined {
  const times = new Map(skippedRecords)
  for (const { reason } of rejected) times.set(reason, (times.get(reason) ?? 0) + 1)
  if (times.size === 0) return undefined
  const shown = [...times]
    .slice(0, 3)
    .map(([reason, count]) => (count === 1 ? reason : `${count} × ${reason}`))
  return times.size > 3 ? `${shown.join('; ')}; and ${times.size - 3} more reasons` : shown.join('; ')
}

function appendReject(
  to: DuckDBAppender,
  { object }: BatchObject,
  rejected: OpenedObject['rejected'][number],
): void {
  const { position, offset, code, reason, bytes } = rejected
  const name = `${object.uri}\n${object.version}\n${position}`
  to.appendVarchar(createHash('sha256').update(name).digest('hex').slice(0, 16))
  to.appendVarchar(code)
  to.appendVarchar(reason)
  to.appendBigInt(BigInt(position))
  to.appendBigInt(BigInt(offset))
  to.appendValue(blobValue(bytes))
  to.appendVarchar(object.version)
  to.appendVarchar(object.uri)
  const day = dayOfKey(object.uri)
  if (day === undefined) to.appendNull()
  else to.appendVarchar(day)
  to.endRow()
}

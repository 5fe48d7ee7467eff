import { createHash } from 'node:crypto'
import { blobValue, type DuckDBAppender } from '@duckdb/node-api'
import { dayOfKey } from '../aws/layout.ts'
import type { TableChange } from '../lake/change.ts'
import type { DataFile } from '../lake/iceberg/index.ts'
import type { LakeVersion } from '../lake/version.ts'
import { list, sql } from '../lib/sql.ts'
import { addRows } from './add-rows.ts'
import {
  CONFLICT,
  countRejects,
  filteredText,
  type LedgerObject,
  type OpenedFacts,
  type ReadingRun,
  type Tally,
  type Writer,
} from './contract.ts'
import { conflictsKept, rejectsToReplace } from './kept-rejects.ts'
import { ledgerRows, ledgerWithout } from './lookup.ts'
import { ledger, reject } from './tables.ts'

/** Writes the batch's rows of the ledger and of the rejects. */
export async function writeOwnTables<T extends LedgerObject>(
  writer: Writer,
  run: ReadingRun,
  objects: readonly T[],
  tally: (object: T) => Tally,
  base: LakeVersion,
): Promise<Record<string, TableChange>> {
  const { engine } = writer
  const file = (name: string) => new URL(`./sql/${name}`, import.meta.url)
  await engine.run(sql(file('ledger-entry.sql')))
  await engine.run(sql(file('reject-entry.sql')))
  const entries = await engine.connection.createAppender('ledger_entry')
  const rejects = await engine.connection.createAppender('reject_entry')
  const known = await conflictsKept(writer, objects, tally, base)
  for (const object of objects) {
    appendLedgerRow(entries, run, object, withoutKept(tally(object), known.get(object.object.uri)))
    if (writesRejects(object))
      for (const rejected of object.opened.rejected) appendReject(rejects, object, rejected)
  }
  entries.closeSync()
  rejects.closeSync()

  const now = String(BigInt(Date.now()) * 1000n)
  const changes: Record<string, TableChange> = {}
  if (objects.length === 0) return changes
  const conflicts = objects.some((object) => tally(object).conflicts > 0)
  if (conflicts) {
    const ids = [...known.values()].flatMap((found) => [...found])
    await engine.run(sql(file('conflict-rejects.sql'), { known: list(ids) }))
  }
  const add = await addRows(writer, ledger, sql(file('ledger-rows.sql'), { now }), base)
  changes.ledger = { add }
  const again = objects.filter(({ previous }) => previous)
  const rejected = objects.some((object) => writesRejects(object) && object.opened.rejected.length > 0)
  const old = await rejectsToReplace(writer, objects, base)
  if (conflicts || rejected || old) {
    const fresh = await addRows(writer, reject, sql(file('reject-rows.sql'), { now }), base)
    changes.reject = { add: [...fresh, ...(old?.kept ?? [])], ...(old ? { remove: old.remove } : {}) }
  }
  if (again.length > 0) {
    const { remove, kept } = await replaceRows(writer, again, base)
    changes.ledger = { add: [...add, ...kept], remove }
  }
  return changes
}

/**
 * An object that is read again under another limit has the same rejects; with other log types they may
 * differ.
 */
function writesRejects({ previous, retyped }: LedgerObject): boolean {
  return !previous || previous.filtered || retyped === true
}

/** The ledger's files with rows of these objects, and new files with all their other rows. */
async function replaceRows(
  writer: Writer,
  objects: readonly LedgerObject[],
  base: LakeVersion,
): Promise<{ remove: DataFile[]; kept: DataFile[] }> {
  const { engine, lake, filters } = writer
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
  const kept = await addRows(writer, ledger, others, base).finally(() => lake.storage.release(files.keys()))
  return { remove: [...files.values()], kept }
}

export function outcomeOf({ spooled, rejected }: OpenedFacts): 'stored' | 'skipped' | 'rejected' {
  if (spooled > 0) return 'stored'
  return rejected.length > 0 ? 'rejected' : 'skipped'
}

/** Counts the records without anything to store. */
export function skippedRecords({ skippedRecords = new Map<string, number>() }: OpenedFacts): number {
  return [...skippedRecords.values()].reduce((sum, times) => sum + times, 0)
}

function appendLedgerRow(
  to: DuckDBAppender,
  { source, window, types }: ReadingRun,
  { object, opened, previous, filteredBy }: LedgerObject,
  { within, fresh, conflicts, kept, first, last }: Tally & { kept: number },
): void {
  // Rows that an earlier reading of the object stored are found as duplicates, but count as its own.
  const before = previous?.stored ?? 0
  const stored = before + fresh
  const again = within - fresh - conflicts
  const repeated = again - Math.min(before, again)
  // Conflicts that an earlier reading kept are already counted.
  const conflicting = (previous?.conflicting ?? 0) + conflicts - kept
  const values = [
    object.uri,
    object.version,
    object.bytes,
    filteredBy === undefined ? opened.sha256 : undefined,
    source,
    filteredBy === undefined ? opened.envelope : undefined,
    opened.logtype,
    filteredBy === undefined ? outcomeOf(opened) : 'left-out',
    filteredBy === undefined ? (opened.skipped ?? summary(opened, conflicting)) : filteredText(filteredBy),
    opened.read,
    stored,
    repeated,
    opened.spooled - stored - repeated - conflicting + skippedRecords(opened),
    countRejects(opened.rejected) + conflicting,
    opened.expandedBytes,
    first,
    last,
    window.since,
    window.until,
    conflicting,
    filteredBy === undefined ? unknownRecords(opened) : undefined,
    filteredBy === undefined ? types : undefined,
    dayOfKey(object.uri),
    filteredBy === undefined ? opened.unzipped?.sha256 : undefined,
    filteredBy === undefined ? opened.unzipped?.trailing : undefined,
  ]
  for (const value of values) {
    if (value === undefined) to.appendNull()
    else if (typeof value === 'string') to.appendVarchar(value)
    else to.appendBigInt(BigInt(value))
  }
  to.endRow()
}

function withoutKept(tally: Tally, known: ReadonlySet<string> | undefined): Tally & { kept: number } {
  return { ...tally, kept: Math.min(tally.conflicts, known?.size ?? 0) }
}

function unknownRecords({ rejected }: OpenedFacts): number {
  return countRejects(rejected.filter(({ code }) => code === 'unknown-log-type'))
}

/** `2 × the field eventTime is missing; not JSON`: the first few reasons. */
function summary(
  { rejected, skippedRecords = new Map<string, number>() }: OpenedFacts,
  conflicts: number,
): string | undefined {
  const times = new Map(skippedRecords)
  if (conflicts > 0) times.set(CONFLICT, conflicts)
  for (const { reason, records } of rejected) times.set(reason, (times.get(reason) ?? 0) + records)
  if (times.size === 0) return undefined
  const shown = [...times]
    .slice(0, 3)
    .map(([reason, count]) => (count === 1 ? reason : `${count} × ${reason}`))
  return times.size > 3 ? `${shown.join('; ')}; and ${times.size - 3} more reasons` : shown.join('; ')
}

export function appendReject(
  to: DuckDBAppender,
  { object }: LedgerObject,
  rejected: OpenedFacts['rejected'][number],
): void {
  const { position, offset, code, reason, bytes, size, sha256, records } = rejected
  const name = `${object.uri}\n${object.version}\n${position}`
  to.appendVarchar(createHash('sha256').update(name).digest('hex').slice(0, 16))
  to.appendVarchar(code)
  to.appendVarchar(records === 1 ? reason : `${reason}; the row stands for ${records} records of this code`)
  to.appendBigInt(BigInt(position))
  to.appendBigInt(BigInt(offset))
  to.appendValue(blobValue(bytes))
  to.appendVarchar(object.version)
  to.appendVarchar(object.uri)
  const day = dayOfKey(object.uri)
  if (day === undefined) to.appendNull()
  else to.appendVarchar(day)
  to.appendBigInt(BigInt(size))
  if (sha256 === undefined) to.appendNull()
  else to.appendVarchar(sha256)
  to.appendBigInt(BigInt(records))
  to.endRow()
}

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isZstd, loadZstd } from '../../envelopes/zstd.ts'
import { elements, joinArray, type Span } from '../../json/bytes.ts'
import type { RecordLocation } from '../../ledger/contract.ts'
import type { LogType } from '../../logtypes/contract.ts'
import { Unreadable } from '../../sources/contract.ts'
import type { Batch, BatchObject } from '../contract.ts'
import { release } from '../failed.ts'
import type { ObjectBytes } from '../open/contract.ts'
import { deliveredRecords } from '../open/deliveries.ts'
import { rejectOf } from '../open/rejects.ts'
import type { Session } from '../session.ts'
import type { Spool } from '../spool/contract.ts'
import type { Totals } from '../totals.ts'
import { limitedRows, nameObjects } from './spooled.ts'

/**
 * Replaces spool files that DuckDB refuses: the objects in one are opened again record by record; if DuckDB
 * still refuses, each object is opened on its own, and its records are halved until the ones at fault are
 * found.
 */
export async function readableSpools(
  session: Session,
  totals: Totals,
  type: LogType,
  batch: Batch,
  spools: readonly Spool[],
): Promise<Spool[]> {
  const readable: Spool[] = []
  const isOurs = ({ logtype }: Spool) => logtype === type.name
  const entriesOf = ({ serials }: Spool) =>
    batch.objects.filter(({ opened }) => serials.includes(opened.serial))
  async function open(entries: readonly BatchObject[]): Promise<Spool[]> {
    const opened = await openAgain(session, totals, batch, entries)
    await nameObjects(session, batch.objects)
    return opened.filter(isOurs)
  }
  async function take(spool: Spool, isLooked: boolean): Promise<void> {
    if ((await refusal(session, type, spool)) === undefined) return void readable.push(spool)
    const entries = entriesOf(spool)
    const [only] = entries
    // It may have been opened on its own already, for another log type: then its locations are known.
    if (only?.alone && entries.length === 1) {
      await dropRefused(session, type, only, spool)
      readable.push(spool)
    } else if (!isLooked && entries.length > 1) {
      for (const one of await open(entries)) await take(one, true)
    } else for (const entry of entries) for (const one of await open([entry])) await take(one, true)
  }
  for (const spool of spools) await take(spool, false)
  return readable
}

/**
 * Opens objects again, record by record. An object that is opened alone keeps its bytes, from which its
 * records can be read.
 *
 * @returns their spool files; an object that can no longer be read has none, and leaves the batch
 */
export async function openAgain(
  session: Session,
  totals: Totals,
  batch: Batch,
  entries: readonly BatchObject[],
): Promise<Spool[]> {
  const objects: ObjectBytes[] = []
  const found: BatchObject[] = []
  for (const entry of entries) {
    const bytes = await readAgain(totals, batch, entry)
    if (!bytes) continue
    // A copy: bytes sent to a thread are moved there.
    if (entries.length === 1) entry.alone = new Uint8Array(bytes)
    // Under a new number, so that its rows in other spool files are ignored.
    const { uri, writtenMs } = entry.object
    const { overflowBodies } = entry
    const serial = session.nextSerial()
    objects.push({
      serial,
      uri,
      writtenMs,
      kind: 'bytes',
      bytes,
      ...(overflowBodies === undefined ? {} : { overflowBodies }),
    })
    found.push(entry)
  }
  if (objects.length === 0) return []
  const { spool: folder, maxObjectBytes: maxBytes } = session
  const again = await session.pool.open({ objects, folder, maxBytes, strictly: true })
  for (const [index, entry] of found.entries()) entry.opened = again.objects[index] ?? entry.opened
  batch.spools.push(...again.spools)
  return again.spools
}

/** Reads an object again; undefined when it can no longer be read, and the object leaves the batch. */
async function readAgain(totals: Totals, batch: Batch, entry: BatchObject): Promise<Uint8Array | undefined> {
  const { object } = entry
  try {
    const { bytes, version } = await object.read()
    if (object.version === version) return bytes
    throw new Unreadable('missing', 'it was overwritten while it was read')
  } catch (thrown) {
    if (!(thrown instanceof Unreadable)) throw thrown
    batch.objects.splice(batch.objects.indexOf(entry), 1)
    await release(totals, object, { outcome: thrown.outcome, reason: thrown.message })
    return undefined
  }
}

/** Rejects the records that DuckDB refuses, and removes them from their object's own spool file. */
async function dropRefused(session: Session, type: LogType, entry: BatchObject, spool: Spool): Promise<void> {
  if ((await refusal(session, type, spool)) === undefined) return
  const array = await readFile(spool.file)
  const { spans } = elements(array, 0)
  const bytesOfRecord = await deliveredBytes(session, type, entry)
  const places = locationsOf(entry, type)
  const bytesOf = ({ start, end }: Span) => array.subarray(start, end)
  const good: Span[] = []
  const trial = { ...spool, file: join(session.spool, 'trial.json') }
  async function sort(some: readonly Span[]): Promise<void> {
    await writeFile(trial.file, joinArray(some.map(bytesOf)))
    const reason = await refusal(session, type, trial)
    if (reason === undefined) good.push(...some)
    else if (some.length === 1) {
      const place = places[spans.indexOf(some[0] as Span)] ?? { position: 0, offset: 0 }
      entry.opened.rejected.push(rejectOf(place, { code: 'malformed-json', reason }, bytesOfRecord(place)))
    } else {
      const middle = some.length >> 1
      await sort(some.slice(0, middle))
      await sort(some.slice(middle))
    }
  }
  await sort(spans)
  await writeFile(spool.file, joinArray(good.map(bytesOf)))
  entry.opened.spooled -= spans.length - good.length
  const gone = new Set(entry.opened.rejected.map(({ position }) => position))
  if (entry.opened.locations)
    entry.opened.locations = entry.opened.locations.filter(({ position }) => !gone.has(position))
}

/**
 * Locations of a log type's records in an object that is alone in its spool files, in the order of the spool
 * file.
 */
export function locationsOf({ opened }: BatchObject, { name }: LogType): RecordLocation[] {
  const own = opened.locations?.filter(({ logtype }) => logtype === name) ?? []
  return own.map(({ position, offset }) => ({ position, offset }))
}

/**
 * The bytes of an object's records as delivered, by their locations. The spool file differs: it adds the
 * object's number, and repeats members that have no column.
 */
export async function deliveredBytes(
  { maxObjectBytes, registry }: Session,
  type: LogType,
  { alone = new Uint8Array(), object }: BatchObject,
): Promise<(place: RecordLocation) => Uint8Array> {
  if (isZstd(alone, 0)) await loadZstd()
  const delivered = deliveredRecords(alone, maxObjectBytes, object, registry)
  return ({ position }) => redacted(type, Uint8Array.from(delivered[position] ?? []))
}

function redacted(type: LogType, bytes: Uint8Array): Uint8Array {
  return type.kind === 'prepared' && type.redaction ? Uint8Array.from(type.redaction.redact(bytes)) : bytes
}

/**
 * Whether an error of DuckDB is about the data: text that is not JSON, not UTF-8 or not of the columns'
 * shape, or a value that a user's SQL cannot compute.
 */
export function isRefusal(thrown: unknown): boolean {
  return /^(Invalid Input|Conversion|Out of Range) Error/.test(String((thrown as Error).message))
}

/** Why DuckDB cannot read a spool file, in words that quote none of its text; undefined when it can. */
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

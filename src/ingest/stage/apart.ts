import { randomUUID } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { elements, joinArray } from '../../json/bytes.ts'
import type { RecordLocation } from '../../ledger/contract.ts'
import type { LogType } from '../../logtypes/contract.ts'
import type { Batch, BatchObject } from '../contract.ts'
import { rejectOf } from '../open/rejects.ts'
import type { Session } from '../session.ts'
import type { Spool } from '../spool/contract.ts'
import type { Totals } from '../totals.ts'
import type { RowCount, Staged } from './contract.ts'
import { deliveredBytes, locationsOf, openAgain } from './refused.ts'
import { isUnexpected, unexpectedReason } from './unexpected.ts'

/** A batch whose staging failed, and the function that stages a part of it, which may throw too. */
export interface FailedBatch {
  session: Session
  totals: Totals
  batch: Batch
  stageSome(some: Batch): Promise<Staged[]>
}

/** A record as its object's own spool file holds it. */
interface Piece {
  spool: Spool
  type: LogType
  bytes: Uint8Array
  location: RecordLocation
}

/**
 * Stages a batch in parts after it failed as a whole: each object is opened again on its own, the objects are
 * halved until those at fault are found, and then their records are halved. A record that fails alone is
 * rejected with the failure's name; all others are staged. When a part without any record fails too, no
 * record is at fault, and the failure is thrown.
 *
 * @returns the staged files of all parts; the batch's objects have their new counts and rejects
 */
export async function stageApart(failed: FailedBatch, failure: unknown): Promise<Staged[]> {
  const { session, totals, batch } = failed
  const spools = new Map<BatchObject, Spool[]>()
  for (const entry of batch.objects.filter(({ opened }) => opened.spooled > 0)) {
    const own = entry.alone
      ? batch.spools.filter(({ serials }) => serials.length === 1 && serials[0] === entry.opened.serial)
      : await openAgain(session, totals, batch, [entry])
    if (own.length > 0) spools.set(entry, own)
  }
  await checkWithout(failed, [...spools.values()].flat(), failure)

  const parts: Staged[][] = []
  async function split(some: readonly BatchObject[]): Promise<void> {
    const own = some.flatMap((entry) => spools.get(entry) ?? [])
    try {
      parts.push(await failed.stageSome(partOf(batch, some, own)))
    } catch (thrown) {
      if (!isUnexpected(thrown)) throw thrown
      const [only] = some
      if (only && some.length === 1) return void parts.push(...(await stageRecords(failed, only, own)))
      const middle = some.length >> 1
      await split(some.slice(0, middle))
      await split(some.slice(middle))
    }
  }
  if (spools.size > 0) await split([...spools.keys()])
  return putTogether(parts)
}

/** Throws the original failure when staging fails without any record too. */
async function checkWithout(failed: FailedBatch, spools: readonly Spool[], failure: unknown): Promise<void> {
  const { session, batch, stageSome } = failed
  const empty = new Map<string, Spool>()
  for (const spool of spools)
    empty.set(spool.logtype, { ...spool, file: join(session.spool, `${randomUUID()}.json`) })
  for (const { file } of empty.values()) await writeFile(file, joinArray([]))
  try {
    await stageSome(partOf(batch, [], [...empty.values()]))
  } catch {
    throw failure
  } finally {
    for (const { file } of empty.values()) await rm(file, { force: true })
  }
}

/** Stages an object's records; those at fault are found by halving, and rejected. */
async function stageRecords(
  failed: FailedBatch,
  entry: BatchObject,
  spools: readonly Spool[],
): Promise<Staged[][]> {
  const { session, batch } = failed
  const { opened } = entry
  const parts: Staged[][] = []
  let spooled = 0
  async function split(some: readonly Piece[]): Promise<void> {
    const trial = await written(session, some)
    const copy: BatchObject = {
      ...entry,
      opened: {
        ...opened,
        spooled: some.length,
        rejected: [],
        locations: some.map(({ type, location }) => ({ logtype: type.name, ...location })),
      },
    }
    try {
      parts.push(await failed.stageSome(partOf(batch, [copy], trial)))
      spooled += copy.opened.spooled
      opened.rejected.push(...copy.opened.rejected)
    } catch (thrown) {
      if (!isUnexpected(thrown)) throw thrown
      const [only] = some
      if (only && some.length === 1) {
        const bytes = (await deliveredBytes(session, only.type, entry))(only.location)
        const reason = unexpectedReason('storing it', thrown)
        opened.rejected.push(rejectOf(only.location, { code: 'unexpected', reason }, bytes))
        return
      }
      const middle = some.length >> 1
      await split(some.slice(0, middle))
      await split(some.slice(middle))
    } finally {
      for (const { file } of trial) await rm(file, { force: true })
    }
  }
  const pieces = await piecesOf(session, entry, spools)
  if (pieces.length > 0) await split(pieces)
  opened.spooled = spooled
  return parts
}

/** An object's records, one log type after the other. */
async function piecesOf(
  { registry }: Session,
  entry: BatchObject,
  spools: readonly Spool[],
): Promise<Piece[]> {
  const pieces: Piece[] = []
  for (const spool of spools) {
    const type = registry.types.find(({ name }) => name === spool.logtype)
    if (!type) throw new Error(`no log type is called ${spool.logtype}`)
    const array = await readFile(spool.file)
    const places = locationsOf(entry, type)
    for (const [index, { start, end }] of elements(array, 0).spans.entries()) {
      const location = places[index] ?? { position: 0, offset: 0 }
      pieces.push({ spool, type, bytes: array.subarray(start, end), location })
    }
  }
  return pieces
}

/** Writes spool files with only these records. */
async function written(session: Session, pieces: readonly Piece[]): Promise<Spool[]> {
  const bySpool = new Map<Spool, Uint8Array[]>()
  for (const { spool, bytes } of pieces) bySpool.set(spool, [...(bySpool.get(spool) ?? []), bytes])
  const trial: Spool[] = []
  for (const [spool, records] of bySpool) {
    const file = join(session.spool, `${randomUUID()}.json`)
    await writeFile(file, joinArray(records))
    trial.push({ ...spool, file })
  }
  return trial
}

/** A batch of some of the objects, with their spool files. */
function partOf(batch: Batch, objects: readonly BatchObject[], spools: readonly Spool[]): Batch {
  return { ...batch, objects: [...objects], spools: [...spools], again: [], deadLetters: [] }
}

/** Merges what was staged in parts, as if it had been staged at once. */
function putTogether(parts: readonly Staged[][]): Staged[] {
  const whole = new Map<string, Staged>()
  for (const staged of parts.flat()) {
    const found = whole.get(staged.table.name)
    if (!found) {
      whole.set(staged.table.name, { ...staged, files: [...staged.files], rows: new Map(staged.rows) })
      continue
    }
    found.files.push(...staged.files)
    for (const [uri, count] of staged.rows) found.rows.set(uri, sum(found.rows.get(uri), count))
  }
  return [...whole.values()]
}

function sum(one: RowCount | undefined, other: RowCount): RowCount {
  if (!one) return other
  return {
    rows: one.rows + other.rows,
    first: one.first < other.first ? one.first : other.first,
    last: one.last > other.last ? one.last : other.last,
  }
}

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Context, Delivery, RejectCode } from '../envelopes/contract.ts'
import { deliveryOf } from '../envelopes/delivery.ts'
import { documents } from '../envelopes/documents.ts'
import { expand } from '../envelopes/gzip.ts'
import { bareDocuments, unwrap } from '../envelopes/index.ts'
import { elements } from '../envelopes/json.ts'
import { cutRecords } from '../envelopes/records.ts'
import { fieldsOf } from '../envelopes/words.ts'
import { unwrapped } from '../envelopes/wrappers.ts'
import { storageError } from '../lib/errors.ts'
import type { LogType, Parts, Row } from '../logtypes/contract.ts'
import { isDiscreet, type Known, OURS, withheld } from './known.ts'
import { type KeptRecord, type Place, type RejectedRecord, readRecords, readTexts } from './records.ts'
import { rowSink } from './row-columns.ts'
import { type Records, type Rows, type Spool, type Spooler, spooler } from './spool.ts'
import { firstRecord, plainFit, shapeOf, typeAmong, wholeFit } from './whole.ts'

/** What a worker thread is asked: these objects' bytes, and where to put the records it finds. */
export interface OpenRequest {
  /** `serial` names an object in this run, in few digits. */
  objects: ObjectBytes[]
  /** The folder for spool files. */
  folder: string
  /** Most bytes that one object may expand to. */
  maxBytes: number
  /** Look at each record on its own, whether or not all seem to fit. */
  strictly: boolean
}

/** An object's bytes, or the file that holds them, and where it comes from. */
export type ObjectBytes = Context & { serial: number; parts?: Parts } & (
    | { bytes: Uint8Array }
    | { file: string }
  )

/** What became of the objects, in their order, and the files with their records. */
export interface OpenedGroup {
  objects: OpenedObject[]
  spools: Spool[]
}

/** What became of an object's bytes. */
export interface OpenedObject {
  serial: number
  sha256: string
  expandedBytes: number
  envelope: string
  /** Records found: those in spool files, the rejected and the skipped. */
  read: number
  spooled: number
  /** The log types of its records, the first record's first; undefined when the object has none. */
  logtype?: string
  /** Why the object as a whole holds nothing to store. */
  skipped?: string
  rejected: RejectedRecord[]
  /** Records with nothing to store, by reason. */
  skippedRecords?: Map<string, number>
  /** Where the spooled records were, when they were looked at one by one. */
  places?: Place[]
  /** Objects that hold parts of its records. They are to be read, and the object then opened with them. */
  awaited?: string[]
}

/** Unzips, unwraps and spools objects: bytes in, JSON arrays of records in files out. */
export function openGroup(
  { objects, folder, maxBytes, strictly }: OpenRequest,
  known: Known = OURS,
): OpenedGroup {
  const spool = spooler(folder)
  const opened = objects.map((object) => {
    const { serial, uri, writtenMs, parts } = object
    const bytes = 'file' in object ? readObject(object.file) : object.bytes
    const how = { maxBytes, strictly, parts, known, context: { uri, writtenMs }, spool, serial }
    const { outcome, kept } = openObject(bytes, how)
    for (const records of kept) {
      if ('starts' in records) spool.add(serial, records)
      else spool.addRows(serial, records)
    }
    return { serial, ...outcome }
  })
  return { objects: opened, spools: spool.finish() }
}

function readObject(file: string): Uint8Array {
  try {
    return readFileSync(file)
  } catch (thrown) {
    throw storageError('read', file, thrown)
  }
}

type Outcome = Omit<OpenedObject, 'serial'>
type Found = { outcome: Outcome; kept: (Records | Rows)[] }

/** How an object is opened, and where it comes from. */
interface HowToOpen extends Pick<OpenRequest, 'maxBytes' | 'strictly'> {
  context: Context
  known: Known
  parts?: Parts | undefined
  /** Takes records that fit their columns. */
  spool: Spooler
  serial: number
}

/** How many of an unreadable object's bytes are kept with the reject; the object itself stays where it is. */
const KEPT_BYTES = 1 << 20

/** Unzips and unwraps one object. */
function openObject(bytes: Uint8Array, how: HowToOpen): Found {
  const { maxBytes, strictly, context, parts, known, spool, serial } = how
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const nothing = { sha256, expandedBytes: 0, envelope: 'unknown', read: 0, spooled: 0, rejected: [] }
  const discreet = isDiscreet(known, context)
  const refuse = (code: RejectCode, reason: string, envelope = 'unknown'): Found => {
    const reject = { position: 0, offset: 0, code, reason, bytes: bytes.slice(0, KEPT_BYTES) }
    const rejected = [discreet ? withheld(reject) : reject]
    return { outcome: { ...nothing, envelope, read: 1, rejected }, kept: [] }
  }
  const skip = (reason: string, found: Partial<Outcome>): Found => ({
    outcome: { ...nothing, ...found, skipped: reason },
    kept: [],
  })

  if (bytes.length === 0) return skip('the object is empty', { envelope: 'empty' })
  const expanded = expand(bytes, { maxBytes })
  if (!expanded.ok) return refuse(expanded.code, expanded.reason)
  // Cut off before its first byte came out.
  if (expanded.bytes.length === 0 && expanded.cut !== undefined) return refuse('damaged-gzip', expanded.cut)
  const expandedBytes = expanded.bytes.length
  const careful = strictly || expanded.cut !== undefined
  const quick = careful ? undefined : wholeFit(cutRecords(expanded.bytes), context, { known, spool })
  if (quick) return stored({ ...nothing, expandedBytes, envelope: 'records' }, quick)

  const bare = careful
    ? undefined
    : plainFit(bareDocuments(expanded.bytes, context), context, { known, spool })
  if (bare) return stored({ ...nothing, expandedBytes, envelope: documents.name }, bare)

  const opened = unwrap(expanded.bytes, context)
  const found = { ...nothing, expandedBytes, envelope: opened.envelope }
  if (opened.kind === 'rejected') return refuse(opened.code, opened.reason, opened.envelope)
  if (opened.kind === 'skipped') return skip(opened.reason, found)
  const whole =
    careful || opened.kind === 'texts' ? undefined : wholeFit(opened.records, context, { known, spool })
  if (whole) return stored(found, whole)

  const damage =
    expanded.cut === undefined ? undefined : ({ code: 'damaged-gzip', reason: expanded.cut } as const)
  const first = opened.kind === 'texts' ? opened.texts[0] : firstRecord(opened.records, context)
  const typeOf = (delivery: Delivery) => typeAmong(known, delivery)
  const type = first && typeOf(first)
  const flattened = type && 'flatten' in type && !strictly ? type : undefined
  const shape = flattened && shapeOf(flattened)
  const quickly = flattened && shape && { type: flattened, shape }
  // Strictly, rows go to DuckDB as JSON, where one can be told from the other.
  const rows = strictly ? undefined : rowSink(spool, serial)
  const textsAreLogs = known.types.length === OURS.types.length
  const toRead = {
    context,
    typeOf,
    wrappers: known.wrappers,
    textsAreLogs,
    parts,
    rows,
    damage,
    quick: quickly,
  }
  const looked =
    opened.kind === 'texts'
      ? readTexts(opened.texts, toRead)
      : readRecords(opened.records, toRead, opened.spans)
  rows?.finish()
  const { read, skipped, awaited, kept } = looked
  const rejected = discreet || looked.discreet ? looked.rejected.map(withheld) : looked.rejected
  if (read === 0) return skip('no records in it', found)
  if (read === rejected.length && !damage && rejected.every(({ code }) => code === 'unknown-log-type')) {
    const shown = first?.record ? `, the first with ${fieldsOf(first.record)}` : ''
    return refuse('unknown-log-type', `${read} records that no log type knows${shown}`, opened.envelope)
  }
  const envelope = looked.wrapper ?? opened.envelope
  const spooled = kept.length + looked.inColumns
  const outcome: Outcome = { ...found, envelope, read, spooled, rejected }
  // Rows that are in columns already are nobody's: the object is opened again under another number.
  if (awaited.size > 0) return { outcome: { ...outcome, spooled: 0, awaited: [...awaited] }, kept: [] }
  if (skipped.size > 0) outcome.skippedRecords = skipped
  if (skipped.size > 0 && spooled + rejected.length === 0) outcome.skipped = [...skipped.keys()].join('; ')
  if (spooled === 0) return { outcome, kept: [] }
  outcome.logtype = [...looked.types].map(({ name }) => name).join(', ')
  if (kept.length > 0) outcome.places = kept.map(({ position, offset }) => ({ position, offset }))
  return { outcome, kept: keptRecords(kept) }
}

/** The bytes of each of an object's records, as they were delivered, out of their wrappers. */
export function deliveredRecords(
  bytes: Uint8Array,
  maxBytes: number,
  context: Context,
  known: Known,
): Uint8Array[] {
  const expanded = expand(bytes, { maxBytes })
  const opened = expanded.ok ? unwrap(expanded.bytes, context) : undefined
  if (opened?.kind === 'texts') return opened.texts.map((text) => text.bytes)
  if (opened?.kind !== 'records') return []
  const { records } = opened
  return elements(records, 0).spans.flatMap(({ start, end }) => {
    const span = records.subarray(start, end)
    try {
      return [...unwrapped(deliveryOf(span, context), known.wrappers)].map((delivery) => delivery.bytes)
    } catch {
      return [span]
    }
  })
}

function stored(found: Outcome, records: Records | Rows): Found {
  const count = 'starts' in records ? records.starts.length : records.records
  const { logtype } = records
  if (count === 0) return { outcome: { ...found, skipped: 'no records in it' }, kept: [] }
  return { outcome: { ...found, read: count, spooled: count, logtype }, kept: [records] }
}

/** In JSON, bytes of a row are the text that they are. */
function asText(this: Row, column: string, value: unknown): unknown {
  // A buffer has made JSON of itself before anybody is asked.
  const own = this[column]
  return own instanceof Uint8Array ? Buffer.from(own).toString() : value
}

/** The records that were looked at one by one, log type by log type. */
function keptRecords(kept: readonly KeptRecord[]): Records[] {
  const byType = new Map<LogType, KeptRecord[]>()
  for (const record of kept) {
    const same = byType.get(record.type)
    if (same) same.push(record)
    else byType.set(record.type, [record])
  }
  return [...byType].map(([type, same]) => {
    const texts = same.map((one) => ('row' in one ? Buffer.from(JSON.stringify(one.row, asText)) : one.bytes))
    let at = 0
    const starts = Int32Array.from(texts, ({ length }) => {
      at += length
      return at - length
    })
    const days = same.map(({ day }) => day)
    return {
      logtype: type.name,
      bytes: Buffer.concat(texts),
      starts,
      ends: starts.map((start, index) => start + (texts[index] as Uint8Array).length),
      clusters: Uint32Array.from(same, ({ cluster }) => cluster),
      firstDay: days.reduce((least, day) => Math.min(least, day), 99_999_999),
      lastDay: days.reduce((most, day) => Math.max(most, day), 0),
    }
  })
}

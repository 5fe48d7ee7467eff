import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { RejectCode } from '../envelopes/contract.ts'
import { expand } from '../envelopes/gzip.ts'
import { unwrap } from '../envelopes/index.ts'
import { elements, OPEN_ARRAY, OPEN_OBJECT, skipSpace, textOf, valueEnd } from '../envelopes/json.ts'
import { cutRecords } from '../envelopes/records.ts'
import { type CompiledShape, compileShape, fits } from '../envelopes/shape.ts'
import {
  fieldsOf,
  type KeptRecord,
  type Place,
  type RejectedRecord,
  type Strict,
  strict,
} from '../envelopes/strict.ts'
import { storageError } from '../lib/errors.ts'
import type { JsonObject, LogType } from '../logtypes/contract.ts'
import { logTypes } from '../logtypes/index.ts'
import { type Records, type Spool, spooler } from './spool.ts'

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

/** An object's bytes, or the file that holds them. */
export type ObjectBytes = { serial: number } & ({ bytes: Uint8Array } | { file: string })

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
  /** Records found: those in spool files, and the rejected. */
  read: number
  spooled: number
  /** The log type of the first record; undefined when the object has none. */
  logtype?: string
  /** Why the object as a whole holds nothing to store. */
  skipped?: string
  rejected: RejectedRecord[]
  /** Where the spooled records were, when they were looked at one by one. */
  places?: Place[]
}

/** Unzips, unwraps and spools objects: bytes in, JSON arrays of records in files out. */
export function openGroup({ objects, folder, maxBytes, strictly }: OpenRequest): OpenedGroup {
  const spool = spooler(folder)
  const opened = objects.map((object) => {
    const { serial } = object
    const bytes = 'file' in object ? readObject(object.file) : object.bytes
    const { outcome, kept } = openObject(bytes, { maxBytes, strictly })
    for (const records of kept) spool.add(serial, records)
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

/** How many of an unreadable object's bytes are kept with the reject; the object itself stays where it is. */
const KEPT_BYTES = 1 << 20

/** Unzips and unwraps one object. */
export function openObject(
  bytes: Uint8Array,
  { maxBytes, strictly }: Pick<OpenRequest, 'maxBytes' | 'strictly'>,
): { outcome: Outcome; kept: Records[] } {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const nothing = { sha256, expandedBytes: 0, envelope: 'unknown', read: 0, spooled: 0, rejected: [] }
  const refuse = (code: RejectCode, reason: string, envelope = 'unknown') => ({
    outcome: {
      ...nothing,
      envelope,
      read: 1,
      rejected: [{ position: 0, offset: 0, code, reason, bytes: bytes.slice(0, KEPT_BYTES) }],
    },
    kept: [],
  })
  const skip = (reason: string, found: Partial<Outcome>) => ({
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
  const quick = careful ? undefined : wholeFit(cutRecords(expanded.bytes))
  if (quick) return stored({ ...nothing, expandedBytes, envelope: 'records' }, quick)

  const opened = unwrap(expanded.bytes)
  const found = { ...nothing, expandedBytes, envelope: opened.envelope }
  if (opened.kind === 'rejected') return refuse(opened.code, opened.reason, opened.envelope)
  if (opened.kind === 'skipped') return skip(opened.reason, found)
  const { records } = opened
  const whole = careful ? undefined : wholeFit(records)
  if (whole) return stored(found, whole)

  const damage =
    expanded.cut === undefined ? undefined : ({ code: 'damaged-gzip', reason: expanded.cut } as const)
  const first = firstRecord(records)
  const type = first && typeOf(first)
  const checked = strict(
    records,
    typeOf,
    damage,
    strictly || !type ? undefined : { type, shape: shapeOf(type) },
  )
  const { read, rejected } = checked
  if (read === 0) return skip('no records in it', found)
  if (read === rejected.length && !damage && rejected.every(({ code }) => code === 'unknown-log-type')) {
    const shown = first ? fieldsOf(first) : 'no fields'
    const reason = `${read} records that no log type knows, the first with ${shown}`
    return refuse('unknown-log-type', reason, opened.envelope)
  }
  const kept = keptRecords(checked)
  const logtype = checked.kept[0]?.type.name
  const places = checked.kept.map(({ position, offset }) => ({ position, offset }))
  const spooled = checked.kept.length
  return { outcome: { ...found, read, spooled, rejected, places, ...(logtype ? { logtype } : {}) }, kept }
}

/** The bytes of each of an object's records, as they were delivered. */
export function deliveredRecords(bytes: Uint8Array, maxBytes: number): Uint8Array[] {
  const expanded = expand(bytes, { maxBytes })
  const opened = expanded.ok ? unwrap(expanded.bytes) : undefined
  if (opened?.kind !== 'records') return []
  const { records } = opened
  return elements(records, 0).spans.map(({ start, end }) => records.subarray(start, end))
}

function stored(found: Outcome, records: Records): { outcome: Outcome; kept: Records[] } {
  const count = records.starts.length
  const { logtype } = records
  if (count === 0) return { outcome: { ...found, skipped: 'no records in it' }, kept: [] }
  return { outcome: { ...found, read: count, spooled: count, logtype }, kept: [records] }
}

const shapes = new Map<string, CompiledShape>()

function shapeOf(type: LogType): CompiledShape {
  let shape = shapes.get(type.name)
  if (!shape) {
    const paths = new Map(type.columns.map(({ name, path }) => [name, path]))
    const clusterBy = type.sort.flatMap((column) => paths.get(column) ?? [])
    shape = compileShape({ ...type, clusterBy })
    shapes.set(type.name, shape)
  }
  return shape
}

function typeOf(record: JsonObject): LogType | undefined {
  return logTypes.find((candidate) => candidate.recognise(record))
}

/** The records of an array that all fit the columns of their log type. */
function wholeFit(bytes: Uint8Array | undefined): Records | undefined {
  const first = bytes && firstRecord(bytes)
  const type = first && typeOf(first)
  const whole = bytes && type && fits(bytes, shapeOf(type))
  return whole && { ...whole, logtype: type.name, bytes }
}

/** The records that were looked at one by one, log type by log type. */
function keptRecords({ kept }: Strict): Records[] {
  const byType = new Map<string, KeptRecord[]>()
  for (const record of kept) {
    const same = byType.get(record.type.name)
    if (same) same.push(record)
    else byType.set(record.type.name, [record])
  }
  return [...byType].map(([logtype, same]) => {
    let at = 0
    const starts = Int32Array.from(same, ({ bytes }) => {
      at += bytes.length
      return at - bytes.length
    })
    const days = same.map(({ day }) => day)
    return {
      logtype,
      bytes: Buffer.concat(same.map(({ bytes }) => bytes)),
      starts,
      ends: starts.map((start, index) => start + (same[index] as KeptRecord).bytes.length),
      clusters: Uint32Array.from(same, ({ cluster }) => cluster),
      firstDay: days.reduce((least, day) => Math.min(least, day), 99_999_999),
      lastDay: days.reduce((most, day) => Math.max(most, day), 0),
    }
  })
}

/** The first record that can be parsed, for telling what the object is. */
function firstRecord(records: Uint8Array): JsonObject | undefined {
  if (records[0] !== OPEN_ARRAY) return undefined
  let at = skipSpace(records, 1)
  // Past a few records that are none, the object has to be read record by record anyway.
  for (let tries = 0; tries < 10; tries++) {
    const end = valueEnd(records, at)
    if (end < 0) return undefined
    try {
      const record: unknown = JSON.parse(textOf(records, at, end))
      if (records[at] === OPEN_OBJECT) return record as JsonObject
    } catch {}
    at = skipSpace(records, skipSpace(records, end) + 1)
  }
  return undefined
}

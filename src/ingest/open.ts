import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import type { RejectCode } from '../envelopes/contract.ts'
import { expand } from '../envelopes/gzip.ts'
import { unwrap } from '../envelopes/index.ts'
import { OPEN_ARRAY, OPEN_OBJECT, skipSpace, textOf, valueEnd } from '../envelopes/json.ts'
import { cutRecords } from '../envelopes/records.ts'
import { type CompiledShape, compileShape, type Fit, fits } from '../envelopes/shape.ts'
import { fieldsOf, type Place, type RejectedRecord, strict } from '../envelopes/strict.ts'
import type { JsonObject, LogType } from '../logtypes/contract.ts'
import { logTypes } from '../logtypes/index.ts'

/** What a worker thread is asked: these bytes, and where to put the records it finds. */
export interface OpenRequest {
  bytes: Uint8Array
  spool: string
  maxBytes: number
  /** Look at each record on its own, whether or not all seem to fit. */
  strictly: boolean
}

/** What became of an object's bytes. */
export interface OpenedObject {
  sha256: string
  expandedBytes: number
  envelope: string
  /** Records found: those in the spool file, and the rejected. */
  read: number
  spooled: number
  /** The log type of the records; undefined when the object has none. */
  logtype?: string
  /** UTC days of the first and last record as 20260107; undefined when they were not looked at. */
  days?: [first: number, last: number]
  /** Why the object as a whole holds nothing to store. */
  skipped?: string
  rejected: RejectedRecord[]
  /** Where the spooled records were, when they were looked at one by one. */
  places?: Place[]
}

const shapes = new Map<string, CompiledShape>()

function shapeOf(type: LogType): CompiledShape {
  let shape = shapes.get(type.name)
  if (!shape) {
    shape = compileShape(type.shape, type.required, type.timeField)
    shapes.set(type.name, shape)
  }
  return shape
}

/** How many of an unreadable object's bytes are kept with the reject; the object itself stays where it is. */
const KEPT_BYTES = 1 << 20

/** Unzips, unwraps and spools one object: bytes in, one JSON array of records in a file out. */
export function openObject({ bytes, spool, maxBytes, strictly }: OpenRequest): OpenedObject {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const nothing = { sha256, expandedBytes: 0, envelope: 'unknown', read: 0, spooled: 0, rejected: [] }
  const refuse = (code: RejectCode, reason: string, envelope = 'unknown'): OpenedObject => ({
    ...nothing,
    envelope,
    read: 1,
    rejected: [{ position: 0, offset: 0, code, reason, bytes: bytes.slice(0, KEPT_BYTES) }],
  })

  if (bytes.length === 0) return { ...nothing, envelope: 'empty', skipped: 'the object is empty' }
  const expanded = expand(bytes, { maxBytes })
  if (!expanded.ok) return refuse(expanded.code, expanded.reason)
  // Cut off before its first byte came out.
  if (expanded.bytes.length === 0 && expanded.cut !== undefined) return refuse('damaged-gzip', expanded.cut)
  const store = (records: Uint8Array, envelope: string): OpenedObject | undefined => {
    const fitting = strictly || expanded.cut !== undefined ? undefined : fitWhole(records)
    if (!fitting) return undefined
    writeFileSync(spool, records)
    const { type, whole } = fitting
    const counts = { read: whole.records, spooled: whole.records, expandedBytes: expanded.bytes.length }
    return { ...nothing, ...counts, envelope, logtype: type.name, days: [whole.firstDay, whole.lastDay] }
  }
  const cut = cutRecords(expanded.bytes)
  const quick = cut && store(cut, 'records')
  if (quick) return quick
  const opened = unwrap(expanded.bytes)
  const found = { ...nothing, expandedBytes: expanded.bytes.length, envelope: opened.envelope }
  if (opened.kind === 'rejected') return refuse(opened.code, opened.reason, opened.envelope)
  if (opened.kind === 'skipped') return { ...found, skipped: opened.reason }

  const { records } = opened
  const whole = store(records, opened.envelope)
  if (whole) return whole

  const damage =
    expanded.cut === undefined ? undefined : ({ code: 'damaged-gzip', reason: expanded.cut } as const)
  const types = new Set<string>()
  const checked = strict(
    records,
    (record) => {
      const own = logTypes.find((candidate) => candidate.recognise(record))
      if (own) types.add(own.name)
      return own
    },
    damage,
  )
  if (checked.read === 0) return { ...found, skipped: 'no records in it' }
  const [logtype] = types
  if (
    logtype === undefined &&
    damage === undefined &&
    checked.rejected.every(({ code }) => code === 'unknown-log-type')
  ) {
    const first = firstRecord(records)
    const shown = first ? fieldsOf(first) : 'no fields'
    return refuse(
      'unknown-log-type',
      `${checked.read} records that no log type knows, the first with ${shown}`,
      opened.envelope,
    )
  }
  writeFileSync(spool, checked.records)
  const spooled = checked.read - checked.rejected.length
  const { read, rejected, places } = checked
  return { ...found, read, spooled, rejected, places, ...(logtype ? { logtype } : {}) }
}

/** The log type of records that all fit its columns. */
function fitWhole(records: Uint8Array): { type: LogType; whole: Fit } | undefined {
  const first = firstRecord(records)
  const type = first && logTypes.find((candidate) => candidate.recognise(first))
  const whole = type && fits(records, shapeOf(type))
  return whole && { type, whole }
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

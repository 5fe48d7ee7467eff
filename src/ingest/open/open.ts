import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import type { Context, Damage } from '../../envelopes/contract.ts'
import type { Expanded } from '../../envelopes/expanded.ts'
import { expand, isWhole } from '../../envelopes/gzip.ts'
import { NOT_LOADED } from '../../envelopes/zstd.ts'
import { readError } from '../../lib/errors.ts'
import type { OverflowBodies } from '../../logtypes/contract.ts'
import type { Records, Rows, Spooler } from '../spool/contract.ts'
import { spooler } from '../spool/spool.ts'
import { isUnexpected, unexpectedReason } from '../stage/unexpected.ts'
import { choose } from './choose.ts'
import type { Content, OpenedGroup, OpenedObject, OpenRequest, ReadRecords } from './contract.ts'
import { type Head, headOf } from './head.ts'
import { keptRecords, readOneByOne } from './one-by-one.ts'
import { isSensitive, OURS, type Registry, withheld } from './registry.ts'
import { rejectOf } from './rejects.ts'
import { unzippedOf } from './unzipped.ts'

/**
 * Unzips, unwraps and spools objects: bytes in, spool files of records out.
 *
 * It runs in worker threads and touches neither the lake nor the source. `choose.ts` decides how an object's
 * bytes become rows; this file applies the choice. An object never fails as a whole for one bad record: each
 * record is spooled, skipped or rejected, and an object that cannot be unpacked at all becomes one reject. An
 * unforeseen error leads to a second attempt, record by record, and then to a reject.
 */
export function openGroup(
  { objects, folder, maxBytes, strictly }: OpenRequest,
  registry: Registry = OURS,
): OpenedGroup {
  const spool = spooler(folder)
  const opened = objects.map((object) => {
    const { serial, uri, writtenMs, overflowBodies } = object
    const context = { uri, writtenMs }
    const content = object.kind === 'file' ? readObject(object.file, maxBytes) : object
    if (content.kind === 'head') {
      const { head, reason = largerThan(maxBytes, head) } = content
      return { serial, ...tooLarge(head, reason, isSensitive(registry, context)) }
    }
    const how = { maxBytes, strictly, overflowBodies, registry, context, spool, serial }
    const { serial: own, outcome, kept } = openWhateverItHolds(content.bytes, how)
    for (const records of kept) {
      if (records.kind === 'records') spool.add(own, records)
      else spool.addRows(own, records)
    }
    return { serial: own, ...outcome }
  })
  return { objects: opened, spools: spool.finish() }
}

/** Whether objects could not be read because the zstd decoder is not loaded yet. */
export function awaitsZstd({ objects }: OpenedGroup): boolean {
  return objects.some(({ rejected }) => rejected[0]?.reason === NOT_LOADED)
}

/** Reads a file into memory; of a file above the limit, only its head, its length and its hash. */
function readObject(file: string, maxBytes: number): Exclude<Content, { kind: 'file' }> {
  try {
    return statSync(file).size > maxBytes
      ? { kind: 'head', head: headOf(file) }
      : { kind: 'bytes', bytes: readFileSync(file) }
  } catch (thrown) {
    throw readError(file, thrown)
  }
}

function largerThan(maxBytes: number, { size }: Head): string {
  return `${size} bytes are more than an object may have, which is ${maxBytes} (ingest.max_object_bytes)`
}

function tooLarge({ bytes, size, sha256 }: Head, reason: string, isHidden: boolean): Outcome {
  const reject = {
    ...rejectOf({ position: 0, offset: 0 }, { code: 'too-large', reason }, bytes),
    size,
    sha256,
  }
  const rejected = [isHidden ? withheld(reject) : reject]
  return { sha256, expandedBytes: 0, envelope: 'unknown', read: 1, spooled: 0, rejected }
}

type Outcome = Omit<OpenedObject, 'serial'>
type Found = { outcome: Outcome; kept: (Records | Rows)[] }

/** How to open an object, and where it comes from. */
interface HowToOpen extends Pick<OpenRequest, 'maxBytes' | 'strictly'> {
  context: Context
  registry: Registry
  overflowBodies?: OverflowBodies | undefined
  /** Takes records that fit their columns. */
  spool: Spooler
  serial: number
}

/** Like `openObject`, but an object that fails in an unforeseen way is read record by record, or rejected. */
function openWhateverItHolds(bytes: Uint8Array, how: HowToOpen): Found & { serial: number } {
  const { serial, spool } = how
  try {
    return { serial, ...openObject(bytes, how) }
  } catch (thrown) {
    if (!isUnexpected(thrown)) throw thrown
    spool.tidy()
    // The rows that it left in columns must not be counted: from here on the object has another number.
    const own = -1 - serial
    try {
      return { serial: own, ...openObject(bytes, { ...how, serial: own, strictly: true }) }
    } catch (again) {
      if (!isUnexpected(again)) throw again
      const reason = unexpectedReason('opening the object', again)
      const isHidden = isSensitive(how.registry, how.context)
      return { serial: own, ...refused(bytes, { code: 'unexpected', reason }, nothingOf(bytes), isHidden) }
    }
  }
}

/** Unzips and unwraps one object. */
function openObject(bytes: Uint8Array, how: HowToOpen): Found {
  const { maxBytes, context, registry } = how
  const nothing = nothingOf(bytes)
  const asDelivered = { bytes, wrapper: 'plain' }
  const about = (expanded: { bytes: Uint8Array; wrapper: string }): Outcome => {
    const unzipped = unzippedOf(context.uri, bytes, expanded)
    return unzipped ? { ...nothing, unzipped } : nothing
  }
  if (bytes.length === 0)
    return nothingIn('the object is empty', { ...about(asDelivered), envelope: 'empty' })
  const expanded = expand(bytes, { maxBytes })
  if (!expanded.ok) return refused(bytes, expanded, about(asDelivered), isSensitive(registry, context))
  return openParts(bytes, expanded, how, about(expanded))
}

function openParts(
  bytes: Uint8Array,
  expanded: Extract<Expanded, { ok: true }>,
  how: HowToOpen,
  nothing: Outcome,
): Found {
  const { cut, refused: parts = [] } = expanded
  const isHidden = isSensitive(how.registry, how.context)
  // The compressed data was cut off before its first byte came out.
  if (expanded.bytes.length === 0 && cut && parts.length === 0) return refused(bytes, cut, nothing, isHidden)
  const { wrapper } = expanded
  const howToUnwrap = {
    ...how,
    damage: cut,
    isWhole: isWhole(expanded),
    isPlain: wrapper === 'plain',
    isHidden,
  }
  const found = openExpanded(expanded.bytes, howToUnwrap, nothing)
  return isWhole(expanded) ? found : { ...found, outcome: withMissing(found.outcome, expanded, isHidden) }
}

function nothingOf(bytes: Uint8Array): Outcome {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { sha256, expandedBytes: 0, envelope: 'unknown', read: 0, spooled: 0, rejected: [] }
}

function nothingIn(reason: string, found: Outcome): Found {
  return { outcome: { ...found, skipped: reason }, kept: [] }
}

/** An object that becomes one reject. */
function refused(bytes: Uint8Array, { code, reason }: Damage, found: Outcome, isHidden: boolean): Found {
  const reject = rejectOf({ position: 0, offset: 0 }, { code, reason }, bytes)
  return { outcome: { ...found, read: 1, rejected: [isHidden ? withheld(reject) : reject] }, kept: [] }
}

/** Adds a reject to an object's outcome for each of its parts that could not be expanded. */
function withMissing(
  { skipped: _, ...outcome }: Outcome,
  { cut, refused: parts = [], bytes: { length } }: Extract<Expanded, { ok: true }>,
  isHidden: boolean,
): Outcome {
  const missing = parts.map((part) => ({
    ...part,
    reason: `${part.reason}, at byte ${part.offset} of the object as it was delivered`,
  }))
  // Where the last record is cut off, its reject already says so.
  if (cut && !outcome.rejected.some(({ reason }) => reason.startsWith(cut.reason)))
    missing.push({ offset: length, ...cut, bytes: new Uint8Array() })
  const rejects = missing.map(({ offset, code, reason, bytes }, index) =>
    rejectOf({ position: outcome.read + index, offset }, { code, reason }, bytes),
  )
  return {
    ...outcome,
    read: outcome.read + rejects.length,
    rejected: [...outcome.rejected, ...(isHidden ? rejects.map(withheld) : rejects)],
  }
}

/** How to open an object's expanded bytes. */
interface HowToUnwrap extends HowToOpen {
  /** Why the last bytes are missing. */
  damage: Damage | undefined
  /** Whether they hold everything that was delivered. */
  isWhole: boolean
  /** Whether they are the delivered bytes themselves. */
  isPlain: boolean
  /** Whether sensitive records may be anywhere in them. */
  isHidden: boolean
}

function openExpanded(bytes: Uint8Array, how: HowToUnwrap, nothing: Outcome): Found {
  const { strictly, isHidden } = how
  const way = choose(bytes, { ...how, careful: strictly || !how.isWhole })
  if (way.kind === 'mixed') return openParts(bytes, way.expanded, how, nothing)
  const found = { ...nothing, expandedBytes: bytes.length }
  if (way.kind === 'fits') return stored({ ...found, envelope: way.envelope }, way.records)
  found.envelope = way.opened.envelope
  if (way.kind === 'none') {
    const { opened } = way
    if (opened.kind === 'skipped') return nothingIn(opened.reason, found)
    return refused(bytes, opened, { ...found, expandedBytes: 0 }, isHidden)
  }
  const looked = readOneByOne(way.opened, how)
  return outcomeOf(looked, { ...found, envelope: way.opened.envelope }, how)
}

/** The outcome of records that were read one by one. */
function outcomeOf(looked: ReadRecords, found: Outcome, { strictly, isHidden }: HowToUnwrap): Found {
  const { read, skipped, pending, kept } = looked
  const rejected = isHidden || looked.isSensitive ? looked.rejected.map(withheld) : looked.rejected
  if (read === 0) return nothingIn('no records in it', found)
  const spooled = kept.length + looked.inColumns
  const outcome: Outcome = { ...found, envelope: looked.wrapper ?? found.envelope, read, spooled, rejected }
  // Rows that are in columns already must not be counted: the object is opened again under another number.
  if (pending.size > 0) return { outcome: { ...outcome, spooled: 0, pending: [...pending] }, kept: [] }
  if (skipped.size > 0) outcome.skippedRecords = skipped
  if (skipped.size > 0 && spooled + rejected.length === 0) outcome.skipped = [...skipped.keys()].join('; ')
  if (spooled === 0) return { outcome, kept: [] }
  outcome.logtype = [...looked.types].map(({ name }) => name).join(', ')
  if (kept.length > 0)
    outcome.locations = kept.map(({ type, position, offset }) => ({ logtype: type.name, position, offset }))
  return { outcome, kept: keptRecords(kept, strictly) }
}

function stored(found: Outcome, records: Records | Rows): Found {
  const count = records.kind === 'records' ? records.starts.length : records.records
  const { logtype } = records
  if (count === 0) return { outcome: { ...found, skipped: 'no records in it' }, kept: [] }
  return { outcome: { ...found, read: count, spooled: count, logtype }, kept: [records] }
}

import type { Context, Damage, Delivery } from '../../envelopes/contract.ts'
import type { LogType, Parts, Row } from '../../logtypes/contract.ts'
import type { Records, Spooler } from '../spool/contract.ts'
import type { Readable } from './choose.ts'
import type { HowToRead, KeptRecord, ReadRecords } from './contract.ts'
import { readRecords, readTexts, sourceOf } from './records.ts'
import { OURS, type Registry } from './registry.ts'
import { rowSink } from './row-columns.ts'
import { firstRecord, shapeOf, typeAmong } from './whole.ts'

/** How the records of an opened object are read one by one. */
export interface HowToReadEach {
  context: Context
  known: Registry
  parts?: Parts | undefined
  spool: Spooler
  serial: number
  /** Rows go to DuckDB as JSON, where one can be told from the other. */
  strictly: boolean
  damage: Damage | undefined
}

/** Looks at each record of an object on its own; rows that fit go into columns. */
export function readOneByOne(opened: Readable, how: HowToReadEach): ReadRecords {
  const { context, known, parts, spool, serial, strictly, damage } = how
  const typeOf = (delivery: Delivery) => typeAmong(known, delivery)
  const rows = strictly ? undefined : rowSink(spool, serial)
  const toRead: HowToRead = {
    context,
    typeOf,
    wrappers: known.wrappers,
    catchAll: known.catchAll,
    textsAreLogs: known.types.length === OURS.types.length,
    parts,
    rows,
    base: opened.base,
    damage,
    quick: strictly ? undefined : quickOf(opened, how),
  }
  const found =
    opened.kind === 'texts'
      ? readTexts(opened.texts, toRead)
      : readRecords(opened.source ?? sourceOf(opened.records), toRead)
  rows?.finish()
  return found
}

/** The log type of the first record, when its records are read as they were delivered: those that fit need no look. */
function quickOf(opened: Readable, { context, known }: HowToReadEach): HowToRead['quick'] {
  const first = opened.kind === 'texts' ? opened.texts[0] : firstRecord(opened.records, context)
  const type = first && typeAmong(known, first)
  if (type?.kind !== 'flattened') return undefined
  const shape = shapeOf(type)
  return shape && { type, shape }
}

/** In JSON, bytes of a row are the text that they are. */
function asText(this: Row, column: string, value: unknown): unknown {
  // A buffer has made JSON of itself before anybody is asked.
  const own = this[column]
  return own instanceof Uint8Array ? Buffer.from(own).toString() : value
}

/**
 * The records that were looked at one by one, log type by log type.
 *
 * @param inOrder whether they are to stay in their order, so that each is found again by its place
 */
export function keptRecords(kept: readonly KeptRecord[], inOrder: boolean): Records[] {
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
      clusters: Uint32Array.from(same, ({ cluster }) => (inOrder ? 0 : cluster)),
      firstDay: days.reduce((least, day) => Math.min(least, day), 99_999_999),
      lastDay: days.reduce((most, day) => Math.max(most, day), 0),
    }
  })
}

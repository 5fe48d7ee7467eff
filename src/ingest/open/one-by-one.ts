import type { Context, Damage, Delivery } from '../../envelopes/contract.ts'
import type { LogType, OverflowBodies, Row } from '../../logtypes/contract.ts'
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
  registry: Registry
  overflowBodies?: OverflowBodies | undefined
  spool: Spooler
  serial: number
  /** Rows go to DuckDB as JSON, where each record can be located. */
  strictly: boolean
  damage: Damage | undefined
}

/** Reads each record of an object on its own; rows that fit go into columns. */
export function readOneByOne(opened: Readable, how: HowToReadEach): ReadRecords {
  const { context, registry, overflowBodies, spool, serial, strictly, damage } = how
  const typeOf = (delivery: Delivery) => typeAmong(registry, delivery)
  const rows = strictly ? undefined : rowSink(spool, serial)
  const toRead: HowToRead = {
    context,
    typeOf,
    wrappers: registry.wrappers,
    catchAll: registry.catchAll,
    textsAreLogs: registry.types.length === OURS.types.length,
    overflowBodies,
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

/**
 * The log type of the first record, when its records are stored as delivered: those that fit need no further
 * check.
 */
function quickOf(opened: Readable, { context, registry }: HowToReadEach): HowToRead['quick'] {
  const first = opened.kind === 'texts' ? opened.texts[0] : firstRecord(opened.records, context)
  const type = first && typeAmong(registry, first)
  if (type?.kind !== 'flattened') return undefined
  const shape = shapeOf(type)
  return shape && { type, shape }
}

/** A replacer for `JSON.stringify` that writes a row's bytes as the text that they encode. */
function asText(this: Row, column: string, value: unknown): unknown {
  // `JSON.stringify` calls a buffer's `toJSON` before the replacer, so the value is taken from the row.
  const own = this[column]
  return own instanceof Uint8Array ? Buffer.from(own).toString() : value
}

/**
 * Groups records that were read one by one by log type.
 *
 * @param inOrder whether they keep their order, so that each can be located by its position
 */
export function keptRecords(kept: readonly KeptRecord[], inOrder: boolean): Records[] {
  const byType = new Map<LogType, KeptRecord[]>()
  for (const record of kept) {
    const same = byType.get(record.type)
    if (same) same.push(record)
    else byType.set(record.type, [record])
  }
  return [...byType].map(([type, same]) => {
    const texts = same.map((one) =>
      one.kind === 'row' ? Buffer.from(JSON.stringify(one.row, asText)) : one.bytes,
    )
    let at = 0
    const starts = Int32Array.from(texts, ({ length }) => {
      at += length
      return at - length
    })
    const days = same.map(({ day }) => day)
    return {
      kind: 'records',
      logtype: type.name,
      bytes: Buffer.concat(texts),
      starts,
      ends: starts.map((start, index) => start + (texts[index] as Uint8Array).length),
      groupKeys: Uint32Array.from(same, ({ groupKey }) => (inOrder ? 0 : groupKey)),
      firstDay: days.reduce((least, day) => Math.min(least, day), 99_999_999),
      lastDay: days.reduce((max, day) => Math.max(max, day), 0),
    }
  })
}

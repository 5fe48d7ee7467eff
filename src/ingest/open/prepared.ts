/// <reference lib="es2024.string" />
import type { Delivery } from '../../envelopes/contract.ts'
import { mayHoldHalf, wellFormed, wellFormedJson } from '../../json/halves.ts'
import type { Refusal } from '../../json/refusal.ts'
import type { Parts, PreparedType, Row } from '../../logtypes/contract.ts'
import type { MadeRow } from './contract.ts'

const NO_PARTS: Parts = new Map()

/** A record of a log type that is prepared in TypeScript, as a row. */
export function prepared(
  type: PreparedType,
  delivery: Delivery,
  parts: Parts | undefined,
  awaited: Set<string>,
): MadeRow | (Refusal & { bytes?: Uint8Array }) | { skipped: string } {
  for (const uri of type.parts?.(delivery) ?? []) if (!parts?.has(uri)) awaited.add(uri)
  // What is still awaited is read first, and the record then once more.
  const verdict = type.prepare(delivery, parts ?? NO_PARTS)
  if ('skipped' in verdict) return verdict
  if ('rejected' in verdict) {
    const bytes = type.discretion?.redact(delivery.bytes)
    return { code: 'invalid-record', reason: verdict.rejected, ...(bytes ? { bytes } : {}) }
  }
  const { row } = verdict
  if (mayBeTorn(delivery)) makeReadable(row, type)
  const day = dayOf(row[type.time])
  if (day === undefined)
    throw new Error(`${type.name}: a row was prepared whose ${type.time} is no plain time`)
  return { type, row, day, cluster: clusterOf(type, row) }
}

/** Whether half a surrogate pair may be in a record's texts, or in what its way told of it. */
function mayBeTorn({ bytes, text, context: { cloudwatch } }: Delivery): boolean {
  if (mayHoldHalf(bytes) || text?.isWellFormed() === false) return true
  if (!cloudwatch) return false
  const { logGroup, logStream, owner, extractedFields } = cloudwatch
  return (
    [logGroup, logStream, owner].some((told) => told?.isWellFormed() === false) ||
    extractedFields !== undefined
  )
}

/** Puts U+FFFD where half a surrogate pair is: a column that has one fails every question that looks into it. */
function makeReadable(row: Row, { columns }: PreparedType): void {
  for (const { name, type } of [...columns, UNMAPPED]) {
    const value = row[name]
    if (typeof value === 'string') row[name] = type === 'json' ? wellFormedJson(value) : wellFormed(value)
  }
}

const UNMAPPED = { name: 'unmapped', type: 'json' } as const

/** The day of `2026-01-07T22:16:43Z`, as 20260107. */
function dayOf(time: Row[string]): number | undefined {
  if (typeof time !== 'string') return undefined
  if (lastDay !== 0 && time.startsWith(lastDate)) return lastDay
  if (!/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(time)) return undefined
  lastDate = time.slice(0, 11)
  lastDay = Number(time.slice(0, 4)) * 10_000 + Number(time.slice(5, 7)) * 100 + Number(time.slice(8, 10))
  return lastDay
}

let lastDate = ''
let lastDay = 0

/** The first column of the sort in the upper half, the others but for the time in the lower. */
export function clusterOf({ sort, time }: PreparedType, row: Row): number {
  let upper = SEED
  let lower = SEED
  let place = 0
  for (const column of sort) {
    if (column === time) continue
    if (place === 0) upper = hashOf(row[column], SEED, place)
    else lower = hashOf(row[column], lower, place)
    place++
  }
  return (((upper & 0xffff) << 16) | (lower & 0xffff)) >>> 0
}

const SEED = 0x811c9dc5

/** By the column's place in the sort: what came last, which often comes again. */
const lately: { text: string; seed: number; hash: number }[] = []

/** FNV-1a over the text's UTF-16 units. */
function hashOf(value: Row[string], seed: number, place: number): number {
  const text = value === undefined || value === null ? '' : String(value)
  const known = lately[place]
  if (known && known.seed === seed && known.text === text) return known.hash
  let hash = seed
  const length = Math.min(text.length, 256)
  for (let at = 0; at < length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash ^= hash >>> 16
  lately[place] = { text, seed, hash }
  return hash
}

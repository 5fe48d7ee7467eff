/// <reference lib="es2024.string" />
import type { Delivery } from '../../envelopes/contract.ts'
import { mayHoldHalf, wellFormed, wellFormedJson } from '../../json/halves.ts'
import type { Refused } from '../../json/refusal.ts'
import type { OverflowBodies, PreparedType, Row } from '../../logtypes/contract.ts'
import type { MadeRow } from './contract.ts'

const NO_BODIES: OverflowBodies = new Map()

/** Turns a record of a log type that is prepared in TypeScript into a row. */
export function prepared(
  type: PreparedType,
  delivery: Delivery,
  overflowBodies: OverflowBodies | undefined,
  pending: Set<string>,
): MadeRow | (Refused & { bytes?: Uint8Array }) | { kind: 'skipped'; reason: string } {
  for (const uri of type.overflowUris?.(delivery) ?? []) if (!overflowBodies?.has(uri)) pending.add(uri)
  // Missing overflow bodies are read first, and then the record once more.
  const verdict = type.prepare(delivery, overflowBodies ?? NO_BODIES)
  if (verdict.kind === 'skipped') return verdict
  if (verdict.kind === 'rejected') {
    const { reason } = verdict
    const bytes = type.redaction?.redact(delivery.bytes)
    return { kind: 'refused', code: 'invalid-record', reason, ...(bytes ? { bytes } : {}) }
  }
  const { row } = verdict
  if (mayBeTorn(delivery)) makeReadable(row, type)
  const day = dayOf(row[type.time])
  if (day === undefined)
    throw new Error(`${type.name}: a row was prepared whose ${type.time} is no plain time`)
  return { kind: 'row', type, row, day, groupKey: groupKeyOf(type, row) }
}

/** Whether the record's texts, or its envelope's metadata, may hold half a surrogate pair. */
function mayBeTorn({ bytes, text, context: { cloudwatch } }: Delivery): boolean {
  if (mayHoldHalf(bytes) || text?.isWellFormed() === false) return true
  if (!cloudwatch) return false
  const { logGroup, logStream, owner, extractedFields } = cloudwatch
  return (
    [logGroup, logStream, owner].some((told) => told?.isWellFormed() === false) ||
    extractedFields !== undefined
  )
}

/** Replaces half a surrogate pair by U+FFFD: DuckDB fails every query on a column that holds one. */
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

/** Hashes the first sort column into the upper half, and the others except the time into the lower half. */
export function groupKeyOf({ sort, time }: PreparedType, row: Row): number {
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

/** The most recent text of each sort column with its hash: neighbouring records often repeat it. */
const recentHashes: { text: string; seed: number; hash: number }[] = []

/** FNV-1a over the text's UTF-16 units. */
function hashOf(value: Row[string], seed: number, place: number): number {
  const text = value === undefined || value === null ? '' : String(value)
  const known = recentHashes[place]
  if (known && known.seed === seed && known.text === text) return known.hash
  let hash = seed
  const length = Math.min(text.length, 256)
  for (let at = 0; at < length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash ^= hash >>> 16
  recentHashes[place] = { text, seed, hash }
  return hash
}

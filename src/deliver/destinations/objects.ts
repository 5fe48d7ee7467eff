/** Batches as objects of S3: what they are called, and what is in them. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { openEngine } from '../../lib/duckdb.ts'
import { literal, sql } from '../../lib/sql.ts'
import type { Delivery } from '../contract.ts'
import { hashOf } from './aws-batch.ts'

/** `2026-01-07`, the UTC day of a delivery. */
export function dayOf({ time }: Delivery): string {
  return new Date(time * 1000).toISOString().slice(0, 10)
}

/** By what a function says, in the order of their first. */
export function parted(
  batch: readonly Delivery[],
  keyOf: (one: Delivery) => string,
): Map<string, Delivery[]> {
  const parts = new Map<string, Delivery[]>()
  for (const one of batch) {
    const key = keyOf(one)
    const part = parts.get(key)
    if (part) part.push(one)
    else parts.set(key, [one])
  }
  return parts
}

/** The time of the first row and a hash of all ids: the same rows have the same name, so that a resend replaces what is there. */
export function nameOf(part: readonly Delivery[]): string {
  const at = new Date((part[0]?.time ?? 0) * 1000).toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '')
  return `${at}-${hashOf(part.map(({ id }) => id).join('\n')).slice(0, 24)}`
}

const zip = promisify(gzip)

export async function ndjson(part: readonly Delivery[]): Promise<Uint8Array> {
  return await zip(linesOf(part))
}

function linesOf(part: readonly Delivery[]): string {
  return part.map(({ text }) => `${text.startsWith('{') ? text : JSON.stringify({ text })}\n`).join('')
}

/** Columns and their types are found in the JSON; objects become structs. */
export async function parquet(part: readonly Delivery[]): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'loglake-parquet-'))
  const engine = await openEngine({ threads: 1, memory: '256MiB', spill: join(folder, 'spill') })
  try {
    const from = join(folder, 'part.json')
    const to = join(folder, 'part.parquet')
    await writeFile(from, linesOf(part), { mode: 0o600 })
    await engine.run(
      sql(new URL('../sql/parquet.sql', import.meta.url), { from: literal(from), to: literal(to) }),
    )
    return await readFile(to)
  } finally {
    engine.close()
    await rm(folder, { recursive: true, force: true })
  }
}

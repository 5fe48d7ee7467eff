/** Batches as objects of S3: their names, their content, and how they are written. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { AwsClients } from '../../aws/clients.ts'
import { openEngine } from '../../lib/duckdb.ts'
import { literal, sql } from '../../lib/sql.ts'
import type { Delivery } from '../contract.ts'
import { hashOf, withWayOut } from './aws-batch.ts'
import { isPlain } from './json.ts'

/** `2026-01-07`, the UTC day of a delivery. */
export function dayOf({ time }: Delivery): string {
  return new Date(time * 1000).toISOString().slice(0, 10)
}

/** Groups deliveries by a key, in order of first occurrence. */
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

/**
 * The time of the first row and a hash of all ids: the same rows have the same name, so that a resend
 * replaces the object.
 */
export function nameOf(part: readonly Delivery[]): string {
  const at = new Date((part[0]?.time ?? 0) * 1000).toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '')
  return `${at}-${hashOf(part.map(({ id }) => id).join('\n')).slice(0, 24)}`
}

interface Put {
  Bucket: string
  Key: string
  Body: Uint8Array
  ContentType?: string
  ServerSideEncryption?: 'aws:kms'
  SSEKMSKeyId?: string
}

/** @param folder what the names of all objects begin with: a denial names the permission that it needs */
export async function put(
  clients: AwsClients,
  object: Put,
  folder: string,
  abortSignal: AbortSignal,
): Promise<void> {
  const s3 = await clients.s3For(object.Bucket)
  await s3.putObject(object, { abortSignal }).catch((thrown) => {
    throw withWayOut(thrown, { action: 's3:PutObject', resource: `arn:aws:s3:::${object.Bucket}/${folder}*` })
  })
}

const zip = promisify(gzip)

export async function ndjson(part: readonly Delivery[]): Promise<Uint8Array> {
  return await zip(linesOf(part))
}

function linesOf(part: readonly Delivery[]): string {
  return part.map((one) => `${isPlain(one) ? JSON.stringify({ text: one.text }) : one.text}\n`).join('')
}

/**
 * Columns and their types are those of the JSON, so that objects of one folder agree: a text is a text
 * whatever it looks like, a whole number has 64 bits, what is null in all rows is a text. Objects become
 * structs.
 */
export async function parquet(part: readonly Delivery[]): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'loglake-parquet-'))
  const engine = await openEngine({ threads: 1, memory: '256MiB', spill: join(folder, 'spill') })
  try {
    const from = join(folder, 'part.json')
    const to = join(folder, 'part.parquet')
    await writeFile(from, linesOf(part), { mode: 0o600 })
    const question = sql(new URL('../sql/structure.sql', import.meta.url), { from: literal(from) })
    const [[found] = []] = await engine.rows(question)
    const write = async (structure: string) => {
      const names = { structure: literal(structure), from: literal(from), to: literal(to) }
      await engine.run(sql(new URL('../sql/parquet.sql', import.meta.url), names))
    }
    // A number of more than 63 bits keeps the type that holds it.
    await write(JSON.stringify(alike(JSON.parse(String(found))))).catch(() => write(String(found)))
    return await readFile(to)
  } finally {
    engine.close()
    await rm(folder, { recursive: true, force: true })
  }
}

const ALIKE: Readonly<Record<string, string>> = { UBIGINT: 'BIGINT', NULL: 'VARCHAR' }

/**
 * A structure as DuckDB tells it, with types that do not depend on the values that happen to be in a batch.
 */
function alike(structure: unknown): unknown {
  if (typeof structure === 'string') return ALIKE[structure] ?? structure
  if (Array.isArray(structure)) return structure.map(alike)
  return Object.fromEntries(
    Object.entries(structure as object).map(([name, inner]): [string, unknown] => [name, alike(inner)]),
  )
}

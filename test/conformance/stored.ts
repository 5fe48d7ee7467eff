import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { folder, ingest, lakeTables, localStorage, openLake } from 'loglake'
import { readParquet } from '../../src/lake/parquet.ts'
import type { TableDefinition } from '../../src/lake/table.ts'
import { type Engine, openEngine } from '../../src/lib/duckdb.ts'
import { identifier } from '../../src/lib/sql.ts'
import type { LogType } from '../../src/logtypes/contract.ts'
import type { PlainRow } from '../../src/logtypes/rebuild.ts'
import type { Fixture } from './fixtures.ts'

/** What the lake holds of one object. */
export interface Stored {
  rows: PlainRow[]
  rejects: Reject[]
  ledger: LedgerEntry
}

export interface Reject {
  position: number
  offset: number
  code: string
  reason: string
  bytes: Uint8Array
}

export interface LedgerEntry {
  envelope: string
  logtype: string | null
  outcome: string
  reason: string | null
  read: number
  stored: number
  repeated: number
  skipped: number
  rejected: number
}

export interface StoredObjects {
  /** By the object's URI. */
  objects: Map<string, Stored>
  /** An engine with the log type's table in it. */
  engine: Engine
  close(): void
}

/** Brings files into a lake of their own, by the way every object takes, and reads back what it holds of each. */
export async function storeFiles(type: LogType, paths: readonly string[]): Promise<StoredObjects> {
  const root = mkdtempSync(join(tmpdir(), 'conformance-'))
  const lake = openLake(localStorage(join(root, 'lake')), lakeTables)
  await ingest(lake, folder(paths), { threads: 1 })
  const version = await lake.newest()
  const engine = await openEngine({ threads: 1 })

  async function read(table: string, columns: string): Promise<Record<string, unknown>[]> {
    const found = await version.table(table)
    if (!found) return []
    const files = await found.files()
    const local = await Promise.all(files.map(({ path }) => lake.storage.local(found.keyOf(path))))
    const from = readParquet(local, found.schema, lake.tables.get(table) as TableDefinition)
    if (table === type.name) await engine.run(`create table ${identifier(table)} as from ${from}`)
    return await engine.objects(`select ${columns} from ${from}`)
  }

  const objects = new Map<string, Stored>()
  for (const row of await read('ledger', '*')) {
    const count = (name: string) => Number(row[`records_${name}`])
    const ledger = {
      envelope: String(row.envelope),
      logtype: row.logtype as string | null,
      outcome: String(row.outcome),
      reason: row.reason as string | null,
      read: count('read'),
      stored: count('stored'),
      repeated: count('repeated'),
      skipped: count('skipped'),
      rejected: count('rejected'),
    }
    objects.set(String(row.lake_object), { rows: [], rejects: [], ledger })
  }
  for (const { lake_object, position, byte_offset, code, reason, bytes } of await read(
    'reject',
    'lake_object, position, byte_offset, code, reason, bytes',
  )) {
    objects.get(String(lake_object))?.rejects.push({
      position: Number(position),
      offset: Number(byte_offset),
      code: String(code),
      reason: String(reason),
      bytes: (bytes as { bytes: Uint8Array }).bytes,
    })
  }
  for (const row of await read(type.name, columnsOf(type))) {
    objects.get(String(row.lake_object))?.rows.push(row as PlainRow)
  }
  for (const { rejects } of objects.values()) rejects.sort((one, other) => one.position - other.position)
  rmSync(root, { recursive: true, force: true })
  return { objects, engine, close: () => engine.close() }
}

/** The fixtures as files in a folder of their own, which this names. */
export function writeFixtures(fixtures: readonly Fixture[]): string {
  const root = mkdtempSync(join(tmpdir(), 'fixtures-'))
  for (const { file, bytes } of fixtures.flatMap(({ files }) => files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), bytes)
    // Delivered long ago: what is missing beside it is not waited for.
    utimesSync(join(root, file), DELIVERED, DELIVERED)
  }
  return root
}

const DELIVERED = new Date('2026-01-08T00:00:00Z')

/** A select list that gives plain values: times in microseconds, JSON and days as text. */
export function columnsOf({ columns }: LogType): string {
  const plain = columns.map(({ name, type }) => {
    const quoted = identifier(name)
    if (type === 'timestamptz') return `epoch_us(${quoted}) as ${quoted}`
    return type === 'json' || type === 'date' ? `${quoted}::varchar as ${quoted}` : quoted
  })
  return [...plain, 'unmapped::varchar as unmapped', 'lake_day::varchar as lake_day', 'lake_object'].join(
    ', ',
  )
}

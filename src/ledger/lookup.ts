import { dayOfKey } from '../aws/layout.ts'
import { heldBy } from '../lake/file-filter.ts'
import { type FilterCache, withFilters } from '../lake/filters.ts'
import { type AskedKeys, askedKeys } from '../lake/fuse.ts'
import type { DataFile } from '../lake/iceberg/index.ts'
import { readingFiles, readParquet } from '../lake/parquet.ts'
import type { Storage } from '../lake/storage/contract.ts'
import { allDone, limit } from '../lake/storage/lanes.ts'
import { DAY } from '../lake/table.ts'
import type { TableVersion } from '../lake/version.ts'
import type { Engine } from '../lib/duckdb.ts'
import { list, sql } from '../lib/sql.ts'
import { ledger } from './tables.ts'

/** Limits on event time, as microseconds since 1970; undefined for none. */
export interface Window {
  since?: bigint | undefined
  until?: bigint | undefined
}

/** An object's row in the ledger. */
export interface LedgerRow {
  version: string
  /** Empty for an object that was not read. */
  sha256: string
  /** A filter excluded it: once no filter does, it is read. */
  filtered: boolean
  stored: number
  /** Records outside the limits: under other limits, the object is read again. */
  skipped: number
  /** Records in conflict with others. */
  conflicting: number
  /**
   * Records that no log type recognized, and the log types of that run: with others, the object is read
   * again.
   */
  unknown: number
  types: string | undefined
  /** Rows that were removed for good: reading the object again would restore them. */
  erased: number
  window: Window
  file: DataFile
}

/** How an object is read: the limits, and the log types. */
export interface Reading {
  window: Window
  /** A name for the set of log types. */
  types: string
}

/** Whether another set of log types might now recognize some of its records. */
export function isRetyped(row: LedgerRow, { types }: Pick<Reading, 'types'>): boolean {
  return !row.filtered && row.erased === 0 && row.unknown > 0 && row.types !== types
}

/** Whether reading the object again can add nothing to the lake. */
export function isDone(row: LedgerRow, { window: { since, until }, types }: Reading): boolean {
  if (row.erased > 0) return true
  if (row.filtered || isRetyped(row, { types })) return false
  if (row.skipped === 0) return true
  const coversStart = row.window.since === undefined || (since !== undefined && row.window.since <= since)
  const coversEnd = row.window.until === undefined || (until !== undefined && row.window.until >= until)
  return coversStart && coversEnd
}

/** Days whose filters are read at once: read one after the other, a bucket's latency would add up. */
const DAYS_AT_ONCE = 8

/**
 * The ledger's rows of these objects, by URI. They are found by day and by filter, so the cost does not
 * grow with the ledger.
 *
 * @param after only rows added after this sequence number of the ledger
 */
export async function ledgerRows(
  engine: Engine,
  storage: Storage,
  current: TableVersion,
  uris: readonly string[],
  cache: FilterCache,
  after = -1,
): Promise<Map<string, LedgerRow[]>> {
  const found = new Map<string, LedgerRow[]>()
  const looks: { files: DataFile[]; asked: AskedKeys }[] = []
  for (const [day, group] of groupByDay(uris)) {
    const condition =
      day === undefined
        ? { column: DAY, op: 'is null' as const }
        : { column: DAY, op: '=' as const, value: day }
    const files = await current.files([condition], after)
    if (files.length === 0) continue
    const hashes = await engine.rows(
      sql(new URL('./sql/object-hashes.sql', import.meta.url), { objects: list(group) }),
    )
    looks.push({ files, asked: askedKeys(Uint32Array.from(hashes.flat(), Number)) })
  }
  // A file of several days may be asked for each of them.
  const wanted = new Map<string, DataFile>()
  const lanes = limit(DAYS_AT_ONCE)
  const looking = looks.map(({ files, asked }) =>
    lanes(async () => {
      for await (const { file, key, filter } of withFilters(storage, current, files, cache, 'lake_object'))
        if (!filter || heldBy(filter, asked).length > 0) wanted.set(key, file)
    }),
  )
  await allDone(looking)
  if (wanted.size === 0) return found
  const asked = new Map(
    await Promise.all(
      [...wanted].map(async ([key, file]) => [await storage.local(key, file.bytes), file] as const),
    ),
  )
  // One question for all days: each takes its time, and a run may name objects of very many.
  const question = sql(new URL('./sql/known-objects.sql', import.meta.url), {
    ledger: readParquet([...asked.keys()], current.schema, ledger),
    objects: list(uris),
    ...addedColumns(current),
  })
  const rows = await readingFiles(engine, [...asked.keys()], () => engine.objects(question)).finally(() =>
    storage.release(asked.keys()),
  )
  for (const row of rows) {
    const uri = String(row.lake_object)
    const known: LedgerRow = {
      version: String(row.version),
      sha256: row.sha256 === null ? '' : String(row.sha256),
      filtered: row.outcome === 'left-out',
      stored: Number(row.records_stored),
      skipped: Number(row.records_skipped),
      conflicting: Number(row.records_conflicting),
      unknown: Number(row.records_unknown),
      erased: Number(row.records_erased),
      types: row.known_types === null ? undefined : String(row.known_types),
      window: { since: timestamp(row.since), until: timestamp(row.until) },
      file: asked.get(String(row.filename)) as DataFile,
    }
    found.set(uri, [...(found.get(uri) ?? []), known])
  }
  return found
}

/** SQL for columns that a lake may lack, because no release that has them wrote to it. */
function addedColumns({ schema }: TableVersion): Record<string, string> {
  const has = (name: string) => schema.fields.some((field) => field.name === name)
  return {
    conflicting: has('records_conflicting') ? 'coalesce(records_conflicting, 0)' : '0',
    // Rows older than the column say it in their reason.
    unknown: `coalesce(${has('records_unknown') ? 'records_unknown' : 'null'}, (reason like '%no log type knows%')::bigint, 0)`,
    erased: has('records_erased') ? 'coalesce(records_erased, 0)' : '0',
    types: has('known_types') ? 'known_types' : 'null::varchar',
  }
}

function groupByDay(uris: readonly string[]): Map<string | undefined, string[]> {
  const groups = new Map<string | undefined, string[]>()
  for (const uri of uris) {
    const day = dayOfKey(uri)
    groups.set(day, [...(groups.get(day) ?? []), uri])
  }
  return groups
}

function timestamp(value: unknown): bigint | undefined {
  return typeof value === 'bigint' ? value : undefined
}

/**
 * A SELECT of all rows of ledger files except those of these objects: the rows that stay when an object is
 * read again.
 */
export function ledgerWithout(
  current: TableVersion,
  files: readonly string[],
  objects: readonly { uri: string; version: string }[],
): string {
  return sql(new URL('./sql/ledger-without.sql', import.meta.url), {
    ledger: readParquet(files, current.schema, ledger),
    objects: list(objects.map(({ uri, version }) => `${version} ${uri}`)),
  })
}

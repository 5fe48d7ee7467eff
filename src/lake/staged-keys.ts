import type { DuckDBDataChunk } from '@duckdb/node-api'
import type { Engine } from '../lib/duckdb.ts'
import { identifier, list, sql } from '../lib/sql.ts'
import type { Hashes } from './bloom.ts'
import { encodeFilter, filterOf } from './file-filter.ts'
import type { StagedFile } from './parquet.ts'
import type { TableDefinition } from './table.ts'

/** The keys of a staged file's rows, and the filter that will be stored with it. */
export interface StagedKeys {
  hashes: Hashes
  /**
   * Microseconds since 1970 for each row, as the nearest doubles; empty for a table without a time column.
   * Doubles keep the order of times, so they separate rows that cannot be equal; equality itself is decided
   * by the columns.
   */
  times: Float64Array
  filter: Uint8Array
}

/** The text that filters hash: equal for two copies of a row. */
export function keyExpression({ key = [], filter = key, columns }: TableDefinition): string {
  const types = new Map(columns.map(({ name, type }) => [name, type]))
  const texts = filter.map((name) =>
    types.get(name) === 'timestamptz' ? `epoch_us(${identifier(name)})` : identifier(name),
  )
  return `concat_ws(chr(31), ${texts.join(', ')})`
}

/** A condition that the rows of two relations have the same key. */
export function sameKey({ key = [] }: TableDefinition, left: string, right: string): string {
  return key.map((name) => `${left}.${identifier(name)} = ${right}.${identifier(name)}`).join(' and ')
}

/** The names of the columns in the filters of a table's files; undefined for a table without filters. */
export function filteredColumns({ key, filter = key }: TableDefinition): string | undefined {
  return filter?.join(', ')
}

/** Files, and rows, of one query: small files are queried together, since each query costs time. */
const FILES_ASKED = 64
const ROWS_ASKED = 200_000

export async function stagedKeys(
  engine: Engine,
  table: TableDefinition,
  staged: Pick<StagedFile, 'local' | 'rows'>,
): Promise<StagedKeys> {
  return (await keysOf(engine, table, [staged]))[0] as StagedKeys
}

/** The keys of many files, file by file. */
export async function allStagedKeys(
  engine: Engine,
  table: TableDefinition,
  staged: readonly Pick<StagedFile, 'local' | 'rows'>[],
): Promise<StagedKeys[]> {
  const found: StagedKeys[] = []
  for (let from = 0; from < staged.length; ) {
    let to = from
    for (let rows = 0; to < staged.length && to - from < FILES_ASKED; to++) {
      rows += staged[to]?.rows ?? 0
      if (to > from && rows > ROWS_ASKED) break
    }
    found.push(...(await keysOf(engine, table, staged.slice(from, to))))
    from = to
  }
  return found
}

async function keysOf(
  engine: Engine,
  table: TableDefinition,
  staged: readonly Pick<StagedFile, 'local' | 'rows'>[],
): Promise<StagedKeys[]> {
  const { key = [], filter = key, time } = table
  const own = staged.map(({ rows }) => ({
    hashes: new Uint32Array(rows * 2),
    times: new Float64Array(time ? rows : 0),
    count: 0,
  }))
  const result = await engine.stream(
    sql(new URL('./sql/keys.sql', import.meta.url), {
      key: keyExpression(table),
      timestamp: time ? `coalesce(epoch_us(${identifier(time)}), 0)::double` : '0::double',
      file: staged.length > 1 ? 'file_index::double' : '0::double',
      files: list(staged.map(({ local }) => local)),
      present: filter.map((name) => `${identifier(name)} is not null`).join(' and '),
    }),
  )
  for await (const chunk of result.chunks()) {
    const low = numbersOf(chunk, 0)
    const high = numbersOf(chunk, 1)
    const timestamps = time ? numbersOf(chunk, 2) : []
    const files = staged.length > 1 ? numbersOf(chunk, 3) : undefined
    for (let row = 0; row < chunk.rowCount; row++) {
      const into = own[files ? (files[row] as number) : 0] as (typeof own)[number]
      const at = into.count++
      into.hashes[at * 2] = low[row] as number
      into.hashes[at * 2 + 1] = high[row] as number
      if (time) into.times[at] = timestamps[row] as number
    }
  }
  return own.map(({ hashes, times, count }) => {
    const found = hashes.subarray(0, count * 2)
    return {
      hashes: found,
      times: times.subarray(0, count),
      filter: encodeFilter(filterOf(found), filter.join(', ')),
    }
  })
}

/**
 * A column without nulls as numbers: as a whole where the vector gives access to its array, since reading
 * each value costs more than hashing.
 */
function numbersOf(chunk: DuckDBDataChunk, column: number): ArrayLike<number> {
  const vector = chunk.getColumnVector(column)
  const { items } = vector as unknown as { items?: unknown }
  if (items instanceof Uint32Array || items instanceof Float64Array) return items
  return Array.from({ length: chunk.rowCount }, (_, row) => vector.getItem(row) as number)
}

/** Whether two of these keys are equal. */
export function hasDuplicates(keys: readonly StagedKeys[]): boolean {
  const total = keys.reduce((sum, { hashes }) => sum + hashes.length, 0)
  const all = new Uint32Array(total)
  let at = 0
  for (const { hashes } of keys) {
    all.set(hashes, at)
    at += hashes.length
  }
  // Sorted as 64-bit numbers, duplicates are neighbours.
  new BigUint64Array(all.buffer).sort()
  for (let pair = 2; pair < all.length; pair += 2) {
    if (all[pair] === all[pair - 2] && all[pair + 1] === all[pair - 1]) return true
  }
  return false
}

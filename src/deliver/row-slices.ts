/**
 * How the rows of a group are split, so that what is sorted and read at once has few bytes, however wide the
 * rows are.
 */
import type { TableColumn } from '../lake/table.ts'
import type { Engine } from '../lib/duckdb.ts'
import { identifier, sql } from '../lib/sql.ts'
import { inTurn, readersNow } from './sharing.ts'

/**
 * Rows, and bytes of text, sorted at once, by all readers together: with a whole group of wide rows, DuckDB's
 * sort does not fit into a follower's memory.
 */
const SORTED_ROWS = 16_384
const SORTED_BYTES = 32 << 20

/** Bytes of a column's values, on average, from which on it is wide. */
const WIDE_BYTES = 512

export interface Weight {
  rows: number
  /** Of all values that may be long. */
  bytes: number
  /** The columns whose values are long. */
  wide: ReadonlySet<string>
}

export const LIGHT: Weight = { rows: 0, bytes: 0, wide: new Set() }

export async function weigh(
  engine: Engine,
  columns: readonly TableColumn[],
  from: string,
  where: string,
): Promise<Weight> {
  const long = columns.filter(({ type }) => ['string', 'json', 'binary'].includes(type))
  const question = sql(new URL('./sql/weigh.sql', import.meta.url), {
    bytes: long.map(bytesOf).join(''),
    rows: from,
    where,
  })
  const [[rows, ...sums] = []] = await engine.rows(question)
  const count = Number(rows)
  const wide = long.filter(({ type }, at) => type !== 'binary' && Number(sums[at]) > count * WIDE_BYTES)
  return {
    rows: count,
    bytes: sums.reduce((sum: number, one) => sum + Number(one), 0),
    wide: new Set(wide.map(({ name }) => name)),
  }
}

/** SQL of the bytes of a column's values. */
function bytesOf({ name, type }: TableColumn): string {
  return `,\n  coalesce(sum(${type === 'binary' ? 'octet_length' : 'strlen'}(${identifier(name)})), 0)`
}

/**
 * Conditions on the time, in order, that split the rows into slices, which are sorted one after the other.
 */
export async function slicesOf(
  engine: Engine,
  { time, from, where, weight }: { time: string; from: string; where: string; weight: Weight },
): Promise<string[]> {
  const column = identifier(time)
  const count = Math.ceil(readersNow() * Math.max(weight.rows / SORTED_ROWS, weight.bytes / SORTED_BYTES))
  if (count <= 1) return ['true']
  const question = sql(new URL('./sql/slices.sql', import.meta.url), {
    time: column,
    rows: from,
    where,
    parts: Array.from({ length: count - 1 }, (_, at) => (at + 1) / count).join(', '),
  })
  const starts = (await inTurn(() => engine.rows(question))).map(([us]) => `make_timestamptz(${us})`)
  if (starts.length === 0) return ['true']
  return [
    `${column} < ${starts[0]}`,
    ...starts.slice(0, -1).map((start, at) => `${column} >= ${start} and ${column} < ${starts[at + 1]}`),
    // Rows without a time come last.
    `(${column} >= ${starts.at(-1)} or ${column} is null)`,
  ]
}

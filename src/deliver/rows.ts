import type { DuckDBValue } from '@duckdb/node-api'
import type { TableColumn, TableDefinition } from '../lake/table.ts'
import type { Engine } from '../lib/duckdb.ts'
import { identifier, sql } from '../lib/sql.ts'
import type { Row } from './redact.ts'

/** So many rows are sorted at once: of a whole group, wide as rows are, DuckDB's sort does not fit into a follower's memory. */
const SORTED = 16_384

/** Rows of a FROM item that match a condition, in the order of their time and id, a chunk at a time. */
export async function* rowsOf(
  engine: Engine,
  table: TableDefinition,
  from: string,
  where: string,
  most?: number,
): AsyncGenerator<Row[]> {
  const { columns, key = [], time } = table
  const order = [...new Set([...(time === undefined ? [] : [time]), ...key])]
  const isMoment = columns.some(({ name, type }) => name === time && type === 'timestamptz')
  // The first few are kept while the rows go by: neither slices nor a sort of all of them.
  const isSliced = time !== undefined && isMoment && most === undefined
  const slices = isSliced ? await slicesOf(engine, time, from, where) : ['true']
  for (const slice of slices) {
    const statement = sql(new URL('./sql/rows.sql', import.meta.url), {
      columns: columns.map(selected).join(',\n  '),
      rows: from,
      where: `(${where}) and ${slice}`,
      order: order.length === 0 ? '' : `order by ${order.map(identifier).join(', ')}`,
      limit: most === undefined ? '' : `limit ${most}`,
    })
    yield* chunksOf(engine, columns, statement)
  }
}

async function* chunksOf(
  engine: Engine,
  columns: readonly TableColumn[],
  statement: string,
): AsyncGenerator<Row[]> {
  const result = await engine.stream(statement)
  for await (const chunk of result.chunks()) {
    const rows: Row[] = Array.from({ length: chunk.rowCount }, () => ({}))
    for (const [at, { name, type }] of columns.entries()) {
      const values = chunk.getColumnValues(at)
      for (let n = 0; n < rows.length; n++) {
        const value = values[n]
        if (value !== null && value !== undefined) (rows[n] as Row)[name] = plain(value, type)
      }
    }
    yield rows
  }
}

/** Conditions on the time, in order, that part the rows into slices which are sorted one after the other. */
async function slicesOf(engine: Engine, time: string, from: string, where: string): Promise<string[]> {
  const column = identifier(time)
  const question = sql(new URL('./sql/slices.sql', import.meta.url), {
    time: column,
    rows: from,
    where,
    most: String(SORTED),
  })
  const starts = (await engine.rows(question)).map(([us]) => `make_timestamptz(${us})`)
  if (starts.length === 0) return ['true']
  return [
    `${column} < ${starts[0]}`,
    ...starts.slice(0, -1).map((start, at) => `${column} >= ${start} and ${column} < ${starts[at + 1]}`),
    // Rows without a time come last.
    `(${column} >= ${starts.at(-1)} or ${column} is null)`,
  ]
}

function selected({ name, type }: TableColumn): string {
  const column = identifier(name)
  if (type === 'timestamptz') return `epoch_us(${column}) as ${column}`
  if (type === 'date') return `${column}::varchar as ${column}`
  if (type === 'binary') return `base64(${column}) as ${column}`
  return column
}

function plain(value: DuckDBValue, type: TableColumn['type']): string | number | boolean {
  if (typeof value === 'bigint') {
    if (type === 'timestamptz') return timeText(value)
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  }
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  return typeof value === 'boolean' ? value : String(value)
}

/** Microseconds since 1970 → `2026-01-07T22:16:43.123Z`; a fraction as short as it can be. */
function timeText(micros: bigint): string {
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n
  const seconds = new Date(Number((micros - fraction) / 1000n)).toISOString().slice(0, -5)
  const digits = fraction === 0n ? '' : `.${String(fraction).padStart(6, '0').replace(/0+$/, '')}`
  return `${seconds}${digits}Z`
}

/** `2026-01-07T22:16:43.123456Z` → 1767824203.123456; undefined when it is no time. */
export function secondsOf(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined
  const found = /^(\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?Z$/.exec(text)
  const ms = found ? Date.parse(`${found[1]}Z`) : Number.NaN
  return Number.isNaN(ms) ? undefined : Number((ms / 1000 + Number(found?.[2] ?? 0)).toFixed(6))
}

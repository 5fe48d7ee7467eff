import type { TableColumn, TableColumnType, TableDefinition } from '../lake/table.ts'
import type { Engine } from '../lib/duckdb.ts'
import { identifier, literal, sql } from '../lib/sql.ts'
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
      fields: columns.map(field).join(',\n  '),
      rows: from,
      where: `(${where}) and ${slice}`,
      order: order.length === 0 ? '' : `order by ${order.map(identifier).join(', ')}`,
      limit: most === undefined ? '' : `limit ${most}`,
    })
    yield* chunksOf(engine, statement)
  }
}

/** So many rows are JavaScript's at once: of a whole chunk of DuckDB's, most would live to be moved by its garbage collector. */
const AT_ONCE = 256

/** A row comes as one JSON text: decoding it takes a fifth of the time that its columns take one by one. */
async function* chunksOf(engine: Engine, statement: string): AsyncGenerator<Row[]> {
  const result = await engine.stream(statement)
  for await (const chunk of result.chunks()) {
    const texts = chunk.getColumnVector(0)
    for (let from = 0; from < chunk.rowCount; from += AT_ONCE) {
      const count = Math.min(AT_ONCE, chunk.rowCount - from)
      yield Array.from({ length: count }, (_, at) => JSON.parse(String(texts.getItem(from + at))) as Row)
    }
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

/** SQL of a column as the field of a JSON object; null when the column is. */
function field({ name, type }: TableColumn): string {
  return `${literal(`${JSON.stringify(name)}:`)} || ${JSON_OF[type](identifier(name))}`
}

/** A number that JavaScript would round, or that JSON has no word for, is a text; the fraction of a time is as short as it can be. */
const JSON_OF: Record<TableColumnType, (column: string) => string> = {
  string: (column) => `to_json(${column}::varchar)`,
  json: (column) => `to_json(${column}::varchar)`,
  date: (column) => `to_json(${column}::varchar)`,
  boolean: (column) => `to_json(${column})`,
  binary: (column) => `to_json(base64(${column}))`,
  timestamptz: (column) => `to_json(replace(make_timestamp(epoch_us(${column}))::varchar, ' ', 'T') || 'Z')`,
  long: (column) =>
    `case when ${column} between ${Number.MIN_SAFE_INTEGER} and ${Number.MAX_SAFE_INTEGER} then to_json(${column}) else to_json(${column}::varchar) end`,
  double: (column) =>
    `case when isfinite(${column}) then to_json(${column}) when isnan(${column}) then '"NaN"' when ${column} > 0 then '"Infinity"' when ${column} < 0 then '"-Infinity"' end`,
}

/** `2026-01-07T22:16:43.123456Z` → 1767824203.123456; undefined when it is no time. */
export function secondsOf(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined
  const found = /^(\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?Z$/.exec(text)
  const ms = found ? Date.parse(`${found[1]}Z`) : Number.NaN
  return Number.isNaN(ms) ? undefined : Number((ms / 1000 + Number(found?.[2] ?? 0)).toFixed(6))
}

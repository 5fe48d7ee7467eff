import type { DuckDBDataChunk } from '@duckdb/node-api'
import type { TableColumn, TableDefinition } from '../lake/table.ts'
import type { Engine } from '../lib/duckdb.ts'
import { identifier, sql } from '../lib/sql.ts'
import { withoutValue } from './condition.ts'
import type { Row } from './redact.ts'
import { timeText } from './row-fields.ts'
import { AT_ONCE, pieceSql, piecesOf, type ReadRow, rowsIn, WIDE_AT_ONCE } from './row-pieces.ts'
import { LIGHT, slicesOf, weigh } from './row-slices.ts'
import { beginReading, inTurn, readersNow } from './sharing.ts'

/**
 * Rows of a FROM item that match a condition, sorted by time and id, a chunk at a time.
 *
 * @throws UserError without a value of the row that the condition cannot be computed for
 */
export async function* rowsOf(
  engine: Engine,
  table: TableDefinition,
  from: string,
  where: string,
  max?: number,
): AsyncGenerator<Row[]> {
  for await (const rows of read(engine, table, { from, where, max, names: [] }))
    yield rows.map(({ text }) => JSON.parse(text) as Row)
}

/** A row as the text that it is sent as, when neither a policy nor a shape changes it. */
export interface RowText {
  text: string
  /** The values of the table's key, as `rowKeys` names it. */
  name: string
  /** Seconds since 1970, with microseconds. */
  time: number
}

/** Whether the rows of a table have a key whose values SQL can name. */
export function hasRowTexts({ columns, key = [], time }: TableDefinition): boolean {
  const typeOf = (name: string) => columns.find((one) => one.name === name)?.type
  const isNamed =
    key.length > 0 && key.every((name) => ['string', 'timestamptz'].includes(typeOf(name) ?? ''))
  return isNamed && time !== undefined && typeOf(time) === 'timestamptz' && typeOf(INGESTED) === 'timestamptz'
}

const INGESTED = 'lake_ingested_at'

/**
 * The same rows in the same order, without reading them: a third less processor time.
 *
 * @param sent the columns that leave, where they are not the table's: a view's
 * @param beside the names that the table's columns then have behind them
 */
export async function* rowTextsOf(
  engine: Engine,
  given: TableDefinition,
  from: string,
  where: string,
  { sent = given.columns, beside = (name) => name }: Partial<SentColumns> = {},
): AsyncGenerator<RowText[]> {
  const table = {
    ...given,
    columns: given.columns.map((column) => ({ ...column, name: beside(column.name) })),
    key: given.key?.map(beside),
    time: given.time === undefined ? undefined : beside(given.time),
  } as TableDefinition
  const ingested = beside(INGESTED)
  const { columns, key = [], time = ingested } = table
  const parts = key.map((name) => {
    const isTime = columns.find((one) => one.name === name)?.type === 'timestamptz'
    return isTime ? timeText(identifier(name)) : identifier(name)
  })
  const at = `coalesce(epoch_us(${identifier(time)}), epoch_us(${identifier(ingested)}), 0)`
  const names = [`concat_ws('/', ${parts.join(', ')})`, at]
  for await (const rows of read(engine, table, { from, where, max: undefined, names, sent }))
    yield rows.map(({ text, values: [name, us] }) => ({
      text,
      name: String(name),
      time: Number(us) / 1e6,
    }))
}

interface SentColumns {
  sent: readonly TableColumn[]
  beside(column: string): string
}

interface Reading {
  from: string
  where: string
  max: number | undefined
  /** SQL of columns beside the row. */
  names: readonly string[]
  /** The columns of the row, where they are not the table's. */
  sent?: readonly TableColumn[]
}

async function* read(engine: Engine, table: TableDefinition, reading: Reading): AsyncGenerator<ReadRow[]> {
  const end = beginReading()
  try {
    yield* sorted(engine, table, reading)
  } catch (thrown) {
    throw withoutValue(thrown)
  } finally {
    end()
  }
}

async function* sorted(
  engine: Engine,
  table: TableDefinition,
  { from, where, max, names, sent = table.columns }: Reading,
): AsyncGenerator<ReadRow[]> {
  const { columns, key = [], time } = table
  const order = [...new Set([...(time === undefined ? [] : [time]), ...key])]
  const isTimestamp = columns.some(({ name, type }) => name === time && type === 'timestamptz')
  // The first few rows are kept while reading: this needs neither slices nor a full sort.
  const weight = max === undefined ? await inTurn(() => weigh(engine, sent, from, where)) : LIGHT
  const slices =
    time !== undefined && isTimestamp ? await slicesOf(engine, { time, from, where, weight }) : ['true']
  const pieces = piecesOf(sent, weight.wide)
  const parts = {
    pieces: pieces.map(pieceSql).join(',\n  '),
    names: names.map((one) => `,\n  ${one}`).join(''),
    rows: from,
    order: order.length === 0 ? '' : `order by ${order.map(identifier).join(', ')}`,
    limit: max === undefined ? '' : `limit ${max}`,
  }
  const statements = slices.map((slice) =>
    sql(new URL('./sql/rows.sql', import.meta.url), { ...parts, where: `(${where}) and ${slice}` }),
  )
  const isWide = weight.wide.size > 0
  for await (const chunk of chunksOf(engine, statements, !isWide && readersNow() <= MAX_AHEAD))
    yield* rowsIn(chunk, pieces, names.length, isWide ? WIDE_AT_ONCE : AT_ONCE)
}

/** With more readers than that, each waits for the others anyway, and none is ahead. */
const MAX_AHEAD = 2

/**
 * Chunks of statements, in their order. While the rows of one are sent, the next one is sorted, on a second
 * connection: a connection has one result at a time. Of wide rows it is not, since each that reads holds a
 * part of a file as it was written.
 */
async function* chunksOf(
  engine: Engine,
  statements: readonly string[],
  isAhead: boolean,
): AsyncGenerator<DuckDBDataChunk> {
  if (!isAhead) {
    for (const statement of statements) {
      const { chunks } = await inTurn(() => engine.stream(statement))
      yield* chunks()
    }
    return
  }
  const second = statements.length > 1 ? await engine.beside() : undefined
  const begin = (at: number) => {
    const statement = statements[at]
    if (statement === undefined) return undefined
    const begun = inTurn(() => ((at % 2 === 1 && second) || engine).stream(statement))
    // It is awaited below; until then a failure must not count as unhandled.
    begun.catch(() => undefined)
    return begun
  }
  let next = begin(0)
  try {
    for (let at = 1; next !== undefined; at++) {
      const { chunks } = await next
      next = begin(at)
      yield* chunks()
    }
  } finally {
    await next?.catch(() => undefined)
    second?.close()
  }
}

/** `2026-01-07T22:16:43.123456Z` → 1767824203.123456; undefined when it is not a time. */
export function secondsOf(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined
  const found = /^(\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?Z$/.exec(text)
  const ms = found ? Date.parse(`${found[1]}Z`) : Number.NaN
  return Number.isNaN(ms) ? undefined : Number((ms / 1000 + Number(found?.[2] ?? 0)).toFixed(6))
}

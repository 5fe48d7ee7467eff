import type { Engine } from '../lib/duckdb.ts'
import { identifier, literal, sql } from '../lib/sql.ts'
import type { Schema } from './iceberg/index.ts'
import { readParquet } from './parquet.ts'
import { sameKey } from './staged-keys.ts'
import { SQL_TYPE, type TableColumn, type TableDefinition } from './table.ts'

/** A new row and the stored row with the same key, which differ when compared as text. */
export interface Contested {
  pair: bigint
  /** The values of the columns of `contentOf`, in their order, all as text: times in microseconds. */
  said: readonly (string | null)[]
  known: readonly (string | null)[]
}

const url = (name: string) => new URL(`./sql/${name}`, import.meta.url)

/** The columns that decide whether two rows with one key are copies of each other. */
export function contentOf({ columns }: TableDefinition): TableColumn[] {
  return columns.filter(({ content }) => content !== undefined && content !== false)
}

/** Creates the engine's table `contested`, empty. */
export async function forgetContested(engine: Engine): Promise<void> {
  await engine.run('create or replace temp sequence contested_pair')
  await engine.run(sql(url('contested-table.sql')))
}

/**
 * Adds new rows to `contested` whose key the lake has with other content; their keys are in `repeated`. These
 * few rows are put aside first: DuckDB then holds them in memory, and not the stored rows, of which there may
 * be millions.
 *
 * @param near a condition on the time of the stored rows
 */
export async function contestRows(
  engine: Engine,
  table: TableDefinition,
  schema: Schema,
  files: { fresh: readonly string[]; old: readonly string[]; oldRows: number },
  near: string,
): Promise<void> {
  if (contentOf(table).length === 0) return
  await engine.run(
    sql(url('repeated-rows.sql'), {
      new: readParquet(files.fresh, schema, table),
      repeated: sameKey(table, 'repeated', 'new'),
    }),
  )
  await engine.run(
    sql(url('contested.sql'), {
      ...comparison(table),
      old: readParquet(files.old, schema, table, files.oldRows),
      near,
    }),
  )
  await engine.run('drop table repeated_row')
}

/**
 * Like `contestRows`, for new rows compared with each other; those in `repeated` were already compared with
 * the lake.
 */
export async function contestDuplicates(
  engine: Engine,
  table: TableDefinition,
  schema: Schema,
  fresh: readonly string[],
): Promise<void> {
  const { key = [] } = table
  if (contentOf(table).length === 0) return
  await engine.run(
    sql(url('contested-duplicates.sql'), {
      ...comparison(table),
      new: readParquet(fresh, schema, table),
      keys: key.map(identifier).join(', '),
      present: key.map((name) => `${identifier(name)} is not null`).join(' and '),
      repeated: sameKey(table, 'repeated', 'new'),
    }),
  )
}

function comparison(table: TableDefinition): Record<string, string> {
  const content = contentOf(table)
  const text = (of: string) => content.map((column) => textOf(of, column)).join(', ')
  const own = table.columns.filter(({ name }) => !name.startsWith('lake_'))
  return {
    same: sameKey(table, 'old', 'new'),
    differ: content.map(differs).join(' or '),
    said: text('new'),
    known: text('old'),
    // Without the columns that are null.
    whole: `json_merge_patch('{}', json_object(${own.map((one) => `${literal(one.name)}, ${whole(one)}`).join(', ')}))::varchar`,
  }
}

function differs({ name, content }: TableColumn): string {
  const column = identifier(name)
  const differ = `new.${column} is distinct from old.${column}`
  return content === 'where told' ? `(new.${column} is not null and ${differ})` : differ
}

function textOf(of: string, { name, type }: TableColumn): string {
  const column = `${of}.${identifier(name)}`
  return type === 'timestamptz' ? `epoch_us(${column})::varchar` : `${column}::varchar`
}

/** A time as `2026-01-07T22:16:43.000000Z`. */
function whole({ name, type }: TableColumn): string {
  const column = `new.${identifier(name)}`
  if (type === 'timestamptz') return `strftime(make_timestamp(epoch_us(${column})), '%Y-%m-%dT%H:%M:%S.%fZ')`
  return SQL_TYPE[type] === 'blob' || type === 'date' ? `${column}::varchar` : column
}

/** Reads the rows of `contested`, chunk by chunk. */
export async function* contested(engine: Engine): AsyncGenerator<Contested> {
  const result = await engine.stream('select pair, said, known from contested order by pair')
  for await (const chunk of result.chunks()) {
    for (const [pair, said, known] of chunk.getRows())
      yield { pair: pair as bigint, said: itemsOf(said), known: itemsOf(known) }
  }
}

function itemsOf(list: unknown): (string | null)[] {
  return ((list as { items?: (string | null)[] } | null)?.items ?? []) as (string | null)[]
}

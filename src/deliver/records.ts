/**
 * A turn's rows of `undelivered` and `redaction`, in tables of the turn's engine, which may spill to disk.
 */
import type { DuckDBAppender } from '@duckdb/node-api'
import { SQL_TYPE, type TableDefinition } from '../lake/table.ts'
import type { Engine } from '../lib/duckdb.ts'
import { withoutSecrets } from '../lib/secrets.ts'
import { identifier, literal, sql } from '../lib/sql.ts'
import type { Refused, RowKey } from './contract.ts'
import type { Masking } from './redact.ts'
import type { Route } from './routes.ts'
import { redaction, undelivered } from './tables.ts'

export interface Records {
  refuse(refused: readonly Refused[]): void
  mask(key: RowKey, maskings: readonly Masking[], isDropped: boolean): void
  /** Keeps the rows of a group once it is delivered. */
  finish(): void
  /** By table, a SELECT of the rows of delivered groups. */
  rows(): Record<string, string>
}

const MAX_ANSWER = 4096

export async function openRecords(engine: Engine, route: Route): Promise<Records> {
  const refusals = await openTable(engine, undelivered)
  const maskings = await openMaskings(engine, route)
  let group = 0
  return {
    refuse(refused) {
      for (const { delivery, code, answer } of refused) {
        const now = micros(Date.now() / 1000)
        refusals.add(group, {
          id: `${route.name}/${delivery.id}`,
          route: route.name,
          destination: route.to,
          table_name: delivery.table,
          time: micros(delivery.time),
          code,
          answer: withoutSecrets(answer).slice(0, MAX_ANSWER),
          event: delivery.text,
          host: delivery.host,
          source: delivery.source,
          sourcetype: delivery.sourcetype,
          rows: 1n,
          refused_at: now,
          lake_day: now,
          lake_object: `route:${route.name}`,
          lake_ingested_at: now,
        })
      }
    },
    mask(key, found, isDropped) {
      for (const one of found) maskings.add(group, key, one, isDropped)
    },
    finish() {
      group++
    },
    rows() {
      const made: Record<string, string> = {}
      for (const table of [refusals, maskings])
        if (table.close() > 0) made[table.definition.name] = table.select(group)
      return made
    },
  }
}

type Value = string | bigint | undefined

interface Gathered {
  definition: TableDefinition
  /** Returns the number of rows. */
  close(): number
  select(groups: number): string
}

interface GatheredRows extends Gathered {
  add(group: number, row: Record<string, Value>): void
}

async function openTable(engine: Engine, definition: TableDefinition): Promise<GatheredRows> {
  const name = `said_${definition.name}`
  const columns = definition.columns.map(
    ({ name: column, type }) =>
      // Times are appended as microseconds.
      `${identifier(column)} ${type === 'timestamptz' || type === 'date' ? 'bigint' : SQL_TYPE[type]}`,
  )
  await engine.run(`create or replace temp table ${name} (lake_group bigint, ${columns.join(', ')})`)
  const appender: DuckDBAppender = await engine.connection.createAppender(name)
  let rows = 0
  return {
    definition,
    add(group, row) {
      appender.appendBigInt(BigInt(group))
      for (const { name: column } of definition.columns) {
        const value = row[column]
        if (value === undefined) appender.appendNull()
        else if (typeof value === 'bigint') appender.appendBigInt(value)
        else appender.appendVarchar(value)
      }
      appender.endRow()
      rows++
      if (rows % FLUSH === 0) appender.flushSync()
    },
    close() {
      appender.closeSync()
      return rows
    },
    select(groups) {
      const fields = definition.columns.map(({ name: column, type }) => {
        const quoted = identifier(column)
        if (type === 'timestamptz') return `make_timestamptz(${quoted}) as ${quoted}`
        return type === 'date' ? `make_timestamp(${quoted})::date as ${quoted}` : quoted
      })
      return `select ${fields.join(', ')} from ${name} where lake_group < ${groups}`
    },
  }
}

/** Rows after which an appender gives them to DuckDB. */
const FLUSH = 2048

interface GatheredMaskings extends Gathered {
  add(group: number, key: RowKey, masking: Masking, isDropped: boolean): void
}

/**
 * A masked row has several maskings, which differ from those of other rows in little: what is the same for
 * all is added when they are read, and what a column and a rule have in common has a number.
 */
async function openMaskings(engine: Engine, { name, to, table, policy }: Route): Promise<GatheredMaskings> {
  await engine.run(
    'create or replace temp table said_redaction (lake_group bigint, row_id varchar, time bigint, what bigint, spans bigint)',
  )
  const appender: DuckDBAppender = await engine.connection.createAppender('said_redaction')
  const kinds = new Map<string, { number: bigint; values: string }>()
  let rows = 0
  return {
    definition: redaction,
    add(group, { id, time }, { column, kind, rule, version, spans }, isDropped) {
      const said = isDropped || policy.name !== 'drop' ? policy.name : 'masked'
      const text = [said, column, kind, rule, version].join('\0')
      let what = kinds.get(text)
      if (!what) {
        const values = [said, column, kind, rule, version].map(literal).join(', ')
        what = { number: BigInt(kinds.size), values }
        kinds.set(text, what)
      }
      appender.appendBigInt(BigInt(group))
      appender.appendVarchar(id)
      appender.appendBigInt(micros(time))
      appender.appendBigInt(what.number)
      appender.appendBigInt(BigInt(spans))
      appender.endRow()
      rows++
      if (rows % FLUSH === 0) appender.flushSync()
    },
    close() {
      appender.closeSync()
      return rows
    },
    select(groups) {
      return sql(new URL('./sql/redaction.sql', import.meta.url), {
        kinds: [...kinds.values()].map(({ number, values }) => `(${number}, ${values})`).join(',\n    '),
        route: literal(name),
        destination: literal(to),
        table: literal(table.name),
        now: String(micros(Date.now() / 1000)),
        groups: String(groups),
      })
    },
  }
}

function micros(seconds: number): bigint {
  return BigInt(Math.round(seconds * 1e6))
}

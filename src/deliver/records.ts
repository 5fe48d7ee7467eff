/** What a turn has to say besides sending: rows of `undelivered` and `redaction`, in tables of the turn's engine, which may spill. */
import type { DuckDBAppender } from '@duckdb/node-api'
import { SQL_TYPE, type TableDefinition } from '../lake/table.ts'
import type { Engine } from '../lib/duckdb.ts'
import { withoutSecrets } from '../lib/secrets.ts'
import { identifier } from '../lib/sql.ts'
import type { Place, Refused } from './contract.ts'
import type { Masking } from './redact.ts'
import type { Route } from './routes.ts'
import { redaction, undelivered } from './tables.ts'

export interface Records {
  refuse(refused: readonly Refused[]): void
  mask(place: Place, maskings: readonly Masking[], isDropped: boolean): void
  /** A group is delivered: what was said of it counts. */
  finish(): void
  /** By table, a SELECT of what was said of groups that are delivered. */
  rows(): Record<string, string>
}

const MOST_ANSWER = 4096

export async function openRecords(engine: Engine, route: Route): Promise<Records> {
  const refusals = await openTable(engine, undelivered)
  const maskings = await openTable(engine, redaction)
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
          answer: withoutSecrets(answer).slice(0, MOST_ANSWER),
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
    mask({ id, time }, found, isDropped) {
      for (const { column, kind, rule, version, spans } of found) {
        const now = micros(Date.now() / 1000)
        maskings.add(group, {
          route: route.name,
          destination: route.to,
          policy: isDropped || route.policy.name !== 'drop' ? route.policy.name : 'masked',
          table_name: route.table.name,
          row_id: id,
          time: micros(time),
          column_name: column,
          kind,
          rule,
          rule_version: version,
          spans: BigInt(spans),
          masked_at: now,
          lake_day: now,
          lake_object: `route:${route.name}`,
          lake_ingested_at: now,
        })
      }
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
  add(group: number, row: Record<string, Value>): void
  /** How many rows there are. */
  close(): number
  select(groups: number): string
}

async function openTable(engine: Engine, definition: TableDefinition): Promise<Gathered> {
  const name = `said_${definition.name}`
  const columns = definition.columns.map(
    ({ name: column, type }) =>
      // Moments are appended as microseconds.
      `${identifier(column)} ${type === 'timestamptz' || type === 'date' ? 'bigint' : SQL_TYPE[type]}`,
  )
  await engine.run(`create or replace temp table ${name} (lake_group bigint, ${columns.join(', ')})`)
  const appender: DuckDBAppender = await engine.connection.createAppender(name)
  let rows = 0
  const FLUSH = 2048
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

function micros(seconds: number): bigint {
  return BigInt(Math.round(seconds * 1e6))
}

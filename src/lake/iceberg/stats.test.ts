import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { expect, test } from 'vitest'
import { createTable, currentSchema } from './metadata.ts'
import { type ColumnStatistics, metricsOf } from './stats.ts'
import type { ColumnType } from './types.ts'
import { fromBytes } from './value.ts'

interface Column {
  name: string
  type: ColumnType
  sql: string
  lower?: unknown
  upper?: unknown
}

const columns: Column[] = [
  { name: 'flag', type: 'boolean', sql: 'i % 2 = 0', lower: false, upper: true },
  { name: 'truth', type: 'boolean', sql: 'true', lower: true, upper: true },
  { name: 'small', type: 'int', sql: '(i - 4)::INTEGER', lower: -4, upper: 5 },
  {
    name: 'low',
    type: 'long',
    sql: '(-9223372036854775808)::BIGINT',
    lower: -(2n ** 63n),
    upper: -(2n ** 63n),
  },
  { name: 'third', type: 'double', sql: '(1 + i)::DOUBLE / 3', lower: 1 / 3, upper: 10 / 3 },
  { name: 'sum', type: 'double', sql: '0.1::DOUBLE + 0.2::DOUBLE', lower: 0.1 + 0.2, upper: 0.1 + 0.2 },
  {
    name: 'inf',
    type: 'double',
    sql: "CASE i WHEN 1 THEN '-inf'::DOUBLE ELSE 'inf'::DOUBLE END",
    lower: -Infinity,
    upper: Infinity,
  },
  { name: 'nan', type: 'double', sql: "CASE i WHEN 1 THEN 'nan'::DOUBLE ELSE i END", lower: 0, upper: 9 },
  { name: 'day', type: 'date', sql: "DATE '1969-12-31' + i::INTEGER", lower: -1, upper: 8 },
  { name: 'forever', type: 'date', sql: "'infinity'::DATE" },
  {
    name: 'at',
    type: 'timestamptz',
    sql: "TIMESTAMPTZ '1969-12-31 23:59:59.9+00' + INTERVAL (i) SECOND",
    lower: -100_000n,
    upper: 8_900_000n,
  },
  { name: 'bc', type: 'timestamptz', sql: "TIMESTAMPTZ '0044-01-01 (BC) 00:00:00+00'" },
  { name: 'short', type: 'string', sql: "'ü' || i", lower: 'ü0', upper: 'ü9' },
  { name: 'exact', type: 'string', sql: "repeat('x', 16)", lower: 'x'.repeat(16), upper: 'x'.repeat(16) },
  {
    name: 'long',
    type: 'string',
    sql: "repeat('x', 17)",
    lower: 'x'.repeat(16),
    upper: `${'x'.repeat(15)}y`,
  },
  {
    name: 'cut',
    type: 'string',
    sql: "repeat('x', 20000) || i",
    lower: 'x'.repeat(16),
    upper: `${'x'.repeat(15)}y`,
  },
  { name: 'uncut', type: 'string', sql: "repeat('é', 300)" },
  { name: 'top', type: 'string', sql: "repeat('\u{10ffff}', 17)", lower: '\u{10ffff}'.repeat(16) },
  { name: 'odd', type: 'string', sql: "'a\\x41' || chr(10) || '\"'", lower: 'a\\x41\n"', upper: 'a\\x41\n"' },
  { name: 'empty', type: 'string', sql: "''", lower: '', upper: '' },
  { name: 'nothing', type: 'string', sql: 'NULL::VARCHAR' },
  {
    name: 'bytes',
    type: 'binary',
    sql: "'\\x00\\xFF'::BLOB",
    lower: Buffer.of(0, 255),
    upper: Buffer.of(0, 255),
  },
  { name: 'a "quoted", name', type: 'int', sql: '1', lower: 1, upper: 1 },
]

test('the bounds that DuckDB tells, in the session time zone of somebody else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'loglake-stats-'))
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  try {
    const schema = currentSchema(
      createTable({
        uuid: 'u',
        location: '/t',
        fields: columns.map(({ name, type }) => ({ name, type })),
        nowMs: 1,
      }),
    )
    await connection.run("SET TimeZone = 'America/New_York'")
    const select = columns.map(({ name, sql }) => `${sql} AS "${name.replaceAll('"', '""')}"`).join(', ')
    const copied = await connection.runAndReadAll(
      `COPY (SELECT ${select} FROM range(10) t(i)) TO '${folder}/x.parquet' (FORMAT parquet, RETURN_STATS)`,
    )
    const [row] = copied.getRowObjectsJson()
    const metrics = metricsOf(schema, byColumn(row?.column_statistics))
    for (const [index, { name, type, lower, upper }] of columns.entries()) {
      const id = index + 1
      const [low, high] = [metrics.lower.get(id), metrics.upper.get(id)]
      expect(low && fromBytes(type, low), `${name} lower`).toEqual(lower)
      expect(high && fromBytes(type, high), `${name} upper`).toEqual(upper)
      expect(metrics.valueCounts.get(id), name).toBe(10)
      expect(metrics.nullCounts.get(id), name).toBe(name === 'nothing' ? 10 : 0)
      expect(metrics.columnSizes.get(id), name).toBeGreaterThan(0)
      expect(metrics.nanCounts.get(id), name).toBe(type === 'double' && name !== 'nan' ? 0 : undefined)
    }
  } finally {
    connection.closeSync()
    rmSync(folder, { recursive: true })
  }
})

type JsonMap<V> = { key: string; value: V }[]

function byColumn(statistics: unknown): ColumnStatistics {
  const columns = statistics as JsonMap<JsonMap<string>>
  return Object.fromEntries(
    columns.map(({ key, value }) => [key, Object.fromEntries(value.map((one) => [one.key, one.value]))]),
  )
}

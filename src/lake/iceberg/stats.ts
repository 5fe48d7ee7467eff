/**
 * Converts DuckDB's statistics about a Parquet file that it wrote (`COPY ... (FORMAT parquet, FIELD_IDS
 * {...}, RETURN_STATS)`: every number and bound as text) to the counts and bounds of a data file.
 *
 * DuckDB cuts a long string's bounds to 256 bytes, raises the upper one, and omits both where it cannot, so
 * every value present is a true bound. Missing values, and text that we cannot read exactly (`infinity`, a
 * year BC), are omitted.
 */
import type { DataFile, Field, Schema } from './types.ts'
import { toBytes, toStored, truncateLower, truncateUpper, type Value } from './value.ts'

/**
 * DuckDB's `column_statistics`, by column; its keys are quoted identifiers, here with or without the quotes.
 */
export type ColumnStatistics = Record<string, Record<string, string | undefined>>

export type Metrics = Pick<
  DataFile,
  'columnSizes' | 'valueCounts' | 'nullCounts' | 'nanCounts' | 'lower' | 'upper'
>

/** Code points or bytes that string and binary bounds are cut to: Iceberg's default. */
const boundLength = 16

export function metricsOf(
  schema: Schema,
  statistics: ColumnStatistics,
  length = boundLength,
): Required<Metrics> {
  const byName = new Map(Object.entries(statistics).map(([name, found]) => [unquoted(name), found]))
  const metrics: Required<Metrics> = {
    columnSizes: new Map(),
    valueCounts: new Map(),
    nullCounts: new Map(),
    nanCounts: new Map(),
    lower: new Map(),
    upper: new Map(),
  }
  for (const field of schema.fields) {
    const found = byName.get(field.name)
    if (!found) continue
    setCount(metrics.columnSizes, field, found.column_size_bytes)
    setCount(metrics.valueCounts, field, found.num_values)
    setCount(metrics.nullCounts, field, found.null_count)
    // DuckDB reports only whether there are NaNs, not their number.
    if (found.has_nan === 'false') metrics.nanCounts.set(field.id, 0)
    const lower = bound(field, found.min)
    const upper = bound(field, found.max)
    if (lower) metrics.lower.set(field.id, truncateLower(field.type, lower, length))
    const raised = upper && truncateUpper(field.type, upper, length)
    if (raised) metrics.upper.set(field.id, raised)
  }
  return metrics
}

function setCount(counts: Map<number, number>, field: Field, text: string | undefined): void {
  const count = Number(text)
  if (text !== undefined && Number.isSafeInteger(count)) counts.set(field.id, count)
}

function bound(field: Field, text: string | undefined): Uint8Array | null {
  if (text === undefined) return null
  const value = parsed(field, text)
  return value === null || toStored(field.type, value) === null ? null : toBytes(field.type, value)
}

function parsed(field: Field, text: string): Value | null {
  switch (field.type) {
    case 'boolean':
      if (text === '1' || text === 'true') return true
      return text === '0' || text === 'false' ? false : null
    case 'int':
    case 'long':
      return /^-?\d+$/.test(text) ? BigInt(text) : null
    case 'double':
      return parsedDouble(text)
    case 'binary':
      return /^([0-9A-F]{2})*$/i.test(text) ? Buffer.from(text, 'hex') : null
    default:
      return text
  }
}

function parsedDouble(text: string): number | null {
  if (text === 'inf' || text === '-inf')
    return text === 'inf' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
  const value = text === '' ? Number.NaN : Number(text)
  return Number.isNaN(value) ? null : value
}

function unquoted(name: string): string {
  return name.startsWith('"') && name.endsWith('"') && name.length > 1
    ? name.slice(1, -1).replaceAll('""', '"')
    : name
}

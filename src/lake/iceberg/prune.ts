/**
 * Whether a file, or any file of a manifest, may hold a row that matches a query. It is sound: whatever is
 * unknown or not understood may match. A truncated bound is still a bound, so it needs no special case.
 *
 * Iceberg specification: "Scan Planning".
 */
import type { ColumnType, DataFile, Field, ManifestFile, PartitionSpec, Schema } from './types.ts'
import { fromBytes, toStored, type Value } from './value.ts'

export type Comparison = '=' | '<' | '<=' | '>' | '>='

/**
 * A row must meet all of them. Values are typed as in `toStored`; text for a date or timestamptz is ISO, in
 * UTC.
 */
export type Predicate =
  | { column: string; op: Comparison; value: Value }
  | { column: string; op: 'in'; values: Value[] }
  /** A value in a list inside a JSON column, at a path; bounds do not cover it. */
  | { column: string; op: 'has'; path: string; values: string[] }
  | { column: string; op: 'is null' }
  | { column: string; op: 'is not null' }

/** What the metadata says about a column's values in a file, or a partition field's values in a manifest. */
interface Knowledge {
  type: ColumnType
  /** In the stored form; null when unknown. */
  lower: Value | null
  upper: Value | null
  mayBeNull: boolean
  mayBeValue: boolean
  /** Bounds do not include NaN, and DuckDB sorts it above every number. */
  mayBeNan: boolean
}

/**
 * Whether a data file may match. With the spec that the file was written under, its partition values count
 * like bounds.
 */
export function mayMatch(
  file: DataFile,
  schema: Schema,
  predicates: Predicate[],
  spec: PartitionSpec | null = null,
): boolean {
  if (file.records === 0) return false
  return predicates.every((predicate) => {
    const field = schema.fields.find((candidate) => candidate.name === predicate.column)
    if (!field) return true
    const partition = spec && ofPartitionValue(file, field, spec)
    return satisfiable(ofBounds(file, field), predicate) && (!partition || satisfiable(partition, predicate))
  })
}

/** Whether a manifest may match, by the summaries of its partitions in the manifest list. */
export function manifestMayMatch(
  manifest: ManifestFile,
  schema: Schema,
  spec: PartitionSpec,
  predicates: Predicate[],
): boolean {
  if (manifest.addedFiles === 0 && manifest.existingFiles === 0) return false
  return predicates.every((predicate) => {
    const field = schema.fields.find((candidate) => candidate.name === predicate.column)
    const summary = field && ofSummary(manifest, field, spec)
    return !summary || satisfiable(summary, predicate)
  })
}

function ofBounds(file: DataFile, { id, type }: Field): Knowledge {
  const nulls = file.nullCounts?.get(id)
  const nans = file.nanCounts?.get(id)
  const values = file.valueCounts?.get(id) ?? file.records
  return {
    type,
    lower: stored(type, file.lower.get(id)),
    upper: stored(type, file.upper.get(id)),
    mayBeNull: nulls !== 0,
    mayBeValue: nulls === undefined || nulls < values,
    mayBeNan: type === 'double' && nans !== 0,
  }
}

/** Null when the table is not partitioned by this column, or not by its own value. */
function ofPartitionValue(file: DataFile, { id, type }: Field, spec: PartitionSpec): Knowledge | null {
  const field = spec.fields.find((candidate) => candidate['source-id'] === id)
  if (field?.transform !== 'identity') return null
  const value = file.partition[field.name]
  if (value === undefined) return null
  const exact = value === null ? null : type === 'timestamptz' || type === 'long' ? BigInt(value) : value
  const nan = Number.isNaN(value)
  return {
    type,
    lower: nan ? null : exact,
    upper: nan ? null : exact,
    mayBeNull: value === null,
    mayBeValue: value !== null,
    mayBeNan: nan,
  }
}

function ofSummary(manifest: ManifestFile, { id, type }: Field, spec: PartitionSpec): Knowledge | null {
  const index = spec.fields.findIndex((candidate) => candidate['source-id'] === id)
  const summary = manifest.partitions?.[index]
  if (!summary || spec.fields[index]?.transform !== 'identity') return null
  const mayBeNan = type === 'double' && summary.containsNan !== false
  return {
    type,
    lower: stored(type, summary.lower ?? undefined),
    upper: stored(type, summary.upper ?? undefined),
    mayBeNull: summary.containsNull,
    // By the specification, missing bounds mean only nulls and NaNs; and there are nulls here.
    mayBeValue: summary.lower !== null || summary.upper !== null || mayBeNan || !summary.containsNull,
    mayBeNan,
  }
}

/** Null for a bound that does not decode as the column's type. */
function stored(type: ColumnType, bytes: Uint8Array | undefined): Value | null {
  if (!bytes) return null
  try {
    const value = fromBytes(type, bytes)
    return Number.isNaN(value) ? null : value
  } catch {
    return null
  }
}

function satisfiable(known: Knowledge, predicate: Predicate): boolean {
  switch (predicate.op) {
    case 'is null':
      return known.mayBeNull
    case 'is not null':
    case 'has':
      return known.mayBeValue
    case 'in':
      return known.mayBeValue && predicate.values.some((value) => mayCompare(known, '=', value))
    default:
      return known.mayBeValue && mayCompare(known, predicate.op, predicate.value)
  }
}

function mayCompare(known: Knowledge, op: Comparison, value: Value): boolean {
  const wanted = toStored(known.type, value)
  // The engine has its own rules for a value that the type cannot hold.
  if (wanted === null || Number.isNaN(wanted)) return true
  const { lower, upper } = known
  switch (op) {
    case '=':
      return (lower === null || order(lower, wanted) <= 0) && (upper === null || order(upper, wanted) >= 0)
    case '<':
      return lower === null || order(lower, wanted) < 0
    case '<=':
      return lower === null || order(lower, wanted) <= 0
    case '>':
      return known.mayBeNan || upper === null || order(upper, wanted) > 0
    case '>=':
      return known.mayBeNan || upper === null || order(upper, wanted) >= 0
  }
}

/** Compares two stored values of one type. As in SQL, -0 equals 0. */
function order(a: Value, b: Value): number {
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b))
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b)
  return a < b ? -1 : a > b ? 1 : 0
}

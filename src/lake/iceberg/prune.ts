/**
 * Whether a file, or any file of a manifest, may hold a row that a query asks for. Sound: what is not known, or not
 * understood, may match. A truncated bound still is a bound, so it needs no care here.
 *
 * Iceberg specification: "Scan Planning".
 */
import type { ColumnType, DataFile, Field, ManifestFile, PartitionSpec, Schema } from './types.ts'
import { fromBytes, toStored, type Value } from './value.ts'

export type Comparison = '=' | '<' | '<=' | '>' | '>='

/** All of them hold at once. Values are typed as in `toStored`; text for a date or timestamptz is ISO, in UTC. */
export type Predicate =
  | { column: string; op: Comparison; value: Value }
  | { column: string; op: 'in'; values: Value[] }
  /** A value of a list inside of a column of JSON, at a path; no bound tells of it. */
  | { column: string; op: 'has'; path: string; values: string[] }
  | { column: string; op: 'is null' }
  | { column: string; op: 'is not null' }

/** What is known of a column's values in a file, or of a partition field's in a manifest. */
interface Knowledge {
  type: ColumnType
  /** In the stored form; null when not known. */
  lower: Value | null
  upper: Value | null
  mayBeNull: boolean
  mayBeValue: boolean
  /** NaN is outside of all bounds, and DuckDB sorts it above every number. */
  mayBeNan: boolean
}

/** With the spec that the file was written under, its partition counts as well as its bounds. */
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

/** The same for a manifest, by the summaries of its partitions in the manifest list. */
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

/** Null when the column is not partitioned by, or not by its own value. */
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
    // Without bounds there is nothing but nulls and NaNs, by the specification; and nulls there are.
    mayBeValue: summary.lower !== null || summary.upper !== null || mayBeNan || !summary.containsNull,
    mayBeNan,
  }
}

/** A bound that is not readable as one of the column's type tells nothing. */
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
  // A value that the type cannot hold is compared by rules of the engine's own.
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

/** Of two stored values of one type. Zero has one value here, as in SQL, whatever its sign. */
function order(a: Value, b: Value): number {
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b))
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b)
  return a < b ? -1 : a > b ? 1 : 0
}

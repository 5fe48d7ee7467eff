/**
 * The types of an Iceberg v2 table: the metadata JSON (spelled exactly as in the specification, so that a
 * parsed file needs no conversion) and the content of manifests and manifest lists (in our spelling).
 *
 * Apache Iceberg table specification: "Schemas and Data Types", "Partitioning", "Manifests", "Snapshots",
 * "Manifest Lists", "Table Metadata", Appendix C.
 */

export type ColumnType = 'string' | 'boolean' | 'int' | 'long' | 'double' | 'date' | 'timestamptz' | 'binary'

/** A column as a log type declares it, before the table assigns its id. */
export interface NewField {
  name: string
  type: ColumnType
  required?: boolean
  doc?: string
}

export interface Field {
  id: number
  name: string
  required: boolean
  type: ColumnType
  doc?: string
}

export interface Schema {
  type: 'struct'
  'schema-id': number
  fields: Field[]
}

/** Only `identity` is written. Another engine's transform is read and kept, and never used for pruning. */
export interface PartitionField {
  'source-id': number
  'field-id': number
  name: string
  transform: string
}

export interface PartitionSpec {
  'spec-id': number
  fields: PartitionField[]
}

export interface SortField {
  transform: string
  'source-id': number
  direction: 'asc' | 'desc'
  'null-order': 'nulls-first' | 'nulls-last'
}

export interface SortOrder {
  'order-id': number
  fields: SortField[]
}

export type Operation = 'append' | 'replace' | 'overwrite' | 'delete'

export interface Snapshot {
  'snapshot-id': number
  'parent-snapshot-id'?: number
  'sequence-number': number
  'timestamp-ms': number
  'manifest-list': string
  summary: { operation: Operation } & Record<string, string>
  'schema-id'?: number
}

export interface SnapshotRef {
  'snapshot-id': number
  type: 'branch' | 'tag'
  'min-snapshots-to-keep'?: number
  'max-snapshot-age-ms'?: number
  'max-ref-age-ms'?: number
}

export interface SnapshotLogEntry {
  'timestamp-ms': number
  'snapshot-id': number
}

export interface MetadataLogEntry {
  'timestamp-ms': number
  'metadata-file': string
}

/** Statistics files (Puffin) of other engines: kept as long as their snapshot. */
export interface StatisticsFile {
  'snapshot-id': number
  [key: string]: unknown
}

export interface TableMetadata {
  'format-version': 2
  'table-uuid': string
  location: string
  'last-sequence-number': number
  'last-updated-ms': number
  'last-column-id': number
  'current-schema-id': number
  schemas: Schema[]
  'default-spec-id': number
  'partition-specs': PartitionSpec[]
  'last-partition-id': number
  'default-sort-order-id': number
  'sort-orders': SortOrder[]
  properties: Record<string, string>
  /** -1 is "none", as Iceberg's Java implementation writes it for v2. */
  'current-snapshot-id': number
  refs: Record<string, SnapshotRef>
  snapshots: Snapshot[]
  statistics: StatisticsFile[]
  'partition-statistics': StatisticsFile[]
  'snapshot-log': SnapshotLogEntry[]
  'metadata-log': MetadataLogEntry[]
}

/** A date is its days since 1970-01-01, a timestamptz its microseconds. */
export type PartitionValue = string | number | boolean | null

export interface DataFile {
  /** The full URI or path, as stored. */
  path: string
  format: 'PARQUET'
  /** By name of the partition field; empty when the table is not partitioned. */
  partition: Record<string, PartitionValue>
  records: number
  bytes: number
  /** These maps are keyed by field id. A count of values includes nulls and NaNs. */
  columnSizes?: Map<number, number>
  valueCounts?: Map<number, number>
  nullCounts?: Map<number, number>
  nanCounts?: Map<number, number>
  /** Bounds in the binary form of Appendix D; a string's may be truncated, and is still a bound. */
  lower: Map<number, Uint8Array>
  upper: Map<number, Uint8Array>
  splitOffsets?: number[]
  sortOrderId?: number
}

export const EXISTING = 0
export const ADDED = 1
export const DELETED = 2

export type EntryStatus = typeof EXISTING | typeof ADDED | typeof DELETED

export interface ManifestEntry {
  status: EntryStatus
  /** The snapshot that added the file, or, for a deleted file, the one that deleted it. */
  snapshotId: number | null
  /** Null only for an added file whose commit has no number yet. */
  sequenceNumber: number | null
  fileSequenceNumber: number | null
  file: DataFile
}

export interface PartitionSummary {
  containsNull: boolean
  containsNan?: boolean
  lower: Uint8Array | null
  upper: Uint8Array | null
}

/**
 * The sequence number of a manifest that is written before its commit has one; the manifest list fills it in.
 */
export const UNASSIGNED_SEQUENCE = -1

/** One row of a manifest list. */
export interface ManifestFile {
  path: string
  bytes: number
  specId: number
  content: 'data' | 'deletes'
  sequenceNumber: number
  minSequenceNumber: number
  addedSnapshotId: number
  addedFiles: number
  existingFiles: number
  deletedFiles: number
  addedRows: number
  existingRows: number
  deletedRows: number
  /** One per partition field; null when the writer omitted them. */
  partitions: PartitionSummary[] | null
}

/**
 * Manifests: Avro files that list data files with their partition, counts and bounds.
 *
 * Iceberg specification: "Manifests", "Sequence Number Inheritance".
 */
import { asBuffer, readContainer, writeContainer } from './avro.ts'
import { inBlocks } from './manifest-blocks.ts'
import { avroName, manifestSchema, partitionName, partitionTypes, withOwnNames } from './manifest-schema.ts'
import {
  ADDED,
  type DataFile,
  DELETED,
  type EntryStatus,
  EXISTING,
  type ManifestEntry,
  type ManifestFile,
  type PartitionField,
  type PartitionSpec,
  type PartitionValue,
  type Schema,
} from './types.ts'

/** A partition field's name in the table and in the Avro record. */
interface PartitionName {
  name: string
  avro: string
}

interface Pair<V> {
  key: number
  value: V
}

interface EntryRecord {
  status: number
  snapshot_id: number | null
  sequence_number: number | null
  file_sequence_number: number | null
  data_file: FileRecord
}

interface FileRecord {
  content: number
  file_path: string
  file_format: string
  partition: Record<string, PartitionValue>
  record_count: number
  file_size_in_bytes: number
  column_sizes: Pair<number>[] | null
  value_counts: Pair<number>[] | null
  null_value_counts: Pair<number>[] | null
  nan_value_counts: Pair<number>[] | null
  lower_bounds: Pair<Buffer>[] | null
  upper_bounds: Pair<Buffer>[] | null
  key_metadata: null
  split_offsets: number[] | null
  equality_ids: null
  sort_order_id: number | null
}

export interface Manifest {
  schema: Schema
  spec: PartitionSpec
  entries: ManifestEntry[]
  /** The snapshot that this manifest is written for. */
  snapshotId: number
}

/**
 * An entry for a file that this commit adds. Its sequence numbers come with the commit; a file whose rows
 * were in the table before may keep their data sequence number, as the specification allows for rewritten
 * files.
 */
export function addedEntry(
  file: DataFile,
  snapshotId: number,
  sequenceNumber: number | null = null,
): ManifestEntry {
  return { status: ADDED, snapshotId, sequenceNumber, fileSequenceNumber: null, file }
}

/** The entry of the same file in a rewritten manifest. */
export function existingEntry(entry: ManifestEntry): ManifestEntry {
  return { ...entry, status: EXISTING }
}

/** The entry of the same file in a rewritten manifest, removed from the table by the given snapshot. */
export function deletedEntry(entry: ManifestEntry, snapshotId: number): ManifestEntry {
  return { ...entry, status: DELETED, snapshotId }
}

export function writeManifest(manifest: Manifest): Uint8Array {
  const { schema, spec, entries, snapshotId } = manifest
  const partition = partitionTypes(schema, spec).map(({ name }) => ({ name, avro: avroName(name) }))
  const header = {
    schema: JSON.stringify(schema),
    'schema-id': String(schema['schema-id']),
    'partition-spec': JSON.stringify(spec.fields),
    'partition-spec-id': String(spec['spec-id']),
    'format-version': '2',
    content: 'data',
  }
  function* records(): Generator<EntryRecord> {
    for (const entry of entries) {
      checkEntry(entry, snapshotId)
      yield {
        status: entry.status,
        snapshot_id: entry.snapshotId,
        sequence_number: entry.sequenceNumber,
        file_sequence_number: entry.fileSequenceNumber,
        data_file: toRecord(entry.file, partition),
      }
    }
  }
  const blocks = inBlocks(schema, spec, entries)
  return writeContainer(manifestSchema(schema, spec), header, records(), blocks)
}

function checkEntry(entry: ManifestEntry, snapshotId: number): void {
  const numbered = entry.sequenceNumber !== null && entry.fileSequenceNumber !== null
  if (numbered) return
  if (entry.status !== ADDED) {
    throw new Error(`${entry.file.path}: an existing or deleted file needs both of its sequence numbers`)
  }
  if (entry.snapshotId !== null && entry.snapshotId !== snapshotId) {
    throw new Error(`${entry.file.path}: a file without sequence number, added by another snapshot`)
  }
}

function toRecord(file: DataFile, partition: PartitionName[]): FileRecord {
  const values: Record<string, PartitionValue> = {}
  for (const { name, avro } of partition) {
    const value = file.partition[name]
    if (value === undefined) throw new Error(`${file.path}: no value for the partition field ${name}`)
    values[avro] = value
  }
  return {
    content: 0,
    file_path: file.path,
    file_format: file.format,
    partition: values,
    record_count: file.records,
    file_size_in_bytes: file.bytes,
    column_sizes: toPairs(file.columnSizes),
    value_counts: toPairs(file.valueCounts),
    null_value_counts: toPairs(file.nullCounts),
    nan_value_counts: toPairs(file.nanCounts),
    lower_bounds: toBytePairs(file.lower),
    upper_bounds: toBytePairs(file.upper),
    key_metadata: null,
    split_offsets: file.splitOffsets ?? null,
    equality_ids: null,
    sort_order_id: file.sortOrderId ?? null,
  }
}

function toPairs(map: Map<number, number> | undefined): Pair<number>[] | null {
  if (!map) return null
  const pairs: Pair<number>[] = []
  for (const [key, value] of map) pairs.push({ key, value })
  return pairs
}

function toBytePairs(map: Map<number, Uint8Array>): Pair<Buffer>[] {
  const pairs: Pair<Buffer>[] = []
  for (const [key, value] of map) pairs.push({ key, value: asBuffer(value) })
  return pairs
}

export interface ReadManifestOptions {
  /**
   * Field ids whose counts and bounds are read, instead of all: enough to prune by, in a fraction of the time
   * and memory for a wide table, but not to be written back.
   */
  columns?: ReadonlySet<number>
  /** The index of the only block that is read. */
  block?: number | undefined
}

/**
 * Reads the entries of any writer's manifest, with the values that they inherit from its row in the manifest
 * list.
 */
export function readManifest(
  bytes: Uint8Array,
  inheritedFrom: ManifestFile,
  { columns, block }: ReadManifestOptions = {},
): ManifestEntry[] {
  // An Avro file that ends between two blocks looks whole: only the length in the list reveals it.
  if (bytes.length !== inheritedFrom.bytes) {
    throw new Error(`the manifest has ${bytes.length} bytes, the manifest list says ${inheritedFrom.bytes}`)
  }
  const isWanted = (index: number) => block === undefined || index === block
  const { metadata, records } = readContainer(bytes, withOwnNames, isWanted)
  if ((metadata.content ?? 'data') !== 'data' || inheritedFrom.content !== 'data') {
    throw new Error('the manifest lists row-level deletes, which are not supported')
  }
  const partition = (JSON.parse(metadata['partition-spec'] ?? '[]') as PartitionField[]).map((field) => ({
    name: field.name,
    avro: partitionName(field['field-id']),
  }))
  const entries: ManifestEntry[] = []
  for (const record of records as Iterable<EntryRecord>) {
    // Only an added file inherits its numbers.
    const inherited = record.status === ADDED ? inheritedFrom.sequenceNumber : null
    entries.push({
      status: readStatus(record.status),
      snapshotId: record.snapshot_id ?? inheritedFrom.addedSnapshotId,
      sequenceNumber: record.sequence_number ?? inherited,
      fileSequenceNumber: record.file_sequence_number ?? inherited,
      file: readFile(record.data_file, partition, columns),
    })
  }
  return entries
}

function readStatus(value: number): EntryStatus {
  if (value === EXISTING || value === ADDED || value === DELETED) return value
  throw new Error(`a manifest entry has the unknown status ${value}`)
}

function readFile(
  record: FileRecord,
  partition: PartitionName[],
  columns: ReadonlySet<number> | undefined,
): DataFile {
  if (record.content) throw new Error('the manifest lists a delete file, which is not supported')
  if (record.file_format.toUpperCase() !== 'PARQUET') {
    throw new Error(`${record.file_path} is in the format ${record.file_format}, only Parquet is supported`)
  }
  const file: DataFile = {
    path: record.file_path,
    format: 'PARQUET',
    partition: {},
    records: record.record_count,
    bytes: record.file_size_in_bytes,
    lower: toMap(record.lower_bounds, columns) ?? new Map(),
    upper: toMap(record.upper_bounds, columns) ?? new Map(),
  }
  for (const { name, avro } of partition) file.partition[name] = record.partition[avro] ?? null
  const columnSizes = toMap(record.column_sizes, columns)
  const valueCounts = toMap(record.value_counts, columns)
  const nullCounts = toMap(record.null_value_counts, columns)
  const nanCounts = toMap(record.nan_value_counts, columns)
  if (columnSizes) file.columnSizes = columnSizes
  if (valueCounts) file.valueCounts = valueCounts
  if (nullCounts) file.nullCounts = nullCounts
  if (nanCounts) file.nanCounts = nanCounts
  if (record.split_offsets) file.splitOffsets = record.split_offsets
  if (typeof record.sort_order_id === 'number') file.sortOrderId = record.sort_order_id
  return file
}

function toMap<V>(
  pairs: Pair<V>[] | null | undefined,
  columns: ReadonlySet<number> | undefined,
): Map<number, V> | undefined {
  if (!pairs) return undefined
  const map = new Map<number, V>()
  for (const { key, value } of pairs) if (!columns || columns.has(key)) map.set(key, value)
  return map
}

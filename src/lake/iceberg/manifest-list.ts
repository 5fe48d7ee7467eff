/**
 * Manifest lists: one Avro file per snapshot, with a row for every manifest of it.
 *
 * Iceberg specification: "Manifest Lists".
 */
import { asBuffer, readContainer, writeContainer } from './avro.ts'
import type { Manifest } from './manifest.ts'
import { summarisePartitions } from './manifest-blocks.ts'
import { manifestListSchema, withOwnNames } from './manifest-schema.ts'
import {
  ADDED,
  DELETED,
  EXISTING,
  type ManifestFile,
  type PartitionSummary,
  UNASSIGNED_SEQUENCE,
} from './types.ts'

/**
 * A property of ours: Avro cannot detect that a file lost its last blocks, and an empty table would look
 * plausible.
 */
const countKey = 'loglake.manifest-count'

interface ManifestRecord {
  manifest_path: string
  manifest_length: number
  partition_spec_id: number
  content: number
  sequence_number: number
  min_sequence_number: number
  added_snapshot_id: number
  added_files_count: number
  existing_files_count: number
  deleted_files_count: number
  added_rows_count: number
  existing_rows_count: number
  deleted_rows_count: number
  partitions: SummaryRecord[] | null
  key_metadata: Buffer | null
}

interface SummaryRecord {
  contains_null: boolean
  contains_nan: boolean | null
  lower_bound: Buffer | null
  upper_bound: Buffer | null
}

export interface ManifestList {
  snapshotId: number
  parentSnapshotId: number | null
  sequenceNumber: number
  manifests: ManifestFile[]
}

/** The manifest's row in the manifest list, computed when its bytes are at their path. */
export function describeManifest(manifest: Manifest, path: string, bytes: number): ManifestFile {
  const { schema, spec, entries, snapshotId } = manifest
  const files = [0, 0, 0]
  const rows = [0, 0, 0]
  let minSequenceNumber = Number.POSITIVE_INFINITY
  for (const { status, sequenceNumber, file } of entries) {
    files[status] = (files[status] ?? 0) + 1
    rows[status] = (rows[status] ?? 0) + file.records
    if (status !== DELETED && sequenceNumber !== null) {
      minSequenceNumber = Math.min(minSequenceNumber, sequenceNumber)
    }
  }
  return {
    path,
    bytes,
    specId: spec['spec-id'],
    content: 'data',
    sequenceNumber: UNASSIGNED_SEQUENCE,
    minSequenceNumber: Number.isFinite(minSequenceNumber) ? minSequenceNumber : UNASSIGNED_SEQUENCE,
    addedSnapshotId: snapshotId,
    addedFiles: files[ADDED] ?? 0,
    existingFiles: files[EXISTING] ?? 0,
    deletedFiles: files[DELETED] ?? 0,
    addedRows: rows[ADDED] ?? 0,
    existingRows: rows[EXISTING] ?? 0,
    deletedRows: rows[DELETED] ?? 0,
    partitions: summarisePartitions(schema, spec, entries),
  }
}

/**
 * Assigns sequence numbers to manifests that have none yet: a commit that lost its race writes a new list
 * with a new number, and keeps its manifests.
 */
export function writeManifestList(list: ManifestList): Uint8Array {
  const header = {
    'snapshot-id': String(list.snapshotId),
    'parent-snapshot-id': String(list.parentSnapshotId),
    'sequence-number': String(list.sequenceNumber),
    'format-version': '2',
    [countKey]: String(list.manifests.length),
  }
  return writeContainer(
    manifestListSchema(),
    header,
    list.manifests.map((manifest) => toRecord(manifest, list)),
    // Each commit writes the whole list again.
    { level: 1 },
  )
}

function toRecord(manifest: ManifestFile, list: ManifestList): ManifestRecord {
  const { sequenceNumber, minSequenceNumber } = manifest
  if (sequenceNumber === UNASSIGNED_SEQUENCE && manifest.addedSnapshotId !== list.snapshotId) {
    throw new Error(`${manifest.path}: a manifest without sequence number, written by another snapshot`)
  }
  return {
    manifest_path: manifest.path,
    manifest_length: manifest.bytes,
    partition_spec_id: manifest.specId,
    content: manifest.content === 'data' ? 0 : 1,
    sequence_number: sequenceNumber === UNASSIGNED_SEQUENCE ? list.sequenceNumber : sequenceNumber,
    min_sequence_number: minSequenceNumber === UNASSIGNED_SEQUENCE ? list.sequenceNumber : minSequenceNumber,
    added_snapshot_id: manifest.addedSnapshotId,
    added_files_count: manifest.addedFiles,
    existing_files_count: manifest.existingFiles,
    deleted_files_count: manifest.deletedFiles,
    added_rows_count: manifest.addedRows,
    existing_rows_count: manifest.existingRows,
    deleted_rows_count: manifest.deletedRows,
    partitions: manifest.partitions?.map(toSummaryRecord) ?? null,
    key_metadata: null,
  }
}

function toSummaryRecord(summary: PartitionSummary): SummaryRecord {
  return {
    contains_null: summary.containsNull,
    contains_nan: summary.containsNan ?? null,
    lower_bound: summary.lower && asBuffer(summary.lower),
    upper_bound: summary.upper && asBuffer(summary.upper),
  }
}

export function readManifestList(bytes: Uint8Array): ManifestFile[] {
  const { metadata, records } = readContainer(bytes, withOwnNames)
  const manifests = Array.from(records as Iterable<ManifestRecord>, toManifest)
  const count = metadata[countKey]
  if (count !== undefined && Number(count) !== manifests.length) {
    throw new Error(`the manifest list holds ${manifests.length} manifests, its header says ${count}`)
  }
  return manifests
}

function toManifest(record: ManifestRecord): ManifestFile {
  const path = record.manifest_path
  if (typeof record.sequence_number !== 'number' || typeof record.added_files_count !== 'number') {
    throw new Error(`${path}: manifests of format version 1 are not supported`)
  }
  if (record.key_metadata) throw new Error(`${path}: encrypted manifests are not supported`)
  return {
    path,
    bytes: record.manifest_length,
    specId: record.partition_spec_id,
    content: record.content ? 'deletes' : 'data',
    sequenceNumber: record.sequence_number,
    minSequenceNumber: record.min_sequence_number,
    addedSnapshotId: record.added_snapshot_id,
    addedFiles: record.added_files_count,
    existingFiles: record.existing_files_count,
    deletedFiles: record.deleted_files_count,
    addedRows: record.added_rows_count,
    existingRows: record.existing_rows_count,
    deletedRows: record.deleted_rows_count,
    partitions: record.partitions?.map(toSummary) ?? null,
  }
}

function toSummary(record: SummaryRecord): PartitionSummary {
  return {
    containsNull: record.contains_null,
    ...(typeof record.contains_nan === 'boolean' ? { containsNan: record.contains_nan } : {}),
    lower: record.lower_bound,
    upper: record.upper_bound,
  }
}

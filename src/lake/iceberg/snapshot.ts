/**
 * Snapshots: adds them to a table's metadata with their summary, and expires them.
 *
 * Iceberg specification: "Snapshots", "Snapshot Retention Policy", Appendix F, "Optional Snapshot Summary
 * Fields".
 */
import { type Change, logChange } from './metadata.ts'
import type { DataFile, Operation, Snapshot, TableMetadata } from './types.ts'

export interface NewSnapshot extends Change {
  /** Random, and below 2^53, because it is a number in JSON and in JavaScript. */
  snapshotId: number
  sequenceNumber: number
  /** The path of the manifest list. */
  manifestList: string
  operation: Operation
  /** The changes from `summarise`, and any text of the writer's own. The totals are added here. */
  summary: Record<string, string>
}

export function currentSnapshot(metadata: TableMetadata): Snapshot | null {
  return snapshotById(metadata, metadata['current-snapshot-id'])
}

function snapshotById(metadata: TableMetadata, id: number): Snapshot | null {
  return metadata.snapshots.find((snapshot) => snapshot['snapshot-id'] === id) ?? null
}

export function addSnapshot(metadata: TableMetadata, added: NewSnapshot): TableMetadata {
  const { snapshotId, sequenceNumber, operation } = added
  if (!Number.isSafeInteger(snapshotId) || snapshotId <= 0) {
    throw new Error(`the snapshot id ${snapshotId} is not a whole number between 1 and 2^53`)
  }
  if (snapshotById(metadata, snapshotId)) throw new Error(`the snapshot ${snapshotId} is there already`)
  if (!Number.isSafeInteger(sequenceNumber) || sequenceNumber <= metadata['last-sequence-number']) {
    const last = metadata['last-sequence-number']
    throw new Error(`the sequence number ${sequenceNumber} does not follow the table's last one, ${last}`)
  }
  checkOperation(operation, added.summary)
  const parent = currentSnapshot(metadata)
  const logged = logChange(metadata, added)
  const snapshot: Snapshot = {
    'snapshot-id': snapshotId,
    ...(parent ? { 'parent-snapshot-id': parent['snapshot-id'] } : {}),
    'sequence-number': sequenceNumber,
    'timestamp-ms': logged['last-updated-ms'],
    'manifest-list': added.manifestList,
    summary: { ...added.summary, ...totals(parent?.summary, added.summary), operation },
    'schema-id': metadata['current-schema-id'],
  }
  return {
    ...logged,
    'last-sequence-number': sequenceNumber,
    'current-snapshot-id': snapshotId,
    refs: { ...metadata.refs, main: { ...metadata.refs.main, 'snapshot-id': snapshotId, type: 'branch' } },
    snapshots: [...metadata.snapshots, snapshot],
    'snapshot-log': [
      ...metadata['snapshot-log'],
      { 'timestamp-ms': snapshot['timestamp-ms'], 'snapshot-id': snapshotId },
    ],
  }
}

/** Readers of changes skip a `replace` without reading it, so it must not contain other changes. */
function checkOperation(operation: Operation, summary: Record<string, string>): void {
  const removed = Number(summary['deleted-data-files'] ?? 0)
  if (operation === 'append' && removed > 0)
    throw new Error(`an append cannot remove files, this removes ${removed}`)
  const [before, after] = [summary['deleted-records'] ?? '0', summary['added-records'] ?? '0']
  if (operation === 'replace' && before !== after) {
    throw new Error(`a replace must keep every record, this makes ${after} out of ${before}`)
  }
}

export interface FileChanges {
  added?: DataFile[]
  removed?: DataFile[]
}

/**
 * The changes of a snapshot, with the keys of Iceberg's Java implementation; a number that is zero is
 * omitted.
 */
export function summarise({ added = [], removed = [] }: FileChanges): Record<string, string> {
  const partitions = new Set([...added, ...removed].map((file) => JSON.stringify(file.partition)))
  const counts: [string, number][] = [
    ['added-data-files', added.length],
    ['deleted-data-files', removed.length],
    ['added-records', sum(added, 'records')],
    ['deleted-records', sum(removed, 'records')],
    ['added-files-size', sum(added, 'bytes')],
    ['removed-files-size', sum(removed, 'bytes')],
  ]
  const summary: Record<string, string> = {}
  for (const [key, count] of counts) if (count > 0) summary[key] = String(count)
  summary['changed-partition-count'] = String(partitions.size)
  return summary
}

function sum(files: DataFile[], key: 'records' | 'bytes'): number {
  return files.reduce((total, file) => total + file[key], 0)
}

const totalKeys: [total: string, added: string, removed: string][] = [
  ['total-records', 'added-records', 'deleted-records'],
  ['total-files-size', 'added-files-size', 'removed-files-size'],
  ['total-data-files', 'added-data-files', 'deleted-data-files'],
  ['total-delete-files', 'added-delete-files', 'removed-delete-files'],
  ['total-position-deletes', 'added-position-deletes', 'removed-position-deletes'],
  ['total-equality-deletes', 'added-equality-deletes', 'removed-equality-deletes'],
]

/** The parent's totals plus the changes. A total that the parent does not have stays absent, as in Java. */
function totals(
  parent: Record<string, string> | undefined,
  changes: Record<string, string>,
): Record<string, string> {
  const carried: Record<string, string> = {}
  for (const [total, added, removed] of totalKeys) {
    const before = parent ? Number(parent[total]) : 0
    const after = before + Number(changes[added] ?? 0) - Number(changes[removed] ?? 0)
    if (Number.isSafeInteger(after) && after >= 0) carried[total] = String(after)
  }
  return carried
}

export interface Expiry {
  /** The number of newest snapshots that stay at any age; the current one always stays. */
  keepLast: number
  /** Snapshots older than this expire. */
  olderThanMs: number
}

export interface Expired {
  metadata: TableMetadata
  removed: Snapshot[]
}

/** Drops old snapshots. The caller removes the files that no remaining snapshot reaches. */
export function expireSnapshots(metadata: TableMetadata, { keepLast, olderThanMs }: Expiry): Expired {
  const kept = new Set(ancestors(metadata, metadata['current-snapshot-id']).slice(0, Math.max(1, keepLast)))
  for (const [name, ref] of Object.entries(metadata.refs)) {
    // A branch of another engine keeps its history, a tag its snapshot.
    const line = ancestors(metadata, ref['snapshot-id'])
    if (name !== 'main') for (const id of ref.type === 'tag' ? line.slice(0, 1) : line) kept.add(id)
  }
  function stays(snapshot: Snapshot): boolean {
    return kept.has(snapshot['snapshot-id']) || snapshot['timestamp-ms'] >= olderThanMs
  }
  const removed = metadata.snapshots.filter((snapshot) => !stays(snapshot))
  if (removed.length === 0) return { metadata, removed }
  const snapshots = metadata.snapshots.filter(stays)
  const ids = new Set(snapshots.map((snapshot) => snapshot['snapshot-id']))
  // The log must not appear complete: everything before the last gap is dropped.
  const log = metadata['snapshot-log']
  const gap = log.findLastIndex((entry) => !ids.has(entry['snapshot-id']))
  return {
    removed,
    metadata: {
      ...metadata,
      snapshots,
      'snapshot-log': log.slice(gap + 1),
      statistics: metadata.statistics.filter((file) => ids.has(file['snapshot-id'])),
      'partition-statistics': metadata['partition-statistics'].filter((file) => ids.has(file['snapshot-id'])),
    },
  }
}

/** From the newest to the oldest that still exists. */
function ancestors(metadata: TableMetadata, newest: number): number[] {
  const byId = new Map(metadata.snapshots.map((snapshot) => [snapshot['snapshot-id'], snapshot]))
  const line: number[] = []
  let snapshot = byId.get(newest)
  while (snapshot) {
    byId.delete(snapshot['snapshot-id'])
    line.push(snapshot['snapshot-id'])
    snapshot = byId.get(snapshot['parent-snapshot-id'] ?? -1)
  }
  return line
}

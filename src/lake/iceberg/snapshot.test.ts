import { expect, test } from 'vitest'
import { createTable } from './metadata.ts'
import { parse, serialise } from './parse.ts'
import { addSnapshot, currentSnapshot, expireSnapshots, type NewSnapshot, summarise } from './snapshot.ts'
import type { DataFile, TableMetadata } from './types.ts'

function empty(): TableMetadata {
  return createTable({ uuid: 'u', location: '/t', fields: [{ name: 'a', type: 'int' }], nowMs: 1000 })
}

function file(n: number, records: number, day = 1): DataFile {
  return {
    path: `/t/${n}`,
    format: 'PARQUET',
    partition: { day },
    records,
    bytes: 100 * n,
    lower: new Map(),
    upper: new Map(),
  }
}

function snapshot(n: number, more: Partial<NewSnapshot> = {}): NewSnapshot {
  return {
    snapshotId: n * 11,
    sequenceNumber: n,
    manifestList: `/t/metadata/snap-${n}.avro`,
    operation: 'append',
    summary: summarise({ added: [file(n, 10)] }),
    nowMs: 1000 + n,
    previousFile: `v${n}.metadata.json`,
    ...more,
  }
}

function chain(count: number): TableMetadata {
  let metadata = empty()
  for (let n = 1; n <= count; n++) metadata = addSnapshot(metadata, snapshot(n))
  return metadata
}

test('the first snapshot, and the totals that the next ones carry on', () => {
  const first = addSnapshot(
    empty(),
    snapshot(1, {
      summary: { ...summarise({ added: [file(1, 10), file(2, 5, 2)] }), 'loglake.version': '7' },
    }),
  )
  expect(currentSnapshot(first)).toEqual({
    'snapshot-id': 11,
    'sequence-number': 1,
    'timestamp-ms': 1001,
    'manifest-list': '/t/metadata/snap-1.avro',
    'schema-id': 0,
    summary: {
      operation: 'append',
      'added-data-files': '2',
      'added-records': '15',
      'added-files-size': '300',
      'changed-partition-count': '2',
      'total-records': '15',
      'total-files-size': '300',
      'total-data-files': '2',
      'total-delete-files': '0',
      'total-position-deletes': '0',
      'total-equality-deletes': '0',
      'loglake.version': '7',
    },
  })
  expect(first.refs).toEqual({ main: { 'snapshot-id': 11, type: 'branch' } })
  expect(first['snapshot-log']).toEqual([{ 'timestamp-ms': 1001, 'snapshot-id': 11 }])
  expect(first['metadata-log']).toEqual([{ 'timestamp-ms': 1000, 'metadata-file': 'v1.metadata.json' }])
  expect(first['last-sequence-number']).toBe(1)

  const summary = summarise({ added: [file(3, 15)], removed: [file(1, 10), file(2, 5, 2)] })
  const second = addSnapshot(first, snapshot(2, { operation: 'replace', summary }))
  expect(currentSnapshot(second)).toMatchObject({ 'parent-snapshot-id': 11, 'sequence-number': 2 })
  expect(currentSnapshot(second)?.summary).toMatchObject({
    operation: 'replace',
    'deleted-data-files': '2',
    'deleted-records': '15',
    'removed-files-size': '300',
    'total-records': '15',
    'total-data-files': '1',
    'total-files-size': '300',
  })
  expect(parse(serialise(second))).toEqual(second)
})

test('a clock that goes back does not take the table with it', () => {
  const metadata = addSnapshot(chain(2), snapshot(3, { nowMs: 5 }))
  expect(currentSnapshot(metadata)?.['timestamp-ms']).toBe(1002)
  expect(metadata['last-updated-ms']).toBe(1002)
})

test('a snapshot that would break the table is refused', () => {
  const metadata = chain(2)
  expect(() => addSnapshot(metadata, snapshot(3, { snapshotId: 11 }))).toThrow('there already')
  expect(() => addSnapshot(metadata, snapshot(3, { snapshotId: 2 ** 60 }))).toThrow('between 1 and 2^53')
  expect(() => addSnapshot(metadata, snapshot(2, { snapshotId: 5 }))).toThrow("the table's last one, 2")
  const lossy = summarise({ added: [file(1, 9)], removed: [file(2, 10)] })
  expect(() => addSnapshot(metadata, snapshot(3, { operation: 'replace', summary: lossy }))).toThrow(
    'a replace must keep every record, this makes 9 out of 10',
  )
  expect(() => addSnapshot(metadata, snapshot(3, { summary: lossy }))).toThrow('an append cannot remove')
})

test('a total that the parent does not tell stays untold', () => {
  const metadata = chain(1)
  const [only] = metadata.snapshots
  const untold = {
    ...metadata,
    snapshots: only ? [{ ...only, summary: { operation: 'append' as const } }] : [],
  }
  const summary = currentSnapshot(addSnapshot(untold, snapshot(2)))?.summary
  expect(summary?.['total-records']).toBeUndefined()
  expect(summary?.['added-records']).toBe('10')
})

test('old snapshots expire, the newest and the current do not', () => {
  const metadata = chain(5)
  const { metadata: left, removed } = expireSnapshots(metadata, { keepLast: 2, olderThanMs: 1005 })
  expect(removed.map((gone) => gone['snapshot-id'])).toEqual([11, 22, 33])
  expect(left.snapshots.map((kept) => kept['snapshot-id'])).toEqual([44, 55])
  expect(left['snapshot-log'].map((entry) => entry['snapshot-id'])).toEqual([44, 55])
  expect(left['current-snapshot-id']).toBe(55)
  expect(metadata.snapshots.length).toBe(5)
  expect(parse(serialise(left))).toEqual(left)
  // Recent enough to be kept, whatever `keepLast` says.
  expect(expireSnapshots(metadata, { keepLast: 1, olderThanMs: 1003 }).removed.length).toBe(2)
  expect(expireSnapshots(metadata, { keepLast: 0, olderThanMs: 9999 }).metadata.snapshots.length).toBe(1)
  expect(expireSnapshots(metadata, { keepLast: 9, olderThanMs: 9999 }).metadata).toBe(metadata)
  expect(expireSnapshots(empty(), { keepLast: 1, olderThanMs: 9999 }).removed).toEqual([])
})

test('what another engine tagged or branched stays, its statistics go with their snapshot', () => {
  const metadata: TableMetadata = {
    ...chain(5),
    statistics: [{ 'snapshot-id': 11 }, { 'snapshot-id': 55 }],
  }
  metadata.refs.audit = { 'snapshot-id': 22, type: 'tag' }
  const tagged = expireSnapshots(metadata, { keepLast: 1, olderThanMs: 9999 })
  expect(tagged.metadata.snapshots.map((kept) => kept['snapshot-id'])).toEqual([22, 55])
  expect(tagged.metadata['snapshot-log'].map((entry) => entry['snapshot-id'])).toEqual([55])
  expect(tagged.metadata.statistics).toEqual([{ 'snapshot-id': 55 }])
  metadata.refs.audit = { 'snapshot-id': 22, type: 'branch' }
  const branched = expireSnapshots(metadata, { keepLast: 1, olderThanMs: 9999 })
  expect(branched.metadata.snapshots.map((kept) => kept['snapshot-id'])).toEqual([11, 22, 55])
})

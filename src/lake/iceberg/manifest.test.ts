import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readContainer, writeContainer } from './avro.ts'
import {
  addedEntry,
  deletedEntry,
  existingEntry,
  type Manifest,
  readManifest,
  writeManifest,
} from './manifest.ts'
import { describeManifest, readManifestList, writeManifestList } from './manifest-list.ts'
import { manifestSchema } from './manifest-schema.ts'
import { createTable, currentSchema, currentSpec } from './metadata.ts'
import { type DataFile, DELETED, type ManifestEntry, type ManifestFile } from './types.ts'

function table(partitionBy: string | null = 'lake_day') {
  const metadata = createTable({
    uuid: 'b1f5a6d4-3d0c-4b1e-9d6f-0e8f5f0a1c2d',
    location: 's3://lake/cloudtrail',
    fields: [
      { name: 'lake_day', type: 'date' },
      { name: 'eventid', type: 'string', required: true },
    ],
    partitionBy,
    nowMs: 1,
  })
  return { schema: currentSchema(metadata), spec: currentSpec(metadata) }
}

function dataFile(n: number, day: number | null = 19783): DataFile {
  return {
    path: `s3://lake/cloudtrail/data/${n}.parquet`,
    format: 'PARQUET',
    partition: { lake_day: day },
    records: 10 + n,
    bytes: 2 ** 33 + n,
    columnSizes: new Map([[2, 100]]),
    valueCounts: new Map([[2, 10 + n]]),
    nullCounts: new Map([[2, n]]),
    nanCounts: new Map(),
    lower: new Map([[2, Buffer.from('a')]]),
    upper: new Map([[2, Buffer.from('ü😀')]]),
    splitOffsets: [4, 2 ** 33],
    sortOrderId: 1,
  }
}

function written(manifest: Manifest, sequenceNumber = 9): { bytes: Uint8Array; row: ManifestFile } {
  const bytes = writeManifest(manifest)
  const row = describeManifest(manifest, 's3://lake/m.avro', bytes.length)
  return { bytes, row: { ...row, sequenceNumber } }
}

test('a file comes back as it was, and inherits the number of its commit', () => {
  const entries = [addedEntry(dataFile(1), 77), addedEntry(dataFile(2, null), 77)]
  const { bytes, row } = written({ ...table(), entries, snapshotId: 77 })
  expect(readManifest(bytes, row)).toEqual(
    entries.map((entry) => ({ ...entry, sequenceNumber: 9, fileSequenceNumber: 9 })),
  )
})

test('without partition, and without what is optional', () => {
  const file: DataFile = {
    path: '/lake/x.parquet',
    format: 'PARQUET',
    partition: {},
    records: 1,
    bytes: 2,
    lower: new Map(),
    upper: new Map(),
  }
  const { bytes, row } = written({ ...table(null), entries: [addedEntry(file, 5)], snapshotId: 5 })
  expect(readManifest(bytes, row).map((entry) => entry.file)).toEqual([file])
  expect(row.partitions).toEqual([])
})

test('existing and deleted files keep the numbers they got, also in a later manifest', () => {
  const first = written(
    { ...table(), entries: [addedEntry(dataFile(1), 77), addedEntry(dataFile(2), 77)], snapshotId: 77 },
    3,
  )
  const [kept, gone] = readManifest(first.bytes, first.row) as [ManifestEntry, ManifestEntry]
  const entries = [existingEntry(kept), deletedEntry(gone, 88)]
  const second = written({ ...table(), entries, snapshotId: 88 }, 4)
  const summary = readManifest(second.bytes, second.row).map(({ file, ...entry }) => entry)
  expect(summary).toEqual([
    { status: 0, snapshotId: 77, sequenceNumber: 3, fileSequenceNumber: 3 },
    { status: 2, snapshotId: 88, sequenceNumber: 3, fileSequenceNumber: 3 },
  ])
  expect(second.row).toMatchObject({
    minSequenceNumber: 3,
    addedFiles: 0,
    existingFiles: 1,
    deletedFiles: 1,
    addedRows: 0,
    existingRows: 11,
    deletedRows: 12,
  })
})

test('the smallest number of a manifest is that of its live files', () => {
  const entry: ManifestEntry = { ...addedEntry(dataFile(1), 77), sequenceNumber: 5, fileSequenceNumber: 6 }
  const gone = deletedEntry({ ...entry, sequenceNumber: 2 }, 88)
  const entries = [existingEntry(entry), gone, addedEntry(dataFile(2), 88)]
  expect(describeManifest({ ...table(), entries, snapshotId: 88 }, 'm', 1).minSequenceNumber).toBe(5)
  expect(describeManifest({ ...table(), entries: [gone], snapshotId: 88 }, 'm', 1).minSequenceNumber).toBe(-1)
})

test('only an added file inherits: another without numbers has none', () => {
  const { schema, spec } = table()
  const { bytes, row } = written({ schema, spec, entries: [addedEntry(dataFile(1), 77)], snapshotId: 77 })
  const [record] = readContainer(bytes).records
  const existing = writeContainer(manifestSchema(schema, spec), readContainer(bytes).metadata, [
    { ...(record as object), status: 0 },
  ])
  const [entry] = readManifest(existing, { ...row, bytes: existing.length })
  expect(entry).toMatchObject({ status: 0, snapshotId: 77, sequenceNumber: null, fileSequenceNumber: null })
})

test('an existing or deleted file without numbers is not written', () => {
  for (const entry of [
    existingEntry(addedEntry(dataFile(1), 77)),
    deletedEntry(addedEntry(dataFile(1), 77), 77),
  ]) {
    expect(() => writeManifest({ ...table(), entries: [entry], snapshotId: 77 })).toThrow('sequence numbers')
  }
  const foreignEntry = addedEntry(dataFile(1), 76)
  expect(() => writeManifest({ ...table(), entries: [foreignEntry], snapshotId: 77 })).toThrow(
    'another snapshot',
  )
})

test('a file without a value for the partition is not written', () => {
  const file = { ...dataFile(1), partition: {} }
  expect(() => writeManifest({ ...table(), entries: [addedEntry(file, 7)], snapshotId: 7 })).toThrow(
    'no value for the partition field lake_day',
  )
})

test('the header says what the specification wants', () => {
  const { schema, spec } = table()
  const { metadata } = readContainer(writeManifest({ schema, spec, entries: [], snapshotId: 1 }))
  expect(metadata).toEqual({
    schema: JSON.stringify(schema),
    'schema-id': '0',
    'partition-spec': '[{"source-id":1,"field-id":1000,"name":"lake_day","transform":"identity"}]',
    'partition-spec-id': '0',
    'format-version': '2',
    content: 'data',
  })
})

test('a manifest list comes back, new manifests numbered', () => {
  const { row } = written({
    ...table(),
    entries: [
      addedEntry(dataFile(1, 19783), 77),
      addedEntry(dataFile(2, 19790), 77),
      addedEntry(dataFile(3, null), 77),
    ],
    snapshotId: 77,
  })
  const old = {
    ...row,
    path: 's3://lake/old.avro',
    sequenceNumber: 4,
    minSequenceNumber: 2,
    addedSnapshotId: 66,
  }
  const fresh = { ...row, sequenceNumber: -1, minSequenceNumber: -1 }
  const bytes = writeManifestList({
    snapshotId: 77,
    parentSnapshotId: 66,
    sequenceNumber: 9,
    manifests: [fresh, old],
  })
  expect(readManifestList(bytes)).toEqual([{ ...row, sequenceNumber: 9, minSequenceNumber: 9 }, old])
  expect(row.partitions).toEqual([
    {
      containsNull: true,
      containsNan: false,
      lower: Buffer.from([71, 77, 0, 0]),
      upper: Buffer.from([78, 77, 0, 0]),
    },
  ])
  expect(readContainer(bytes).metadata).toMatchObject({
    'snapshot-id': '77',
    'parent-snapshot-id': '66',
    'sequence-number': '9',
    'format-version': '2',
  })
})

test('a manifest without number, of another commit, is not listed', () => {
  const { row } = written({ ...table(), entries: [addedEntry(dataFile(1), 77)], snapshotId: 77 })
  const manifests = [{ ...row, sequenceNumber: -1 }]
  expect(() =>
    writeManifestList({ snapshotId: 78, parentSnapshotId: null, sequenceNumber: 1, manifests }),
  ).toThrow('written by another snapshot')
})

test('files that lost their end do not pass for smaller ones', () => {
  const manifest = { ...table(), entries: [addedEntry(dataFile(1), 77)], snapshotId: 77 }
  const { bytes, row } = written(manifest)
  const header = writeManifest({ ...manifest, entries: [] }).length
  expect(() => readManifest(bytes.subarray(0, header), row)).toThrow(`the manifest list says ${bytes.length}`)
  const list = writeManifestList({
    snapshotId: 77,
    parentSnapshotId: null,
    sequenceNumber: 1,
    manifests: [row],
  })
  for (let length = 0; length < list.length; length++) {
    expect(() => readManifestList(list.subarray(0, length)), `${length} bytes`).toThrow(Error)
  }
})

test('only the wanted columns', () => {
  const file = {
    ...dataFile(1),
    lower: new Map([
      [1, Buffer.from('x')],
      [2, Buffer.from('y')],
    ]),
  }
  const { bytes, row } = written({ ...table(), entries: [addedEntry(file, 77)], snapshotId: 77 })
  const [entry] = readManifest(bytes, row, { columns: new Set([1]) })
  expect(entry?.file.lower).toEqual(new Map([[1, Buffer.from('x')]]))
  expect(entry?.file.nullCounts).toEqual(new Map())
  expect(entry?.file.records).toBe(11)
})

test('manifests of row-level deletes are refused', () => {
  const { bytes, row } = written({ ...table(), entries: [], snapshotId: 77 })
  expect(() => readManifest(bytes, { ...row, content: 'deletes' })).toThrow('row-level deletes')
})

// Written by pyiceberg 0.12.0: an existing, an added and a deleted entry, the last without a partition value.
test.each(['null', 'deflate'])('what pyiceberg writes is read, codec %s', (codec) => {
  function fixture(name: string): Buffer {
    return readFileSync(new URL(`./fixtures/pyiceberg-${name}-${codec}.avro`, import.meta.url))
  }
  const [row] = readManifestList(fixture('list'))
  expect(row).toMatchObject({
    sequenceNumber: 7,
    minSequenceNumber: 3,
    addedFiles: 1,
    existingRows: 10,
    deletedRows: 12,
  })
  expect(row?.partitions).toEqual([
    {
      containsNull: true,
      containsNan: false,
      lower: Buffer.from([71, 77, 0, 0]),
      upper: Buffer.from([72, 77, 0, 0]),
    },
  ])
  const entries = readManifest(fixture('manifest'), row as ManifestFile)
  expect(
    entries.map((entry) => [entry.status, entry.snapshotId, entry.sequenceNumber, entry.fileSequenceNumber]),
  ).toEqual([
    [0, 42, 3, 3],
    [1, 1234567890123, 7, 7],
    [DELETED, 1234567890123, 2, 1],
  ])
  expect(entries.map((entry) => entry.file.partition.lake_day)).toEqual([19783, 19784, null])
  const file = entries[1]?.file
  expect(file).toMatchObject({
    path: 's3://lake/data/1.parquet',
    records: 11,
    bytes: 1001,
    splitOffsets: [4, 2 ** 33],
  })
  expect(file?.upper.get(3)).toEqual(Buffer.from('ü😀'))
  expect(file?.nullCounts).toEqual(
    new Map([
      [2, 1],
      [3, 0],
    ]),
  )
})

test('a writer that names its fields otherwise', () => {
  const { row } = written({ ...table(), entries: [addedEntry(dataFile(1), 77)], snapshotId: 77 })
  const bytes = Buffer.from(
    writeManifestList({ snapshotId: 77, parentSnapshotId: null, sequenceNumber: 1, manifests: [row] }),
  )
  // Of the same length, so that the header's lengths still hold.
  const renamed = Buffer.from(
    bytes.toString('latin1').replaceAll('added_files_count', 'other_name_of_504'),
    'latin1',
  )
  expect(renamed.equals(bytes)).toBe(false)
  expect(readManifestList(renamed)).toEqual(readManifestList(bytes))
})

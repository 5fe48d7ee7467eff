import { expect, test } from 'vitest'
import { createTable } from './metadata.ts'
import { parse, serialise } from './parse.ts'
import { addSnapshot } from './snapshot.ts'
import type { TableMetadata } from './types.ts'

function table(): TableMetadata {
  const metadata = createTable({
    uuid: 'b1f5a6d4-3d0c-4b1e-9d6f-0e8f5f0a1c2d',
    location: 's3://lake/größe',
    fields: [
      { name: 'lake_day', type: 'date' },
      { name: 'note', type: 'string', doc: 'Grüße' },
    ],
    partitionBy: 'lake_day',
    nowMs: 1000,
  })
  return addSnapshot(metadata, {
    snapshotId: 77,
    sequenceNumber: 1,
    manifestList: 's3://lake/snap.avro',
    operation: 'append',
    summary: {},
    nowMs: 2000,
    previousFile: 's3://lake/v1.metadata.json',
  })
}

type Json = { [key: string]: Json } | string | number | boolean | null | undefined

/** The table with some values replaced, each addressed by its path of keys; undefined removes a value. */
function parsed(changes: Record<string, Json>): TableMetadata {
  const json: Json = JSON.parse(JSON.stringify(table()))
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split(' ')
    const last = keys.pop() ?? ''
    const parent = keys.reduce((at, key) => (at as { [key: string]: Json })[key], json)
    ;(parent as { [key: string]: Json })[last] = value
  }
  return parse(Buffer.from(JSON.stringify(json)))
}

test('what is written comes back', () => {
  expect(parse(serialise(table()))).toEqual(table())
})

test('a file cut short is an error wherever it was cut', () => {
  const bytes = serialise(table())
  // The last byte is a line break.
  for (let length = 0; length < bytes.length - 1; length++) {
    expect(() => parse(bytes.subarray(0, length)), `${length} bytes`).toThrow('not Iceberg table metadata')
  }
})

test('what other engines leave out, or add, is no error', () => {
  const metadata = parsed({
    'current-snapshot-id': null,
    refs: undefined,
    snapshots: undefined,
    'snapshot-log': undefined,
    'metadata-log': undefined,
    statistics: undefined,
    properties: undefined,
    'next-thing': { a: 1 },
    'schemas 0 fields 0 initial-default': '2024-01-01',
  })
  expect(metadata['current-snapshot-id']).toBe(-1)
  expect(metadata.snapshots).toEqual([])
  expect(metadata.refs).toEqual({})
  expect(JSON.parse(Buffer.from(serialise(metadata)).toString())).toMatchObject({
    'next-thing': { a: 1 },
    schemas: [{ fields: [{ 'initial-default': '2024-01-01' }, {}] }],
  })
})

const copy = JSON.parse(JSON.stringify(table().snapshots[0])) as Json

const broken: [string, Record<string, Json>, string][] = [
  ['no metadata at all', { 'format-version': undefined }, 'it has no format-version'],
  ['another version', { 'format-version': 3 }, 'format version 3 is not supported'],
  ['no schemas', { schemas: undefined }, 'schemas: '],
  ['a foreign type', { 'schemas 0 fields 1 type': 'decimal(9,2)' }, 'schemas.0.fields.1.type: is none of'],
  ['a nested type', { 'schemas 0 fields 1 type': { type: 'list' } }, 'schemas.0.fields.1.type: is none of'],
  ['no current schema', { 'current-schema-id': 5 }, 'current-schema-id is 5, which is not there'],
  ['no default spec', { 'default-spec-id': 5 }, 'default-spec-id is 5, which is not there'],
  ['no current snapshot', { 'current-snapshot-id': 78 }, 'current-snapshot-id is 78, which is not there'],
  ['a tag of nothing', { 'refs x': { 'snapshot-id': 1, type: 'tag' } }, 'refs.x is 1, which is not there'],
  ['main elsewhere', { 'current-snapshot-id': -1 }, 'refs.main is 77, but current-snapshot-id is -1'],
  [
    'an id of 63 bits',
    { 'snapshots 0 snapshot-id': 2 ** 60 },
    'snapshots.0.snapshot-id: is not a whole number',
  ],
  ['an unknown operation', { 'snapshots 0 summary operation': 'x' }, 'snapshot 77 has the operation x'],
  ['a column twice', { 'schemas 0 fields 1 id': 1 }, 'has two columns with id 1'],
  ['a snapshot twice', { 'snapshots 1': copy }, 'snapshot-id 77 is there twice'],
  ['a column beyond the last', { 'last-column-id': 1 }, 'column id 2 is above last-column-id 1'],
]

test.each(broken)('%s', (_, changes, message) => {
  expect(() => parsed(changes)).toThrow(message)
})

test('other files', () => {
  expect(() => parse(Buffer.alloc(0))).toThrow('the file is empty')
  expect(() => parse(Buffer.from('null'))).toThrow('it has no format-version')
  expect(() => parse(Buffer.from([0x1f, 0x8b, 8]))).toThrow('gzip')
  expect(() => parse(Buffer.from('PAR1'))).toThrow('not Iceberg table metadata')
})

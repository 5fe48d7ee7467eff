import { expect, test } from 'vitest'
import { createTable, currentSchema, evolveSchema, logChange } from './metadata.ts'
import type { NewField, TableMetadata } from './types.ts'

const fields: NewField[] = [
  { name: 'lake_day', type: 'date' },
  { name: 'eventtime', type: 'timestamptz', doc: 'When it happened' },
  { name: 'eventid', type: 'string', required: true },
]

function table(): TableMetadata {
  return createTable({
    uuid: 'b1f5a6d4-3d0c-4b1e-9d6f-0e8f5f0a1c2d',
    location: 's3://lake/cloudtrail/',
    fields,
    partitionBy: 'lake_day',
    properties: { owner: 'audit' },
    nowMs: 1000,
  })
}

test('a new table, as the specification spells it', () => {
  expect(table()).toEqual({
    'format-version': 2,
    'table-uuid': 'b1f5a6d4-3d0c-4b1e-9d6f-0e8f5f0a1c2d',
    location: 's3://lake/cloudtrail',
    'last-sequence-number': 0,
    'last-updated-ms': 1000,
    'last-column-id': 3,
    'current-schema-id': 0,
    schemas: [
      {
        type: 'struct',
        'schema-id': 0,
        fields: [
          { id: 1, name: 'lake_day', required: false, type: 'date' },
          { id: 2, name: 'eventtime', required: false, type: 'timestamptz', doc: 'When it happened' },
          { id: 3, name: 'eventid', required: true, type: 'string' },
        ],
      },
    ],
    'default-spec-id': 0,
    'partition-specs': [
      {
        'spec-id': 0,
        fields: [{ 'source-id': 1, 'field-id': 1000, name: 'lake_day', transform: 'identity' }],
      },
    ],
    'last-partition-id': 1000,
    'default-sort-order-id': 0,
    'sort-orders': [{ 'order-id': 0, fields: [] }],
    properties: {
      owner: 'audit',
      'schema.name-mapping.default':
        '[{"field-id":1,"names":["lake_day"]},{"field-id":2,"names":["eventtime"]},{"field-id":3,"names":["eventid"]}]',
    },
    'current-snapshot-id': -1,
    refs: {},
    snapshots: [],
    statistics: [],
    'partition-statistics': [],
    'snapshot-log': [],
    'metadata-log': [],
  })
})

test('a table that cannot be is not created', () => {
  const base = { uuid: 'u', location: '/t', nowMs: 1 }
  expect(() => createTable({ ...base, fields: [...fields, { name: 'EventID', type: 'string' }] })).toThrow(
    'column EventID is there twice',
  )
  expect(() => createTable({ ...base, fields, partitionBy: 'day' })).toThrow('partition column day is not')
  expect(createTable({ ...base, fields }).location).toBe('/t')
  expect(createTable({ ...base, location: '/', fields }).location).toBe('/')
  expect(createTable({ ...base, fields })['last-partition-id']).toBe(999)
})

test('new columns go to the end with ids of their own; the table before is untouched', () => {
  const before = table()
  const copy = structuredClone(before)
  const after = evolveSchema(before, [...fields, { name: 'unmapped', type: 'string', doc: 'The rest' }])
  expect(before).toEqual(copy)
  expect(after.schemas.length).toBe(2)
  expect(after['current-schema-id']).toBe(1)
  expect(after['last-column-id']).toBe(4)
  expect(currentSchema(after).fields[3]).toEqual({
    id: 4,
    name: 'unmapped',
    required: false,
    type: 'string',
    doc: 'The rest',
  })
  expect(after.properties['schema.name-mapping.default']).toContain('{"field-id":4,"names":["unmapped"]}')
  const later = evolveSchema({ ...after, 'last-column-id': 9 }, [
    ...fields,
    { name: 'unmapped', type: 'string', doc: 'The rest' },
    { name: 'n', type: 'long' },
  ])
  expect(currentSchema(later).fields[4]?.id).toBe(10)
})

test('a new column may stand between others; those keep their ids', () => {
  const [day, time, id] = fields as [NewField, NewField, NewField]
  const before = table()
  const after = currentSchema(evolveSchema(before, [day, time, { name: 'actor', type: 'string' }, id]))
  const ids = new Map(currentSchema(before).fields.map((field) => [field.name, field.id]))
  expect(after.fields.map(({ name, id }) => [name, id])).toEqual([
    [day.name, ids.get(day.name)],
    [time.name, ids.get(time.name)],
    ['actor', before['last-column-id'] + 1],
    [id.name, ids.get(id.name)],
  ])
})

test('the same columns change nothing, other documentation is a new schema', () => {
  const before = table()
  expect(evolveSchema(before, fields)).toBe(before)
  const described = fields.map((field) => ({ ...field, doc: 'x' }))
  expect(currentSchema(evolveSchema(before, described)).fields.map((field) => field.doc)).toEqual([
    'x',
    'x',
    'x',
  ])
})

test('any other change is refused', () => {
  const [day, time, id] = fields as [NewField, NewField, NewField]
  const refused: [NewField[], string][] = [
    [[day, time], 'column eventid would be dropped or renamed'],
    [[day, time, { ...id, name: 'event_id' }], 'column eventid would be dropped or renamed'],
    [[time, day, id], 'column eventtime would move'],
    [[day, { ...time, type: 'long' }, id], 'column eventtime would change its type from timestamptz to long'],
    [[day, time, { ...id, required: false }], 'column eventid would change from required to optional'],
    [[day, { ...time, required: true }, id], 'column eventtime would change from optional to required'],
    [
      [day, time, id, { name: 'x', type: 'int', required: true }],
      'column x is new, so it cannot be required',
    ],
    [[day, time, id, { name: 'eventID', type: 'int' }], 'column eventID is there twice'],
  ]
  for (const [wanted, message] of refused) expect(() => evolveSchema(table(), wanted)).toThrow(message)
})

test('the log of metadata files grows by the file before, up to its limit, and time does not go back', () => {
  let metadata = logChange(table(), { nowMs: 2000, previousFile: null })
  expect(metadata['metadata-log']).toEqual([])
  metadata = logChange(metadata, { nowMs: 1500, previousFile: 'v1.metadata.json' })
  expect(metadata['last-updated-ms']).toBe(2000)
  expect(metadata['metadata-log']).toEqual([{ 'timestamp-ms': 2000, 'metadata-file': 'v1.metadata.json' }])
  for (let n = 2; n < 300; n++) metadata = logChange(metadata, { nowMs: 2000 + n, previousFile: `v${n}` })
  expect(metadata['metadata-log'].length).toBe(100)
  expect(metadata['metadata-log'].at(-1)).toEqual({ 'timestamp-ms': 2298, 'metadata-file': 'v299' })
})

import { describe, expect, test } from 'vitest'
import type { Prepared, Row } from '../logtypes/contract.ts'
import type { DefinedColumn, Definition } from './definition.ts'
import { preparer } from './prepare.ts'

type Column = Partial<DefinedColumn> & Pick<DefinedColumn, 'name' | 'type'>

const TIME: Column = { name: 'at', type: 'timestamptz', path: ['at'], form: 'epoch-seconds' }

function prepare(columns: Column[], record: string, more: Partial<Definition> = {}): Prepared {
  const definition: Definition = {
    name: 'mine',
    doc: 'Mine.',
    file: 'mine/logtype.yaml',
    recognise: { fields: [], values: [], key: [], logGroups: [] },
    columns: [TIME, ...columns].map((column) => ({ doc: 'It.', line: 1, ...column })),
    id: 'at',
    time: 'at',
    sort: ['at'],
    sensitive: [],
    ...more,
  }
  return preparer(definition)(record, { uri: '/x', writtenMs: 0 })
}

function rowOf(columns: Column[], fields: string, more: Partial<Definition> = {}): Row {
  const prepared = prepare(columns, `{"at":1,${fields}}`, more)
  if (prepared.kind !== 'row') throw new Error(JSON.stringify(prepared))
  const { at, ...row } = prepared.row
  return row
}

describe('a value', () => {
  test.each<[DefinedColumn['type'], string, Row[string], boolean]>([
    ['string', '"a\\nb"', 'a\nb', true],
    ['string', '""', '', true],
    ['string', '12', '12', false],
    ['string', '{"a":1}', '{"a":1}', false],
    ['boolean', 'true', true, true],
    ['boolean', '"false"', false, false],
    ['boolean', '1', null, false],
    ['long', '7', '7', true],
    ['long', '9007199254740993', '9007199254740993', true],
    ['long', '9223372036854775808', null, false],
    ['long', '1.5', null, false],
    ['long', '"7"', '7', false],
    ['double', '1.50', 1.5, true],
    ['double', '1e400', null, false],
    ['double', '0.1234567890123456', 0.1234567890123456, true],
    ['double', '0.123456789012345678', 0.12345678901234568, false],
    ['double', '1e-400', 0, false],
    ['double', '"0.5"', 0.5, false],
    ['double', '"0x10"', null, false],
    ['date', '"2026-01-07"', '2026-01-07', true],
    ['date', '"2026-02-30"', null, false],
    ['timestamptz', '"2026-01-07T22:16:43Z"', '2026-01-07T22:16:43Z', true],
    ['timestamptz', '"yesterday"', null, false],
    ['timestamptz', '[1]', null, false],
    ['json', '{"a": 9007199254740993 }', '{"a": 9007199254740993 }', true],
    ['json', '"text"', '"text"', true],
  ])('%s %s', (type, text, value, exact) => {
    const row = rowOf([{ name: 'it', type, path: ['deep', 'it'] }], `"deep":{"it":${text}}`)
    expect(row.it).toBe(value)
    expect(row.unmapped).toBe(exact ? undefined : `{"deep":{"it":${text}}}`)
  })

  test('that is null says nothing', () => {
    expect(rowOf([{ name: 'it', type: 'long', path: ['it'] }], '"it":null,"other":null')).toEqual({
      unmapped: '{"other":null}',
    })
  })

  test('that should be an object, and is none, is kept', () => {
    const columns: Column[] = [{ name: 'it', type: 'string', path: ['deep', 'it'] }]
    expect(rowOf(columns, '"deep":"no"')).toEqual({ unmapped: '{"deep":"no"}' })
  })

  test('may fill several columns, and a part of it others', () => {
    const columns: Column[] = [
      { name: 'whole', type: 'json', path: ['user'] },
      { name: 'name', type: 'string', path: ['user', 'name'] },
      { name: 'again', type: 'string', path: ['user', 'name'] },
    ]
    const user = '{"name":"a","role":"b"}'
    expect(rowOf(columns, `"user":${user}`)).toEqual({ whole: user, name: 'a', again: 'a' })
    expect(rowOf(columns.slice(1), `"user":${user}`)).toEqual({
      name: 'a',
      again: 'a',
      unmapped: '{"user":{"role":"b"}}',
    })
  })
})

test('what has no column goes to unmapped to the letter', () => {
  expect(rowOf([], '"big":9007199254740993, "x" : [1.50 , {"é":"\\u00e9"}] ,"quo\\"te":1').unmapped).toBe(
    '{"big":9007199254740993,"x":[1.50 , {"é":"\\u00e9"}],"quo\\"te":1}',
  )
})

test('of what is left out, nothing is kept', () => {
  const sensitive: Definition['sensitive'] = [{ path: ['user', 'phone'], store: 'nothing' }]
  expect(rowOf([], '"user":{"phone":null}', { sensitive })).toEqual({})
})

test('a record is refused for a field that is there twice, and without a time', () => {
  expect(prepare([], '{"at":1,"a":1,"a":2}')).toEqual({
    kind: 'rejected',
    reason: 'the field a appears twice',
  })
  expect(
    prepare([{ name: 'it', type: 'long', path: ['x', 'it'] }], '{"at":1,"x":{"\\u0007":1,"\\u0007":2}}'),
  ).toEqual({
    kind: 'rejected',
    reason: 'x: the field with no plain name appears twice',
  })
  for (const record of ['{}', '{"at":null}', '{"at":"soon"}', '{"at":{"at":1}}'])
    expect(prepare([], record)).toMatchObject({
      kind: 'rejected',
      reason: expect.stringMatching(/^the field at is missing/),
    })
})

describe('an id', () => {
  const columns: Column[] = [
    { name: 'id', type: 'string' },
    { name: 'a', type: 'string', path: ['a'] },
    { name: 'b', type: 'long', path: ['b'] },
  ]
  const of = (idOf: Definition['idOf'], fields: string) =>
    rowOf(columns, fields, { id: 'id', ...(idOf ? { idOf } : {}) }).id

  test('is a hash of columns, whatever else differs', () => {
    const id = of(['a', 'b'], '"a":"x","b":1,"c":1')
    expect(id).toMatch(/^[0-9a-f]{40}$/)
    expect(of(['a', 'b'], '"c":2,"b":1,"a":"x"')).toBe(id)
    expect(of(['a', 'b'], '"a":"x","b":2')).not.toBe(id)
    // Not equal, although their concatenations are.
    expect(of(['a', 'b'], '"a":"x1"')).not.toBe(of(['a', 'b'], '"a":"x","b":1'))
  })

  test('is a hash of the record', () => {
    expect(of('record', '"c":1')).not.toBe(of('record', '"c":2'))
    expect(of('record', '"c":1')).toBe(of('record', '"c":1'))
  })

  test('is refused when nothing it is made of is there', () => {
    expect(prepare(columns, '{"at":1}', { id: 'id', idOf: ['a', 'b'] })).toEqual({
      kind: 'rejected',
      reason: 'none of the fields that its id is made of is there: a, b',
    })
  })
})

test('the way of a record tells of it', () => {
  const definition = {
    name: 'mine',
    doc: 'Mine.',
    file: 'mine/logtype.yaml',
    recognise: { fields: [], values: [], key: [], logGroups: [] },
    columns: [
      { name: 'at', type: 'timestamptz', from: 'log_timestamp', doc: 'At.', line: 1 },
      { name: 'loggroup', type: 'string', from: 'log_group', doc: 'It.', line: 1 },
    ],
    id: 'loggroup',
    time: 'at',
    sort: ['at'],
    sensitive: [],
  } satisfies Definition
  const cloudwatch = { logGroup: '/app', logStream: 's', timestamp: 1767824203123 }
  expect(preparer(definition)('{}', { uri: '/x', writtenMs: 0, cloudwatch })).toEqual({
    kind: 'row',
    row: { at: '2026-01-07T22:16:43.123Z', loggroup: '/app' },
  })
  expect(preparer(definition)('{}', { uri: '/x', writtenMs: 0 })).toHaveProperty('kind', 'rejected')
})

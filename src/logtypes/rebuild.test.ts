import { describe, expect, test } from 'vitest'
import type { Shape } from '../json/shape.ts'
import type { JsonObject } from '../json/values.ts'
import type { Column } from './contract.ts'
import { meaningOf, rebuild } from './rebuild.ts'
import { shapeOf } from './shape.ts'

const column = (path: string, type: Column['type']): Column => ({
  name: path.toLowerCase().replaceAll('.', '_'),
  type,
  path,
  doc: '',
})
const columns = [
  column('eventID', 'string'),
  column('eventTime', 'timestamptz'),
  column('readOnly', 'boolean'),
  column('count', 'long'),
  column('who.name', 'string'),
  column('who.session.mfa', 'string'),
  column('who.session.attributes', 'json'),
  column('parameters', 'json'),
  { name: 'derived', type: 'string', doc: '' } as const,
]

describe('rebuild', () => {
  test('puts columns back to their paths', () => {
    const row = {
      eventid: 'a',
      eventtime: '2026-01-07T22:16:43Z',
      readonly: false,
      count: 7n,
      who_name: '',
      who_session_mfa: null,
      who_session_attributes: '{"b":[null]}',
      parameters: '"text"',
      derived: 'not delivered',
      lake_object: 'nor this',
      unmapped: null,
    }
    expect(rebuild(row, { columns })).toEqual({
      eventID: 'a',
      eventTime: '2026-01-07T22:16:43Z',
      readOnly: false,
      count: 7,
      who: { name: '', session: { attributes: { b: [null] } } },
      parameters: 'text',
    })
  })

  test.each([
    [1767824203000000n, '2026-01-07T22:16:43Z'],
    [1767824203500000n, '2026-01-07T22:16:43.5Z'],
    [1767824203000001n, '2026-01-07T22:16:43.000001Z'],
    [0n, '1970-01-01T00:00:00Z'],
    [-1n, '1969-12-31T23:59:59.999999Z'],
    [-62135596800000000n, '0001-01-01T00:00:00Z'],
  ])('%s microseconds are %s', (micros, text) => {
    expect(rebuild({ eventtime: micros }, { columns })).toEqual({ eventTime: text })
  })

  test('lays unmapped over the columns, deeply', () => {
    const row = {
      eventid: 'a',
      who_name: '7',
      who_session_mfa: 'true',
      unmapped: '{"eventID":"a ","who":{"name":7,"session":{"new":{"x":1}}},"other":{}}',
    }
    expect(rebuild(row, { columns })).toEqual({
      eventID: 'a ',
      who: { name: 7, session: { mfa: 'true', new: { x: 1 } } },
      other: {},
    })
    expect(rebuild({ who_name: 'x', unmapped: '{"who":"text"}' }, { columns })).toEqual({ who: 'text' })
    expect(rebuild({ eventid: '{}', unmapped: '{"eventID":{}}' }, { columns })).toEqual({ eventID: {} })
  })

  test('knows no prototype', () => {
    const row = {
      unmapped: '{"__proto__":{"polluted":1},"toString":null,"who":{"__proto__":2}}',
      who_name: 'x',
    }
    const record = rebuild(row, { columns })
    expect(Object.keys(record).sort()).toEqual(['__proto__', 'toString', 'who'])
    expect(Object.getOwnPropertyDescriptor(record.who, '__proto__')?.value).toBe(2)
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })

  test('reads JSON the way it is told', () => {
    const parse = (text: string) => ({ text })
    expect(rebuild({ parameters: '{"a":9007199254740993}' }, { columns }, parse)).toEqual({
      parameters: { text: '{"a":9007199254740993}' },
    })
  })
})

describe('the shape that columns span', () => {
  test('has every path, by its kind', () => {
    expect(shapeOf(columns, { eventID: 'id' })).toEqual({
      eventID: 'id',
      eventTime: 'time',
      readOnly: 'boolean',
      count: 'long',
      who: { name: 'string', session: { mfa: 'string', attributes: 'json' } },
      parameters: 'json',
    })
  })

  test('has no field that is both a value and an object', () => {
    expect(() => shapeOf([column('a', 'string'), column('a.b', 'string')])).toThrow('a.b')
  })
})

describe('what a record says', () => {
  const shape: Shape = { a: 'string', o: { b: 'string', p: { c: 'json' } } }
  test.each<[JsonObject, JsonObject]>([
    [{ a: null, o: null }, {}],
    [{ o: {} }, {}],
    [{ o: { b: null, p: {} } }, {}],
    [{ o: { p: { c: {} } } }, { o: { p: { c: {} } } }],
    [
      { a: '', x: null, o: { y: {} } },
      { a: '', x: null, o: { y: {} } },
    ],
    [{ o: 'text' }, { o: 'text' }],
    [{ o: [] }, { o: [] }],
  ])('%j', (record, meaning) => expect(meaningOf(record, shape)).toEqual(meaning))
})

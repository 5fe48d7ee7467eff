import { describe, expect, test } from 'vitest'
import type { Damage, Delivery } from '../../envelopes/contract.ts'
import { joinArray } from '../../json/bytes.ts'
import type { JsonObject } from '../../json/values.ts'
import { fieldsOf } from '../../json/words.ts'
import type { LogType } from '../../logtypes/contract.ts'
import { readRecords, sourceOf } from './records.ts'

const type = {
  name: 'probe',
  timeField: 't',
  shape: {
    v: 'string',
    t: 'time',
    b: 'boolean',
    n: 'number',
    l: 'long',
    i: 'id',
    j: 'json',
    o: { s: 'string', p: { t: 'time' } },
  },
  judge: (record: JsonObject) => (record.v === 'bad' ? 'it is bad' : undefined),
} as unknown as LogType
const typeOf = ({ record }: Delivery) => (record && 'v' in record ? type : undefined)
const context = { uri: '/logs/object', writtenMs: 0 }
function read(array: string | Uint8Array, damage?: Damage) {
  const found = readRecords(sourceOf(Buffer.from(array)), { context, typeOf, damage })
  return { ...found, records: joinArray(found.kept.flatMap((one) => ('bytes' in one ? [one.bytes] : []))) }
}

/** The members of one record that reach DuckDB. */
function kept(members: string): JsonObject {
  const { records, rejected } = read(`[{"v":"x"${members && `,${members}`}}]`)
  expect(rejected).toEqual([])
  const [record] = JSON.parse(Buffer.from(records).toString()) as JsonObject[]
  const { v, lake_unmapped, ...rest } = record as JsonObject
  expect(v).toBe('x')
  // A text, since DuckDB's JSON reader would round its numbers.
  return lake_unmapped === undefined ? rest : { ...rest, lake_unmapped: JSON.parse(String(lake_unmapped)) }
}

describe('a record stays as it was delivered', () => {
  test.each([
    '',
    '"t":"2026-01-07T22:16:43Z"',
    '"t":"2026-01-07T22:16:43.25Z"',
    '"t":null,"o":null',
    '"o":{"s":"x","p":{}}',
    '"j":{"any":[1,{"lake_unmapped":2}]}',
    '"l":-12',
    '"n":1.5e300',
    '"n":0.30000000000000004',
    '"j":[12345678901234567890123,1e400,0.1,-0]',
    '"i":"two words"',
  ])('%s', (members) => {
    const array = `[ {"v":"x"${members && `, ${members}`} } ]`
    const { records } = read(array)
    expect(Buffer.from(records).toString()).toBe(`[${array.slice(2, -2)}]`)
  })
})

describe('leftovers go to lake_unmapped as they were delivered', () => {
  test.each<[string, JsonObject]>([
    ['"x":1', { x: 1, lake_unmapped: { x: 1 } }],
    ['"x":null', { x: null, lake_unmapped: { x: null } }],
    ['"":{"y":[]}', { '': { y: [] }, lake_unmapped: { '': { y: [] } } }],
    ['"o":{"x":{},"s":"y"}', { o: { x: {}, s: 'y' }, lake_unmapped: { o: { x: {} } } }],
    [
      '"o":{"p":{"t":"20131102T010628Z"}}',
      { o: { p: { t: '2013-11-02T01:06:28Z' } }, lake_unmapped: { o: { p: { t: '20131102T010628Z' } } } },
    ],
    ['"o":"text"', { o: null, lake_unmapped: { o: 'text' } }],
    ['"o":{"p":[1]}', { o: { p: null }, lake_unmapped: { o: { p: [1] } } }],
    ['"t":"tomorrow"', { t: null, lake_unmapped: { t: 'tomorrow' } }],
    ['"t":17', { t: null, lake_unmapped: { t: 17 } }],
    ['"i":" a "', { i: 'a', lake_unmapped: { i: ' a ' } }],
    ['"i":""', { i: null, lake_unmapped: { i: '' } }],
    ['"i":7', { i: 7, lake_unmapped: { i: 7 } }],
    ['"b":"true"', { b: 'true', lake_unmapped: { b: 'true' } }],
    ['"n":"1"', { n: '1', lake_unmapped: { n: '1' } }],
    ['"l":1.5', { l: 1.5, lake_unmapped: { l: 1.5 } }],
    ['"T":"other case"', { T: 'other case', lake_unmapped: { T: 'other case' } }],
  ])('%s', (members, seen) => expect(kept(members)).toEqual(seen))

  test('a record that brings a lake_unmapped of its own does not pass for our word', () => {
    expect(kept('"lake_unmapped":{"v":"forged"}')).toEqual({
      '': { v: 'forged' },
      lake_unmapped: { lake_unmapped: { v: 'forged' } },
    })
    expect(kept('"lake\\u005funmapped":1')).toEqual({ '': 1, lake_unmapped: { lake_unmapped: 1 } })
  })

  test('numbers keep all their digits', () => {
    const { records } = read('[{"v":"x","n":"q","big":12345678901234567890123}]')
    expect(Buffer.from(records).toString()).toContain('\\"big\\":12345678901234567890123}"}]')
  })

  test.each([
    ['"n":1.00000000000000000001', 'n', '1.00000000000000000001'],
    ['"n":1e-400', 'n', '1e-400'],
    ['"n":12345678901234567890123', 'n', '12345678901234567890123'],
    ['"j":{ "a" : 0.1000000000000000055511151231257827 }', 'j', '{"a":0.1000000000000000055511151231257827}'],
    ['"j":[1E-400]', 'j', '[1E-400]'],
    ['"j":100000000000000000000.5', 'j', '100000000000000000000.5'],
  ])('a number of which the column holds less: %s', (members, field, text) => {
    const { records } = read(`[{"v":"x",${members}}]`)
    const [record] = JSON.parse(Buffer.from(records).toString()) as [{ lake_unmapped: string }]
    expect(record.lake_unmapped).toBe(`{"${field}":${text}}`)
  })
})

describe('what is no record is rejected, and the others stay', () => {
  test('each for its reason, with its place and bytes', () => {
    const array =
      '[{"v":"x"}, 1,null,"t",[],{"v":"bad"},{"w":1,"\\u001b[2J":2},{},{"v":"x","v":1},{"v":nul},{"v":"y"}]'
    const { read: count, rejected, kept: stored, skipped } = read(array)
    expect(count).toBe(11)
    expect([...skipped]).toEqual([['no records in it', 1]])
    expect(stored.map(({ position, offset }) => [position, offset])).toEqual([
      [0, 1],
      [10, array.length - 10],
    ])
    expect(rejected.map(({ position, code, reason }) => [position, code, reason])).toEqual([
      [1, 'not-an-object', 'a record must be an object, this is a number'],
      [2, 'not-an-object', 'a record must be an object, this is null'],
      [3, 'not-an-object', 'a record must be an object, this is a string'],
      [5, 'invalid-record', 'it is bad'],
      [6, 'unknown-log-type', 'no log type knows a record with the fields w and 1 more'],
      [7, 'unknown-log-type', 'no log type knows a record with no field'],
      [8, 'repeated-field', 'the field v appears twice'],
      [9, 'malformed-json', 'the JSON is malformed'],
    ])
    for (const { offset, bytes } of rejected) {
      expect(array.slice(offset, offset + bytes.length)).toBe(Buffer.from(bytes).toString())
    }
  })

  test.each([
    ['"o":{"s":"a","s":"b"}', 'o: the field s appears twice'],
    ['"x":1,"x":2', 'the field x appears twice'],
    ['"v":null', 'the field v appears twice'],
    ['"\\u0076":1', 'the field v appears twice'],
    ['"<b>":1,"<b>":1', 'the field with no plain name appears twice'],
  ])('a field that is there twice: %s', (members, reason) => {
    expect(read(`[{"v":"x",${members}}]`).rejected[0]).toMatchObject({ code: 'repeated-field', reason })
  })

  test.each([
    ['"a\u0001"', 'the JSON holds a control character that is not escaped'],
    ['"\\x"', 'the JSON holds a bad escape'],
    ['"bad escape, control character",nul', 'the JSON is malformed'],
    ['"\\u12"', 'the JSON holds a bad escape'],
    ['\u001b31m', 'the JSON is malformed'],
  ])('malformed, in words of ours: %s', (value, reason) => {
    expect(read(`[{"v":${value}}]`).rejected.map((rejected) => rejected.reason)).toEqual([reason])
  })

  test('an array in the place of a record gives its records', () => {
    const array = '[[{"v":"x"},[{"v":"y"}, 7]],{"v":"z"},[[[[[{"v":"deep"}]]]]],[{"v":"w"}]]'
    const { rejected, kept: stored } = read(array)
    expect(stored.map(({ position, offset }) => [position, offset])).toEqual(
      [...array.matchAll(/\{"v":"\w"\}/g)].map(({ index }, place) => [[0, 1, 3, 5][place], index]),
    )
    expect(rejected).toMatchObject([
      { position: 2, reason: 'a record must be an object, this is a number' },
      { position: 4, reason: 'a record must be an object, this is an array' },
    ])
  })

  test('an array in an array that breaks off gives the records before', () => {
    const { rejected, kept: stored } = read('[[{"v":"x"},{"v":"y"}],[{"v":"z"},{"v":')
    expect(stored).toHaveLength(3)
    expect(rejected).toHaveLength(1)
  })

  test('an array in an array whose text is no UTF-8 loses that one', () => {
    const array = Buffer.from('[[{"v":"x"},{"v":"?"},{"v":"y"}]]')
    array[array.indexOf('?')] = 0xff
    const { rejected, kept: stored } = read(array)
    expect(stored).toHaveLength(2)
    expect(rejected).toMatchObject([{ position: 1, reason: 'the bytes are not UTF-8' }])
  })

  test('bytes that are not UTF-8', () => {
    const array = Buffer.concat([Buffer.from('[{"v":"'), Buffer.from([0xff]), Buffer.from('"},{"v":"x"}]')])
    const { rejected, kept: stored } = read(array)
    expect(rejected).toMatchObject([{ position: 0, reason: 'the bytes are not UTF-8' }])
    expect(stored).toHaveLength(1)
  })
})

describe('an array that breaks off', () => {
  test.each([
    ['[{"v":"x"},{"v":', 1, 11],
    ['[{"v":"x"},', 1, 11],
    ['[{"v":"x"}', 1, 10],
    ['[', 0, 1],
  ])('%s', (array, whole, from) => {
    const { read: count, rejected, kept: stored } = read(array)
    expect([stored.length, count]).toEqual([whole, whole + 1])
    const reason = `the JSON is malformed: nothing can be read from byte ${from} on`
    const bytes = Uint8Array.from(Buffer.from(array.slice(from)))
    expect(rejected.map((one) => ({ ...one, bytes: Uint8Array.from(one.bytes) }))).toMatchObject([
      {
        position: whole,
        offset: from,
        code: 'malformed-json',
        reason,
        bytes,
        size: bytes.length,
        records: 1,
      },
    ])
  })

  test('because of damage that is known', () => {
    const { rejected } = read('[{"v":', { code: 'damaged-gzip', reason: 'it was cut' })
    expect(rejected).toMatchObject([
      { code: 'damaged-gzip', reason: 'it was cut: nothing can be read from byte 1 on' },
    ])
  })
})

test('arrays are joined', () => {
  const part = (text: string) => Buffer.from(text)
  expect(joinArray([]).toString()).toBe('[]')
  expect(joinArray([part('1'), part('{}')]).toString()).toBe('[1,{}]')
  expect(joinArray([part('1')], part('{"a')).toString()).toBe('[1,{"a')
  expect(joinArray([], part('{"a')).toString()).toBe('[{"a')
})

test('fields are named only where their names are plain', () => {
  expect(fieldsOf({})).toBe('no field')
  expect(fieldsOf({ a: 1, '@b': 2 })).toBe('the fields a, @b')
  expect(fieldsOf({ '\u001b[2J': 1 })).toBe('a field without a plain name')
  expect(fieldsOf({ a: 1 })).toBe('the field a')
  const many = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`f${index}`, 0]))
  expect(fieldsOf(many)).toBe('the fields f0, f1, f2, f3, f4, f5 and 3 more')
})

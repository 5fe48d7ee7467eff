import { expect, test } from 'vitest'
import { readContainer, writeContainer } from './avro.ts'

const schema = {
  type: 'record',
  name: 'entry',
  fields: [
    { name: 'n', type: 'long', 'field-id': 7 },
    { name: 'text', type: ['null', 'string'], default: null, 'field-id': 8 },
    {
      name: 'sizes',
      'field-id': 9,
      type: {
        type: 'array',
        logicalType: 'map',
        items: {
          type: 'record',
          name: 'k1_v2',
          fields: [
            { name: 'key', type: 'int', 'field-id': 1 },
            { name: 'value', type: 'bytes', 'field-id': 2 },
          ],
        },
      },
    },
    { name: 'list', type: { type: 'array', items: 'long', 'element-id': 11 }, 'field-id': 10 },
  ],
}

function record(n: number, text: string | null = null): unknown {
  return { n, text, sizes: [{ key: n % 100, value: Buffer.from([n % 256]) }], list: [n, -n] }
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

test.each(['deflate', 'null'] as const)('records and header come back, codec %s', (codec) => {
  const records = [record(0), record(2 ** 52, 'größer 😀'), record(-5, '')]
  const bytes = writeContainer(schema, { 'format-version': '2', content: 'däta' }, records, { codec })
  const read = readContainer(bytes)
  expect(read.schema).toEqual(schema)
  expect(read.metadata).toEqual({ 'format-version': '2', content: 'däta' })
  expect(plain([...read.records])).toEqual(plain(records))
})

test('the header keeps the attributes that Iceberg adds to Avro', () => {
  const text = Buffer.from(writeContainer(schema, {}, [])).toString('latin1')
  expect(text.slice(0, 4)).toBe('Obj\u0001')
  expect(text).toContain('"field-id":9')
  expect(text).toContain('"logicalType":"map"')
  expect(text).toContain('"element-id":11')
})

test('no records, records of many blocks, and one record larger than a block', () => {
  expect([...readContainer(writeContainer(schema, {}, [])).records]).toEqual([])
  const many = Array.from({ length: 60_000 }, (_, n) => record(n, `row ${n}`))
  const large = record(1, 'x'.repeat(3_000_000))
  const read = [...readContainer(writeContainer(schema, {}, [...many, large, record(2)])).records]
  expect(read.length).toBe(60_002)
  expect(plain(read[59_999])).toEqual(plain(many[59_999]))
  expect(plain(read[60_000])).toEqual(plain(large))
})

test('the same values give the same bytes', () => {
  const records = [record(1), record(2)]
  expect(writeContainer(schema, { a: 'b' }, records)).toEqual(writeContainer(schema, { a: 'b' }, records))
})

test('a file that ends early is an error wherever it ends, but for the end of its header', () => {
  const bytes = writeContainer(schema, {}, [record(1, 'a'), record(2, 'b')])
  const headerEnd = writeContainer(schema, {}, []).length
  for (let length = 0; length < bytes.length; length++) {
    if (length === headerEnd) continue
    expect(() => [...readContainer(bytes.subarray(0, length)).records], `${length} bytes`).toThrow(Error)
  }
})

test('a changed byte in the data is never a changed record without notice', () => {
  const bytes = writeContainer(schema, {}, [record(1, 'some text'), record(2)], { codec: 'null' })
  const headerEnd = writeContainer(schema, {}, [], { codec: 'null' }).length
  const changed = Uint8Array.from(bytes)
  changed[changed.length - 1] = (changed[changed.length - 1] ?? 0) ^ 1
  expect(() => [...readContainer(changed).records]).toThrow('no sync marker')
  const shorter = Uint8Array.from(bytes)
  // One record fewer than the block's bytes hold.
  shorter[headerEnd] = 2
  expect(() => [...readContainer(shorter).records]).toThrow('more than its records')
})

test('what is not Avro, or of an unknown codec, is named', () => {
  expect(() => readContainer(Buffer.from('PAR1 and so on'))).toThrow('not an Avro container file')
  const text = Buffer.from(writeContainer(schema, {}, [], { codec: 'null' })).toString('latin1')
  const zstd = text.replace('avro.codec\u0008null', 'avro.codec\u0008zstd')
  expect(zstd).not.toBe(text)
  expect(() => readContainer(Buffer.from(zstd, 'latin1'))).toThrow('codec "zstd" is not supported')
})

test('a number beyond 2^53 is an error, not another number', () => {
  // 2^60 as a long takes these nine bytes; a `fixed` of nine bytes stores them unchanged.
  const bytes = writeContainer({ type: 'fixed', name: 'f', size: 9 }, {}, [
    Buffer.from([128, 128, 128, 128, 128, 128, 128, 128, 32]),
  ])
  expect(() => [...readContainer(bytes, () => 'long').records]).toThrow('a number beyond 2^53')
})

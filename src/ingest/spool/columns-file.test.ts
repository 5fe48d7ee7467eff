import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Columns, clear, emptyColumns } from '../../json/columns.ts'
import { compileShape } from '../../json/compile.ts'
import { fitsColumns } from '../../json/fit.ts'
import type { Shape } from '../../json/shape.ts'
import { type Engine, openEngine } from '../../lib/duckdb.ts'
import { identifier } from '../../lib/sql.ts'
import type { LogType } from '../../logtypes/contract.ts'
import { recordsOf } from '../stage/rows.ts'
import { columnsFile } from './columns-file.ts'

const shape: Shape = {
  t: 'time',
  s: 'string',
  eventually: 'string',
  b: 'boolean',
  n: 'number',
  l: 'long',
  j: 'json',
  i: 'id',
  o: { s: 'string', deep: { t: 'time', j: 'json', other: 'string' } },
}
const compiled = compileShape({ shape, required: ['t'], timeField: 't', groupBy: ['s', 'o.s'] })
const type = { shape } as LogType
const T = '"t":"2026-01-07T22:16:43Z"'

let engine: Engine
let columns: Columns
const folder = mkdtempSync(join(tmpdir(), 'columns-file-'))
beforeAll(async () => {
  engine = await openEngine({ threads: 1 })
})
beforeEach(() => {
  columns = emptyColumns(compiled.leaves)
})
afterAll(() => {
  engine.close()
  rmSync(folder, { recursive: true })
})

const put = (text: string | Buffer) => fitsColumns(Buffer.from(text), compiled, columns)

function write(rows = Int32Array.from({ length: columns.rows }, (_, row) => row)): string {
  // A new name each time, because DuckDB caches a file's metadata by its name and time.
  const file = join(folder, `${randomUUID()}.parquet`)
  const serialOf = Int32Array.from({ length: columns.rows }, (_, row) => row)
  writeFileSync(file, Buffer.concat(columnsFile({ columns, rows, serialOf }).pieces))
  return file
}

/** The records as DuckDB reads them; undefined when DuckDB refuses the file. */
async function read(file: string, format: 'json' | 'columns'): Promise<object[] | undefined> {
  const records = recordsOf(type, [{ file, format, longest: 1 << 20 }])
  // For a missing object one way gives null, the other a STRUCT of nulls; no column of the table differs.
  const fields = compiled.leaves.map(
    ({ path }) => `${path.map(identifier).join('.')} as ${identifier(path.join('.'))}`,
  )
  const statement = `select lake_object, lake_unmapped, ${fields} from (${records}) order by lake_object`
  try {
    return (await engine.objects(statement)).map((row) => JSON.parse(JSON.stringify(row, plain)) as object)
  } catch (thrown) {
    if (/^Invalid Input Error/.test((thrown as Error).message)) return undefined
    throw thrown
  }
}

const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value)

async function readAsJson(records: readonly (string | Buffer)[]): Promise<object[] | undefined> {
  const file = join(folder, `${randomUUID()}.json`)
  const parts = records.flatMap((record, serial) => [
    Buffer.from(`${serial === 0 ? '[' : ','}{"lake_object":${serial},`),
    Buffer.from(record).subarray(1),
  ])
  writeFileSync(file, Buffer.concat([...parts, Buffer.from(']')]))
  return await read(file, 'json')
}

describe('columns and JSON give DuckDB the same', () => {
  const random = generator(7)
  const pick = <X>(from: readonly X[]): X => from[Math.floor(random() * from.length)] as X
  const texts = [
    '""',
    '"x"',
    '"a text of some length"',
    '"a text of some other length"',
    '"q\\"\\\\\\n\\t\\/"',
  ]
  texts.push(
    '"é😀"',
    '"\\u00e9\\ud83d\\ude00"',
    '"}]{[,:"',
    '"null"',
    '"1234567"',
    '"12345678"',
    '"123456789"',
  )
  const json = ['{}', '[]', '"text"', '1', '-0.5', '1e400', '12345678901234567890', 'true', 'false', 'null']
  json.push('{ "a" : [ 1.50 , 2 ] }', '{"a":"\\u003c\\/"}', '{"a":{"b":[{"c":null}]},"a":2}', '[1.0,1E5,-0]')
  const times = [
    '1969-12-31T23:59:59Z',
    '2024-02-29T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '0001-01-01T00:00:00Z',
  ]
  const values: Record<string, readonly string[]> = {
    string: texts,
    json,
    time: times.map((time) => `"${time}"`),
    boolean: ['true', 'false'],
    number: ['0', '-1', '1.5', '0.1', '12.50', '1e3', '-0', '123456789012345678'],
    long: ['0', '7', '-123456789012345678', '-0'],
    id: ['"a"', '"a-b"', '"two words"'],
  }

  function record(node: Shape, required = ''): string {
    const fields = Object.entries(node).flatMap(([field, kind]) => {
      if (random() < 0.3) return []
      if (random() < 0.05) return [`"${field}":null`]
      const value = typeof kind === 'object' ? record(kind) : pick(values[kind] as readonly string[])
      return [random() < 0.1 ? ` "${field}" : ${value} ` : `"${field}":${value}`]
    })
    const all = required ? [required, ...fields.filter((field) => !field.includes('"t"'))] : fields
    return `{${(random() < 0.2 ? all.reverse() : all).join(',')}}`
  }

  test('for records of any kind', async () => {
    const taken: string[] = []
    for (let round = 0; round < 3000; round++) {
      const text = record(shape, T)
      if (put(`[${text}]`)) taken.push(text)
    }
    expect(taken.length).toBeGreaterThan(1000)
    const rows = await readAsJson(taken)
    expect(await read(write(), 'columns')).toEqual(rows)
    // Only some rows, so that the values of the others have to be omitted.
    const some = Int32Array.from({ length: 100 }, (_, row) => row * 7)
    expect(await read(write(some), 'columns')).toEqual(Array.from(some, (row) => rows?.[row]))
  })

  test('for records that are damaged', async () => {
    const marks = [
      ...'{}[]",:\\ntf10-e \n',
      '\u0000',
      '\u0001',
      'é',
      '\\u',
      '\\ud83d',
      'null',
      '}]',
      ',"s":"x"',
    ]
    let taken = 0
    let refused = 0
    for (let round = 0; round < 6000 && taken < 400; round++) {
      let bytes = Buffer.from(record(shape, T))
      const at = 1 + Math.floor(random() * (bytes.length - 2))
      const mark =
        random() < 0.1 ? Buffer.from([0x80 + Math.floor(random() * 128)]) : Buffer.from(pick(marks))
      bytes = Buffer.concat([bytes.subarray(0, at), mark, bytes.subarray(at + Math.floor(random() * 3))])
      clear(columns)
      if (!put(Buffer.concat([Buffer.from('['), bytes, Buffer.from(']')]))) continue
      taken++
      const rows = await readAsJson([bytes])
      if (!rows) refused++
      expect(await read(write(), 'columns'), bytes.toString()).toEqual(rows)
    }
    expect(taken).toBeGreaterThan(50)
    expect(refused).toBeGreaterThan(0)
  })
})

describe('what the columns do not take', () => {
  test.each([
    ['a field twice', `{${T},"s":"x","s":"y"}`],
    ['a field twice, once null', `{${T},"s":null,"s":"y"}`],
    ['an object twice', `{${T},"o":{"s":"x"},"o":{"deep":{}}}`],
    ['half a character', `{${T},"s":"\\ud83d"}`],
    ['NUL', `{${T},"s":"\\u0000"}`],
    ['an escape that is none', `{${T},"s":"\\x"}`],
    ['a control character', `{${T},"s":"a\u0001b"}`],
    ['a literal misspelt', `{${T},"b":trux}`],
    ['null misspelt', `{${T},"s":nuxl}`],
    ['a number with digits that a double has not', `{${T},"n":12345678901234567890}`],
    ['a year of three digits', `{"t":"0999-01-07T22:16:43Z"}`],
  ])('%s', (_, text) => expect(put(`[${text}]`)).toBeUndefined())

  test('leaves them as they were', async () => {
    put(`[{${T},"s":"first"}]`)
    expect(put(`[{${T},"s":"second","j":{"a":1}},{${T},"s":"\\x"}]`)).toBeUndefined()
    put(`[{${T},"eventually":"third"}]`)
    expect(columns.rows).toBe(2)
    const expected = await readAsJson([`{${T},"s":"first"}`, `{${T},"eventually":"third"}`])
    expect(await read(write(), 'columns')).toEqual(expected)
    expect(await parquetReadObjects({ file: await asyncBufferFromFile(write()) })).not.toContain('second')
  })

  test('is more than memory is meant for', () => {
    const many = `[${Array.from({ length: 200_000 }, () => `{${T}}`).join(',')}]`
    expect(put(many)).toBeUndefined()
    expect(columns.rows).toBe(0)
    const large = `[{${T},"s":"${'x'.repeat(17 << 20)}"}]`
    expect(put(large)).toBeUndefined()
  })
})

test('another reader of Parquet finds every value, of more rows than there was room for at first', async () => {
  const records = Array.from({ length: 40_000 }, (_, row) => ({
    t: new Date(row * 1_000_000).toISOString().replace('.000Z', 'Z'),
    ...(row % 3 === 0 ? { s: `text ${row}` } : {}),
    o: { s: `of ${row % 5}`, deep: { j: { row: row % 11 } } },
  }))
  expect(put(JSON.stringify(records))).toMatchObject({ records: 40_000 })
  const found = (await parquetReadObjects({
    file: await asyncBufferFromFile(write()),
  })) as Record<string, unknown>[]
  const expected = records.map(({ t, s, o }: (typeof records)[number] & { s?: string }, row) => ({
    t,
    s: s ?? null,
    'o.s': o.s,
    'o.deep.j': JSON.stringify(o.deep.j),
    lake_object: row,
  }))
  const told = found.map((row) => ({
    t: (row.t as Date).toISOString().replace('.000Z', 'Z'),
    s: row.s ?? null,
    'o.s': row['o.s'],
    'o.deep.j': row['o.deep.j'],
    lake_object: row.lake_object,
  }))
  expect(told).toEqual(expected)
})

/** mulberry32: the same sequence every time. */
function generator(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

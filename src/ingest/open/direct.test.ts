import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { documents } from '../../json/bytes.ts'
import type { JsonObject, JsonValue } from '../../json/values.ts'
import { type Engine, openEngine } from '../../lib/duckdb.ts'
import type { PreparedType } from '../../logtypes/contract.ts'
import { logTypes } from '../../logtypes/index.ts'
import { columnsWithoutValues, rowsOf } from '../stage/rows.ts'
import { openGroup } from './open.ts'

let engine: Engine
const folder = mkdtempSync(join(tmpdir(), 'plain-'))
beforeAll(async () => {
  engine = await openEngine({ threads: 1 })
})
afterAll(() => {
  engine.close()
  rmSync(folder, { recursive: true })
})

const types = logTypes.filter(
  (type): type is PreparedType => type.kind === 'prepared' && type.direct !== undefined,
)

/** Replacements for a value: of its kind, of another kind, or written differently. */
const ODD = [
  '""',
  '"x"',
  '"q\\"\\\\\\n\\t\\/\\u0041"',
  '"é😀"',
  '"\\ud83d\\ude00"',
  '"IN_SERVICE"',
  '"2026-01-07T22:16:43Z"',
  '"2026-01-07T22:16:43.120Z"',
  '"{\\"a\\":1}"',
  '"{\\"a\\": 1}"',
  '"{}"',
  '0',
  '-0',
  '7',
  '7.0',
  '-1.5e-3',
  '1e400',
  '1767824203123',
  '176782420312',
  '1767824203',
  '12345678901234567890',
  'true',
  'null',
  '{}',
  '[]',
  '{"a":"b","1":2}',
  '{"a":"b","a":"c"}',
  '{"EndpointName":7,"ModelId":"m"}',
  '["x",7,null]',
  '[ "x" ]',
  '[{"modelId":"m","ModelName":"n","InstanceType":7,"DataSource":{"S3DataSource":{"S3Uri":"s3://b/k"}}}]',
]

/** The value as JSON text with one thing changed, in every possible way. */
function* variants(value: JsonValue): Generator<string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return
  const members = Object.entries(value).map(([key, inner]) => [key, JSON.stringify(inner)] as const)
  const text = (some: readonly (readonly [string, string])[]) =>
    `{${some.map(([key, inner]) => `${JSON.stringify(key)}:${inner}`).join(',')}}`
  yield text([...members, ['another', '{"a":[1,{"b":null}],"c":"d"}']])
  yield text([...members, [members[0]?.[0].toUpperCase() ?? 'X', '"shouted"']])
  for (const [index, [key, inner]] of members.entries()) {
    const others = members.filter((_, other) => other !== index)
    yield text(others)
    yield text([...members, [key, inner]])
    for (const odd of ODD) yield text([...others, [key, odd]])
    for (const changed of variants(value[key] as JsonValue))
      yield text(members.map((member, other) => (other === index ? [key, changed] : member)))
  }
}

/** The rows of each object, and which of them took the direct form. */
async function rowsBy(type: PreparedType, records: readonly string[], strictly: boolean) {
  const objects = records.map((record, serial) => ({
    serial,
    uri: `o${serial}`,
    writtenMs: 0,
    kind: 'bytes' as const,
    bytes: Buffer.from(record),
  }))
  const { objects: opened, spools } = openGroup({ objects, folder, maxBytes: 1 << 20, strictly })
  const own = spools.filter(({ logtype }) => logtype === type.name)
  const values = objects.map(({ serial, uri }) => `(${serial}, '${uri}')`).join(', ')
  await engine.run('create or replace temp table object (serial integer, uri varchar)')
  await engine.run(`insert into object values ${values}`)
  const columns = type.columns.map(({ name, type: kind }) =>
    kind === 'timestamptz' ? `epoch_us("${name}")::varchar as "${name}"` : `"${name}"`,
  )
  const statement = rowsOf(type, own, [], new Date(0))
  const found =
    own.length === 0
      ? []
      : await engine.objects(`select ${columns}, unmapped, lake_object from (${statement})`)
  const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? Number(value) : value)
  return {
    rows: new Map(
      found.map((row) => [String(row.lake_object), JSON.parse(JSON.stringify(row, plain)) as object]),
    ),
    directly: new Set(own.filter(({ format }) => format === 'direct').flatMap(({ serials }) => serials)),
    empty: columnsWithoutValues(type, own),
    outcomes: opened.map(({ rejected, spooled }) => [spooled, rejected.map(({ reason }) => reason)]),
  }
}

test.each(types.map((type) => [type.name, type] as const))(
  '%s: the plain form gives the rows that are prepared',
  async (_, type) => {
    const fixtures = new URL(`../../logtypes/${type.name}/fixtures/`, import.meta.url)
    const found: JsonObject[] = []
    for (const name of readdirSync(fixtures).filter(
      (name) => /^[^.]+\.jsonl?$/.test(name) && name !== 'outcomes.json',
    )) {
      const bytes = readFileSync(new URL(name, fixtures))
      for (const { start, end } of documents(bytes).spans) {
        try {
          const value = JSON.parse(bytes.subarray(start, end).toString()) as JsonObject
          if (type.recognise({ bytes, record: value, context: { uri: '', writtenMs: 0 } })) found.push(value)
        } catch {}
      }
    }
    expect(found.length).toBeGreaterThan(3)
    const plainOf = async (records: string[]) => (await rowsBy(type, records, false)).directly
    const texts = found.map((record) => JSON.stringify(record))
    const bases = [...(await plainOf(texts))].slice(0, 4)
    expect(bases.length).toBeGreaterThan(0)
    // A file omits only columns that are null in every row.
    const changed = bases.flatMap((base) => [...variants(found[base] as JsonObject)])
    for (const record of [...texts, ...changed.filter((_, index) => index % 29 === 0)]) {
      const { rows, directly, empty } = await rowsBy(type, [record], false)
      if (directly.size === 0) continue
      expect(empty.size).toBeGreaterThan(0)
      const row: { [column: string]: unknown } = { ...rows.get('o0') }
      expect({ record, filled: [...empty].filter((name) => row[name] !== null) }).toEqual({
        record,
        filled: [],
      })
    }
    const records = [...texts, ...changed]
    const [quick, slow] = [await rowsBy(type, records, false), await rowsBy(type, records, true)]
    expect(quick.directly.size).toBeGreaterThan(records.length / 10)
    for (const [index, record] of records.entries()) {
      const [mine, theirs] = [quick.rows.get(`o${index}`), slow.rows.get(`o${index}`)]
      if (quick.directly.has(index)) expect({ record, row: mine }).toEqual({ record, row: theirs })
    }
    expect(quick.outcomes).toEqual(slow.outcomes)
  },
  120_000,
)

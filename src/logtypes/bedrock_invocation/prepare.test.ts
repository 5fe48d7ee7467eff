import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { documents } from '../../json/bytes.ts'
import type { JsonObject, JsonValue } from '../../json/values.ts'
import type { OverflowBodies, Row } from '../contract.ts'
import { bedrockInvocation } from './index.ts'

const PATH = 's3://example-logs/data/7487ab04-734e-470b-8dfc-46d8d8506381_input.json.gz'
const HEAD =
  '"schemaType":"ModelInvocationLog","timestamp":"2026-01-07T22:20:01Z","modelId":"amazon.nova-lite-v1:0"'

function rowOf(json: string, overflowBodies: OverflowBodies = new Map()): Row {
  const delivery = deliveryOf(json)
  const prepared = bedrockInvocation.prepare(delivery, overflowBodies)
  if (prepared.kind !== 'row') throw new Error('it is no row')
  return prepared.row
}

function deliveryOf(json: string) {
  const context = { uri: 'object', writtenMs: 0 }
  return { bytes: Buffer.from(json), record: JSON.parse(json) as JsonObject, context }
}

describe('bodies', () => {
  const long = 'A prompt, {"with": ["brackets"]}, \\ and 漢字 and \u{1f600}. '.repeat(20_000)
  const body = `{ "n" : 12345678901234567890, "x":1.10,"messages":[{"role":"user","content":${JSON.stringify(long)}}]}`

  test('of more than a megabyte are kept byte for byte, in the record and beside it', () => {
    expect(body.length).toBeGreaterThan(1 << 20)
    const inline = rowOf(`{${HEAD},"input":{"inputBodyJson":${body}}}`)
    expect(String(inline.input_inputbodyjson) === body).toBe(true)
    expect(inline.prompt === long).toBe(true)
    const beside = `{${HEAD},"input":{"inputBodyS3Path":"${PATH}"}}`
    const fetched = rowOf(beside, new Map([[PATH, Buffer.from(body)]]))
    expect(fetched.input_body_state).toBe('fetched')
    expect(fetched.input_inputbodyjson === body).toBe(true)
    expect(fetched.prompt === long).toBe(true)
  })

  test.each([
    ['{"messages":[]}', 'fetched', '{"messages":[]}'],
    ['{"messages":[', 'fetched', '"{\\"messages\\":["'],
    ['\ufeff[1]', 'fetched', '[1]'],
    [Buffer.from([0x89, 0x50, 0xff]), 'binary', undefined],
    [undefined, 'missing', undefined],
  ])('beside the record: %j is %s', (bytes, state, text) => {
    const overflowBodies = new Map([[PATH, bytes === undefined ? undefined : Buffer.from(bytes)]])
    const row = rowOf(`{${HEAD},"input":{"inputBodyS3Path":"${PATH}"}}`, overflowBodies)
    expect([row.input_body_state, row.input_inputbodyjson]).toEqual([state, text])
  })

  test('are asked for where the record has none of its own and they are no media', () => {
    const paths = (json: string) => bedrockInvocation.overflowUris?.(deliveryOf(json))
    expect(paths(`{${HEAD},"input":{"inputBodyS3Path":"${PATH}"}}`)).toEqual([PATH])
    expect(paths(`{${HEAD},"input":{"inputBodyS3Path":"${PATH}","inputBodyJson":{}}}`)).toEqual([])
    expect(paths(`{${HEAD},"output":{"outputBodyS3Path":"s3://example-logs/data/a_output.png"}}`)).toEqual([])
    expect(paths(`{${HEAD},"output":[{"outputBodyS3Path":"${PATH}"}]}`)).toEqual([])
  })
})

describe('a record is told', () => {
  const tell = (record: JsonObject) => bedrockInvocation.recognise({ ...deliveryOf('{}'), record })
  const bare = { timestamp: 't', requestId: 'r', operation: 'Converse', modelId: 'm', input: {} }
  test.each([
    [true, { schemaType: 'ModelInvocationLog' }],
    [false, { ...bare, schemaType: 'AnotherLog' }],
    [true, bare],
    [false, { ...bare, modelId: 1 }],
    [false, { eventVersion: '1.11', eventTime: 't' }],
  ])('%s: %j', (is, record) => expect(tell(record)).toBe(is))
})

test('nothing in a record makes it fail: each of its values is put into every other kind', () => {
  const folder = new URL('./fixtures/', import.meta.url)
  const files = readdirSync(folder).filter((file) => /^(families|guardrails|streams)\.jsonl?$/.test(file))
  expect(files).toHaveLength(3)
  const counts = { rows: 0, rejected: 0 }
  for (const file of files) {
    for (const record of recordsOf(readFileSync(new URL(file, folder)))) {
      for (const [parent, key] of places(record)) {
        const value = parent[key] as JsonValue
        for (const odd of ODD) {
          parent[key] = odd
          const bytes = Buffer.from(JSON.stringify(record))
          const prepared = bedrockInvocation.prepare({ ...deliveryOf('{}'), bytes, record }, new Map())
          counts[prepared.kind === 'row' ? 'rows' : 'rejected']++
        }
        parent[key] = value
      }
    }
  }
  expect(counts.rows).toBeGreaterThan(5000)
  // The value is not a time.
  expect(counts.rejected).toBe(39 * ODD.length)
}, 60_000)

test.each(['outputText', 'generation', 'completion', 'choices'])(
  'half a million chunks of %s are put together',
  (field) => {
    const piece = field === 'choices' ? [{ delta: { content: 'x' } }] : 'x'
    const chunks = Array.from({ length: 500_000 }, () => ({ [field]: piece }))
    const { completion } = rowOf(`{${HEAD},"output":{"outputBodyJson":${JSON.stringify(chunks)}}}`)
    expect(completion === 'x'.repeat(500_000)).toBe(true)
  },
)

const ODD: JsonValue[] = [null, true, -1.5, '', 'text', [], [null], [[{}]], {}, { text: 1, type: 2 }]

function recordsOf(bytes: Buffer): JsonObject[] {
  return [...documents(bytes).spans].flatMap(({ start, end }) => {
    const value = JSON.parse(bytes.subarray(start, end).toString()) as JsonObject | JsonObject[]
    return Array.isArray(value) ? value : [value]
  })
}

/** Every place in a value that holds another value: its object or array, and the key. */
function places(value: JsonValue): [JsonObject, string][] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [[value as JsonObject, key], ...places(inner)]) as [
    JsonObject,
    string,
  ][]
}

import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { JsonObject, JsonValue } from '../../json/values.ts'
import type { Row } from '../contract.ts'
import { bedrockInvocation } from './index.ts'
import { prepare } from './prepare.ts'

/**
 * Real request and response bodies, which are not part of the project; where they exist,
 * ../shared/data/README.md describes them.
 */
const DATA = resolve('../shared/data/bedrock')
const isThere = existsSync(DATA)
if (!isThere) console.warn(`real bodies of models are not tried: there is no ${DATA}`)
const linesOf = (file: string) => (isThere ? readFileSync(`${DATA}/${file}`, 'utf8').trim().split('\n') : [])

describe.skipIf(!isThere)('real bodies', () => {
  const exchanges = linesOf('openllmetry-bedrock-http.jsonl').map(exchangeOf)

  test('86 of them', () => expect(exchanges).toHaveLength(86))

  test.each(exchanges.map((exchange) => [exchange.name, exchange] as const))('%s', (_, exchange) => {
    const row = rowOf(exchange)
    expect(row.input_body_state).toBe('inline')
    expect(row.prompt, 'what was asked').toMatch(/\w{3}/)
    expect(row.completion, 'the answer').toMatch(/\w{3}/)
    const answer = JSON.stringify(exchange.output)
    // Blocks are joined by line feeds; the body of a streamed answer has only pieces.
    const lines = `${row.prompt}\n${Array.isArray(exchange.output) ? '' : row.completion}`.split('\n')
    const bodies = JSON.stringify(exchange.input) + answer
    for (const line of lines) expect(bodies).toContain(JSON.stringify(line).slice(1, -1))
    const counted = /token_?counts?"|tokens"|"usage"/i.test(answer)
    const tells = { input: row.input_tokens, output: row.output_tokens }
    if (counted && !PARTLY.test(answer)) {
      expect(tells.input, 'tokens read').toBeGreaterThan(0)
      expect(tells.output, 'tokens written').toBeGreaterThan(0)
    }
    if (answer.includes('stop_reason') || /finish_?reason|stopReason|completionReason/i.test(answer)) {
      expect(row.stop_reason).toMatch(/^\w+$/)
    }
    if (answer.includes('guardrail')) expect(row.guardrail_action).toMatch(/^(INTERVENED|NONE)$/)
    if (/latencyMs|invocationLatency/.test(answer)) expect(row.latency_ms).toBeGreaterThan(0)
  })
})

test.skipIf(!isThere)('real records', () => {
  const rows = linesOf('cribl-bedrock-invocation.jsonl').map((line) => {
    const bytes = Buffer.from(line)
    const delivery = {
      bytes,
      record: JSON.parse(line) as JsonObject,
      context: { uri: 'object', writtenMs: 0 },
    }
    expect(bedrockInvocation.recognise(delivery)).toBe(true)
    const prepared = prepare(delivery, new Map())
    return prepared.kind === 'row' ? prepared.row : {}
  })
  const shown = [
    'model',
    'identity_session',
    'prompt',
    'stop_reason',
    'input_tokens',
    'output_tokens',
    'latency_ms',
  ]
  expect(rows.map((row) => shown.map((column) => row[column]))).toEqual([
    ['meta.llama3-8b-instruct-v1:0', 'test_user', 'Are you part of Facebook?', 'end_turn', 20, 81, 911],
    ['ai21.jamba-1-5-mini-v1:0', 'test_user', 'How many bytes in a GB?', 'end_turn', 17, 43, 863],
  ])
  for (const row of rows) expect(row.unmapped).toBeUndefined()
})

/** Bodies that count only the input, since a guardrail changed the answer. */
const PARTLY = /"usage":\{"inputTokens":\d+\}/

interface Exchange {
  name: string
  model: string
  input: JsonValue
  output: JsonValue
}

function exchangeOf(line: string): Exchange {
  const { cassette, model, request_body, response_body } = JSON.parse(line) as Record<string, string>
  const streamed = (response_body as unknown as { base64?: string }).base64
  return {
    name: `${cassette}`.replace(/\.yaml$/, ''),
    model: model ?? 'an imported model',
    input: JSON.parse(request_body as string) as JsonValue,
    output:
      streamed === undefined
        ? (JSON.parse(response_body as string) as JsonValue)
        : eventsOf(Buffer.from(streamed, 'base64')),
  }
}

function rowOf({ model, input, output }: Exchange): Row {
  const record: JsonObject = {
    schemaType: 'ModelInvocationLog',
    schemaVersion: '1.0',
    timestamp: '2026-01-07T22:20:01Z',
    requestId: '7487ab04-734e-470b-8dfc-46d8d8506381',
    operation: 'InvokeModel',
    modelId: model,
    input: { inputBodyJson: input },
    output: { outputBodyJson: output },
  }
  const bytes = Buffer.from(JSON.stringify(record))
  const prepared = prepare({ bytes, record, context: { uri: 'object', writtenMs: 0 } }, new Map())
  if (prepared.kind !== 'row') throw new Error('it is no row')
  return prepared.row
}

/**
 * AWS's event stream (application/vnd.amazon.eventstream) in the form of the log: events of a chunk, or by
 * name.
 */
function eventsOf(bytes: Buffer): JsonValue[] {
  const events: JsonValue[] = []
  for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at)) {
    const headersEnd = at + 12 + bytes.readUInt32BE(at + 4)
    const payload = bytes.subarray(headersEnd, at + bytes.readUInt32BE(at) - 4).toString()
    const event = JSON.parse(payload) as JsonObject
    const headers = bytes.subarray(at + 12, headersEnd).toString('latin1')
    const name = /:event-type\W{3}([a-zA-Z]+)/.exec(headers)?.[1] ?? ''
    if (typeof event.bytes !== 'string') events.push({ [name]: event })
    else events.push(JSON.parse(Buffer.from(event.bytes, 'base64').toString()))
  }
  return events
}

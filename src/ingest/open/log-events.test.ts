import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Engine, openEngine } from '../../lib/duckdb.ts'
import { logTypes } from '../../logtypes/index.ts'
import { rowsOf } from '../stage/rows.ts'
import { openGroup } from './open.ts'

let engine: Engine
const folder = mkdtempSync(join(tmpdir(), 'log-events-'))
beforeAll(async () => {
  engine = await openEngine({ threads: 1 })
})
afterAll(() => {
  engine.close()
  rmSync(folder, { recursive: true })
})

const MESSAGES = [
  'plain',
  '',
  ' ',
  'two\nlines\tand "quotes" \\ / \b\f\r',
  'für 😀 \u0001 \u007f',
  'a\u0000b',
  '{"level":"INFO","msg":"a \\"quoted\\" für 😀"}',
  ' {"level":"INFO"}',
  '{"level":',
  '{}',
  '[1]',
  'null',
  'x'.repeat(70_000),
  '"\n'.repeat(40_000),
  '{"Type":"Notification","TopicArn":"t","Message":"{\\"a\\":1}"}',
  '{"source":"aws.sagemaker","detail-type":"X","id":"1","time":"2026-01-07T22:16:43Z","detail":{}}',
  '{"eventVersion":"1.0","eventTime":"2026-01-07T22:16:43Z","sessionId":"alice-0b7c1cc185ccf51a9","sessionData":["\\u001b[1mls\\u001b[0m"]}',
  '{"eventVersion":"1.08","eventTime":"2026-01-07T22:16:43Z","eventID":"e1","eventSource":"s","eventName":"n","awsRegion":"r"}',
]

function document(stream: string, changes: object = {}): string {
  return JSON.stringify({
    messageType: 'DATA_MESSAGE',
    owner: '111122223333',
    logGroup: '/aws/für',
    logStream: stream,
    subscriptionFilters: ['to "firehose"'],
    logEvents: MESSAGES.map((message, index) => ({
      id: `3${index}`,
      timestamp: 1767824203120 + index,
      message,
    })),
    ...changes,
  })
}

const [WHOLE, SESSION] = [document('i-0/x'), document('alice-0b7c1cc185ccf51a9')]
const event = (text: string) =>
  document('s', { logEvents: [] }).replace('"logEvents":[]', `"logEvents":[${text}]`)

const DOCUMENTS = {
  'messages of all kinds': WHOLE,
  'messages of a session': SESSION,
  'written with white space': JSON.stringify(JSON.parse(WHOLE), null, 2),
  'several, one after the other': `${WHOLE}${SESSION}\n${document('t', { policyLevel: 'ACCOUNT_LEVEL_POLICY' })}`,
  'no events': event(''),
  'a control message': document('s', { messageType: 'CONTROL_MESSAGE' }),
  'no type': document('s', { messageType: 7 }),
  'other fields of events': event(
    '{"id":"1","timestamp":1767824203120,"message":"m","extractedFields":{"a":"b"}}',
  ),
  'a field twice': event('{"id":"1","timestamp":1767824203120,"message":"m","message":"n"}'),
  'no id': event('{"timestamp":1767824203120,"message":"m"}'),
  'an empty id': event('{"id":"","timestamp":1767824203120,"message":"m"}'),
  'an id with an escape': event('{"id":"\\u0031","timestamp":1767824203120,"message":"m"}'),
  'another order': event('{"message":"m","timestamp":1767824203120,"id":"1"}'),
  'no message': event('{"id":"1","timestamp":1767824203120}'),
  'a message that is no text': event('{"id":"1","timestamp":1767824203120,"message":{"a":[1]}}'),
  'a time of another length': event('{"id":"1","timestamp":17678242,"message":"m"}'),
  'a time that is no whole number': event('{"id":"1","timestamp":1767824203.5,"message":"m"}'),
  'a time as text': event('{"id":"1","timestamp":"1767824203120","message":"m"}'),
  'half a character': event('{"id":"1","timestamp":1767824203120,"message":"a\\ud83d b"}'),
  'escapes of characters': event(
    '{"id":"1","timestamp":1767824203120,"message":"\\u00fC\\u20ac\\ud83d\\ude00\\u0041\\/"}',
  ),
  'an escape that breaks off': event('{"id":"1","timestamp":1767824203120,"message":"\\u00g1"}'),
  'an escape that is none': event('{"id":"1","timestamp":1767824203120,"message":"\\x"}'),
  'a control character': event('{"id":"1","timestamp":1767824203120,"message":"a\u0001"}'),
  'an event that is none': event('7,{"id":"1","timestamp":1767824203120,"message":"m"}'),
  'broken off': WHOLE.slice(0, -20),
  'events twice': WHOLE.replace(/\}$/, ',"logEvents":[]}'),
}

async function found(text: string, strictly: boolean) {
  const object = { serial: 0, uri: 'o', writtenMs: 0, kind: 'bytes' as const, bytes: Buffer.from(text) }
  const { objects, spools } = openGroup({ objects: [object], folder, maxBytes: 1 << 24, strictly })
  await engine.run(`create or replace temp table object as select 0 as serial, 'o' as uri`)
  const rows: Record<string, string[]> = {}
  for (const type of logTypes) {
    const own = spools.filter(({ logtype }) => logtype === type.name)
    if (own.length === 0) continue
    const statement = rowsOf(type, own, [], new Date(0))
    const columns = type.columns.map(({ name, type: kind }) =>
      kind === 'timestamptz' ? `epoch_us("${name}")::varchar` : `"${name}"::varchar`,
    )
    const texts = (await engine.rows(`select ${columns}, unmapped from (${statement})`)).map((row) =>
      JSON.stringify(row),
    )
    rows[type.name] = texts.sort()
  }
  const [{ sha256: _, locations: __, ...outcome } = {} as (typeof objects)[number]] = objects
  return { rows, outcome, formats: new Set(spools.map(({ format }) => format)) }
}

test.each(Object.entries(DOCUMENTS))('%s: the same as event by event', async (_, text) => {
  const [quick, slow] = [await found(text, false), await found(text, true)]
  expect(quick.rows).toEqual(slow.rows)
  expect(quick.outcome).toEqual(slow.outcome)
})

test.each(['plain', '{\\"level\\":1}'])('bytes that are no UTF-8 are not taken: %s', async (message) => {
  const text = event(`{"id":"1","timestamp":1767824203120,"message":"${message}?"}`)
  const bytes = Buffer.from(text)
  bytes[bytes.indexOf('?')] = 0xff
  const object = { serial: 0, uri: 'o', writtenMs: 0, kind: 'bytes' as const, bytes }
  const { objects } = openGroup({ objects: [object], folder, maxBytes: 1 << 24, strictly: false })
  expect(objects[0]?.rejected).toHaveLength(1)
})

test('messages go into columns', async () => {
  expect((await found(WHOLE, false)).formats).toContain('columns')
})

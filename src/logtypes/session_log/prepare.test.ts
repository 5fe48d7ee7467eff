import { describe, expect, test } from 'vitest'
import type { CloudWatchEvent, Delivery, Transcript } from '../../envelopes/contract.ts'
import type { JsonObject } from '../../json/values.ts'
import { sessionLog } from './index.ts'

const WRITTEN = Date.parse('2026-01-07T22:10:03.5Z')
const CLOUDWATCH: CloudWatchEvent = { logStream: 'alice-0b7c1cc185ccf51a9', id: '1', timestamp: WRITTEN }

function delivery(
  content: JsonObject | string,
  more: { cloudwatch?: CloudWatchEvent; transcript?: Transcript },
) {
  const bytes = Buffer.from(typeof content === 'string' ? content : JSON.stringify(content))
  const record = typeof content === 'string' ? undefined : content
  const made: Delivery = { bytes, record, context: { uri: '/logs/a.log', writtenMs: WRITTEN, ...more } }
  return made
}

function row(made: Delivery) {
  const prepared = sessionLog.prepare(made, new Map())
  if (prepared.kind !== 'row') throw new Error(JSON.stringify(prepared))
  return prepared.row
}

describe('recognises', () => {
  const streamed = { sessionId: 'alice-0b7c1cc185ccf51a9', sessionData: ['$ ls'] }
  test.each<[string, boolean, Delivery]>([
    ['a streamed event, wherever it comes from', true, delivery(streamed, {})],
    ['one that says nothing', true, delivery({ ...streamed, sessionData: null }, {})],
    ['text in a stream that is called like a session', true, delivery('$ ls', { cloudwatch: CLOUDWATCH })],
    ['a transcript', true, delivery('$ ls', { transcript: { piece: 1 } })],
    ['no JSON in such a stream', false, delivery({ level: 'info' }, { cloudwatch: CLOUDWATCH })],
    [
      'no text of an instance',
      false,
      delivery('$ ls', { cloudwatch: { ...CLOUDWATCH, logStream: 'i-0abc123def4567890' } }),
    ],
    ['no text from elsewhere', false, delivery('$ ls', {})],
  ])('%s', (_, is, made) => expect(sessionLog.recognise(made)).toBe(is))
})

describe('a transcript', () => {
  test('without a time of its own has that of its object', () => {
    expect(row(delivery('$ ls', { transcript: { piece: 1 } })).eventtime).toBe('2026-01-07T22:10:03.5Z')
    const time = '2026-01-07T22:10:00Z'
    expect(row(delivery('$ ls', { transcript: { piece: 1, time } })).eventtime).toBe(time)
  })
  test('has an id of its session, its content and its piece', () => {
    const id = (text: string, transcript: Transcript) => row(delivery(text, { transcript })).id
    const session = { piece: 1, sessionId: 'alice-0b7c1cc185ccf51a9' }
    expect(id('$ ls', session)).toBe(id('$ ls', session))
    const others = [id('$ l', session), id('$ ls', { ...session, piece: 2 }), id('$ ls', { piece: 1 })]
    expect(new Set([id('$ ls', session), ...others]).size).toBe(4)
  })
})

test.each([
  ['alice-0b7c1cc185ccf51a9', '0b7c1cc185ccf51a9'],
  ['Botocore-Session-1-I-08EA0123456789ABC', '08ea0123456789abc'],
  ['carol-7yq3w5k2m4n6p8r0t1v3x5z7b9', '7yq3w5k2m4n6p8r0t1v3x5z7b9'],
  ['alice-', undefined],
])('f_sessionid of %s is %s', (sessionId, part) => {
  const record = { eventTime: '2026-01-07T21:56:43Z', sessionId, sessionData: [] }
  expect(row(delivery(record, {})).f_sessionid).toBe(part)
})

test.each<[string[] | null, number]>([
  [null, 0],
  [[], 0],
  [[''], 0],
  [['$ ls', 'file'], 2],
  [['$ ls', ''], 1],
])('%j has %i lines', (sessionData, lines) => {
  const record = { eventTime: '2026-01-07T21:56:43Z', sessionId: 'a', sessionData }
  expect(row(delivery(record, {})).lines).toBe(lines)
})

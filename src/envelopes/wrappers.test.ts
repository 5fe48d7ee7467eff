import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { JsonObject, JsonValue } from '../json/values.ts'
import { deliveryOfText } from './delivery.ts'
import { unwrapped } from './wrappers.ts'

const context = { uri: '/logs/object', writtenMs: 0 }

/** What comes out of a record: texts, with what their way told of them. */
function inside(record: JsonValue | string) {
  const text = typeof record === 'string' ? record : JSON.stringify(record)
  return [...unwrapped(deliveryOfText(text, context))].map(
    ({ bytes, record: parsed, context: way, text: _, ...rest }) => {
      const { uri, writtenMs, ...told } = way
      return { text: Buffer.from(bytes).toString(), parsed: parsed !== undefined, ...told, ...rest }
    },
  )
}

const EVENT =
  '{"eventVersion":"1.11","eventTime":"2026-01-07T22:16:43Z","requestParameters":{"big":12345678901234567890}}'
const subscription = (...messages: JsonValue[]): JsonObject => ({
  messageType: 'DATA_MESSAGE',
  owner: '111122223333',
  logGroup: '/aws/ssm/sessionlogs',
  logStream: 'alice-0b7c1cc185ccf51a9',
  subscriptionFilters: ['to-firehose'],
  logEvents: messages.map((message, index) => ({
    id: String(index),
    timestamp: 1767823003000 + index,
    message,
  })),
})
const eventbridge = (detailType: string, detail: string) =>
  `{"version":"0","id":"e1","detail-type":"${detailType}","source":"aws.probe","account":"111122223333",` +
  `"time":"2026-01-07T22:16:44Z","region":"us-east-1","resources":["arn:aws:x"],"detail":${detail}}`

describe('a record comes out of its wrappers as it was put in', () => {
  test('a record that wraps nothing is itself', () => {
    expect(inside(EVENT)).toEqual([{ text: EVENT, parsed: true }])
    expect(inside('plain text')).toEqual([{ text: 'plain text', parsed: false }])
  })

  test('each event of a subscription, whatever its message is', () => {
    const way = {
      owner: '111122223333',
      logGroup: '/aws/ssm/sessionlogs',
      logStream: 'alice-0b7c1cc185ccf51a9',
    }
    const found = inside(subscription(EVENT, '}{', '{"not json', { an: 'object' }, null))
    expect(found.map(({ text, parsed }) => [text, parsed])).toEqual([
      [EVENT, true],
      ['}{', false],
      ['{"not json', false],
      ['{"an":"object"}', true],
      ['null', false],
    ])
    expect(found[1]).toMatchObject({
      wrapper: 'subscription',
      cloudwatch: { ...way, subscriptionFilters: ['to-firehose'], id: '1', timestamp: 1767823003001 },
    })
  })

  test.each([
    { ...subscription('x'), messageType: 'CONTROL_MESSAGE' },
    { ...subscription('x'), owner: 'CloudwatchLogs' },
  ])('a control message holds nothing, however it is labelled', (document) => {
    expect(inside(document)).toMatchObject([{ skipped: expect.stringContaining('control message') }])
  })

  test('the detail of an event that AWS also delivers without it, to the byte', () => {
    const [found] = inside(eventbridge('AWS API Call via CloudTrail', EVENT))
    expect(found).toMatchObject({
      text: EVENT,
      wrapper: 'eventbridge',
      eventbridge: {
        id: 'e1',
        detailType: 'AWS API Call via CloudTrail',
        source: 'aws.probe',
        region: 'us-east-1',
      },
    })
    const finding = '{"schemaVersion":"2.0"}'
    expect(inside(eventbridge('GuardDuty Finding', finding))).toMatchObject([{ text: finding }])
  })

  test('other events are records themselves', () => {
    const event = eventbridge('SageMaker Endpoint State Change', '{}')
    expect(inside(event)).toEqual([{ text: event, parsed: true }])
    const odd = eventbridge('AWS API Call via CloudTrail', '"text"')
    expect(inside(odd)).toEqual([{ text: odd, parsed: true }])
  })

  test('documents in the place of a record', () => {
    const lookup = { Events: [{ EventId: 'e', CloudTrailEvent: EVENT }] }
    const texts = (record: JsonValue | string) => inside(record).map(({ text }) => text)
    expect(texts(`{"Records":[${EVENT},{"a":1}]}`)).toEqual([EVENT, '{"a":1}'])
    expect(inside(lookup)).toMatchObject([{ text: EVENT, wrapper: 'nested' }])
    expect(texts({ Type: 'Notification', Message: `{"Records":[${EVENT}]}` })).toEqual([EVENT])
    expect(inside({ Records: [] })).toMatchObject([{ skipped: 'no records in it' }])
    expect(inside({ digestS3Object: 'x', logFiles: [] })).toMatchObject([
      { skipped: expect.stringContaining('digest') },
    ])
    expect(texts({ Records: 'x', Events: [{ x: 1 }] })).toHaveLength(1)
  })

  test('a document that a program wrote to its log stays one log event', () => {
    const message = `{"Records":[${EVENT}]}`
    expect(inside(subscription(message))).toMatchObject([{ text: message }])
  })

  test('all at once: a failed record of a subscription to a notification of an event', () => {
    const notice = {
      Type: 'Notification',
      TopicArn: 'arn:aws:sns:x',
      Message: eventbridge('AWS API Call via CloudTrail', EVENT),
    }
    const bytes = gzipSync(JSON.stringify(subscription(JSON.stringify(notice))))
    const failed = { attemptsMade: 4, errorCode: 'Lambda.FunctionError', rawData: bytes.toString('base64') }
    expect(inside(failed)).toMatchObject([
      { text: EVENT, wrapper: 'firehose-failed', cloudwatch: { id: '0' } },
    ])
  })

  test('what Firehose could not read either stays the record it is', () => {
    for (const rawData of ['H4sIAAAA', gzipSync('{"a":1').toString('base64').slice(0, -8)]) {
      const failed = JSON.stringify({ attemptsMade: 1, rawData })
      expect(inside(failed)[0]?.text.length).toBeGreaterThan(0)
    }
  })

  test('wrapped deeper than anybody wraps is not followed for ever', () => {
    let message = EVENT
    for (let depth = 0; depth < 12; depth++)
      message = JSON.stringify({ Type: 'Notification', Message: message })
    expect(inside(message)).toMatchObject([{ wrapper: 'sns', text: expect.stringMatching(/^\{"Type"/) }])
  })
})

test('an object with a toString of its own is no text, and stops no record', () => {
  const hostile = { toString: 1, valueOf: 2 }
  const event = {
    ...{ 'detail-type': 'GuardDuty Finding', source: [hostile], resources: [hostile, 'arn'] },
    detail: { id: 'one' },
  }
  const logs = {
    ...{ messageType: 'DATA_MESSAGE', owner: '111122223333', logGroup: '/g', logStream: 's' },
    subscriptionFilters: [hostile],
    logEvents: [
      { id: '1', timestamp: hostile, message: 'one' },
      { id: '2', timestamp: 1767824203123, message: 'two' },
    ],
  }
  expect(inside(event)).toHaveLength(1)
  expect(inside(logs).map(({ text }) => text)).toEqual(['one', 'two'])
})

import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { JsonObject, JsonValue } from '../json/values.ts'
import { deliveryOfText } from './delivery.ts'
import { unopened } from './unopened.ts'
import { unwrapped } from './wrappers.ts'

const context = { uri: '/logs/object', writtenMs: 0 }

/** The records inside a record: their texts, with their envelopes' metadata. */
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
    expect(inside(document)).toMatchObject([
      { closed: { kind: 'skipped', reason: expect.stringContaining('control message') } },
    ])
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
    expect(inside({ Records: [] })).toMatchObject([
      { closed: { kind: 'skipped', reason: 'no records in it' } },
    ])
    expect(inside({ digestS3Object: 'x', logFiles: [] })).toMatchObject([
      { closed: { kind: 'skipped', reason: expect.stringContaining('digest') } },
    ])
    expect(texts({ Records: 'x', Events: [{ x: 1 }] })).toHaveLength(1)
  })

  test('a list that is there twice is read twice', () => {
    const texts = (record: string) => inside(record).map(({ text }) => text)
    expect(texts('{"Records":[{"a":1}],"Records":[{"b":2}]}')).toEqual(['{"a":1}', '{"b":2}'])
    expect(texts('{"Records":[{"a":1}],"Records":[]}')).toEqual(['{"a":1}'])
    const finding = (id: number) => `{"id":"${id}","service":{},"resource":{}}`
    expect(texts(`{"Findings":[${finding(1)}],"findings":[${finding(2)}]}`)).toEqual([finding(1), finding(2)])
  })

  test('a wrapper with a field twice is not opened: half of it would be lost', () => {
    const twice = (record: JsonObject, field: string) => {
      const text = JSON.stringify(record)
      return `{"${field}":${JSON.stringify(record[field])},${text.slice(1)}`
    }
    const notice = { Type: 'Notification', Message: EVENT }
    const failed = { attemptsMade: 1, rawData: Buffer.from(EVENT).toString('base64') }
    for (const text of [
      twice(subscription(EVENT), 'logEvents'),
      JSON.stringify(subscription('x')).replace('"message":"x"', '"message":"x","message":"y"'),
      twice(notice, 'Message'),
      twice(failed, 'rawData'),
    ])
      expect(inside(text)).toMatchObject([
        { text, closed: { kind: 'refused', reason: expect.stringContaining('twice') } },
      ])
    const event = eventbridge('AWS API Call via CloudTrail', EVENT)
    expect(inside(event.replace('"detail":', '"detail":{},"detail":'))[0]).not.toHaveProperty('wrapper')
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

  describe('what a Lambda function is given instead of a record', () => {
    const logs = gzipSync(JSON.stringify(subscription(EVENT))).toString('base64')
    const plain = Buffer.from(`${EVENT}\n${EVENT}`).toString('base64')
    const stream = { kinesis: { partitionKey: '1', data: logs }, eventSource: 'aws:kinesis' }
    test.each<[string, JsonValue, number]>([
      ['CloudWatch Logs', { awslogs: { data: logs } }, 1],
      ['SQS', { Records: [{ messageId: '1', body: EVENT, eventSource: 'aws:sqs' }] }, 1],
      ['a message of SQS', { Messages: [{ MessageId: '1', ReceiptHandle: 'r', Body: EVENT }] }, 1],
      ['SNS', { Records: [{ EventSource: 'aws:sns', Sns: { Type: 'Notification', Message: EVENT } }] }, 1],
      ['Kinesis', { Records: [stream, stream] }, 2],
      ["Kinesis' GetRecords", { Records: [{ SequenceNumber: '4', PartitionKey: '1', Data: logs }] }, 1],
      [
        'Firehose',
        { invocationId: 'i', deliveryStreamArn: 'arn', records: [{ recordId: '1', data: plain }] },
        2,
      ],
      ['an answer to Firehose', { records: [{ recordId: '1', result: 'Ok', data: plain }] }, 2],
      ['records in lower case', { records: [JSON.parse(EVENT.replace('12345678901234567890', '1'))] }, 1],
      [
        'an event that failed',
        { requestContext: { functionArn: 'a' }, requestPayload: { awslogs: { data: logs } } },
        1,
      ],
      [
        'a stream that failed',
        { requestContext: { functionArn: 'a' }, payload: JSON.stringify({ Records: [stream] }) },
        1,
      ],
    ])('%s', (_, event, count) => {
      const found = inside(event)
      expect(found).toHaveLength(count)
      for (const { text } of found) expect(text).toMatch(/^\{"eventVersion":"1.11".*\}$/)
    })

    test('records that a transformation dropped are skipped', () => {
      const records = [{ recordId: '1', result: 'Dropped' }]
      expect(inside({ records })).toMatchObject([
        { closed: { kind: 'skipped', reason: expect.stringContaining('dropped') } },
      ])
    })

    test.each<[JsonObject]>([
      [{ awslogs: { data: 'H4sIAAAA' } }],
      [{ recordId: '1', data: gzipSync(EVENT).toString('base64').slice(0, -12) }],
      [{ kinesis: { data: '' }, eventSource: 'aws:kinesis' }],
      [{ eventSource: 'aws:dynamodb', dynamodb: {} }],
      [{ eventSource: 'aws:s3', s3: { bucket: { name: 'b' } } }],
      [{ s3Bucket: 'b', s3ObjectKey: ['k'] }],
      [{ attemptsMade: 1, rawData: 'H4sIAAAA' }],
    ])('%j cannot be opened, and is named', (record) => {
      expect(inside(record)).toEqual([{ text: JSON.stringify(record), parsed: true }])
      expect(unopened(record)).toMatch(/^an? /)
    })

    test('a record of its own is no envelope', () => {
      for (const record of [
        { records: [{ a: 1 }], name: 'x' },
        { records: [1] },
        { Messages: [{ Body: 'x' }] },
      ]) {
        expect(inside(record)).toHaveLength(1)
        expect(inside(record)[0]).not.toHaveProperty('wrapper')
      }
      expect(unopened({ eventSource: 's3.amazonaws.com', data: 'x' })).toBeUndefined()
    })

    test('a function that logs its own event writes a log line', () => {
      for (const event of [{ awslogs: { data: logs } }, stream, { body: EVENT, eventSource: 'aws:sqs' }])
        expect(inside(subscription(JSON.stringify(event)))).toMatchObject([{ text: JSON.stringify(event) }])
    })

    test('many small bombs do not expand in all their size', () => {
      const bomb = gzipSync(Buffer.alloc(8 << 20, 0x20)).toString('base64')
      expect(inside({ awslogs: { data: bomb } })[0]?.text).toContain(bomb)
    })
  })

  test('a message that is no text keeps the digits of its numbers', () => {
    const text = JSON.stringify(subscription('x', 1)).replace(
      '"message":1',
      '"message":{"n":1.00000000000000000001}',
    )
    expect(inside(text).map((one) => one.text)).toEqual(['x', '{"n":1.00000000000000000001}'])
  })

  test('white space before a record in a text is not part of it', () => {
    expect(inside({ Type: 'Notification', Message: ` \n${EVENT}` })).toMatchObject([
      { text: EVENT, parsed: true },
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

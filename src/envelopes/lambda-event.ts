import { members, OPEN_OBJECT } from '../json/bytes.ts'
import { isObject, type JsonObject, objectOf, textOf } from '../json/values.ts'
import type { Wrapper } from './contract.ts'
import { deliveryOf, deliveryOfText } from './delivery.ts'
import { packedIn } from './packed.ts'

/**
 * What a Lambda function is given instead of a record: by CloudWatch Logs and Kinesis in base64, by SQS and
 * SNS as a text, by Firehose in base64. Functions and command lines that store what they are given store
 * these.
 */
export const lambdaEvent: Wrapper = {
  name: 'lambda-event',
  parsed: true,
  doc: 'A record of a Lambda event: `{"awslogs":{"data":"<base64>"}}`, of SQS, SNS, Kinesis or Firehose.',
  open({ record, context }) {
    // A function that logs its own events writes log lines.
    if (!record || context.cloudwatch) return undefined
    if (typeof record.recordId === 'string' && record.result === 'Dropped')
      return { kind: 'skipped', reason: 'a record that the transformation of a Firehose stream has dropped' }
    const message = messageOf(record)
    if (message !== undefined) return { kind: 'records', inner: [deliveryOfText(message, context)] }
    const data = dataOf(record)
    const inner = data === undefined ? undefined : packedIn(data, context)
    return inner && { kind: 'records', inner }
  },
}

/** The text of a message of SQS or SNS; `Body` is how SQS's API spells it. */
function messageOf({
  eventSource,
  EventSource,
  body,
  Sns,
  Body,
  ReceiptHandle,
}: JsonObject): string | undefined {
  if (eventSource === 'aws:sqs') return textOf(body)
  if (EventSource === 'aws:sns') return textOf(objectOf(Sns).Message)
  return typeof ReceiptHandle === 'string' ? textOf(Body) : undefined
}

/** What a record holds in base64. */
export function dataOf(record: JsonObject): string | undefined {
  const { awslogs, eventSource, kinesis, recordId, SequenceNumber, PartitionKey } = record
  if (isObject(awslogs)) return textOf(awslogs.data)
  if (eventSource === 'aws:kinesis') return textOf(objectOf(kinesis).data)
  if (typeof recordId === 'string') return textOf(record.data)
  // The answer of Kinesis' GetRecords.
  return typeof SequenceNumber === 'string' && typeof PartitionKey === 'string'
    ? textOf(record.Data)
    : undefined
}

/**
 * What Lambda writes to S3 about an event that its function failed on: the event is in `requestPayload`, that
 * of a stream is a text in `payload`.
 */
export const lambdaFailed: Wrapper = {
  name: 'lambda-failed',
  doc: 'A failed invocation of Lambda, with its event: `{"requestContext":{"functionArn":"…"},"requestPayload":{…}}`.',
  open({ bytes, record, context }) {
    if (!record || context.cloudwatch || typeof objectOf(record.requestContext).functionArn !== 'string')
      return undefined
    if (typeof record.payload === 'string')
      return { kind: 'records', inner: [deliveryOfText(record.payload, context)] }
    const [event, another] = members(bytes, 0)?.filter(({ key }) => key === 'requestPayload') ?? []
    if (!event || another || bytes[event.start] !== OPEN_OBJECT) return undefined
    return { kind: 'records', inner: [deliveryOf(bytes.subarray(event.start, event.end), context)] }
  },
}

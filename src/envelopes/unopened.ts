import { isObject, type JsonObject } from '../json/values.ts'
import { dataOf } from './lambda-event.ts'

/**
 * Says of a record that no log type knows what it is around, if it is one of AWS's envelopes; undefined for
 * any other. None of the words comes from the record.
 */
export function unopened(record: JsonObject): string | undefined {
  const { eventSource, EventSource, Sns, s3Bucket, s3ObjectKey, rawData, attemptsMade, requestContext } =
    record
  if (eventSource === 'aws:s3') return 'a notification of S3, which names objects and holds no log'
  if (typeof s3Bucket === 'string' && Array.isArray(s3ObjectKey))
    return 'a notification of CloudTrail, which names log files and holds no events'
  if (typeof rawData === 'string' && attemptsMade !== undefined)
    return 'a failed record of Firehose whose rawData cannot be read'
  if (dataOf(record) !== undefined)
    return 'a record of CloudWatch Logs, Kinesis or Firehose whose data cannot be read: it should be base64 of gzip, or of JSON'
  if (isObject(requestContext) && 'condition' in requestContext)
    return 'a failed invocation of Lambda without its event'
  if (EventSource === 'aws:sns' || isObject(Sns)) return 'an event of SNS without a text'
  return typeof eventSource === 'string' && eventSource.startsWith('aws:')
    ? 'an event for a Lambda function, of a service whose events are not opened'
    : undefined
}

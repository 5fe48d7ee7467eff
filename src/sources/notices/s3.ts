import { isObject, type JsonObject, objectOf, type Value } from '../../json/values.ts'
import {
  announced,
  announcing,
  type Notice,
  notKnown,
  sizeAt,
  telling,
  textAt,
  together,
} from './contract.ts'
import { encodedKey, plainKey } from './key.ts'

/**
 * S3's own notice: `{"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": {...}}]}`
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html), and the test
 * message that S3 sends when notices are switched on.
 */
export function s3Notice(message: JsonObject): Notice | undefined {
  if (message.Event === 's3:TestEvent') return telling('s3:TestEvent')
  const records = message.Records
  if (!Array.isArray(records) || !records.some(isS3)) return undefined
  return together(records.map((record) => (isS3(record) ? readRecord(record) : notKnown(STRANGE))))
}

const STRANGE = 'a record among those of S3 is none of its own'

/**
 * Whether a record has the form of S3's; a rule of EventBridge with an input transformer may imitate it in
 * part.
 */
function isS3(record: Value): record is JsonObject {
  if (!isObject(record)) return false
  if (record.eventSource !== undefined)
    return (
      typeof record.eventSource === 'string' &&
      /^(aws|minio)[:.]s3(\.amazonaws\.com)?$/.test(record.eventSource)
    )
  return isObject(record.s3) && isObject(record.s3.object)
}

/** Whether S3 itself wrote it: then its key is encoded. */
function isOfS3(record: JsonObject): boolean {
  return /:s3$/.test(textAt(record, 'eventSource') ?? '') && !/ /.test(textAt(record, 'eventName') ?? '')
}

function readRecord(record: JsonObject): Notice {
  const own = isOfS3(record)
  const event = (textAt(record, 'eventName') ?? (own ? '' : 'Object Created')).replace(/^s3:/, '')
  if (!/^Object ?Created\b|^Object ?Restore:? ?Completed$/.test(event)) {
    return event === '' ? notKnown('a record of S3 without the name of its event') : telling(event)
  }
  const bucket = objectOf(objectOf(record.s3).bucket)
  const object = s3ObjectOf(record)
  const name = textAt(bucket, 'name')
  const key = textAt(object, 'key')
  if (name === undefined || key === undefined) return notKnown('a record of S3 without its bucket or its key')
  return announcing(
    announced(
      name,
      own ? encodedKey(key) : plainKey(key),
      {
        bytes: sizeAt(object, 'size'),
        etag: textAt(object, 'eTag') ?? textAt(object, 'etag'),
        versionId: textAt(object, 'versionId'),
      },
      textAt(record, 'awsRegion'),
    ),
  )
}

function s3ObjectOf(record: JsonObject): JsonObject {
  return objectOf(objectOf(record.s3).object)
}

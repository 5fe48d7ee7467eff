import {
  announced,
  announcing,
  type Fields,
  fieldsAt,
  isFields,
  type Notice,
  notKnown,
  sizeAt,
  telling,
  textAt,
  together,
} from './contract.ts'
import { encodedKey } from './key.ts'

/**
 * S3's own notice: `{"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": {...}}]}`
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html), and the message that S3
 * sends when notices are switched on.
 */
export function s3Notice(message: Fields): Notice | undefined {
  if (message.Event === 's3:TestEvent') return telling('s3:TestEvent')
  const records = message.Records
  if (!Array.isArray(records) || !records.some(isS3)) return undefined
  return together(records.map((record) => (isS3(record) ? readRecord(record) : notKnown(STRANGE))))
}

const STRANGE = 'a record among those of S3 is none of its own'

function isS3(record: unknown): record is Fields {
  return (
    isFields(record) && typeof record.eventSource === 'string' && /^(aws|minio):s3$/.test(record.eventSource)
  )
}

function readRecord(record: Fields): Notice {
  const event = (textAt(record, 'eventName') ?? '').replace(/^s3:/, '')
  if (!/^ObjectCreated:|^ObjectRestore:Completed$/.test(event)) {
    return event === '' ? notKnown('a record of S3 without the name of its event') : telling(event)
  }
  const { bucket, object } = { bucket: fieldsAt(fieldsAt(record, 's3'), 'bucket'), object: objectOf(record) }
  const name = textAt(bucket, 'name')
  const key = textAt(object, 'key')
  if (name === undefined || key === undefined) return notKnown('a record of S3 without its bucket or its key')
  return announcing(
    announced(
      name,
      encodedKey(key),
      { bytes: sizeAt(object, 'size'), etag: textAt(object, 'eTag'), versionId: textAt(object, 'versionId') },
      textAt(record, 'awsRegion'),
    ),
  )
}

function objectOf(record: Fields): Fields {
  return fieldsAt(fieldsAt(record, 's3'), 'object')
}

import {
  announced,
  announcing,
  type Fields,
  fieldsAt,
  type Notice,
  notKnown,
  sizeAt,
  telling,
  textAt,
} from './contract.ts'
import { plainKey } from './key.ts'

/**
 * S3's event on EventBridge, with its names in kebab-case and its key as it is
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html). Security Lake tells its subscribers the same
 * without `detail-type`, and of created objects only.
 */
export function eventBridgeNotice(message: Fields): Notice | undefined {
  if (message.source !== 'aws.s3') return undefined
  const type = textAt(message, 'detail-type') ?? 'Object Created'
  if (type !== 'Object Created' && type !== 'Object Restore Completed') return telling(type)
  const detail = fieldsAt(message, 'detail')
  const object = fieldsAt(detail, 'object')
  const bucket = textAt(fieldsAt(detail, 'bucket'), 'name')
  const key = textAt(object, 'key')
  if (bucket === undefined || key === undefined)
    return notKnown('an event of S3 without its bucket or its key')
  return announcing(
    announced(
      bucket,
      plainKey(key),
      {
        bytes: sizeAt(object, 'size'),
        etag: textAt(object, 'etag'),
        versionId: textAt(object, 'version-id'),
      },
      textAt(message, 'region'),
    ),
  )
}

import { isObject, type JsonObject, objectOf } from '../../json/values.ts'
import { announced, announcing, type Notice, sizeAt, telling, textAt } from './contract.ts'
import { plainKey } from './key.ts'

/**
 * S3's event after a rule of EventBridge has transformed it: `detail` alone, as with the input path
 * `$.detail`, or the output of an input transformer that names bucket and key
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html).
 */
export function transformedNotice(message: JsonObject): Notice | undefined {
  const detail = isObject(message.detail) ? message.detail : message
  const bucket = textAt(objectOf(detail.bucket), 'name') ?? named(detail, BUCKETS)
  const object = objectOf(detail.object)
  const key = textAt(object, 'key') ?? named(detail, KEYS)
  if (bucket === undefined || key === undefined) return undefined
  const event =
    textAt(message, 'detail-type') ?? textAt(message, 'eventName') ?? textAt(detail, 'reason') ?? ''
  if (GONE.test(event) || 'deletion-type' in detail) return telling(event || 'Object Deleted')
  const from = Object.keys(object).length > 0 ? object : detail
  return announcing(
    announced(
      bucket,
      plainKey(key),
      {
        bytes: sizeAt(from, 'size'),
        etag: textAt(from, 'etag') ?? textAt(from, 'eTag'),
        versionId: textAt(from, 'version-id') ?? textAt(from, 'versionId'),
      },
      textAt(message, 'region') ?? textAt(message, 'awsRegion'),
    ),
  )
}

const BUCKETS = ['bucket', 'bucketName', 'bucket_name', 'bucket-name', 's3Bucket']
const KEYS = ['key', 'objectKey', 'object_key', 'object-key', 'objectName', 's3Key']
/** Events after which there is nothing to read. */
const GONE = /\b(Object)?(Delet|Remov|Expir|Tag|ACL|Storage Class|Access Tier)/i

function named(fields: JsonObject, names: readonly string[]): string | undefined {
  for (const name of names) {
    const text = textAt(fields, name)
    if (text !== undefined) return text
  }
  return undefined
}

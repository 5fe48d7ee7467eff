import { type JsonObject, objectOf } from '../../json/values.ts'
import { JOB_CHANGED } from '../../lib/heard.ts'
import { announced, announcing, type Notice, notKnown, sizeAt, telling, textAt } from './contract.ts'
import { plainKey } from './key.ts'

/**
 * S3's event on EventBridge, with field names in kebab-case and a key that is not encoded
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html). Security Lake sends its subscribers
 * the same without `detail-type`, and only for created objects.
 */
export function eventBridgeNotice(message: JsonObject): Notice | undefined {
  // A Bedrock job has changed its state. The message names no object, but another part of the process may
  // wait for it.
  if (message.source === 'aws.bedrock' && message['detail-type'] === JOB_CHANGED) return telling(JOB_CHANGED)
  if (message.source !== 'aws.s3') return undefined
  const type = textAt(message, 'detail-type') ?? 'Object Created'
  if (type === 'AWS API Call via CloudTrail') return apiCallNotice(message)
  if (type !== 'Object Created' && type !== 'Object Restore Completed') return telling(type)
  const detail = objectOf(message.detail)
  const object = objectOf(detail.object)
  const bucket = textAt(objectOf(detail.bucket), 'name')
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

/** Calls that create objects, including the completion of a multipart upload. */
const MAKES_OBJECT = /^(PutObject|CompleteMultipartUpload|CopyObject|PostObject)$/

/** S3's data event, which CloudTrail sends to EventBridge. Rules used it before S3 had events of its own. */
function apiCallNotice(message: JsonObject): Notice {
  const detail = objectOf(message.detail)
  const call = textAt(detail, 'eventName') ?? 'another event'
  if (!MAKES_OBJECT.test(call) || textAt(detail, 'errorCode') !== undefined) return telling(call)
  const parameters = objectOf(detail.requestParameters)
  const bucket = textAt(parameters, 'bucketName')
  const key = textAt(parameters, 'key')
  if (bucket === undefined || key === undefined)
    return notKnown('an event of S3 without its bucket or its key')
  const region = textAt(detail, 'awsRegion') ?? textAt(message, 'region')
  return announcing(announced(bucket, plainKey(key), {}, region))
}

import { type JsonObject, objectOf } from '../../json/values.ts'
import { JOB_CHANGED } from '../../lib/heard.ts'
import { announced, announcing, type Notice, notKnown, sizeAt, telling, textAt } from './contract.ts'
import { plainKey } from './key.ts'

/**
 * S3's event on EventBridge, with its names in kebab-case and its key as it is
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html). Security Lake tells its subscribers the same
 * without `detail-type`, and of created objects only.
 */
export function eventBridgeNotice(message: JsonObject): Notice | undefined {
  // A job of Bedrock's has gone on: somebody may be waiting for it, and there is no object in it.
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

/** Calls that make objects, and an upload in parts once it is complete. */
const MAKES_OBJECT = /^(PutObject|CompleteMultipartUpload|CopyObject|PostObject)$/

/** S3's data event as CloudTrail tells EventBridge, which rules were made of before S3 had events of its own. */
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

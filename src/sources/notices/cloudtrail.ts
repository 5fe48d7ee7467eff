import type { JsonObject } from '../../json/values.ts'
import { announcing, type Notice, notKnown, telling, textAt } from './contract.ts'

/** The message that CloudTrail sends when a topic is chosen for a trail; not JSON. */
const VALIDATION = /^"?CloudTrail validation message\.?"?$/

/** CloudTrail's test message for a topic. */
export function cloudTrailValidation(body: string): Notice | undefined {
  return VALIDATION.test(body.trim()) ? telling('CloudTrail validation message') : undefined
}

/**
 * CloudTrail's own notice of delivered objects: `{"s3Bucket": "...", "s3ObjectKey": ["...", "..."]}`, with
 * keys that are not encoded
 * (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/configure-sns-notifications-for-cloudtrail.html).
 */
export function cloudTrailNotice(message: JsonObject): Notice | undefined {
  const bucket = textAt(message, 's3Bucket')
  const keys = [message.s3ObjectKey].flat()
  if (bucket === undefined || message.s3ObjectKey === undefined) return undefined
  const named = keys.filter((key): key is string => typeof key === 'string' && key !== '')
  if (named.length < keys.length || keys.length === 0)
    return notKnown("a notice of CloudTrail's without its keys")
  return announcing(...named.map((key) => ({ bucket, key })))
}

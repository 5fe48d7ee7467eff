import { denialOf } from '../../aws/denial.ts'
import { troubleOf } from '../../aws/errors.ts'
import type { Premises } from './contract.ts'
import { anObjectOf, bucketsOf, queueOf, queueSources, s3Of } from './facts.ts'
import type { Need } from './needs.ts'

/**
 * Requests an action in a way that changes nothing: true when it was allowed, false when there is no such
 * way. Throws the SDK's error when it is denied.
 */
export async function probe(premises: Premises, need: Need): Promise<boolean> {
  const [service, action] = need.action.split(':')
  if (service === 's3') return await probeBucket(premises, need, action)
  if (service === 'sqs') return await probeQueue(premises, need, action)
  if (need.action === 'cloudtrail:LookupEvents')
    return await allowed(async () =>
      (await premises.aws(need.identity).cloudTrail()).lookupEvents({ MaxResults: 1 }),
    )
  if (need.action === 'logs:DescribeLogGroups')
    return await allowed(async () =>
      (await premises.aws(need.identity).cloudWatchLogs()).describeLogGroups({ limit: 1 }),
    )
  return false
}

async function probeBucket(premises: Premises, need: Need, action: string | undefined): Promise<boolean> {
  const [, bucket = ''] = /^arn:[\w-]+:s3:::([^/]+)/.exec(need.resource) ?? []
  const s3 = await s3Of(premises, need.identity, bucket)
  if (action === 'ListBucket') return await allowed(() => s3.listObjectsV2({ Bucket: bucket, MaxKeys: 1 }))
  if (action !== 'GetObject') return false
  const of = (await bucketsOf(premises)).find((one) => one.bucket === bucket)
  const object = of && (await anObjectOf(premises, of).catch(() => undefined))
  if (!object) return false
  return await allowed(() => s3.getObject({ Bucket: bucket, Key: object.key, Range: 'bytes=0-0' }))
}

/** An invalid receipt handle: with permission the answer is "invalid", without it "denied". */
const NO_HANDLE = 'loglake-doctor'

async function probeQueue(premises: Premises, need: Need, action: string | undefined): Promise<boolean> {
  const source = queueSources(premises).find(({ source: { name } }) => need.for === `source ${name}`)
  if (!source) return false
  const region = (await queueOf(premises, source).catch(() => undefined))?.region
  const sqs = await premises.aws(need.identity).sqs(region)
  const QueueUrl = source.url
  if (action === 'GetQueueAttributes')
    return await allowed(() => sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['QueueArn'] }))
  if (action === 'DeleteMessage')
    return await allowed(() => sqs.deleteMessage({ QueueUrl, ReceiptHandle: NO_HANDLE }))
  if (action === 'ChangeMessageVisibility')
    return await allowed(() =>
      sqs.changeMessageVisibility({ QueueUrl, ReceiptHandle: NO_HANDLE, VisibilityTimeout: 0 }),
    )
  // Receiving would hide messages from the worker, so it is not tried.
  return false
}

/** A refusal for any other reason than a denial means that the action is allowed. */
async function allowed(asked: () => Promise<unknown>): Promise<boolean> {
  try {
    await asked()
    return true
  } catch (thrown) {
    if (denialOf(thrown)) throw thrown
    if (troubleOf(thrown) === 'network') return false
    return true
  }
}

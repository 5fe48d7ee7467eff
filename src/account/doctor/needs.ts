import type { Identity } from '../../aws/identity.ts'
import type { Premises } from './contract.ts'
import { bucketArn, bucketsOf, type Place, placesOf, queueOf, queueSources } from './facts.ts'
import { identityKey } from './setup.ts'

/** An action that loglake itself needs, on what, and for what. */
export interface Need {
  action: string
  resource: string
  for: string
  identity: Identity
}

/** All that the sources, the lake and the destinations of a set-up need, each once: the least that its role may have. */
export async function needsOf(premises: Premises): Promise<Need[]> {
  const { setup } = premises
  const needs = new Map<string, Need>()
  const places = await placesOf(premises)
  const near = places[0]?.arn ?? 'arn:aws:'
  const add = (identity: Identity, resource: string, what: string, ...actions: string[]) => {
    for (const action of actions) {
      const key = `${identityKey(identity)} ${action} ${resource}`
      if (!needs.has(key)) needs.set(key, { action, resource, for: what, identity })
    }
  }
  for (const { bucket, prefix, source, identity } of await bucketsOf(premises)) {
    const arn = bucketArn(bucket, near)
    if (source.queue === undefined) add(identity, arn, `source ${source.name}`, 's3:ListBucket')
    add(identity, `${arn}/${prefix}*`, `source ${source.name}`, 's3:GetObject')
  }
  for (const queue of queueSources(premises)) {
    const found = await queueOf(premises, queue).catch(() => undefined)
    add(
      queue.identity,
      found?.arn || '*',
      `source ${queue.source.name}`,
      ...['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
    )
  }
  for (const { name, type, identity = {} } of setup.sources) {
    if (type === 'cloudtrail-lookup') add(identity, '*', `source ${name}`, 'cloudtrail:LookupEvents')
    if (type === 'cloudwatch-logs')
      add(identity, '*', `source ${name}`, 'logs:DescribeLogGroups', 'logs:FilterLogEvents')
  }
  const { s3 } = setup.lake
  if (s3) {
    const arn = bucketArn(s3.bucket, near)
    add(s3.identity, arn, 'the lake', 's3:ListBucket', 's3:ListBucketMultipartUploads')
    add(
      s3.identity,
      `${arn}/${s3.prefix}*`,
      'the lake',
      ...['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
      ...(s3.objectLock ? ['s3:PutObjectRetention'] : []),
    )
    if (s3.kmsKey?.startsWith('arn:'))
      add(s3.identity, s3.kmsKey, 'the lake', 'kms:GenerateDataKey', 'kms:Decrypt')
  }
  for (const { name, type, topic, identity = {} } of setup.destinations)
    if (type === 'sns' && topic !== undefined) add(identity, topic, `destination ${name}`, 'sns:Publish')
  return [...needs.values()]
}

/** Who needs something, as far as AWS knows them. */
export async function placeOf(premises: Premises, identity: Identity): Promise<Place | undefined> {
  const all = await placesOf(premises)
  return all.find((one) => identityKey(one.identity) === identityKey(identity)) ?? all[0]
}

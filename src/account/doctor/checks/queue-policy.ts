import { sh } from '../command.ts'
import { type Check, type Line, not, ok, type Premises } from '../contract.ts'
import { bucketArn, bucketsOf, type LogBucket, partitionOf, type Queue, s3Of } from '../facts.ts'
import { lets, type PolicyDocument, policyOf, type Sender, withStatement } from '../policy.ts'
import { ofEachQueue } from '../queues.ts'

export const queuePolicy: Check = {
  name: 'queue-policy',
  group: 'Logs arrive',
  title: 'The queue lets the buckets send, and no other sender',
  doc: 'The policy of the queue lets S3 (or the topic, or EventBridge) send for our buckets, with a condition on `aws:SourceArn` or `aws:SourceAccount`: without one, any account can make us read its objects.',
  permissions: ['sqs:GetQueueAttributes'],
  mends: 'A statement in the policy of the queue.',
  aws: true,
  run: (premises) =>
    ofEachQueue(premises, async (queue) => {
      const buckets = (await bucketsOf(premises)).filter(({ source }) => source.name === queue.source.name)
      if (buckets.length === 0) return [noBucket(queue)]
      return await Promise.all(buckets.map((bucket) => lineOf(premises, queue, bucket)))
    }),
}

async function lineOf(premises: Premises, queue: Queue, of: LogBucket): Promise<Line> {
  const policy = policyOf(queue.attributes.Policy)
  const sender = await senderOf(premises, queue, of)
  const about = `${queue.url} for s3://${of.bucket}`
  switch (lets(policy, sender)) {
    case 'yes':
      return ok(`${sender.service} may send for ${sender.source}`, about)
    case 'from everywhere':
      return not(
        `${sender.service} may send for every account, so that any bucket can announce objects`,
        fixOf(queue, withoutOpen(policy, sender), sender),
        about,
      )
    case 'denied':
      return not(
        `a statement of its policy denies ${sender.service} to send for ${sender.source}`,
        {
          does: 'Take the statement out, or leave our bucket out of it.',
          commands: [sh`aws sqs get-queue-attributes --queue-url ${queue.url} --attribute-names Policy`],
        },
        about,
      )
    case 'no':
      return not(
        `its policy does not let ${sender.service} send for ${sender.source}`,
        fixOf(queue, policy, sender),
        about,
      )
  }
}

/** The sender of a bucket's notices. */
async function senderOf(premises: Premises, queue: Queue, of: LogBucket): Promise<Sender> {
  const source = bucketArn(of.bucket, queue.arn)
  const bucket = { service: 's3.amazonaws.com', action: 'sqs:SendMessage', source, account: queue.account }
  try {
    const s3 = await s3Of(premises, of.identity, of.bucket)
    const told = await s3.getBucketNotificationConfiguration({ Bucket: of.bucket })
    if ((told.QueueConfigurations ?? []).some(({ QueueArn }) => QueueArn === queue.arn)) return bucket
    const topic = told.TopicConfigurations?.[0]?.TopicArn
    if (topic !== undefined) return { ...bucket, service: 'sns.amazonaws.com', source: topic }
    if (told.EventBridgeConfiguration)
      return {
        ...bucket,
        service: 'events.amazonaws.com',
        source: `arn:${partitionOf(queue.arn)}:events:${queue.region}:${queue.account}:rule/loglake`,
      }
  } catch {
    // The check of notifications reports the reason.
  }
  return bucket
}

/** The same policy without the statements that let the service send for every account. */
function withoutOpen(policy: PolicyDocument, sender: Sender): PolicyDocument {
  return {
    ...policy,
    Statement: policy.Statement.filter((one) => lets({ Statement: [one] }, sender) !== 'from everywhere'),
  }
}

function fixOf(queue: Queue, policy: PolicyDocument, { service, source, account }: Sender) {
  const Policy = withStatement(policy, {
    Sid: `loglake-${source.split(':').at(-1)?.replace(/\W+/g, '-')}`,
    Effect: 'Allow',
    Principal: { Service: service },
    Action: 'sqs:SendMessage',
    Resource: queue.arn,
    Condition: {
      ArnEquals: { 'aws:SourceArn': source },
      ...(account === undefined || service !== 's3.amazonaws.com'
        ? {}
        : { StringEquals: { 'aws:SourceAccount': account } }),
    },
  })
  return {
    does: 'Let it send for our bucket alone; other statements stay. A bucket of another account needs that account in `aws:SourceAccount`.',
    ours: true as const,
    calls: [
      {
        as: queue.identity,
        service: 'sqs' as const,
        action: 'SetQueueAttributes',
        region: queue.region,
        input: { QueueUrl: queue.url, Attributes: { Policy } },
      },
    ],
  }
}

function noBucket(queue: Queue): Line {
  return not(
    'its policy names no bucket that may send',
    {
      does: 'Name the bucket under `doctor.buckets` in loglake.yaml, then run the doctor again: it will have the statement.',
      commands: ['loglake doctor --check queue-policy'],
    },
    queue.url,
  )
}

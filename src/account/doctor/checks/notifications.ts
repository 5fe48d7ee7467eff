import type { NotificationConfiguration } from '../../../aws/buckets.ts'
import { sh } from '../command.ts'
import { type Check, type Line, none, not, ok, type Premises } from '../contract.ts'
import { bucketsOf, type LogBucket, overlap, type Queue, queueOf, s3Of } from '../facts.ts'
import { guarded } from '../trouble.ts'
import { listed } from '../words.ts'

const CREATED = 's3:ObjectCreated:*'

export const notifications: Check = {
  name: 'notifications',
  group: 'Logs arrive',
  title: 'The log buckets announce new objects to our queue',
  doc: "The bucket's notifications name our queue, for every way in which objects are created (large ones come in parts), with a prefix that leaves nothing out; or a topic or EventBridge receives them. A fix keeps the notifications of others: S3 replaces all of them at once, and refuses two of the same events whose prefixes overlap.",
  permissions: ['s3:GetBucketNotification', 'sqs:GetQueueAttributes'],
  mends: "The bucket's notifications, with ours added to those of others.",
  aws: true,
  async run(premises) {
    const buckets = (await bucketsOf(premises)).filter(({ source }) => source.queue !== undefined)
    if (buckets.length === 0) return [none('no source reads a queue whose buckets are known')]
    return (await Promise.all(buckets.map((one) => bucketLines(premises, one)))).flat()
  },
}

async function bucketLines(premises: Premises, of: LogBucket): Promise<Line[]> {
  const { bucket, identity, source } = of
  const about = `s3://${bucket}`
  return await guarded(`s3:GetBucketNotification on ${bucket}`, { about, as: identity }, async () => {
    const queue = await queueOf(premises, { source, url: source.queue ?? '', identity })
    const s3 = await s3Of(premises, identity, bucket)
    const { $metadata: _, ...told } = await s3.getBucketNotificationConfiguration({ Bucket: bucket })
    return [lineOf(told as NotificationConfiguration, of, queue, about)]
  })
}

function lineOf(told: NotificationConfiguration, of: LogBucket, queue: Queue, about: string): Line {
  const own = (told.QueueConfigurations ?? []).filter(({ QueueArn }) => QueueArn === queue.arn)
  if (own.length > 0) {
    const all = own.flatMap(({ Events = [] }) => Events.map(String))
    if (
      !all.includes(CREATED) &&
      !['Put', 'Post', 'Copy', 'CompleteMultipartUpload'].every((way) =>
        all.includes(`s3:ObjectCreated:${way}`),
      )
    )
      return not(
        `only ${listed(all)} ${all.length === 1 ? 'is' : 'are'} announced: objects that are created in another way are missed`,
        fixOf(told, of, queue, about, prefixOf(own[0])),
        about,
      )
    const prefixes = own.map(prefixOf)
    if (!prefixes.some((prefix) => of.prefix.startsWith(prefix) || prefix === ''))
      return ok(`${queue.arn} is told of what is below ${listed(prefixes)}`, about)
    return ok(`${queue.arn} is told`, about)
  }
  const topic = (told.TopicConfigurations ?? []).find(({ Events = [] }) =>
    Events.some((event) => String(event).startsWith('s3:ObjectCreated')),
  )
  if (topic) return ok(`by the topic ${topic.TopicArn}`, about)
  if (told.EventBridgeConfiguration) return ok('by EventBridge', about)
  return not(`new objects are not announced to ${queue.arn}`, fixOf(told, of, queue, about, of.prefix), about)
}

interface Filtered {
  Filter?:
    | {
        Key?:
          | { FilterRules?: { Name?: string | undefined; Value?: string | undefined }[] | undefined }
          | undefined
      }
    | undefined
}

function prefixOf(one: Filtered | undefined): string {
  const rules = one?.Filter?.Key?.FilterRules ?? []
  return rules.find(({ Name }) => Name?.toLowerCase() === 'prefix')?.Value ?? ''
}

/**
 * The existing notifications plus ours; when another one covers the same objects, a line explains that
 * instead.
 */
function fixOf(
  told: NotificationConfiguration,
  { bucket, identity }: LogBucket,
  { arn, region }: Queue,
  about: string,
  prefix: string,
) {
  const others = {
    ...told,
    QueueConfigurations: (told.QueueConfigurations ?? []).filter(({ QueueArn }) => QueueArn !== arn),
  }
  const rivals = [
    ...others.QueueConfigurations,
    ...(told.TopicConfigurations ?? []),
    ...(told.LambdaFunctionConfigurations ?? []),
  ].filter(
    (one) =>
      (one.Events ?? []).some((event) => String(event).startsWith('s3:ObjectCreated')) &&
      overlap(prefixOf(one), prefix),
  )
  const [rival] = rivals
  if (rival) {
    const target = Object.values(rival).find((value) => typeof value === 'string' && value.startsWith('arn:'))
    return {
      does: `${about} tells ${target} of the same objects, and S3 tells only one: let that be a topic of SNS to which both subscribe, or switch on EventBridge.`,
      commands: [sh`aws s3api get-bucket-notification-configuration --bucket ${bucket}`],
    }
  }
  const ours = {
    Id: 'loglake',
    QueueArn: arn,
    Events: [CREATED],
    ...(prefix === '' ? {} : { Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: prefix }] } } }),
  }
  return {
    does: "Notify our queue; the bucket's other notifications stay as they are.",
    ours: true as const,
    calls: [
      {
        as: identity,
        service: 's3' as const,
        action: 'PutBucketNotificationConfiguration',
        ...(region === undefined ? {} : { region }),
        input: {
          Bucket: bucket,
          NotificationConfiguration: {
            ...others,
            QueueConfigurations: [...others.QueueConfigurations, ours],
          },
        },
      },
    ],
  }
}

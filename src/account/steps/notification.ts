import type { S3 } from '../../aws/clients.ts'
import { troubleOf } from '../../aws/errors.ts'
import { UserError } from '../../lib/errors.ts'
import type { Finding, Step, StepContext } from '../contract.ts'

/** A notification of a bucket in S3's format: to a queue, a topic or a function. */
interface Rule {
  Id?: string | undefined
  Events?: string[] | undefined
  Filter?: { Key?: { FilterRules?: { Name?: string; Value?: string }[] | undefined } | undefined } | undefined
  QueueArn?: string
  TopicArn?: string
  LambdaFunctionArn?: string
}

interface Configuration {
  QueueConfigurations?: Rule[] | undefined
  TopicConfigurations?: Rule[] | undefined
  LambdaFunctionConfigurations?: Rule[] | undefined
  EventBridgeConfiguration?: object | undefined
}

const CREATED = 's3:ObjectCreated:*'

/**
 * Notifications of existing buckets. CloudFormation cannot add one to a bucket that it did not create, and S3
 * replaces all notifications of a bucket at once: so they are read, ours is added, and all others stay
 * unchanged.
 */
export const notification: Step = {
  name: 'notification',
  title: 'Notifications of existing buckets',
  undoes: 'takes our notification out again, and leaves those of others',
  actions: ['s3:GetBucketNotification', 's3:PutBucketNotification'],

  async look(context) {
    return await Promise.all(context.wanted.buckets.map(({ bucket }) => lookAt(context, bucket)))
  },

  async remember(context, bucket) {
    return { id: idOf(context), prefix: prefixOf(context, bucket) }
  },

  async make(context, bucket) {
    const s3 = await context.clients.s3For(bucket)
    const before = await read(s3, bucket)
    const clash = overlapping(before, context, bucket)
    if (clash) throw new UserError(`s3://${bucket}: ${clash}`)
    await write(s3, bucket, merged(before, context, bucket))
    // S3 keeps the last write as a whole: another writer may have replaced ours in between.
    const after = await read(s3, bucket)
    const lost = others(before, context).filter((rule) => !all(after).some((other) => isSame(rule, other)))
    if (lost.length > 0 || !ours(after, context))
      throw new UserError(
        `s3://${bucket}: its notifications were changed at the same time\n  way out: look at them (aws s3api get-bucket-notification-configuration --bucket ${bucket}), and run again`,
      )
  },

  async undo(context, bucket, memory) {
    const s3 = await context.clients.s3For(bucket)
    const now = await read(s3, bucket).catch((thrown) => {
      if (troubleOf(thrown) === 'no bucket') return undefined
      throw thrown
    })
    if (!now) return `s3://${bucket} is gone`
    const id = String(memory.id)
    const isMine = (rule: Rule) => rule.Id === id || isToOurs(rule, context)
    if (!all(now).some(isMine)) return `s3://${bucket} has no notification of ours any more`
    const { QueueConfigurations = [], ...rest } = now
    await write(s3, bucket, {
      ...rest,
      QueueConfigurations: QueueConfigurations.filter((rule) => !isMine(rule)),
    })
    return `s3://${bucket} does not announce its objects to the queue any more`
  },
}

async function lookAt(context: StepContext, bucket: string): Promise<Finding> {
  const place = bucket
  const prefix = prefixOf(context, bucket)
  const below = prefix === '' ? 'all of it' : `what is below ${prefix}`
  const about = {
    step: 'notification',
    place,
    what: `s3://${bucket} announces new objects (${below}) to the queue`,
  }
  let before: Configuration
  const s3 = await context.clients.s3For(bucket)
  const region = await s3.config.region()
  try {
    before = await read(s3, bucket)
  } catch (thrown) {
    const trouble = troubleOf(thrown)
    if (trouble === 'no bucket' || trouble === 'missing')
      return { ...about, state: 'refused', why: 'there is no such bucket in this account' }
    return { ...about, state: 'unknown', why: 's3:GetBucketNotification is denied, or S3 cannot be reached' }
  }
  if (region !== context.region)
    return {
      ...about,
      state: 'refused',
      why: `it is in ${region}, and S3 announces objects only to a queue of the bucket's own Region\n    way out: a stack there, which reads this bucket (--region ${region} --log-bucket ${bucket} --no-new-log-bucket --no-trail --lake-bucket none), and its queue as one more source in loglake.yaml`,
    }
  const mine = ours(before, context)
  const queue = context.outputs.QueueArn
  if (mine && isSame(mine, ruleOf(context, bucket)) && queue !== undefined) return { ...about, state: 'done' }
  const clash = overlapping(before, context, bucket)
  if (clash) return { ...about, state: 'refused', why: clash }
  return { ...about, state: 'open', before: plain(before), after: plain(merged(before, context, bucket)) }
}

async function read(s3: S3, Bucket: string): Promise<Configuration> {
  const { $metadata: _, ...found } = await s3.getBucketNotificationConfiguration({ Bucket })
  return found as Configuration
}

async function write(s3: S3, Bucket: string, NotificationConfiguration: Configuration): Promise<void> {
  await s3.putBucketNotificationConfiguration({
    Bucket,
    NotificationConfiguration: NotificationConfiguration as never,
  })
}

function idOf({ wanted }: StepContext): string {
  return `loglake-${wanted.stack}`
}

function prefixOf({ wanted }: StepContext, bucket: string): string {
  return wanted.buckets.find((one) => one.bucket === bucket)?.prefix ?? ''
}

function ruleOf(context: StepContext, bucket: string): Rule {
  const { wanted, partition, region, account, outputs } = context
  const prefix = prefixOf(context, bucket)
  return {
    Id: idOf(context),
    QueueArn: outputs.QueueArn ?? `arn:${partition}:sqs:${region}:${account}:${wanted.stack}-objects`,
    Events: [CREATED],
    ...(prefix === '' ? {} : { Filter: { Key: { FilterRules: [{ Name: 'Prefix', Value: prefix }] } } }),
  }
}

function merged(before: Configuration, context: StepContext, bucket: string): Configuration {
  const kept = (before.QueueConfigurations ?? []).filter((rule) => !isOurs(rule, context))
  return { ...before, QueueConfigurations: [...kept, ruleOf(context, bucket)] }
}

function all(configuration: Configuration): Rule[] {
  const {
    QueueConfigurations = [],
    TopicConfigurations = [],
    LambdaFunctionConfigurations = [],
  } = configuration
  return [...QueueConfigurations, ...TopicConfigurations, ...LambdaFunctionConfigurations]
}

/** A notification to our queue is ours under any name: `loglake doctor` and people add them, too. */
function isToOurs({ QueueArn }: Rule, { outputs }: StepContext): boolean {
  return QueueArn !== undefined && QueueArn === outputs.QueueArn
}

function isOurs(rule: Rule, context: StepContext): boolean {
  return rule.Id === idOf(context) || isToOurs(rule, context)
}

const others = (configuration: Configuration, context: StepContext): Rule[] =>
  all(configuration).filter((rule) => !isOurs(rule, context))

const ours = (configuration: Configuration, context: StepContext): Rule | undefined =>
  all(configuration).find(({ Id }) => Id === idOf(context))

/**
 * S3 refuses two notifications for the same event when prefixes and suffixes overlap: returns whose it is,
 * and the remedy.
 */
function overlapping(configuration: Configuration, context: StepContext, bucket: string): string | undefined {
  const mine = ruleOf(context, bucket)
  const found = others(configuration, context).find((rule) => doOverlap(rule, mine))
  if (!found) return undefined
  const target = found.QueueArn ?? found.TopicArn ?? found.LambdaFunctionArn ?? '?'
  const place = filterOf(found, 'prefix') || 'all of it'
  const wayOut =
    found.TopicArn !== undefined
      ? `let that topic send to our queue, too (aws sns subscribe --topic-arn ${found.TopicArn} --protocol sqs --notification-endpoint <queue ARN>): loglake reads what comes through SNS`
      : 'give a prefix that does not overlap (--log-bucket bucket/prefix), or switch EventBridge on for the bucket and send from there to both'
  return `it announces objects (${place}) to ${target} already, and S3 allows one for each prefix\n    way out: ${wayOut}`
}

export function doOverlap(left: Rule, right: Rule): boolean {
  const events = (left.Events ?? []).some((one) =>
    (right.Events ?? []).some((other) => isEventOf(one, other)),
  )
  const [a, b] = [filterOf(left, 'prefix'), filterOf(right, 'prefix')]
  const [c, d] = [filterOf(left, 'suffix'), filterOf(right, 'suffix')]
  return events && (a.startsWith(b) || b.startsWith(a)) && (c.endsWith(d) || d.endsWith(c))
}

/** `s3:ObjectCreated:*` includes `s3:ObjectCreated:Put`. */
function isEventOf(left: string, right: string): boolean {
  const family = (event: string) => event.replace(/\*$/, '')
  return family(left).startsWith(family(right)) || family(right).startsWith(family(left))
}

function filterOf({ Filter }: Rule, name: string): string {
  return Filter?.Key?.FilterRules?.find(({ Name }) => Name?.toLowerCase() === name)?.Value ?? ''
}

function isSame(left: Rule, right: Rule): boolean {
  return JSON.stringify(shown(left)) === JSON.stringify(shown(right))
}

function shown(rule: Rule) {
  const { Id: id, QueueArn, TopicArn, LambdaFunctionArn, Events = [] } = rule
  const to = QueueArn ?? TopicArn ?? LambdaFunctionArn
  return {
    id,
    to,
    events: [...Events].sort(),
    prefix: filterOf(rule, 'prefix'),
    suffix: filterOf(rule, 'suffix'),
  }
}

function plain(configuration: Configuration) {
  const bridge = configuration.EventBridgeConfiguration === undefined ? [] : [{ to: 'EventBridge' }]
  return [...all(configuration).map(shown), ...bridge]
}

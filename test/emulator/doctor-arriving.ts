import { ACCOUNT, type Case, KEY, LAKE, LOGS, REGION, TOPIC, type World } from './doctor-world.ts'

/** Cases of the checks that look at buckets, queues, keys, the lake, and what leaves. */

const DAY = 86_400_000
const DEAD = `arn:aws:sqs:${REGION}:${ACCOUNT}:dead`

async function attributes({ aws, url }: World, Attributes: Record<string, string>): Promise<void> {
  await aws('sqs', 'SetQueueAttributes', { QueueUrl: url, Attributes })
}

async function policy(world: World, ...Statement: object[]): Promise<void> {
  const Policy = Statement.length === 0 ? '' : JSON.stringify({ Version: '2012-10-17', Statement })
  await attributes(world, { Policy })
}

/** Takes every message out: a queue may be purged only once a minute. */
async function drain(aws: World['aws'], QueueUrl: string): Promise<void> {
  for (;;) {
    const { Messages = [] } = await aws<{ Messages?: { ReceiptHandle: string }[] }>('sqs', 'ReceiveMessage', {
      QueueUrl,
      MaxNumberOfMessages: 10,
    })
    if (Messages.length === 0) return
    for (const { ReceiptHandle } of Messages) await aws('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle })
  }
}

const sends = (world: World, more: object = {}) => ({
  Sid: 's3',
  Effect: 'Allow',
  Principal: { Service: 's3.amazonaws.com' },
  Action: 'SQS:SendMessage',
  Resource: world.queueArn,
  ...more,
})
const ofBucket = (bucket: string) => ({
  Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:s3:*:*:${bucket}` } },
})

async function notifies({ aws }: World, NotificationConfiguration: object): Promise<void> {
  await aws('s3', 'PutBucketNotificationConfiguration', { Bucket: LOGS, NotificationConfiguration })
}

const queued = (world: World, more: object = {}) => ({
  QueueConfigurations: [{ Id: 'loglake', QueueArn: world.queueArn, Events: ['s3:ObjectCreated:*'], ...more }],
})

/** The emulator knows some operations of keys by their id alone. */
const idOf = (arn: string) => arn.split('/').at(-1)

async function key({ aws }: World, Policy?: object): Promise<string> {
  const { KeyMetadata } = await aws<{ KeyMetadata: { Arn: string } }>('kms', 'CreateKey', {
    ...(Policy ? { Policy: JSON.stringify(Policy) } : {}),
  })
  return KeyMetadata.Arn
}

const OURS = {
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'root',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      Action: 'kms:*',
      Resource: '*',
    },
  ],
}
const LETS_S3 = {
  ...OURS,
  Statement: [
    ...OURS.Statement,
    {
      Sid: 's3',
      Effect: 'Allow',
      Principal: { Service: 's3.amazonaws.com' },
      Action: ['kms:GenerateDataKey*', 'kms:Decrypt'],
      Resource: '*',
    },
  ],
}

async function queueKey(world: World, arn: string): Promise<void> {
  await attributes(world, { KmsMasterKeyId: arn })
}
const plainQueue = (world: World) => attributes(world, { KmsMasterKeyId: '' })

async function encrypted(
  { aws }: World,
  Bucket: string,
  KMSMasterKeyID: string,
  BucketKeyEnabled: boolean,
): Promise<void> {
  const rule = {
    ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID },
    BucketKeyEnabled,
  }
  await aws('s3', 'PutBucketEncryption', { Bucket, ServerSideEncryptionConfiguration: { Rules: [rule] } })
}
const plainBucket = (world: World) => world.aws('s3', 'DeleteBucketEncryption', { Bucket: LOGS })

async function lifecycle({ aws }: World, ...Rules: object[]): Promise<void> {
  await aws('s3', 'PutBucketLifecycleConfiguration', { Bucket: LAKE, LifecycleConfiguration: { Rules } })
}

function lakeWith(world: World, more: object): void {
  Object.assign(world.setup.lake.s3 as object, more)
}

async function trust({ aws }: World, ...Statement: object[]): Promise<void> {
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  await aws('iam', 'UpdateAssumeRolePolicy', { RoleName: 'batch', PolicyDocument })
}

export const arriving: readonly Case[] = [
  {
    check: 'log-bucket',
    broken: 'there is no bucket of that name',
    breaks: (world) => world.settings({ buckets: ['example-nowhere'] }),
    says: /there is no bucket of that name/,
    fix: /^aws s3 mb s3:\/\/example-nowhere/,
    async repairs({ aws }, [command = ''], run) {
      await run(command)
      await aws('s3', 'PutObject', { Bucket: 'example-nowhere', Key: 'a', Body: 'log' })
    },
    restores: (world) => world.settings({ buckets: [] }),
  },
  {
    check: 'log-bucket',
    broken: 'nothing is in it',
    async breaks(world) {
      await world.aws('s3', 'CreateBucket', {
        Bucket: 'example-empty',
        CreateBucketConfiguration: { LocationConstraint: REGION },
      })
      world.settings({ buckets: ['example-empty'] })
    },
    says: /nothing is in it/,
    fix: /aws s3 ls s3:\/\/example-empty\//,
    repairs: ({ aws }) => aws('s3', 'PutObject', { Bucket: 'example-empty', Key: 'a', Body: 'log' }),
    restores: (world) => world.settings({ buckets: [] }),
  },
  {
    check: 'notifications',
    broken: 'nothing tells the queue',
    breaks: (world) => notifies(world, {}),
    says: /new objects are not announced to arn:aws:sqs:\S+:logs/,
    fix: /put-bucket-notification-configuration --bucket example-logs/,
    needs: ['s3:PutBucketNotification'],
    ours: true,
  },
  {
    check: 'notifications',
    broken: 'objects that come in parts are not announced',
    breaks: (world) => notifies(world, queued(world, { Events: ['s3:ObjectCreated:Put'] })),
    says: /only s3:ObjectCreated:Put is announced/,
    fix: /"s3:ObjectCreated:\*"/,
    ours: true,
  },
  {
    check: 'notifications',
    broken: 'others are told of other objects, and nobody tells us',
    breaks: (world) =>
      notifies(world, {
        TopicConfigurations: [{ Id: 'theirs', TopicArn: TOPIC, Events: ['s3:ObjectRemoved:*'] }],
      }),
    says: /new objects are not announced/,
    // The bucket's other notifications stay.
    fix: /"TopicConfigurations":\[.*"theirs"/,
    ours: true,
    restores: (world) => notifies(world, queued(world)),
  },
  {
    check: 'notifications',
    broken: 'another queue has the same objects',
    breaks: (world) =>
      notifies(world, {
        QueueConfigurations: [{ Id: 'theirs', QueueArn: DEAD, Events: ['s3:ObjectCreated:*'] }],
      }),
    says: /new objects are not announced/,
    fix: /get-bucket-notification-configuration/,
    repairs: (world) =>
      notifies(world, {
        TopicConfigurations: [{ Id: 'both', TopicArn: TOPIC, Events: ['s3:ObjectCreated:*'] }],
      }),
    async restores(world) {
      await notifies(world, queued(world))
      // A queue that is named gets a message that says so.
      const { QueueUrl } = await world.aws<{ QueueUrl: string }>('sqs', 'GetQueueUrl', { QueueName: 'dead' })
      await drain(world.aws, QueueUrl)
    },
  },
  {
    check: 'queue-policy',
    broken: 'it has none',
    async breaks(world) {
      world.settings({ buckets: [LOGS] })
      await policy(world)
    },
    says: /does not let s3\.amazonaws\.com send for arn:aws:s3:::example-logs/,
    fix: /set-queue-attributes --queue-url \S+ --attributes .*aws:SourceArn/,
    needs: ['sqs:SetQueueAttributes'],
    ours: true,
    restores: (world) => world.settings({ buckets: [] }),
  },
  {
    check: 'queue-policy',
    broken: 'it lets everybody send through S3',
    breaks: (world) => policy(world, sends(world)),
    says: /any bucket can announce objects/,
    fix: /aws:SourceAccount/,
    ours: true,
  },
  {
    check: 'queue-policy',
    broken: 'it lets another bucket send',
    breaks: (world) => policy(world, sends(world, ofBucket('example-other'))),
    says: /does not let s3\.amazonaws\.com send for arn:aws:s3:::example-logs/,
    // The other's statement stays.
    fix: /example-other.*example-logs/,
    ours: true,
    restores: (world) => policy(world, sends(world, ofBucket(LOGS))),
  },
  {
    check: 'queue-policy',
    broken: 'a statement denies it',
    breaks: (world) =>
      policy(world, sends(world, ofBucket(LOGS)), sends(world, { Sid: 'no', Effect: 'Deny' })),
    says: /a statement of its policy denies/,
    fix: /get-queue-attributes/,
    repairs: (world) => policy(world, sends(world, ofBucket(LOGS))),
  },
  {
    check: 'queue-key',
    broken: 'it has the AWS-managed key',
    breaks: (world) => queueKey(world, 'alias/aws/sqs'),
    says: /AWS-managed key .*S3 cannot send/,
    fix: /set-queue-attributes .*"SqsManagedSseEnabled":"true"/,
    ours: true,
  },
  {
    check: 'queue-key',
    broken: 'its key is disabled',
    async breaks(world) {
      const arn = await key(world, LETS_S3)
      await world.aws('kms', 'DisableKey', { KeyId: idOf(arn) })
      await queueKey(world, arn)
    },
    says: /is disabled/,
    fix: /kms enable-key --key-id/,
    needs: ['kms:EnableKey'],
    restores: plainQueue,
  },
  {
    check: 'queue-key',
    broken: 'its key is about to be deleted',
    async breaks(world) {
      const arn = await key(world, LETS_S3)
      await world.aws('kms', 'ScheduleKeyDeletion', { KeyId: idOf(arn), PendingWindowInDays: 7 })
      await queueKey(world, arn)
    },
    says: /about to be deleted/,
    fix: /kms cancel-key-deletion/,
    restores: plainQueue,
  },
  {
    check: 'queue-key',
    broken: 'the policy of its key does not let S3',
    breaks: async (world) => queueKey(world, await key(world, OURS)),
    says: /does not let s3\.amazonaws\.com do kms:GenerateDataKey and kms:Decrypt/,
    fix: /kms put-key-policy .*"Sid":"root".*"Sid":"loglake-s3-sends"/,
    needs: ['kms:PutKeyPolicy'],
    restores: plainQueue,
  },
  {
    check: 'bucket-key',
    broken: 'the key of the bucket is disabled',
    async breaks(world) {
      const arn = await key(world)
      await encrypted(world, LOGS, arn, true)
      await world.aws('kms', 'DisableKey', { KeyId: idOf(arn) })
    },
    says: /is disabled/,
    fix: /kms enable-key/,
    restores: plainBucket,
  },
  {
    check: 'backlog',
    broken: 'messages are kept for an hour',
    breaks: (world) => attributes(world, { MessageRetentionPeriod: '3600' }),
    says: /kept for 60 min only/,
    fix: /"MessageRetentionPeriod":"1209600"/,
    ours: true,
  },
  {
    check: 'backlog',
    broken: 'it has no dead-letter queue',
    breaks: (world) => attributes(world, { RedrivePolicy: '' }),
    says: /no dead-letter queue/,
    fix: /sqs create-queue --queue-name logs-dead/,
    needs: ['sqs:CreateQueue', 'sqs:SetQueueAttributes'],
    ours: true,
    restores: (world) =>
      attributes(world, {
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: DEAD, maxReceiveCount: '5' }),
      }),
  },
  {
    check: 'backlog',
    broken: 'a message has one chance',
    breaks: (world) =>
      attributes(world, {
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: DEAD, maxReceiveCount: '1' }),
      }),
    says: /set aside after 1 receive/,
    fix: /maxReceiveCount\\":\\"5\\"/,
    ours: true,
  },
  {
    check: 'backlog',
    broken: 'there are messages in the dead-letter queue',
    async breaks({ aws }) {
      const { QueueUrl } = await aws<{ QueueUrl: string }>('sqs', 'GetQueueUrl', { QueueName: 'dead' })
      await aws('sqs', 'SendMessage', { QueueUrl, MessageBody: 'one' })
    },
    says: /1 message in its dead-letter queue/,
    fix: /sqs start-message-move-task --source-arn arn:aws:sqs:\S+:dead/,
    needs: ['sqs:StartMessageMoveTask'],
    // The emulator has no such task.
    async repairs({ aws }) {
      const { QueueUrl } = await aws<{ QueueUrl: string }>('sqs', 'GetQueueUrl', { QueueName: 'dead' })
      await drain(aws, QueueUrl)
    },
  },
  {
    check: 'backlog',
    broken: 'messages wait, and nobody reads them',
    async breaks(world) {
      await world.aws('sqs', 'SendMessage', { QueueUrl: world.url, MessageBody: 'one' })
    },
    now: () => Date.now() + 3_600_000,
    says: /messages? wait, and for \d+ min nothing was committed/,
    fix: /^loglake run logs/,
    repairs: ({ aws, url }) => drain(aws, url),
  },
  {
    check: 'newest-objects',
    broken: 'nothing has come for three days',
    breaks: () => undefined,
    now: () => Date.now() + 3 * DAY,
    says: /nothing has come for 3 days/,
    fix: /^loglake run logs/,
    repairs({ told }) {
      const [newest] = told.newest
      if (newest) newest.committedMs = Date.now() + 3 * DAY
    },
    restores({ told }) {
      const [newest] = told.newest
      if (newest) newest.committedMs = Date.now()
    },
  },
  {
    check: 'newest-objects',
    broken: 'objects lie in the bucket and are not in the lake',
    breaks: ({ aws }) =>
      aws('s3', 'PutObject', { Bucket: LOGS, Key: KEY.replace('one', 'two'), Body: 'log' }),
    now: () => Date.now() + 2 * 3_600_000,
    says: /more than an hour and are not in the lake, as s3:\/\/example-logs\/.*two\.json\.gz/,
    fix: /^loglake backfill s3:\/\/example-logs\/AWSLogs/m,
    repairs({ told }) {
      told.ledgered = () => true
    },
  },
  {
    check: 'end-to-end',
    broken: 'nobody reads the marker',
    write: true,
    breaks(world) {
      world.settings({ marker_seconds: 1 })
      world.told.ledgered = () => false
    },
    says: /is not in the ledger after 1 s, and was removed/,
    fix: /^loglake run logs/,
    repairs({ told }) {
      told.ledgered = () => true
    },
  },
  {
    check: 'lake-bucket',
    broken: 'public access is not blocked at all',
    breaks: ({ aws }) => aws('s3', 'DeletePublicAccessBlock', { Bucket: LAKE }),
    says: /public access is not blocked/,
    fix: /s3api put-public-access-block --bucket example-lake/,
    needs: ['s3:PutBucketPublicAccessBlock'],
    ours: true,
  },
  {
    check: 'lake-bucket',
    broken: 'public policies are not blocked',
    breaks: ({ aws }) =>
      aws('s3', 'PutPublicAccessBlock', {
        Bucket: LAKE,
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          IgnorePublicAcls: true,
          BlockPublicPolicy: false,
          RestrictPublicBuckets: true,
        },
      }),
    says: /BlockPublicPolicy is off/,
    fix: /put-public-access-block/,
    ours: true,
  },
  {
    check: 'lake-bucket',
    broken: 'a lifecycle rule expires its files',
    breaks: (world) =>
      lifecycle(world, { ID: 'clean', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 30 } }),
    says: /clean expires files after 30 days/,
    fix: /s3api delete-bucket-lifecycle/,
    ours: true,
  },
  {
    check: 'lake-bucket',
    broken: 'a lifecycle rule archives its files, beside one for another prefix',
    breaks: (world) =>
      lifecycle(
        world,
        {
          ID: 'cold',
          Status: 'Enabled',
          Filter: { Prefix: 'audit/tables/' },
          Transitions: [{ Days: 90, StorageClass: 'GLACIER' }],
        },
        { ID: 'theirs', Status: 'Enabled', Filter: { Prefix: 'other/' }, Expiration: { Days: 1 } },
      ),
    says: /cold archives files/,
    fix: /put-bucket-lifecycle-configuration .*"ID":"theirs"/,
    needs: ['s3:PutLifecycleConfiguration'],
    ours: true,
  },
  {
    check: 'lake-bucket',
    broken: 'its KMS key is not there',
    breaks: (world) => lakeWith(world, { kmsKey: 'alias/not-there' }),
    says: /there is no KMS key alias\/not-there/,
    fix: /kms list-aliases/,
    async repairs(world) {
      const arn = await key(world)
      await world.aws('kms', 'CreateAlias', { AliasName: 'alias/not-there', TargetKeyId: arn })
    },
    restores: (world) => lakeWith(world, { kmsKey: undefined }),
  },
  {
    check: 'lake-bucket',
    broken: 'its KMS key is disabled',
    async breaks(world) {
      const arn = await key(world)
      await world.aws('kms', 'DisableKey', { KeyId: idOf(arn) })
      lakeWith(world, { kmsKey: arn })
    },
    says: /is disabled/,
    fix: /kms enable-key/,
    restores: (world) => lakeWith(world, { kmsKey: undefined }),
  },
  {
    check: 'lake-bucket',
    broken: 'object lock is asked for and not enabled',
    breaks: (world) => lakeWith(world, { objectLock: { mode: 'governance', days: 30 } }),
    says: /asks for object lock/,
    fix: /put-object-lock-configuration/,
    restores: (world) => lakeWith(world, { objectLock: undefined }),
  },
  {
    check: 'topics',
    broken: 'it has the AWS-managed key',
    breaks: ({ aws }) =>
      aws('sns', 'SetTopicAttributes', {
        TopicArn: TOPIC,
        AttributeName: 'KmsMasterKeyId',
        AttributeValue: 'alias/aws/sns',
      }),
    says: /alarms of CloudWatch and rules of EventBridge cannot publish/,
    fix: /sns set-topic-attributes .*--attribute-value ''/,
    needs: ['sns:SetTopicAttributes'],
  },
  {
    check: 'topics',
    broken: 'no subscription',
    async breaks({ aws }) {
      const { Subscriptions = [] } = await aws<{ Subscriptions: { SubscriptionArn: string }[] }>(
        'sns',
        'ListSubscriptionsByTopic',
        { TopicArn: TOPIC },
      )
      for (const { SubscriptionArn } of Subscriptions) await aws('sns', 'Unsubscribe', { SubscriptionArn })
    },
    says: /it has no subscription/,
    fix: /sns subscribe --topic-arn/,
    repairs: (_, [command = ''], run) => run(command),
  },
  {
    check: 'topics',
    broken: 'there is no such topic',
    breaks: ({ aws }) => aws('sns', 'DeleteTopic', { TopicArn: TOPIC }),
    says: /there is no such topic/,
    fix: /sns create-topic --name findings/,
    async repairs({ aws, queueArn }, [command = ''], run) {
      await run(command)
      await aws('sns', 'Subscribe', { TopicArn: TOPIC, Protocol: 'sqs', Endpoint: queueArn })
    },
  },
  {
    check: 'glue',
    broken: 'a table points to old metadata',
    breaks({ told }) {
      told.metadata.set('cloudtrail', 's3://example-lake/audit/tables/cloudtrail/metadata/v10.metadata.json')
    },
    says: /cloudtrail points to metadata that is not the newest/,
    fix: /^loglake mirror/,
    repairs: ({ aws, told }) =>
      aws('glue', 'UpdateTable', {
        DatabaseName: 'audit',
        TableInput: {
          Name: 'cloudtrail',
          Parameters: { metadata_location: told.metadata.get('cloudtrail') },
        },
      }),
  },
  {
    check: 'glue',
    broken: 'a table is missing',
    breaks({ told }) {
      told.metadata.set('ledger', 's3://example-lake/l')
    },
    says: /ledger is not in it/,
    fix: /^loglake mirror/,
    repairs: ({ aws }) =>
      aws('glue', 'CreateTable', {
        DatabaseName: 'audit',
        TableInput: { Name: 'ledger', Parameters: { metadata_location: 's3://example-lake/l' } },
      }),
  },
  {
    check: 'glue',
    broken: 'Lake Formation has granted it to another',
    breaks: ({ aws }) =>
      aws('lakeformation', 'GrantPermissions', {
        Principal: { DataLakePrincipalIdentifier: `arn:aws:iam::${ACCOUNT}:role/other` },
        Resource: { Database: { Name: 'audit' } },
        Permissions: ['DESCRIBE'],
      }),
    says: /Lake Formation decides who uses it, and has granted \S+ nothing/,
    fix: /lakeformation grant-permissions/,
    needs: ['lakeformation:GrantPermissions'],
  },
  {
    check: 'glue',
    broken: 'there is no database',
    breaks: (world) => world.settings({ glue_database: 'elsewhere' }),
    says: /there is no database elsewhere/,
    fix: /glue create-database/,
    ours: true,
    async repairs({ aws, told }, [command = ''], run) {
      await run(command)
      for (const [Name, metadata_location] of told.metadata)
        await aws('glue', 'CreateTable', {
          DatabaseName: 'elsewhere',
          TableInput: { Name, Parameters: { metadata_location } },
        })
    },
    restores: (world) => world.settings({ glue_database: 'audit' }),
  },
  {
    check: 'models',
    broken: 'Bedrock may take on the batch role for every account',
    breaks: (world) =>
      trust(world, {
        Effect: 'Allow',
        Principal: { Service: 'bedrock.amazonaws.com' },
        Action: 'sts:AssumeRole',
      }),
    says: /for every account/,
    fix: /iam update-assume-role-policy --role-name batch .*aws:SourceAccount/,
    needs: ['iam:UpdateAssumeRolePolicy'],
  },
  {
    check: 'models',
    broken: 'Bedrock may not take on the batch role',
    breaks: (world) =>
      trust(world, {
        Effect: 'Allow',
        Principal: { Service: 'ec2.amazonaws.com' },
        Action: 'sts:AssumeRole',
      }),
    says: /does not let Bedrock take it on/,
    fix: /iam update-assume-role-policy/,
  },
  {
    check: 'role',
    broken: 'another account may assume it without an external id',
    async breaks(world) {
      await trust(world, {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::444455556666:root' },
        Action: 'sts:AssumeRole',
      })
      const [source] = world.setup.sources
      Object.assign(source?.identity as object, { role_arn: `arn:aws:iam::${ACCOUNT}:role/batch` })
    },
    says: /without an external id/,
    fix: /iam update-assume-role-policy .*sts:ExternalId/,
    restores(world) {
      const [source] = world.setup.sources
      Object.assign(source?.identity as object, { role_arn: undefined })
    },
  },
  {
    check: 'cost',
    broken: 'a bucket asks KMS for every object',
    breaks: async (world) => encrypted(world, LOGS, await key(world), false),
    says: /it has no bucket key: KMS is asked for every object/,
    fix: /put-bucket-encryption .*"BucketKeyEnabled":true/,
    needs: ['s3:PutEncryptionConfiguration'],
    restores: plainBucket,
  },
]

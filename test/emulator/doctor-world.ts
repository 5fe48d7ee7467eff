import { commandsOf } from '../../src/account/doctor/command.ts'
import { examine, type ReportLine } from '../../src/account/doctor/examine.ts'
import { checksNamed } from '../../src/account/doctor/index.ts'
import type { DoctorSettings } from '../../src/account/doctor/settings.ts'
import type { Setup } from '../../src/account/doctor/setup.ts'
import { type AwsClients, awsClients } from '../../src/aws/clients.ts'
import { type ServiceName, send } from '../../src/aws/send.ts'
import { setupWith, standing, type Told, told } from '../account/setups.ts'
import type { Moto } from './moto.ts'

/** A set-up on AWS that is whole, in an emulator: a case breaks one thing of it. */
export interface World {
  clients: AwsClients
  told: Told
  setup: Setup
  /** Makes a request: `aws('sqs', 'CreateQueue', { QueueName: 'a' })`. */
  aws<Answer = Record<string, never>>(service: ServiceName, action: string, input: object): Promise<Answer>
  /** The lines of a check as things stand. */
  look(check: string, options?: { write?: boolean; now?: () => number }): Promise<ReportLine[]>
  settings(more: Partial<DoctorSettings>): void
  url: string
  queueArn: string
}

export const REGION = 'eu-central-1'
export const ACCOUNT = '123456789012'
export const LOGS = 'example-logs'
export const LAKE = 'example-lake'
export const KEY = `AWSLogs/${ACCOUNT}/CloudTrail/${REGION}/2026/01/07/one.json.gz`
export const TRAIL = `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/audit`
export const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT}:findings`
export const GROUP = '/aws/ssm/session-logs'
const META = `s3://${LAKE}/audit/tables/cloudtrail/metadata/v9.metadata.json`

export async function makeWorld({ identity }: Moto): Promise<World> {
  const clients = awsClients(identity)
  const aws: World['aws'] = async (service, action, input) =>
    (await send(clients, {
      service,
      action,
      region: REGION,
      input: input as Record<string, unknown>,
    })) as never
  const at = { LocationConstraint: REGION }
  await aws('s3', 'CreateBucket', { Bucket: LOGS, CreateBucketConfiguration: at })
  await aws('s3', 'PutObject', { Bucket: LOGS, Key: KEY, Body: 'log' })
  await makeLake(aws, at)
  const { url, queueArn } = await makeQueue(aws)
  await makeRecording(aws, queueArn)
  await aws('sns', 'CreateTopic', { Name: 'findings' })
  await aws('sns', 'Subscribe', { TopicArn: TOPIC, Protocol: 'sqs', Endpoint: queueArn })
  await aws('glue', 'CreateDatabase', { DatabaseInput: { Name: 'audit' } })
  await aws('glue', 'CreateTable', {
    DatabaseName: 'audit',
    TableInput: { Name: 'cloudtrail', Parameters: { metadata_location: META, table_type: 'ICEBERG' } },
  })
  await makeRole(aws)
  const newest = {
    source: 'logs',
    object: `s3://${LOGS}/${KEY}`,
    committedMs: Date.now(),
    objects: 10,
    bytes: 100,
  }
  const lake = told({
    newest: [newest],
    standing: { sources: [standing('logs')], followers: [], holes: [] },
    ledgered: (uri) => uri === newest.object,
    metadata: new Map([['cloudtrail', META]]),
  })
  const setup = setupWith(lake, {
    sources: [{ name: 'logs', type: 's3-queue', queue: url, identity }],
    destinations: [{ name: 'findings', type: 'sns', topic: TOPIC, identity }],
    lake: { location: `s3://${LAKE}/audit`, folders: [], s3: { bucket: LAKE, prefix: 'audit/', identity } },
    settings: { glue_database: 'audit', batch_role: `arn:aws:iam::${ACCOUNT}:role/batch` },
  })
  const world: World = {
    ...{ clients, told: lake, setup, aws, url, queueArn },
    settings(more) {
      Object.assign(setup.settings, more)
    },
    async look(check, options = {}) {
      const { lines } = await examine(setup, { checks: checksNamed([check], []), ...options })
      return lines
    },
  }
  return world
}

async function makeLake(aws: World['aws'], at: object): Promise<void> {
  await aws('s3', 'CreateBucket', { Bucket: LAKE, CreateBucketConfiguration: at })
  const all = {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  }
  await aws('s3', 'PutPublicAccessBlock', { Bucket: LAKE, PublicAccessBlockConfiguration: all })
}

async function makeQueue(aws: World['aws']): Promise<{ url: string; queueArn: string }> {
  await aws('sqs', 'CreateQueue', { QueueName: 'dead' })
  const queueArn = `arn:aws:sqs:${REGION}:${ACCOUNT}:logs`
  const RedrivePolicy = JSON.stringify({
    deadLetterTargetArn: `arn:aws:sqs:${REGION}:${ACCOUNT}:dead`,
    maxReceiveCount: '5',
  })
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 's3',
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: queueArn,
        Condition: {
          ArnEquals: { 'aws:SourceArn': `arn:aws:s3:::${LOGS}` },
          StringEquals: { 'aws:SourceAccount': ACCOUNT },
        },
      },
    ],
  })
  const { QueueUrl: url } = await aws<{ QueueUrl: string }>('sqs', 'CreateQueue', {
    QueueName: 'logs',
    Attributes: { Policy, RedrivePolicy, MessageRetentionPeriod: '1209600' },
  })
  await aws('s3', 'PutBucketNotificationConfiguration', {
    Bucket: LOGS,
    NotificationConfiguration: {
      QueueConfigurations: [{ Id: 'loglake', QueueArn: queueArn, Events: ['s3:ObjectCreated:*'] }],
    },
  })
  return { url, queueArn }
}

export const SELECTORS = [
  ['Management', undefined],
  ['Data', 'AWS::SageMaker::Endpoint'],
  ['Data', 'AWS::Bedrock::AgentAlias'],
  ['Data', 'AWS::Bedrock::KnowledgeBase'],
  ['Data', 'AWS::Bedrock::Guardrail'],
].map(([category, type]) => ({
  FieldSelectors: [
    { Field: 'eventCategory', Equals: [category] },
    ...(type === undefined ? [] : [{ Field: 'resources.type', Equals: [type] }]),
  ],
}))

export const PREFERENCES = {
  schemaVersion: '1.0',
  sessionType: 'Standard_Stream',
  inputs: {
    cloudWatchLogGroupName: GROUP,
    cloudWatchStreamingEnabled: true,
    cloudWatchEncryptionEnabled: false,
  },
}

export async function makeTrail(aws: World['aws']): Promise<void> {
  const trail = { Name: 'audit', S3BucketName: LOGS, IsMultiRegionTrail: true, EnableLogFileValidation: true }
  await aws('cloudtrail', 'CreateTrail', trail)
  await aws('cloudtrail', 'StartLogging', { Name: TRAIL })
}

async function makeRecording(aws: World['aws'], queueArn: string): Promise<void> {
  await makeTrail(aws)
  await aws('cloudtrail', 'PutEventSelectors', { TrailName: TRAIL, AdvancedEventSelectors: SELECTORS })
  await aws('bedrock', 'PutModelInvocationLoggingConfiguration', {
    loggingConfig: {
      s3Config: { bucketName: LOGS, keyPrefix: '' },
      textDataDeliveryEnabled: true,
      imageDataDeliveryEnabled: true,
      embeddingDataDeliveryEnabled: true,
    },
  })
  await aws('ssm', 'CreateDocument', {
    Name: 'SSM-SessionManagerRunShell',
    DocumentType: 'Session',
    DocumentFormat: 'JSON',
    Content: JSON.stringify(PREFERENCES),
  }).catch((thrown) => {
    // On a busy machine the emulator answers late, and the client has asked twice by then.
    if (thrown?.name !== 'DocumentAlreadyExists') throw thrown
  })
  await aws('logs', 'CreateLogGroup', { logGroupName: GROUP })
  await makeStream(aws)
  const { DetectorId } = await aws<{ DetectorId: string }>('guardduty', 'CreateDetector', { Enable: true })
  if (!DetectorId) throw new Error('no detector')
  await aws('events', 'PutRule', {
    Name: 'guardduty',
    State: 'ENABLED',
    EventPattern: JSON.stringify({ source: ['aws.guardduty'] }),
  })
  await aws('events', 'PutTargets', { Rule: 'guardduty', Targets: [{ Id: 'a', Arn: queueArn }] })
  await makeEndpoint(aws)
}

export const STREAM = `arn:aws:firehose:${REGION}:${ACCOUNT}:deliverystream/sessions`

async function makeStream(aws: World['aws']): Promise<void> {
  await aws('firehose', 'CreateDeliveryStream', {
    DeliveryStreamName: 'sessions',
    ExtendedS3DestinationConfiguration: {
      RoleARN: `arn:aws:iam::${ACCOUNT}:role/firehose`,
      BucketARN: `arn:aws:s3:::${LOGS}`,
    },
  })
  await aws('logs', 'PutSubscriptionFilter', {
    logGroupName: GROUP,
    filterName: 'loglake',
    filterPattern: '',
    destinationArn: STREAM,
    roleArn: `arn:aws:iam::${ACCOUNT}:role/logs`,
  })
}

/** An endpoint with that capture. */
export async function makeEndpoint(
  aws: World['aws'],
  name = 'chat',
  capture: object | undefined = CAPTURE,
): Promise<void> {
  await aws('sagemaker', 'CreateModel', {
    ModelName: name,
    ExecutionRoleArn: `arn:aws:iam::${ACCOUNT}:role/sagemaker`,
    PrimaryContainer: { Image: 'example' },
  })
  await aws('sagemaker', 'CreateEndpointConfig', {
    EndpointConfigName: name,
    ProductionVariants: [
      { VariantName: 'all', ModelName: name, InstanceType: 'ml.t2.medium', InitialInstanceCount: 1 },
    ],
    ...(capture ? { DataCaptureConfig: capture } : {}),
  })
  await aws('sagemaker', 'CreateEndpoint', { EndpointName: name, EndpointConfigName: name })
}

export const CAPTURE = {
  EnableCapture: true,
  InitialSamplingPercentage: 100,
  DestinationS3Uri: `s3://${LOGS}/capture`,
  CaptureOptions: [{ CaptureMode: 'Input' }, { CaptureMode: 'Output' }],
}

async function makeRole(aws: World['aws']): Promise<void> {
  await aws('iam', 'CreateRole', {
    RoleName: 'batch',
    AssumeRolePolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'bedrock.amazonaws.com' },
          Action: 'sts:AssumeRole',
          Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } },
        },
      ],
    }),
  })
}

/** The commands of a line's fix. */
export function fixesOf({ fix }: ReportLine): string[] {
  return fix ? commandsOf(fix) : []
}

/** One thing that is broken, and what must be said of it. */
export interface Case {
  check: string
  broken: string
  breaks(world: World): unknown
  says: RegExp
  /** Among the commands of the fix. */
  fix: RegExp
  /** What whoever runs the fix must be allowed. */
  needs?: string[]
  costs?: RegExp
  /** Whether `--fix` does it. */
  ours?: boolean
  now?: () => number
  write?: boolean
  /** In place of the commands, where the fix is a person's: what that person would do. */
  repairs?(world: World, commands: readonly string[], run: (command: string) => Promise<string>): unknown
  /** Afterwards, so that the next case finds the world whole. */
  restores?(world: World): unknown
}

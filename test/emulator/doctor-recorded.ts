import {
  ACCOUNT,
  CAPTURE,
  type Case,
  GROUP,
  LOGS,
  makeEndpoint,
  makeTrail,
  PREFERENCES,
  REGION,
  SELECTORS,
  STREAM,
  TRAIL,
  type World,
} from './doctor-world.ts'

/** Cases of the checks that look at what is recorded: trails, data events, capture, Bedrock, sessions, GuardDuty. */

const NAME = 'SSM-SessionManagerRunShell'

async function selectors(world: World, kept: (type: string) => boolean): Promise<void> {
  const some = SELECTORS.filter(({ FieldSelectors }) => kept(JSON.stringify(FieldSelectors)))
  await world.aws('cloudtrail', 'PutEventSelectors', { TrailName: TRAIL, AdvancedEventSelectors: some })
}

async function preferences({ aws }: World, inputs: object): Promise<void> {
  const { DocumentDescription } = await aws<{ DocumentDescription: { DocumentVersion: string } }>(
    'ssm',
    'UpdateDocument',
    {
      Name: NAME,
      DocumentFormat: 'JSON',
      DocumentVersion: '$LATEST',
      Content: JSON.stringify({
        ...PREFERENCES,
        description: String(performance.now()),
        inputs: { ...PREFERENCES.inputs, ...inputs },
      }),
    },
  )
  const { DocumentVersion } = DocumentDescription
  await aws('ssm', 'UpdateDocumentDefaultVersion', { Name: NAME, DocumentVersion })
}

async function logging(world: World, loggingConfig: object): Promise<void> {
  await world.aws('bedrock', 'PutModelInvocationLoggingConfiguration', { loggingConfig })
}

const ALL = {
  textDataDeliveryEnabled: true,
  imageDataDeliveryEnabled: true,
  embeddingDataDeliveryEnabled: true,
}
const TO_LOGS = { s3Config: { bucketName: LOGS, keyPrefix: '' } }

/** The emulator has no UpdateEndpoint: what it would do is done by hand, with the configuration that the fix makes. */
async function recapture(
  { aws }: World,
  commands: readonly string[],
  run: (command: string) => Promise<string>,
): Promise<void> {
  const [create = '', update = ''] = commands
  await run(create)
  const [, EndpointName] = /--endpoint-name (\S+)/.exec(update) ?? []
  const [, EndpointConfigName] = /--endpoint-config-name (\S+)/.exec(update) ?? []
  await aws('sagemaker', 'DeleteEndpoint', { EndpointName })
  await aws('sagemaker', 'CreateEndpoint', { EndpointName, EndpointConfigName })
}

async function endpoint(world: World, name: string, capture: object | undefined): Promise<void> {
  await makeEndpoint(world.aws, name, capture)
}

const gone = (name: string) => (world: World) =>
  world.aws('sagemaker', 'DeleteEndpoint', { EndpointName: name })

export const recorded: readonly Case[] = [
  {
    check: 'trail',
    broken: 'it was stopped',
    breaks: ({ aws }) => aws('cloudtrail', 'StopLogging', { Name: TRAIL }),
    says: /does not log/,
    fix: /^aws cloudtrail start-logging --name arn:aws:cloudtrail:\S+ --region eu-central-1/,
    needs: ['cloudtrail:StartLogging'],
  },
  {
    check: 'trail',
    broken: 'it records one Region',
    breaks: ({ aws }) => aws('cloudtrail', 'UpdateTrail', { Name: TRAIL, IsMultiRegionTrail: false }),
    says: /records eu-central-1 alone/,
    fix: /update-trail .*--is-multi-region-trail/,
    needs: ['cloudtrail:UpdateTrail'],
  },
  {
    check: 'trail',
    broken: 'it writes no digests',
    breaks: ({ aws }) => aws('cloudtrail', 'UpdateTrail', { Name: TRAIL, EnableLogFileValidation: false }),
    says: /no digests/,
    fix: /update-trail .*--enable-log-file-validation/,
  },
  {
    check: 'trail',
    broken: 'it writes to a bucket that no source reads',
    async breaks({ aws }) {
      await aws('s3', 'CreateBucket', {
        Bucket: 'example-else',
        CreateBucketConfiguration: { LocationConstraint: REGION },
      })
      await aws('cloudtrail', 'UpdateTrail', { Name: TRAIL, S3BucketName: 'example-else' })
    },
    says: /no source reads s3:\/\/example-else/,
    fix: /^loglake backfill s3:\/\/example-else\/AWSLogs\//,
    repairs: ({ aws }) => aws('cloudtrail', 'UpdateTrail', { Name: TRAIL, S3BucketName: LOGS }),
  },
  {
    check: 'data-events',
    broken: 'endpoints of SageMaker are left out',
    breaks: (world) => selectors(world, (type) => !type.includes('SageMaker')),
    says: /InvokeEndpoint of SageMaker is not recorded/,
    fix: /put-event-selectors .*AWS::SageMaker::Endpoint/,
    costs: /\$0\.10 for 100,000/,
  },
  {
    check: 'data-events',
    broken: 'the trail has basic selectors, with objects of a bucket',
    async breaks({ aws }) {
      // The emulator keeps advanced selectors beside basic ones, which AWS does not: a new trail has none.
      await aws('cloudtrail', 'DeleteTrail', { Name: 'audit' })
      await makeTrail(aws)
      await aws('cloudtrail', 'PutEventSelectors', {
        TrailName: TRAIL,
        EventSelectors: [
          {
            ReadWriteType: 'All',
            IncludeManagementEvents: true,
            DataResources: [{ Type: 'AWS::S3::Object', Values: ['arn:aws:s3:::example-logs/'] }],
          },
        ],
      })
    },
    says: /InvokeEndpoint of SageMaker, InvokeAgent of Bedrock.* are not recorded/,
    // What was recorded stays.
    fix: /"AWS::S3::Object".*"StartsWith":\["arn:aws:s3:::example-logs\/"\]/,
  },
  {
    check: 'data-events',
    broken: 'management events are left out',
    breaks: (world) => selectors(world, (type) => !type.includes('Management')),
    says: /no trail records management events/,
    fix: /"eventCategory","Equals":\["Management"\]/,
  },
  {
    check: 'data-capture',
    broken: 'an endpoint captures nothing',
    breaks: (world) => endpoint(world, 'silent', { ...CAPTURE, EnableCapture: false }),
    says: /captures nothing/,
    fix: /create-endpoint-config .*"InitialSamplingPercentage":100/,
    needs: ['sagemaker:CreateEndpointConfig', 'sagemaker:UpdateEndpoint'],
    repairs: recapture,
    restores: gone('silent'),
  },
  {
    check: 'data-capture',
    broken: 'an endpoint captures a fifth',
    breaks: (world) => endpoint(world, 'fifth', { ...CAPTURE, InitialSamplingPercentage: 20 }),
    says: /captures 20 % of the requests/,
    fix: /create-endpoint-config/,
    repairs: recapture,
    restores: gone('fifth'),
  },
  {
    check: 'data-capture',
    broken: 'an endpoint captures what goes in alone',
    breaks: (world) => endpoint(world, 'half', { ...CAPTURE, CaptureOptions: [{ CaptureMode: 'Input' }] }),
    says: /captures Input alone/,
    fix: /"CaptureMode":"Output"/,
    repairs: recapture,
    restores: gone('half'),
  },
  {
    check: 'data-capture',
    broken: 'an endpoint captures into a bucket that no source reads',
    breaks: (world) => endpoint(world, 'astray', { ...CAPTURE, DestinationS3Uri: 's3://example-astray/x' }),
    says: /s3:\/\/example-astray, which no source reads/,
    fix: /loglake backfill s3:\/\/example-astray\//,
    repairs: gone('astray'),
  },
  {
    check: 'bedrock-logging',
    broken: 'no invocation is logged',
    breaks: ({ aws }) => aws('bedrock', 'DeleteModelInvocationLoggingConfiguration', {}),
    says: /no invocation is logged/,
    fix: /put-model-invocation-logging-configuration .*"bucketName":"example-logs"/,
    needs: ['bedrock:PutModelInvocationLoggingConfiguration'],
  },
  {
    check: 'bedrock-logging',
    broken: 'invocations are logged without their text',
    breaks: (world) => logging(world, { ...TO_LOGS, ...ALL, textDataDeliveryEnabled: false }),
    says: /without their text/,
    fix: /"textDataDeliveryEnabled":true/,
  },
  {
    check: 'bedrock-logging',
    broken: 'logs go to CloudWatch alone, without a bucket for large bodies',
    breaks: (world) =>
      logging(world, {
        cloudWatchConfig: { logGroupName: GROUP, roleArn: `arn:aws:iam::${ACCOUNT}:role/bedrock` },
        ...ALL,
      }),
    says: /bodies above 100 kB are dropped/,
    fix: /"largeDataDeliveryS3Config":\{"bucketName":"example-logs"\}/,
  },
  {
    check: 'bedrock-logging',
    broken: 'logs go to a bucket that no source reads',
    breaks: (world) => logging(world, { s3Config: { bucketName: 'example-else', keyPrefix: '' }, ...ALL }),
    says: /s3:\/\/example-else, which no source reads/,
    fix: /loglake backfill/,
    repairs: (world) => logging(world, { ...TO_LOGS, ...ALL }),
  },
  {
    check: 'session-logs',
    broken: 'there are no preferences',
    breaks: ({ aws }) => aws('ssm', 'DeleteDocument', { Name: NAME }),
    says: /no preferences here/,
    fix: /ssm create-document --name SSM-SessionManagerRunShell/,
    needs: ['ssm:CreateDocument'],
  },
  {
    check: 'session-logs',
    broken: 'they name no log group',
    breaks: (world) => preferences(world, { cloudWatchLogGroupName: '' }),
    says: /sessions go to no log group/,
    fix: /ssm update-document .*"cloudWatchLogGroupName":"\/aws\/ssm\/session-logs"/,
  },
  {
    check: 'session-logs',
    broken: 'they do not stream',
    breaks: (world) => preferences(world, { cloudWatchStreamingEnabled: false }),
    says: /not streamed/,
    fix: /"cloudWatchStreamingEnabled":true/,
  },
  {
    check: 'session-logs',
    broken: 'their log group is gone',
    breaks: (world) => preferences(world, { cloudWatchLogGroupName: '/not/there' }),
    says: /the log group is not there/,
    fix: /logs create-log-group --log-group-name \/not\/there/,
    restores: (world) => preferences(world, {}),
  },
  {
    check: 'session-logs',
    broken: 'they insist on encryption, and the log group has no key',
    breaks: (world) => preferences(world, { cloudWatchEncryptionEnabled: true }),
    says: /no session can begin/,
    fix: /"cloudWatchEncryptionEnabled":false/,
  },
  {
    check: 'subscriptions',
    broken: 'nothing sends the log group on',
    breaks: ({ aws }) =>
      aws('logs', 'DeleteSubscriptionFilter', { logGroupName: GROUP, filterName: 'loglake' }),
    says: /no subscription sends it on/,
    fix: /put-subscription-filter/,
    async repairs(_, [command = ''], run) {
      await run(
        command.replace('FIREHOSE-ARN', STREAM).replace('ROLE-ARN', `arn:aws:iam::${ACCOUNT}:role/logs`),
      )
    },
  },
  {
    check: 'subscriptions',
    broken: 'a pattern leaves some of it out',
    breaks: ({ aws }) =>
      aws('logs', 'PutSubscriptionFilter', {
        logGroupName: GROUP,
        filterName: 'loglake',
        filterPattern: 'ERROR',
        destinationArn: STREAM,
        roleArn: `arn:aws:iam::${ACCOUNT}:role/logs`,
      }),
    says: /only what matches ERROR is sent on/,
    fix: /put-subscription-filter .*--filter-pattern ''/,
    needs: ['logs:PutSubscriptionFilter'],
  },
  {
    check: 'subscriptions',
    broken: 'the stream is gone',
    breaks: ({ aws }) => aws('firehose', 'DeleteDeliveryStream', { DeliveryStreamName: 'sessions' }),
    says: /the Firehose stream of the subscription is not there/,
    fix: /firehose list-delivery-streams/,
    repairs: ({ aws }) =>
      aws('firehose', 'CreateDeliveryStream', {
        DeliveryStreamName: 'sessions',
        ExtendedS3DestinationConfiguration: {
          RoleARN: `arn:aws:iam::${ACCOUNT}:role/firehose`,
          BucketARN: `arn:aws:s3:::${LOGS}`,
        },
      }),
  },
  {
    check: 'guardduty',
    broken: 'its detector is suspended',
    async breaks({ aws }) {
      const { DetectorIds: [DetectorId] = [] } = await aws<{ DetectorIds: string[] }>(
        'guardduty',
        'ListDetectors',
        {},
      )
      await aws('guardduty', 'UpdateDetector', { DetectorId, Enable: false })
    },
    says: /is suspended/,
    fix: /guardduty update-detector --detector-id \w+ --enable/,
    needs: ['guardduty:UpdateDetector'],
  },
  {
    check: 'guardduty',
    broken: 'the rule that sends its findings on is disabled',
    breaks: ({ aws }) => aws('events', 'DisableRule', { Name: 'guardduty' }),
    says: /the rule guardduty .* is disabled/,
    fix: /events enable-rule --name guardduty/,
  },
  {
    check: 'guardduty',
    broken: 'the rule has no target',
    breaks: ({ aws }) => aws('events', 'RemoveTargets', { Rule: 'guardduty', Ids: ['a'] }),
    says: /has no target/,
    fix: /events put-targets --rule guardduty/,
  },
  {
    check: 'guardduty',
    broken: 'its findings go nowhere',
    async breaks({ aws }) {
      await aws('events', 'RemoveTargets', { Rule: 'guardduty', Ids: ['a', 'loglake'] })
      await aws('events', 'DeleteRule', { Name: 'guardduty' })
    },
    says: /its findings go nowhere/,
    fix: /events put-rule --name loglake-guardduty/,
    needs: ['events:PutRule', 'events:PutTargets'],
  },
  {
    check: 'guardduty',
    broken: 'it is off',
    async breaks({ aws }) {
      const { DetectorIds: [DetectorId] = [] } = await aws<{ DetectorIds: string[] }>(
        'guardduty',
        'ListDetectors',
        {},
      )
      await aws('guardduty', 'DeleteDetector', { DetectorId })
    },
    says: /GuardDuty is off/,
    fix: /guardduty create-detector --enable/,
  },
  {
    check: 'trail',
    broken: 'there is none',
    breaks: ({ aws }) => aws('cloudtrail', 'DeleteTrail', { Name: 'audit' }),
    says: /there is no trail/,
    fix: /cloudtrail create-trail --name loglake --s3-bucket-name example-logs --is-multi-region-trail --enable-log-file-validation/,
    needs: ['cloudtrail:CreateTrail', 'cloudtrail:StartLogging'],
    async restores(world) {
      await world.aws('cloudtrail', 'DeleteTrail', { Name: 'loglake' })
      await makeTrail(world.aws)
      await selectors(world, () => true)
    },
  },
]

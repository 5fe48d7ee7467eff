import type { Part } from '../contract.ts'
import {
  arnOf,
  byKey,
  equals,
  LOG_BUCKET,
  logBucketArn,
  NO_PUBLIC,
  NOTHING,
  not,
  OURS,
  ref,
  sub,
  tlsOnly,
  when,
} from '../words.ts'

/** An AWS service that writes below a prefix, for this account. */
const writer = (Sid: string, service: string, below: string, Condition: object = OURS) => ({
  Sid,
  Effect: 'Allow',
  Principal: { Service: service },
  Action: 's3:PutObject',
  Resource: logBucketArn(below),
  Condition: Condition as typeof OURS,
})

const TRAIL = sub('arn:${AWS::Partition}:cloudtrail:${AWS::Region}:${AWS::AccountId}:trail/${Name}')
const BY_TRAIL = {
  StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control', 'aws:SourceArn': TRAIL },
}
const GUARDDUTY = { ...OURS }

/** The bucket for AWS's logs when the account has none yet, and the account's existing log buckets. */
export const logBucket: Part = {
  name: 'log-bucket',
  title: 'Log bucket',
  parameters: {
    LogBucket: {
      Type: 'String',
      Default: 'new',
      AllowedValues: ['new', 'none'],
      Description: 'A new bucket for logs, or none where all logs lie in buckets that are there already.',
    },
    ExistingLogBuckets: {
      Type: 'CommaDelimitedList',
      Default: '',
      Description:
        'Buckets with logs that are there already. Their notifications are added by `loglake aws apply`, or by hand.',
    },
    ExistingKeys: {
      Type: 'CommaDelimitedList',
      Default: '',
      Description: 'ARNs of the KMS keys of these buckets.',
    },
    LogDays: {
      Type: 'Number',
      Default: 0,
      MinValue: 0,
      Description:
        'Days after which logs are deleted from the new bucket; 0 keeps them. The lake keeps its own rows.',
    },
  },
  conditions: {
    NewLogBucket: equals(ref('LogBucket'), 'new'),
    ExistingBuckets: not(equals({ 'Fn::Join': ['', ref('ExistingLogBuckets')] }, '')),
    OtherKeys: not(equals({ 'Fn::Join': ['', ref('ExistingKeys')] }, '')),
    LogsEnd: not(equals(ref('LogDays'), 0)),
  },
  resources: {
    LogStore: {
      Type: 'AWS::S3::Bucket',
      does: 'takes the logs that AWS writes: private, encrypted, versioned; announces every new object to the queue',
      Condition: 'NewLogBucket',
      DependsOn: ['QueuePolicy'],
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BucketName: sub(LOG_BUCKET),
        BucketEncryption: byKey(arnOf('Key')),
        PublicAccessBlockConfiguration: NO_PUBLIC,
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        VersioningConfiguration: { Status: 'Enabled' },
        LifecycleConfiguration: {
          Rules: [
            {
              Id: 'unfinished',
              Status: 'Enabled',
              AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
              NoncurrentVersionExpiration: { NoncurrentDays: 30 },
              ExpirationInDays: when('LogsEnd', ref('LogDays')),
            },
          ],
        },
        NotificationConfiguration: {
          QueueConfigurations: [{ Event: 's3:ObjectCreated:*', Queue: arnOf('Queue') }],
        },
      },
    },
    LogStorePolicy: {
      Type: 'AWS::S3::BucketPolicy',
      does: 'lets CloudTrail, Bedrock and GuardDuty of this account write there, over TLS only',
      Condition: 'NewLogBucket',
      Properties: {
        Bucket: ref('LogStore'),
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            tlsOnly(logBucketArn(), logBucketArn('/*')),
            {
              Sid: 'TrailLooks',
              Effect: 'Allow',
              Principal: { Service: 'cloudtrail.amazonaws.com' },
              Action: 's3:GetBucketAcl',
              Resource: logBucketArn(),
              Condition: { StringEquals: { 'aws:SourceArn': TRAIL } },
            },
            writer('Trail', 'cloudtrail.amazonaws.com', '/AWSLogs/${AWS::AccountId}/*', BY_TRAIL),
            when(
              'Organization',
              writer(
                'TrailOfOrganization',
                'cloudtrail.amazonaws.com',
                '/AWSLogs/${OrganizationId}/*',
                BY_TRAIL,
              ),
              NOTHING,
            ),
            writer(
              'Bedrock',
              'bedrock.amazonaws.com',
              '/AWSLogs/${AWS::AccountId}/BedrockModelInvocationLogs/*',
              {
                StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') },
                ArnLike: {
                  'aws:SourceArn': sub('arn:${AWS::Partition}:bedrock:${AWS::Region}:${AWS::AccountId}:*'),
                },
              },
            ),
            {
              Sid: 'GuardDutyLooks',
              Effect: 'Allow',
              Principal: { Service: 'guardduty.amazonaws.com' },
              Action: 's3:GetBucketLocation',
              Resource: logBucketArn(),
              Condition: GUARDDUTY,
            },
            writer('GuardDuty', 'guardduty.amazonaws.com', '/guardduty/*'),
          ],
        },
      },
    },
  },
  outputs: {
    LogBucket: {
      Description: 'The bucket that logs are delivered to.',
      Condition: 'NewLogBucket',
      Value: ref('LogStore'),
    },
  },
}

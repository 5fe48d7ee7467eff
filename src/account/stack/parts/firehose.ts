import type { Part, Resource } from '../contract.ts'
import { and, arnOf, equals, holds, LOG_BUCKET, logBucketArn, or, ref, sub, trust } from '../words.ts'

/**
 * A stream that writes its input below a prefix, and failed deliveries below another. Firehose does not
 * compress: input from CloudWatch Logs is gzip already, and the rest is small.
 */
export function stream(name: string, does: string, condition: string): Resource {
  return {
    Type: 'AWS::KinesisFirehose::DeliveryStream',
    does,
    Condition: condition,
    DependsOn: ['StreamPolicy'],
    Properties: {
      DeliveryStreamName: sub(`\${Name}-${name}`),
      DeliveryStreamType: 'DirectPut',
      DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' },
      ExtendedS3DestinationConfiguration: {
        BucketARN: logBucketArn(),
        RoleARN: arnOf('StreamRole'),
        Prefix: `${name}/!{timestamp:yyyy/MM/dd/HH}/`,
        ErrorOutputPrefix: `failed/${name}/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH}/`,
        BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 5 },
        CompressionFormat: 'UNCOMPRESSED',
        EncryptionConfiguration: { KMSEncryptionConfig: { AWSKMSKeyARN: arnOf('Key') } },
      },
    },
  }
}

/** A role that may put records into one stream, and nothing else. */
export function sender(
  service: string,
  name: string,
  does: string,
  condition: string,
  by: typeof OF_ACCOUNT | undefined = OF_ACCOUNT,
): Resource {
  return {
    Type: 'AWS::IAM::Role',
    does,
    Condition: condition,
    Properties: {
      AssumeRolePolicyDocument: trust(service, by),
      Policies: [
        {
          PolicyName: 'send',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Action: ['firehose:PutRecord', 'firehose:PutRecordBatch'],
                Resource: sub(
                  `arn:\${AWS::Partition}:firehose:\${AWS::Region}:\${AWS::AccountId}:deliverystream/\${Name}-${name}`,
                ),
              },
            ],
          },
        },
      ],
    },
  }
}
const OF_ACCOUNT = { StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') } }

/** Resources that all streams share. */
export const firehose: Part = {
  name: 'firehose',
  title: 'Streams into the log bucket',
  conditions: {
    Streams: or(holds('SessionStream'), holds('EventStream'), holds('MetricsStream')),
    SessionStream: and(equals(ref('SessionLogs'), 'yes'), holds('NewLogBucket')),
    EventStream: and(equals(ref('Events'), 'yes'), holds('NewLogBucket')),
    MetricsStream: and(equals(ref('Metrics'), 'yes'), holds('NewLogBucket')),
  },
  resources: {
    StreamRole: {
      Type: 'AWS::IAM::Role',
      does: 'what Firehose may: write to the log bucket with its key',
      Condition: 'Streams',
      Properties: {
        AssumeRolePolicyDocument: trust('firehose.amazonaws.com', {
          StringEquals: { 'sts:ExternalId': ref('AWS::AccountId') },
        }),
      },
    },
    StreamPolicy: {
      Type: 'AWS::IAM::Policy',
      does: 'the same',
      Condition: 'Streams',
      Properties: {
        PolicyName: 'write',
        Roles: [ref('StreamRole')],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Action: ['s3:AbortMultipartUpload', 's3:PutObject'],
              Resource: ['sessions', 'events', 'metrics', 'failed'].map((below) =>
                logBucketArn(`/${below}/*`),
              ),
            },
            {
              Effect: 'Allow',
              Action: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
              Resource: logBucketArn(),
            },
            {
              Effect: 'Allow',
              Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
              Resource: arnOf('Key'),
              Condition: {
                StringEquals: { 'kms:ViaService': sub('s3.${AWS::Region}.amazonaws.com') },
                StringLike: {
                  'kms:EncryptionContext:aws:s3:arn': sub(`arn:\${AWS::Partition}:s3:::${LOG_BUCKET}*`),
                },
              },
            },
          ],
        },
      },
    },
  },
}

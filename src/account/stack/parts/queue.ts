import type { Part } from '../contract.ts'
import { arnOf, bucketsOf, LOG_BUCKET, NOTHING, ref, sub, when } from '../words.ts'

const tlsOnly = (queue: string) => ({
  Sid: 'TlsOnly',
  Effect: 'Deny',
  Principal: '*',
  Action: 'sqs:*',
  Resource: arnOf(queue),
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
})

/** One queue for all buckets: loglake recognises objects by their content. */
export const queue: Part = {
  name: 'queue',
  title: 'Queue',
  resources: {
    DeadLetters: {
      Type: 'AWS::SQS::Queue',
      does: 'keeps what could not be read in five attempts, for 14 days',
      Properties: {
        QueueName: sub('${Name}-objects-dead'),
        MessageRetentionPeriod: 1209600,
        KmsMasterKeyId: arnOf('Key'),
        KmsDataKeyReusePeriodSeconds: 3600,
      },
    },
    DeadLettersPolicy: {
      Type: 'AWS::SQS::QueuePolicy',
      does: 'refuses requests to that queue that are not encrypted',
      Properties: {
        Queues: [ref('DeadLetters')],
        PolicyDocument: { Version: '2012-10-17', Statement: [tlsOnly('DeadLetters')] },
      },
    },
    Queue: {
      Type: 'AWS::SQS::Queue',
      does: 'hears of every new object; loglake deletes a message once its rows are committed',
      Properties: {
        QueueName: sub('${Name}-objects'),
        // Longer than the slowest object takes; loglake extends it while it works.
        VisibilityTimeout: 300,
        MessageRetentionPeriod: 1209600,
        ReceiveMessageWaitTimeSeconds: 20,
        KmsMasterKeyId: arnOf('Key'),
        KmsDataKeyReusePeriodSeconds: 3600,
        RedrivePolicy: { deadLetterTargetArn: arnOf('DeadLetters'), maxReceiveCount: 5 },
      },
    },
    QueuePolicy: {
      Type: 'AWS::SQS::QueuePolicy',
      does: 'lets only the log buckets of this account send to the queue',
      Properties: {
        Queues: [ref('Queue')],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'LogBuckets',
              Effect: 'Allow',
              Principal: { Service: 's3.amazonaws.com' },
              Action: 'sqs:SendMessage',
              Resource: arnOf('Queue'),
              Condition: {
                StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') },
                ArnLike: { 'aws:SourceArn': sub(`arn:\${AWS::Partition}:s3:::${LOG_BUCKET}`) },
              },
            },
            when(
              'ExistingBuckets',
              {
                Sid: 'ExistingBuckets',
                Effect: 'Allow',
                Principal: { Service: 's3.amazonaws.com' },
                Action: 'sqs:SendMessage',
                Resource: arnOf('Queue'),
                Condition: {
                  StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') },
                  ArnLike: { 'aws:SourceArn': bucketsOf('ExistingLogBuckets', '') },
                },
              },
              NOTHING,
            ),
            tlsOnly('Queue'),
          ],
        },
      },
    },
  },
  outputs: {
    Queue: { Description: 'The URL of the queue.', Value: ref('Queue') },
    QueueArn: { Description: 'The ARN of the queue.', Value: arnOf('Queue') },
    DeadLetters: { Description: 'The URL of the dead-letter queue.', Value: ref('DeadLetters') },
  },
}

import type { Part } from '../contract.ts'
import { arnOf, OURS, ref, sub } from '../words.ts'

const WRITE = ['kms:GenerateDataKey*', 'kms:Decrypt']

/**
 * One customer managed key for buckets, queue and topic. The policies of AWS's own keys (`aws/sqs`,
 * `aws/sns`) cannot be changed, so that S3 cannot send to such a queue, nor alarms to such a topic, and
 * neither reports an error.
 */
export const key: Part = {
  name: 'key',
  title: 'Key',
  resources: {
    Key: {
      Type: 'AWS::KMS::Key',
      does: 'encrypts the logs, the lake, the queue and the messages to you; the services that write them may use it',
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        Description: sub('${Name}: logs and the lake'),
        EnableKeyRotation: true,
        KeyPolicy: {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'AccountDecides',
              Effect: 'Allow',
              Principal: { AWS: sub('arn:${AWS::Partition}:iam::${AWS::AccountId}:root') },
              Action: 'kms:*',
              Resource: '*',
            },
            {
              Sid: 'ServicesOfThisAccount',
              Effect: 'Allow',
              Principal: {
                Service: [
                  's3.amazonaws.com',
                  'sns.amazonaws.com',
                  'cloudwatch.amazonaws.com',
                  'events.amazonaws.com',
                  'bedrock.amazonaws.com',
                  'guardduty.amazonaws.com',
                ],
              },
              Action: WRITE,
              Resource: '*',
              Condition: OURS,
            },
            {
              Sid: 'Trail',
              Effect: 'Allow',
              Principal: { Service: 'cloudtrail.amazonaws.com' },
              Action: ['kms:GenerateDataKey*', 'kms:DescribeKey'],
              Resource: '*',
              Condition: {
                StringEquals: {
                  'aws:SourceArn': sub(
                    'arn:${AWS::Partition}:cloudtrail:${AWS::Region}:${AWS::AccountId}:trail/${Name}',
                  ),
                },
              },
            },
            {
              Sid: 'LogGroups',
              Effect: 'Allow',
              Principal: { Service: sub('logs.${AWS::Region}.amazonaws.com') },
              Action: [
                'kms:Encrypt',
                'kms:Decrypt',
                'kms:ReEncrypt*',
                'kms:GenerateDataKey*',
                'kms:DescribeKey',
              ],
              Resource: '*',
              Condition: {
                ArnLike: {
                  'kms:EncryptionContext:aws:logs:arn': sub(
                    'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/${Name}/*',
                  ),
                },
              },
            },
          ],
        },
      },
    },
    KeyAlias: {
      Type: 'AWS::KMS::Alias',
      does: 'the name of that key',
      Properties: { AliasName: sub('alias/${Name}'), TargetKeyId: ref('Key') },
    },
  },
  outputs: { Key: { Description: 'The ARN of the key.', Value: arnOf('Key') } },
}

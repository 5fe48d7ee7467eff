import type { Part, Statement, Value } from '../contract.ts'
import {
  and,
  arnOf,
  bucketsOf,
  equals,
  holds,
  lakeArn,
  logBucketArn,
  not,
  or,
  ref,
  sub,
  when,
  yesNo,
} from '../words.ts'

/**
 * The worker's permissions. A test removes each action in turn, and expects a failure; docs/aws.md lists the
 * actions that cannot be tested so.
 */
export const statements: readonly Statement[] = [
  {
    Sid: 'HearOfObjects',
    why: 'receives what the buckets announce, keeps a message hidden while it works, deletes it once its rows are committed',
    Action: [
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:ReceiveMessage',
    ],
    Resource: arnOf('Queue'),
  },
  {
    Sid: 'ReadLogs',
    why: 'reads objects of the log bucket, in the version that was announced',
    condition: 'NewLogBucket',
    Action: ['s3:GetObject', 's3:GetObjectVersion'],
    Resource: logBucketArn('/*'),
  },
  {
    Sid: 'LookIntoLogs',
    why: 'lists the log bucket: without it S3 says "denied" of an object that is merely missing',
    condition: 'NewLogBucket',
    Action: ['s3:ListBucket'],
    Resource: logBucketArn(),
  },
  {
    Sid: 'ReadExistingLogs',
    why: 'reads objects of log buckets that were there before, in the version that was announced',
    condition: 'ExistingBuckets',
    Action: ['s3:GetObject', 's3:GetObjectVersion'],
    Resource: bucketsOf('ExistingLogBuckets', '/*'),
  },
  {
    Sid: 'LookIntoExistingLogs',
    why: 'lists log buckets that were there before',
    condition: 'ExistingBuckets',
    Action: ['s3:ListBucket'],
    Resource: bucketsOf('ExistingLogBuckets', ''),
  },
  {
    Sid: 'WriteLake',
    why: 'reads and writes the files of the lake, and removes those that no version needs',
    condition: 'Lake',
    Action: ['s3:AbortMultipartUpload', 's3:DeleteObject', 's3:GetObject', 's3:PutObject'],
    Resource: lakeArn('/*'),
  },
  {
    Sid: 'LookIntoLake',
    why: 'lists the lake, and uploads that were not finished',
    condition: 'Lake',
    Action: ['s3:ListBucket', 's3:ListBucketMultipartUploads'],
    Resource: lakeArn(),
  },
  {
    Sid: 'UseKey',
    why: 'decrypts logs and messages, encrypts the files of the lake',
    Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
    Resource: arnOf('Key'),
  },
  {
    Sid: 'ReadByOtherKeys',
    why: 'decrypts the logs of buckets that have a key of their own',
    condition: 'OtherKeys',
    Action: ['kms:Decrypt'],
    Resource: ref('ExistingKeys'),
  },
  {
    Sid: 'Mirror',
    why: 'writes the tables and views of the lake into its Glue database, and reads what others made of them',
    condition: 'Mirror',
    Action: [
      'glue:CreateTable',
      'glue:DeleteTable',
      'glue:GetDatabase',
      'glue:GetTable',
      'glue:GetTables',
      'glue:UpdateTable',
    ],
    Resource: ['catalog', 'database/${Name}', 'table/${Name}/*'].map((what) =>
      sub(`arn:\${AWS::Partition}:glue:\${AWS::Region}:\${AWS::AccountId}:${what}`),
    ),
  },
  {
    Sid: 'Analyze',
    why: 'asks models of Bedrock, one by one and in batch jobs',
    condition: 'Analyze',
    Action: ['bedrock:CreateModelInvocationJob', 'bedrock:GetModelInvocationJob', 'bedrock:InvokeModel'],
    // loglake.yaml names the models and Regions: a profile of Bedrock leads to models in other Regions.
    Resource: sub('arn:${AWS::Partition}:bedrock:*:*:*'),
  },
  {
    Sid: 'LookIntoBatches',
    why: 'finds the batch jobs that it has begun, and reads how many records one needs',
    condition: 'Analyze',
    Action: ['bedrock:ListModelInvocationJobs', 'servicequotas:ListServiceQuotas'],
    // IAM supports no narrower resource for these actions.
    Resource: '*',
  },
  {
    Sid: 'HandOn',
    why: 'hands the role of batch jobs to Bedrock',
    condition: 'Analyze',
    Action: ['iam:PassRole'],
    Resource: ref('BatchRole'),
    Condition: { StringEquals: { 'iam:PassedToService': 'bedrock.amazonaws.com' } },
  },
  {
    Sid: 'PublishFindings',
    why: 'publishes findings to the topic of alarms',
    condition: 'TellTopic',
    Action: ['sns:Publish'],
    Resource: ref('Topic'),
  },
  {
    Sid: 'AskForKeys',
    why: "asks CloudTrail for AWS's public keys, with which the digests of log files are verified",
    condition: 'AskKeys',
    Action: ['cloudtrail:ListPublicKeys'],
    // IAM supports no narrower resource for this action.
    Resource: '*',
  },
  {
    Sid: 'ReadElsewhere',
    why: 'assumes roles of other accounts, or of other stacks, that let it read there',
    condition: 'OtherRoles',
    Action: ['sts:AssumeRole'],
    Resource: { 'Fn::Split': [',', ref('ReadRoles')] },
  },
  {
    Sid: 'FindLogGroups',
    why: "lists log groups, to find those of SageMaker's endpoints and jobs",
    condition: 'ReadLogGroups',
    Action: ['logs:DescribeLogGroups'],
    // IAM supports no narrower resource for this action.
    Resource: '*',
  },
  {
    Sid: 'ReadLogGroups',
    why: "reads SageMaker's log groups",
    condition: 'ReadLogGroups',
    Action: ['logs:FilterLogEvents'],
    Resource: sub('arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/sagemaker/*'),
  },
]

const ROLE_ARN = 'arn:aws[a-z-]*:iam::([0-9]{12}|\\*):role/[A-Za-z0-9+=.@_/*-]+'

/** The worker's role, wherever it runs. */
export const role: Part = {
  name: 'role',
  title: 'Role of the worker',
  parameters: {
    TrustedPrincipal: {
      Type: 'String',
      Default: '',
      AllowedPattern: '(arn:aws[a-z-]*:(iam|sts)::[0-9]{12}:.+)?',
      Description:
        'Who may assume the role from elsewhere: the ARN of a role or user, of this account or another.',
    },
    ExternalId: {
      Type: 'String',
      Default: '',
      Description:
        'External id with which the role is assumed; needed when the caller is of another account.',
    },
    BatchRole: {
      Type: 'String',
      Default: '',
      AllowedPattern: '(arn:aws[a-z-]*:iam::[0-9]{12}:role/.+)?',
      Description: "`loglake analyze`: the role of Bedrock's batch jobs. Empty: no model is called.",
    },
    ReadRoles: {
      Type: 'String',
      Default: '',
      AllowedPattern: '(ARN(,ARN)*)?'.replaceAll('ARN', ROLE_ARN),
      ConstraintDescription: 'ARNs of roles, with commas between them; * stands for any account or name',
      Description:
        "Roles that the worker may assume: those of an organisation's other accounts, or of stacks in other Regions.",
    },
    FindingsToTopic: yesNo(
      'no',
      'Let the worker publish findings to the topic: for `deliver` of loglake.yaml.',
    ),
    Digests: yesNo(
      'no',
      "Let the worker ask CloudTrail for AWS's public keys: for `digests.minutes` of loglake.yaml.",
    ),
    SageMakerLogs: {
      Type: 'String',
      Default: 'yes',
      AllowedValues: ['yes', 'no'],
      Description: "Let the worker read SageMaker's log groups (/aws/sagemaker/*) in CloudWatch Logs.",
    },
  },
  conditions: {
    Trusted: not(equals(ref('TrustedPrincipal'), '')),
    WithExternalId: not(equals(ref('ExternalId'), '')),
    WorkerRole: or(holds('Trusted'), holds('Fargate')),
    Analyze: not(equals(ref('BatchRole'), '')),
    OtherRoles: not(equals(ref('ReadRoles'), '')),
    AskKeys: equals(ref('Digests'), 'yes'),
    TellTopic: equals(ref('FindingsToTopic'), 'yes'),
    ReadLogGroups: and(equals(ref('SageMakerLogs'), 'yes'), holds('WorkerRole')),
  },
  resources: {
    WorkerRole: {
      Type: 'AWS::IAM::Role',
      does: 'who the worker is to AWS; assumed by the Fargate task, or by whom you trust',
      Condition: 'WorkerRole',
      Properties: {
        RoleName: sub('${Name}-worker-${AWS::Region}'),
        MaxSessionDuration: 3600,
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            when('Fargate', {
              Effect: 'Allow',
              Principal: { Service: 'ecs-tasks.amazonaws.com' },
              Action: 'sts:AssumeRole',
              Condition: {
                StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') },
                ArnLike: {
                  'aws:SourceArn': sub('arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}:*'),
                },
              },
            }),
            when('Trusted', {
              Effect: 'Allow',
              Principal: { AWS: ref('TrustedPrincipal') },
              Action: 'sts:AssumeRole',
              Condition: when('WithExternalId', { StringEquals: { 'sts:ExternalId': ref('ExternalId') } }),
            }),
          ],
        },
      },
    },
    WorkerPolicy: {
      Type: 'AWS::IAM::Policy',
      does: 'what the worker may do, and nothing besides',
      Condition: 'WorkerRole',
      Properties: {
        PolicyName: 'worker',
        Roles: [ref('WorkerRole')],
        PolicyDocument: { Version: '2012-10-17', Statement: statements.map(written) },
      },
    },
  },
  outputs: {
    WorkerRole: {
      Description: 'The role of the worker.',
      Condition: 'WorkerRole',
      Value: arnOf('WorkerRole'),
    },
  },
}

function written({ Sid, condition, Action, Resource, Condition }: Statement): Value {
  const statement: Value = {
    Sid,
    Effect: 'Allow',
    Action,
    Resource,
    ...(Condition === undefined ? {} : { Condition }),
  }
  return condition === undefined ? statement : when(condition, statement)
}

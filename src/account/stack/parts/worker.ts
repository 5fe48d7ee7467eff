import type { Part } from '../contract.ts'
import { and, arnOf, equals, holds, lakeUri, not, ref, sub, trust, when, yesNo } from '../words.ts'

const FOLDERS = [
  // loglake's cache and its unfinished files; and the folder for other programs in the image.
  { name: 'work', path: '/var/lib/loglake' },
  { name: 'tmp', path: '/tmp' },
]

/** One Fargate task for `loglake run`, if it is to run in the account. */
export const worker: Part = {
  name: 'worker',
  title: 'Worker',
  parameters: {
    Worker: {
      Type: 'String',
      Default: 'none',
      AllowedValues: ['none', 'fargate'],
      Description:
        'Where `loglake run` runs: a task on Fargate, or none (a machine of yours, see TrustedPrincipal).',
    },
    Image: {
      Type: 'String',
      Default: '',
      Description: 'The container image, built from the Dockerfile of loglake, as in a repository of ECR.',
    },
    VpcId: { Type: 'String', Default: '', Description: 'The VPC that the task runs in.' },
    Subnets: {
      Type: 'CommaDelimitedList',
      Default: '',
      Description:
        'Its subnets; they need a way to S3, SQS, KMS, ECR and CloudWatch Logs: a NAT or VPC endpoints.',
    },
    PublicIp: yesNo('no', 'A public address for the task, where its subnets have no NAT.'),
    Cpu: {
      Type: 'String',
      Default: '1024',
      AllowedValues: ['512', '1024', '2048', '4096'],
      Description: 'Units of CPU: 1024 are one.',
    },
    Memory: {
      Type: 'String',
      Default: '4096',
      AllowedValues: ['2048', '4096', '8192', '16384'],
      Description: 'Memory in MiB.',
    },
  },
  rules: {
    FargateNeeds: {
      RuleCondition: equals(ref('Worker'), 'fargate'),
      Assertions: [
        { Assert: not(equals(ref('Image'), '')), AssertDescription: 'Worker=fargate needs an Image.' },
        {
          Assert: not(equals(ref('VpcId'), '')),
          AssertDescription: 'Worker=fargate needs a VpcId and Subnets.',
        },
        {
          Assert: not(equals(ref('LakeBucket'), 'none')),
          AssertDescription: 'Worker=fargate needs a LakeBucket.',
        },
      ],
    },
  },
  conditions: {
    Fargate: and(equals(ref('Worker'), 'fargate'), holds('Lake')),
    PublicTask: equals(ref('PublicIp'), 'yes'),
  },
  resources: {
    WorkerGroup: {
      Type: 'AWS::Logs::LogGroup',
      does: "the worker's own log; kept for 30 days",
      Condition: 'Fargate',
      Properties: { LogGroupName: sub('/${Name}/worker'), RetentionInDays: 30, KmsKeyId: arnOf('Key') },
    },
    Cluster: {
      Type: 'AWS::ECS::Cluster',
      does: 'the cluster of the one task',
      Condition: 'Fargate',
      Properties: {
        ClusterName: ref('Name'),
        ClusterSettings: [{ Name: 'containerInsights', Value: 'enabled' }],
      },
    },
    ExecutionRole: {
      Type: 'AWS::IAM::Role',
      does: 'what ECS itself may: fetch the image, write to that log group',
      Condition: 'Fargate',
      Properties: {
        AssumeRolePolicyDocument: trust('ecs-tasks.amazonaws.com'),
        Policies: [
          {
            PolicyName: 'start',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [
                { Effect: 'Allow', Action: ['ecr:GetAuthorizationToken'], Resource: '*' },
                {
                  Effect: 'Allow',
                  Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
                  Resource: sub('arn:${AWS::Partition}:ecr:*:${AWS::AccountId}:repository/*'),
                },
                {
                  Effect: 'Allow',
                  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
                  Resource: sub(
                    'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/${Name}/worker:*',
                  ),
                },
              ],
            },
          },
        ],
      },
    },
    WorkerNetwork: {
      Type: 'AWS::EC2::SecurityGroup',
      does: 'lets the worker connect to AWS by HTTPS, and no one connect to it',
      Condition: 'Fargate',
      Properties: {
        GroupDescription: 'The worker of loglake: HTTPS out, nothing in',
        VpcId: ref('VpcId'),
        SecurityGroupEgress: [
          { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0', Description: 'AWS' },
        ],
      },
    },
    Task: {
      Type: 'AWS::ECS::TaskDefinition',
      does: '`loglake run` in its container: not root, nothing of the image can be written',
      Condition: 'Fargate',
      Properties: {
        Family: ref('Name'),
        RequiresCompatibilities: ['FARGATE'],
        NetworkMode: 'awsvpc',
        Cpu: ref('Cpu'),
        Memory: ref('Memory'),
        EphemeralStorage: { SizeInGiB: 50 },
        TaskRoleArn: arnOf('WorkerRole'),
        ExecutionRoleArn: arnOf('ExecutionRole'),
        Volumes: FOLDERS.map(({ name }) => ({ Name: name })),
        ContainerDefinitions: [
          {
            Name: 'loglake',
            Image: ref('Image'),
            Essential: true,
            User: '10001:10001',
            ReadonlyRootFilesystem: true,
            LinuxParameters: { InitProcessEnabled: true },
            StopTimeout: 120,
            MountPoints: FOLDERS.map(({ name, path }) => ({ SourceVolume: name, ContainerPath: path })),
            Environment: [
              { Name: 'LOGLAKE_LAKE', Value: lakeUri },
              { Name: 'LOGLAKE_QUEUE', Value: ref('Queue') },
              { Name: 'AWS_REGION', Value: ref('AWS::Region') },
            ],
            LogConfiguration: {
              LogDriver: 'awslogs',
              Options: {
                'awslogs-group': ref('WorkerGroup'),
                'awslogs-region': ref('AWS::Region'),
                'awslogs-stream-prefix': 'worker',
              },
            },
          },
        ],
      },
    },
    Service: {
      Type: 'AWS::ECS::Service',
      does: 'keeps that task running',
      Condition: 'Fargate',
      DependsOn: ['WorkerPolicy'],
      Properties: {
        ServiceName: ref('Name'),
        Cluster: ref('Cluster'),
        TaskDefinition: ref('Task'),
        LaunchType: 'FARGATE',
        DesiredCount: 1,
        // Two tasks at once do no harm: the second finds an object already in the lake.
        DeploymentConfiguration: {
          MinimumHealthyPercent: 0,
          MaximumPercent: 200,
          DeploymentCircuitBreaker: { Enable: true, Rollback: true },
        },
        NetworkConfiguration: {
          AwsvpcConfiguration: {
            AssignPublicIp: when('PublicTask', 'ENABLED', 'DISABLED'),
            Subnets: ref('Subnets'),
            SecurityGroups: [{ 'Fn::GetAtt': ['WorkerNetwork', 'GroupId'] }],
          },
        },
      },
    },
  },
}

import type { Part, Value } from '../contract.ts'
import { and, arnOf, equals, holds, not, OURS, ref, sub } from '../words.ts'

const alarm = (what: string, metric: object) => ({
  AlarmName: sub(`\${Name}-${what}`),
  ComparisonOperator: 'GreaterThanThreshold',
  TreatMissingData: 'notBreaching',
  AlarmActions: [ref('Topic')],
  OKActions: [ref('Topic')],
  ...metric,
})

const ofQueue = (name: string, metric: string, Threshold: Value, EvaluationPeriods: number) => ({
  Namespace: 'AWS/SQS',
  MetricName: metric,
  Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [name, 'QueueName'] } }],
  Statistic: 'Maximum',
  Period: 300,
  EvaluationPeriods,
  Threshold,
})

/** Alarms when the lake falls behind. */
export const notify: Part = {
  name: 'notify',
  title: 'Alarms',
  parameters: {
    Email: {
      Type: 'String',
      Default: '',
      AllowedPattern: '(|[^@\\s]+@[^@\\s]+)',
      Description:
        'An address that alarms go to; it has to be confirmed from there. Empty: the topic has no subscriber.',
    },
    LagSeconds: {
      Type: 'Number',
      Default: 3600,
      MinValue: 300,
      Description: 'Seconds that the oldest object may wait before an alarm.',
    },
  },
  conditions: { Mail: not(equals(ref('Email'), '')), RejectAlarm: and(holds('Fargate'), holds('Lake')) },
  resources: {
    Topic: {
      Type: 'AWS::SNS::Topic',
      does: 'where alarms go to, and findings if you ask for it',
      Properties: { TopicName: sub('${Name}'), KmsMasterKeyId: arnOf('Key') },
    },
    TopicPolicy: {
      Type: 'AWS::SNS::TopicPolicy',
      does: 'lets alarms and events of this account publish there',
      Properties: {
        Topics: [ref('Topic')],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'AlarmsOfThisAccount',
              Effect: 'Allow',
              Principal: { Service: ['cloudwatch.amazonaws.com', 'events.amazonaws.com'] },
              Action: 'sns:Publish',
              Resource: ref('Topic'),
              Condition: OURS,
            },
            {
              Sid: 'TlsOnly',
              Effect: 'Deny',
              Principal: '*',
              Action: 'sns:Publish',
              Resource: ref('Topic'),
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            },
          ],
        },
      },
    },
    Subscription: {
      Type: 'AWS::SNS::Subscription',
      does: 'sends them to your address, once it is confirmed',
      Condition: 'Mail',
      Properties: { TopicArn: ref('Topic'), Protocol: 'email', Endpoint: ref('Email') },
    },
    LagAlarm: {
      Type: 'AWS::CloudWatch::Alarm',
      does: 'reports when the oldest object waits for longer than LagSeconds',
      Properties: {
        ...alarm('lag', {}),
        AlarmDescription: 'Objects wait: is the worker running? `loglake status` shows it.',
        ...ofQueue('Queue', 'ApproximateAgeOfOldestMessage', ref('LagSeconds'), 2),
      },
    },
    DeadLetterAlarm: {
      Type: 'AWS::CloudWatch::Alarm',
      does: 'reports when an object could not be read in five attempts',
      Properties: {
        ...alarm('dead-letters', {}),
        AlarmDescription: 'Objects could not be read: `loglake deadletters` lists them.',
        ...ofQueue('DeadLetters', 'ApproximateNumberOfMessagesVisible', 0, 1),
      },
    },
    RejectFilter: {
      Type: 'AWS::Logs::MetricFilter',
      does: "counts the worker's commits that left something out",
      Condition: 'RejectAlarm',
      Properties: {
        LogGroupName: ref('WorkerGroup'),
        FilterPattern: '{ $.msg = "committed, with something that could not be read" }',
        MetricTransformations: [
          {
            MetricName: sub('${Name}-rejects'),
            MetricNamespace: 'loglake',
            MetricValue: '1',
            DefaultValue: 0,
          },
        ],
      },
    },
    RejectAlarm: {
      Type: 'AWS::CloudWatch::Alarm',
      does: 'reports when records could not be read',
      Condition: 'RejectAlarm',
      Properties: {
        ...alarm('rejects', {}),
        AlarmDescription: 'Records could not be read: `loglake rejects` lists them.',
        Namespace: 'loglake',
        MetricName: sub('${Name}-rejects'),
        Statistic: 'Sum',
        Period: 300,
        EvaluationPeriods: 1,
        Threshold: 0,
      },
    },
  },
  outputs: { Topic: { Description: 'The topic of alarms.', Value: ref('Topic') } },
}

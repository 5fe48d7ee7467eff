import type { Part } from '../contract.ts'
import { arnOf, ref, sub, yesNo } from '../words.ts'
import { sender, stream } from './firehose.ts'

/** Session Manager: what people typed and saw, through CloudWatch Logs. */
export const sessions: Part = {
  name: 'sessions',
  title: 'Session Manager',
  parameters: {
    SessionLogs: yesNo(
      'yes',
      'Session Manager through CloudWatch Logs and Firehose. That sessions are logged at all is a preference of each Region: `loglake aws apply` sets it.',
    ),
  },
  resources: {
    SessionGroup: {
      Type: 'AWS::Logs::LogGroup',
      does: 'where Session Manager streams sessions to; kept for 30 days, since the bucket and the lake have them',
      Condition: 'SessionStream',
      Properties: { LogGroupName: sub('/${Name}/sessions'), RetentionInDays: 30, KmsKeyId: arnOf('Key') },
    },
    SessionStream: stream('sessions', 'carries session logs into the log bucket', 'SessionStream'),
    SessionSender: sender(
      'logs.amazonaws.com',
      'sessions',
      'lets CloudWatch Logs send to that stream',
      'SessionStream',
    ),
    SessionFilter: {
      Type: 'AWS::Logs::SubscriptionFilter',
      does: 'sends every event of the log group to that stream',
      Condition: 'SessionStream',
      Properties: {
        LogGroupName: ref('SessionGroup'),
        FilterName: sub('${Name}'),
        FilterPattern: '',
        DestinationArn: arnOf('SessionStream'),
        RoleArn: arnOf('SessionSender'),
      },
    },
  },
  outputs: {
    SessionGroup: {
      Description: 'The log group of Session Manager.',
      Condition: 'SessionStream',
      Value: ref('SessionGroup'),
    },
  },
}

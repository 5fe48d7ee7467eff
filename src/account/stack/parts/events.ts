import type { Part } from '../contract.ts'
import { arnOf, sub, yesNo } from '../words.ts'
import { sender, stream } from './firehose.ts'

/** EventBridge: events of SageMaker, GuardDuty and Bedrock. */
export const events: Part = {
  name: 'events',
  title: 'EventBridge',
  parameters: {
    Events: yesNo(
      'yes',
      'Events of SageMaker (jobs, endpoints, models), GuardDuty findings, Bedrock batch jobs and alarms.',
    ),
  },
  resources: {
    EventStream: stream('events', 'carries events into the log bucket', 'EventStream'),
    EventSender: sender(
      'events.amazonaws.com',
      'events',
      'lets EventBridge send to that stream',
      'EventStream',
    ),
    EventRule: {
      Type: 'AWS::Events::Rule',
      does: 'sends events of SageMaker, GuardDuty, Bedrock and alarms to that stream',
      Condition: 'EventStream',
      Properties: {
        Name: sub('${Name}-events'),
        Description: 'What SageMaker, GuardDuty, Bedrock and alarms say of themselves, for the lake',
        EventPattern: { source: ['aws.sagemaker', 'aws.guardduty', 'aws.bedrock', 'aws.cloudwatch'] },
        Targets: [
          {
            Id: 'stream',
            Arn: arnOf('EventStream'),
            RoleArn: arnOf('EventSender'),
            // Firehose puts no separator between records; loglake splits concatenated documents itself.
          },
        ],
      },
    },
  },
}

import type { Part } from '../contract.ts'
import { and, arnOf, equals, holds, logBucketArn, not, ref } from '../words.ts'

/** GuardDuty's findings as files, except archived ones. */
export const guardduty: Part = {
  name: 'guardduty',
  title: 'GuardDuty',
  parameters: {
    GuardDutyDetector: {
      Type: 'String',
      Default: '',
      AllowedPattern: '([0-9a-f]{32})?',
      Description: "GuardDuty's detector in this Region, whose findings are exported; empty for no export.",
    },
  },
  conditions: {
    FindingsExport: and(not(equals(ref('GuardDutyDetector'), '')), holds('NewLogBucket')),
  },
  resources: {
    FindingsExport: {
      Type: 'AWS::GuardDuty::PublishingDestination',
      does: 'makes GuardDuty write its findings into the log bucket',
      Condition: 'FindingsExport',
      DependsOn: ['LogStorePolicy'],
      Properties: {
        DetectorId: ref('GuardDutyDetector'),
        DestinationType: 'S3',
        DestinationProperties: { DestinationArn: logBucketArn('/guardduty'), KmsKeyArn: arnOf('Key') },
      },
    },
  },
}

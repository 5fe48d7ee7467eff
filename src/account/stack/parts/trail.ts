import type { Part } from '../contract.ts'
import { and, arnOf, equals, holds, not, ref, sub, when, yesNo } from '../words.ts'

const selector = (name: string, ...fields: [field: string, ...values: string[]][]) => ({
  Name: name,
  FieldSelectors: fields.map(([Field, ...Equals]) => ({ Field, Equals })),
})

/** CloudTrail: API calls, including calls of endpoints. */
export const trail: Part = {
  name: 'trail',
  title: 'Trail',
  parameters: {
    Trail: yesNo(
      'yes',
      'A trail of all Regions with management events. With one that is there already, say no.',
    ),
    DataEvents: yesNo(
      'yes',
      'Also data events: calls of SageMaker endpoints, Bedrock agents, knowledge bases, guardrails.',
    ),
    OrganizationId: {
      Type: 'String',
      Default: '',
      AllowedPattern: '(o-[a-z0-9]{10,32})?',
      Description:
        "The organisation's id, in its management account: the trail is then that of all accounts.",
    },
  },
  rules: {
    TrailNeedsBucket: {
      RuleCondition: equals(ref('Trail'), 'yes'),
      Assertions: [
        {
          Assert: equals(ref('LogBucket'), 'new'),
          AssertDescription: 'A new trail needs the new log bucket: LogBucket=new, or Trail=no.',
        },
      ],
    },
  },
  conditions: {
    NewTrail: and(equals(ref('Trail'), 'yes'), holds('NewLogBucket')),
    TrailData: equals(ref('DataEvents'), 'yes'),
    Organization: not(equals(ref('OrganizationId'), '')),
  },
  resources: {
    AuditTrail: {
      Type: 'AWS::CloudTrail::Trail',
      does: 'records API calls in all Regions, with digests that prove that no file was changed',
      Condition: 'NewTrail',
      DependsOn: ['LogStorePolicy'],
      Properties: {
        TrailName: ref('Name'),
        S3BucketName: ref('LogStore'),
        KMSKeyId: arnOf('Key'),
        IsLogging: true,
        IsMultiRegionTrail: true,
        IncludeGlobalServiceEvents: true,
        EnableLogFileValidation: true,
        IsOrganizationTrail: when('Organization', true, false),
        AdvancedEventSelectors: [
          selector('management', ['eventCategory', 'Management']),
          ...[
            ['endpoints', 'AWS::SageMaker::Endpoint'],
            ['agents', 'AWS::Bedrock::AgentAlias'],
            ['knowledge bases', 'AWS::Bedrock::KnowledgeBase'],
            ['guardrails', 'AWS::Bedrock::Guardrail'],
          ].map(([name, type]) =>
            when(
              'TrailData',
              selector(name as string, ['eventCategory', 'Data'], ['resources.type', type as string]),
            ),
          ),
        ],
      },
    },
  },
  outputs: {
    Trail: {
      Description: 'The ARN of the trail.',
      Condition: 'NewTrail',
      Value: sub('arn:${AWS::Partition}:cloudtrail:${AWS::Region}:${AWS::AccountId}:trail/${Name}'),
    },
  },
}

import { type PlainShape, whole } from '../../json/shape.ts'
import type { Plain } from '../contract.ts'

const remoteIpDetails: PlainShape = whole({
  ipAddressV4: 'string',
  ipAddressV6: 'string',
  country: whole({ countryName: 'string' }),
  city: whole({ cityName: 'string' }),
  organization: whole({ asn: 'string', org: 'string', asnOrg: 'string' }),
})

/** A finding as GuardDuty exports it, about a call of the AWS API or about no action. */
export const plain: Plain = {
  shape: {
    schemaVersion: 'string',
    accountId: 'string',
    region: 'string',
    partition: 'string',
    id: 'id',
    arn: 'string',
    type: 'string',
    resource: whole({
      resourceType: 'string',
      accessKeyDetails: whole({
        accessKeyId: 'string',
        principalId: 'string',
        userName: 'string',
        userType: 'string',
      }),
      instanceDetails: whole({ instanceId: 'string' }),
      modelDetails: 'json',
      bedrockGuardrailDetails: 'canonical',
    }),
    service: whole({
      count: 'count',
      eventFirstSeen: 'moment',
      eventLastSeen: 'moment',
      archived: 'boolean',
      resourceRole: 'string',
      featureName: 'string',
      userFeedback: 'string',
      detectorId: 'string',
      // Another action would have an other side of its own.
      action: {
        actionType: 'string',
        awsApiCallAction: whole({
          api: 'string',
          serviceName: 'string',
          callerType: 'string',
          errorCode: 'string',
          userAgent: 'string',
          remoteIpDetails,
          portProbeDetails: 'never',
        }),
      },
      additionalInfo: { value: 'told', type: 'string' },
    }),
    severity: 'double',
    confidence: 'double',
    associatedAttackSequenceArn: 'string',
    createdAt: 'moment',
    updatedAt: 'moment',
    title: 'string',
    description: 'string',
  },
  required: ['id', 'type', 'resource', 'service', 'severity', 'createdAt', 'updatedAt'],
  timeField: 'updatedAt',
  clusterBy: ['type'],
  rows: new URL('./plain.sql', import.meta.url),
}

import { type DirectShape, whole } from '../../json/shape.ts'
import type { DirectForm } from '../contract.ts'

const remoteIpDetails: DirectShape = whole({
  ipAddressV4: 'string',
  ipAddressV6: 'string',
  country: whole({ countryName: 'string' }),
  city: whole({ cityName: 'string' }),
  organization: whole({ asn: 'string', org: 'string', asnOrg: 'string' }),
})

/** A finding as GuardDuty exports it, about a call of the AWS API or without an action. */
export const direct: DirectForm = {
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
      eventFirstSeen: 'timestamp',
      eventLastSeen: 'timestamp',
      archived: 'boolean',
      resourceRole: 'string',
      featureName: 'string',
      userFeedback: 'string',
      detectorId: 'string',
      // Another action would have its own remote party.
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
      additionalInfo: { value: 'jsonText', type: 'string' },
    }),
    severity: 'exact',
    confidence: 'exact',
    associatedAttackSequenceArn: 'string',
    createdAt: 'timestamp',
    updatedAt: 'timestamp',
    title: 'string',
    description: 'string',
  },
  required: ['id', 'type', 'resource', 'service', 'severity', 'createdAt', 'updatedAt'],
  timeField: 'updatedAt',
  groupBy: ['type'],
  rows: new URL('./direct.sql', import.meta.url),
}

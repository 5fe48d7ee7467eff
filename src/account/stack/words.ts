import type { Parameter, Value } from './contract.ts'

/** CloudFormation's functions, under their own names. */
export const ref = (name: string) => ({ Ref: name })
export const sub = (text: string) => ({ 'Fn::Sub': text })
export const arnOf = (resource: string) => ({ 'Fn::GetAtt': [resource, 'Arn'] })
export const when = (condition: string, then: Value, otherwise: Value = NOTHING) => ({
  'Fn::If': [condition, then, otherwise],
})
export const equals = (left: Value, right: Value) => ({ 'Fn::Equals': [left, right] })
export const not = (condition: Value) => ({ 'Fn::Not': [condition] })
export const and = (...conditions: Value[]) => ({ 'Fn::And': conditions })
export const or = (...conditions: Value[]) => ({ 'Fn::Or': conditions })
export const holds = (condition: string) => ({ Condition: condition })
export const NOTHING = { Ref: 'AWS::NoValue' } as const

/**
 * The ARNs of the buckets in a list; `below` is '' for the buckets, and `/*` for their objects. Their
 * partition is a wildcard: what is put between the members of a list cannot refer to `AWS::Partition`.
 */
export const bucketsOf = (list: string, below: '' | '/*') => ({
  'Fn::Split': [
    ',',
    {
      'Fn::Sub': [`arn:*:s3:::\${All}${below}`, { All: { 'Fn::Join': [`${below},arn:*:s3:::`, ref(list)] } }],
    },
  ],
})

/**
 * Names of the stack's resources: derived from the account, the Region and `Name`, so that no part depends on
 * another.
 */
export const LOG_BUCKET = '${Name}-logs-${AWS::AccountId}-${AWS::Region}'
export const LAKE_BUCKET = '${Name}-lake-${AWS::AccountId}-${AWS::Region}'
export const logBucketArn = (below = '') => sub(`arn:\${AWS::Partition}:s3:::${LOG_BUCKET}${below}`)
/** The lake's bucket, new or existing. */
export const lakeArn = (below = '') =>
  when(
    'NewLakeBucket',
    sub(`arn:\${AWS::Partition}:s3:::${LAKE_BUCKET}${below}`),
    sub(`arn:\${AWS::Partition}:s3:::\${LakeBucket}${below}`),
  )

export const lakeUri = when('NewLakeBucket', sub(`s3://${LAKE_BUCKET}/lake`), sub('s3://${LakeBucket}/lake'))

export const yesNo = (Default: 'yes' | 'no', Description: string): Parameter => ({
  Type: 'String',
  Default,
  AllowedValues: ['yes', 'no'],
  Description,
})

/** A service may act for this account only: other accounts' use of that service is excluded. */
export const OURS = { StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') } }

/** The trust policy of a role for a service. */
export const trust = (service: string, condition: Value | undefined = OURS) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: service },
      Action: 'sts:AssumeRole',
      ...(condition === undefined ? {} : { Condition: condition }),
    },
  ],
})

/** Refuses every request without TLS. */
export const tlsOnly = (bucket: Value, objects: Value) => ({
  Sid: 'TlsOnly',
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: [bucket, objects],
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
})

export const NO_PUBLIC = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
}

export const byKey = (key: Value) => ({
  ServerSideEncryptionConfiguration: [
    {
      BucketKeyEnabled: true,
      ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key },
    },
  ],
})

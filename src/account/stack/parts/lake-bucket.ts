import type { Part } from '../contract.ts'
import {
  arnOf,
  byKey,
  equals,
  LAKE_BUCKET,
  lakeUri,
  NO_PUBLIC,
  not,
  ref,
  sub,
  tlsOnly,
  when,
} from '../words.ts'

const NEW = sub(`arn:\${AWS::Partition}:s3:::${LAKE_BUCKET}`)
const NEW_FILES = sub(`arn:\${AWS::Partition}:s3:::${LAKE_BUCKET}/*`)

/** The bucket of the tables. */
export const lakeBucket: Part = {
  name: 'lake-bucket',
  title: 'Lake bucket',
  parameters: {
    LakeBucket: {
      Type: 'String',
      Default: 'new',
      AllowedPattern: '[a-z0-9][a-z0-9.-]{2,62}',
      Description:
        'The bucket of the lake: new, the name of one that is there, or none (an account that only delivers).',
    },
    ObjectLockDays: {
      Type: 'Number',
      Default: 0,
      MinValue: 0,
      // S3's maximum is a hundred years.
      MaxValue: 36_500,
      Description:
        'Days for which no file of a new lake bucket can be deleted (object lock, governance mode); 0 for none. It cannot be taken back.',
    },
  },
  conditions: {
    NewLakeBucket: equals(ref('LakeBucket'), 'new'),
    Lake: not(equals(ref('LakeBucket'), 'none')),
    Lock: not(equals(ref('ObjectLockDays'), 0)),
  },
  resources: {
    LakeStore: {
      Type: 'AWS::S3::Bucket',
      does: 'holds the tables: private, encrypted, versioned, with object lock where you ask for it',
      Condition: 'NewLakeBucket',
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BucketName: sub(LAKE_BUCKET),
        BucketEncryption: byKey(arnOf('Key')),
        PublicAccessBlockConfiguration: NO_PUBLIC,
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        VersioningConfiguration: { Status: 'Enabled' },
        ObjectLockEnabled: when('Lock', true),
        ObjectLockConfiguration: when('Lock', {
          ObjectLockEnabled: 'Enabled',
          Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: ref('ObjectLockDays') } },
        }),
        LifecycleConfiguration: {
          Rules: [
            {
              // Vacuum leaves noncurrent versions behind, which expire; current files never do.
              Id: 'removed',
              Status: 'Enabled',
              AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
              NoncurrentVersionExpiration: { NoncurrentDays: 30 },
            },
          ],
        },
      },
    },
    LakeStorePolicy: {
      Type: 'AWS::S3::BucketPolicy',
      does: 'refuses requests to the lake that are not encrypted',
      Condition: 'NewLakeBucket',
      Properties: {
        Bucket: ref('LakeStore'),
        PolicyDocument: { Version: '2012-10-17', Statement: [tlsOnly(NEW, NEW_FILES)] },
      },
    },
  },
  outputs: {
    LakeBucket: {
      Description: 'The bucket of the lake.',
      Condition: 'Lake',
      Value: when('NewLakeBucket', sub(LAKE_BUCKET), ref('LakeBucket')),
    },
    Lake: {
      Description: 'The lake, for `lake:` of loglake.yaml.',
      Condition: 'Lake',
      Value: lakeUri,
    },
  },
}

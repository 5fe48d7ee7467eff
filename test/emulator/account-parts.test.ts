import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { examine } from '../../src/account/doctor/examine.ts'
import { checksNamed } from '../../src/account/doctor/index.ts'
import type { Value } from '../../src/account/stack/contract.ts'
import { completed } from '../../src/account/stack/evaluate.ts'
import { template } from '../../src/account/stack/index.ts'
import { resolved } from '../account/resolved.ts'
import { setupWith, told } from '../account/setups.ts'
import { boto } from './boto.ts'
import { type Moto, startMoto } from './moto.ts'

/**
 * What ministack refuses of the template, or leaves out: each resource's properties are handed to the API that CloudFormation calls for
 * it, by boto3, which knows each operation's shape; then they are read back, and the doctor looks at them. moto's own CloudFormation
 * is no judge: it skips these resources, and stops at the first `GetAtt` of one.
 */

const REGION = 'eu-central-1'
const ALL = completed({ ObjectLockDays: '30', TrustedPrincipal: 'arn:aws:iam::111122223333:root' })

// biome-ignore lint/suspicious/noExplicitAny: of any shape, as resources have them
type Properties = Record<string, any>

function propertiesOf(id: string): Properties {
  return resolved(template().Resources[id]?.Properties as Value, ALL) as Properties
}

let moto: Moto
let key: string
beforeAll(async () => {
  moto = await startMoto()
  const [made] = await boto(moto, [['kms', 'create_key', {}]])
  key = made.KeyMetadata.Arn
})
afterAll(() => moto?.stop())

/** A bucket as CloudFormation makes it of its properties. */
async function makeBucket(id: string): Promise<string> {
  const { BucketName: Bucket, ...rest } = propertiesOf(id)
  const { BucketEncryption, PublicAccessBlockConfiguration, OwnershipControls, VersioningConfiguration } =
    rest
  const rules = JSON.parse(
    JSON.stringify(BucketEncryption.ServerSideEncryptionConfiguration)
      .replaceAll('ServerSideEncryptionByDefault', 'ApplyServerSideEncryptionByDefault')
      .replace(/arn:aws:kms:[^"]+/g, key),
  )
  const lifecycle = JSON.parse(
    JSON.stringify(rest.LifecycleConfiguration).replaceAll('"Id"', '"Filter":{"Prefix":""},"ID"'),
  )
  const lock = rest.ObjectLockConfiguration
    ? JSON.parse(JSON.stringify(rest.ObjectLockConfiguration).replace(/"Days":"(\d+)"/, '"Days":$1'))
    : undefined
  await boto(moto, [
    [
      's3',
      'create_bucket',
      {
        Bucket,
        CreateBucketConfiguration: { LocationConstraint: REGION },
        ...(rest.ObjectLockEnabled === undefined ? {} : { ObjectLockEnabledForBucket: true }),
      },
    ],
    ['s3', 'put_bucket_encryption', { Bucket, ServerSideEncryptionConfiguration: { Rules: rules } }],
    ['s3', 'put_public_access_block', { Bucket, PublicAccessBlockConfiguration }],
    ['s3', 'put_bucket_ownership_controls', { Bucket, OwnershipControls }],
    ['s3', 'put_bucket_versioning', { Bucket, VersioningConfiguration }],
    ['s3', 'put_bucket_lifecycle_configuration', { Bucket, LifecycleConfiguration: lifecycle }],
    ...(lock
      ? [['s3', 'put_object_lock_configuration', { Bucket, ObjectLockConfiguration: lock }] as const]
      : []),
  ])
  return String(Bucket)
}

const doctor = async (check: string, setup: Parameters<typeof setupWith>[1]) => {
  const { lines } = await examine(setupWith(told(), setup), { checks: checksNamed([check], []) })
  return lines.map(({ state, says }) => `${state}: ${says}`)
}

describe('the log bucket and its trail', () => {
  it('a bucket encrypts with our key, a bucket key among it', async () => {
    const Bucket = await makeBucket('LogStore')
    const [{ ServerSideEncryptionConfiguration: found }, { Status }] = await boto(moto, [
      ['s3', 'get_bucket_encryption', { Bucket }],
      ['s3', 'get_bucket_versioning', { Bucket }],
    ])
    expect(found.Rules[0]).toMatchObject({
      ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key },
      BucketKeyEnabled: true,
    })
    expect(Status).toBe('Enabled')
  })

  it('the trail records all Regions, with digests, management and data events', async () => {
    const { TrailName, KMSKeyId, IsLogging, AdvancedEventSelectors, ...trail } = propertiesOf('AuditTrail')
    const Name = String(TrailName)
    const bucket = propertiesOf('LogStore').BucketName
    expect([KMSKeyId, IsLogging]).toEqual([expect.stringMatching(/^arn:aws:kms:/), true])
    await boto(moto, [
      ['cloudtrail', 'create_trail', { ...trail, Name, S3BucketName: bucket, KmsKeyId: key }],
      ['cloudtrail', 'start_logging', { Name }],
      ['cloudtrail', 'put_event_selectors', { TrailName: Name, AdvancedEventSelectors }],
    ])
    const [{ Trail: made }, { AdvancedEventSelectors: read }, { IsLogging: logs }] = await boto(moto, [
      ['cloudtrail', 'get_trail', { Name }],
      ['cloudtrail', 'get_event_selectors', { TrailName: Name }],
      ['cloudtrail', 'get_trail_status', { Name }],
    ])
    expect(made).toMatchObject({
      ...{ S3BucketName: bucket, IsMultiRegionTrail: true, IncludeGlobalServiceEvents: true },
      ...{ LogFileValidationEnabled: true, IsOrganizationTrail: false },
    })
    expect(logs).toBe(true)
    expect(read).toEqual(AdvancedEventSelectors)
    const of = { sources: [{ name: 'logs', type: 's3', bucket: String(bucket), identity: moto.identity }] }
    // moto delivers nothing, so that of a delivery the doctor can say nothing good.
    const events = await doctor('data-events', of)
    expect(events.map((line) => line.replace(/:.*/, ''))).toEqual(['ok'])
    expect(
      (await doctor('trail', of)).filter((line) => /log file validation|all Regions|stopped/.test(line)),
    ).toEqual([])
  })
})

it('the lake bucket has object lock, as many days as were asked for', async () => {
  const Bucket = await makeBucket('LakeStore')
  const [{ ObjectLockConfiguration: lock }] = await boto(moto, [
    ['s3', 'get_object_lock_configuration', { Bucket }],
  ])
  expect(lock).toMatchObject({
    ObjectLockEnabled: 'Enabled',
    Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 30 } },
  })
  const lake = {
    location: `s3://${Bucket}/lake`,
    folders: [],
    s3: { bucket: Bucket, prefix: 'lake/', identity: moto.identity },
  }
  expect((await doctor('lake-bucket', { lake })).filter((line) => line.startsWith('not'))).toEqual([])
})

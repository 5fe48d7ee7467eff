import { randomUUID } from 'node:crypto'
import type { S3 } from '../../../aws/clients.ts'
import { troubleOf } from '../../../aws/errors.ts'
import { kmsOf } from '../../../aws/kms.ts'
import { sh } from '../command.ts'
import { type Check, type Line, none, not, ok, type Premises, unknown } from '../contract.ts'
import { overlap, s3Of } from '../facts.ts'
import type { LakeFacts } from '../setup.ts'
import { guarded, ifThere } from '../trouble.ts'
import { disabled } from './queue-key.ts'

type Location = NonNullable<LakeFacts['s3']>

export const lakeBucket: Check = {
  name: 'lake-bucket',
  group: 'The lake',
  title: 'The bucket of the lake keeps what it is given',
  doc: 'Public access is blocked; no lifecycle rule expires or archives files below the prefix; object lock is enabled where loglake.yaml asks for it; the KMS key is enabled. With --write: a conditional write is refused the second time, which every commit relies on. Versioning is not needed.',
  permissions: [
    's3:ListBucket',
    's3:GetBucketPublicAccessBlock',
    's3:GetLifecycleConfiguration',
    's3:GetBucketObjectLockConfiguration',
    'kms:DescribeKey',
    's3:PutObject',
    's3:DeleteObject',
  ],
  mends: 'Public access block, lifecycle rules and object lock of the bucket.',
  aws: true,
  async run(premises) {
    const place = premises.setup.lake.s3
    if (!place) return [none('the lake is on a disk')]
    const about = `s3://${place.bucket}/${place.prefix}`
    const asked = (doing: string, work: (s3: S3) => Promise<Line | Line[]>) =>
      guarded(`${doing} on ${place.bucket}`, { about, as: place.identity }, async () =>
        work(await s3Of(premises, place.identity, place.bucket)),
      )
    const [there = []] = await Promise.all([
      asked('s3:ListBucket', async (s3) => {
        try {
          await s3.listObjectsV2({ Bucket: place.bucket, MaxKeys: 1 })
          return []
        } catch (thrown) {
          if (!['no bucket', 'missing'].includes(troubleOf(thrown))) throw thrown
          return not(
            'there is no bucket of that name',
            { does: 'Make it.', commands: [sh`aws s3 mb s3://${place.bucket}`] },
            about,
          )
        }
      }),
    ])
    if (there.length > 0) return there
    const lines = await Promise.all([
      asked('s3:GetBucketPublicAccessBlock', (s3) => publicLine(s3, place, about)),
      asked('s3:GetLifecycleConfiguration', (s3) => lifecycleLines(s3, place, about)),
      asked('s3:GetBucketObjectLockConfiguration', (s3) => lockLines(s3, place, about)),
      keyLines(premises, place, about),
      ...(premises.write ? [asked('s3:PutObject', (s3) => conditionalLine(s3, place, about))] : []),
    ])
    return lines.flat()
  },
}

const BLOCK = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
}

async function publicLine(s3: S3, { bucket, identity: as }: Location, about: string): Promise<Line> {
  const answer = await ifThere(s3.getPublicAccessBlock({ Bucket: bucket }))
  const found = answer?.PublicAccessBlockConfiguration ?? {}
  const open = Object.keys(BLOCK).filter((name) => found[name as keyof typeof BLOCK] !== true)
  if (open.length === 0) return ok('public access is blocked', about)
  return not(
    `public access is not blocked: ${open.join(', ')} ${open.length === 1 ? 'is' : 'are'} off`,
    {
      does: 'Block it.',
      ours: true,
      calls: [
        {
          as,
          service: 's3',
          action: 'PutPublicAccessBlock',
          input: { Bucket: bucket, PublicAccessBlockConfiguration: BLOCK },
        },
      ],
    },
    about,
  )
}

async function lifecycleLines(
  s3: S3,
  { bucket, prefix, identity: as }: Location,
  about: string,
): Promise<Line[]> {
  const rules = (await ifThere(s3.getBucketLifecycleConfiguration({ Bucket: bucket })))?.Rules ?? []
  const harms = rules.filter((rule) => {
    const own = rule.Filter?.Prefix ?? rule.Filter?.And?.Prefix ?? rule.Prefix ?? ''
    const ends = rule.Expiration?.Days !== undefined || rule.Expiration?.Date !== undefined
    const archives = (rule.Transitions ?? []).some(({ StorageClass = '' }) =>
      /GLACIER$|DEEP_ARCHIVE/.test(StorageClass),
    )
    return rule.Status === 'Enabled' && overlap(own, prefix) && (ends || archives)
  })
  if (harms.length === 0) return [ok('no lifecycle rule takes files away', about)]
  const kept = rules.filter((rule) => !harms.includes(rule))
  const names = harms.map(
    ({ ID, Expiration }) =>
      `${ID ?? 'a rule'} ${Expiration ? `expires files${Expiration.Days ? ` after ${Expiration.Days} days` : ''}` : 'archives files'}`,
  )
  const call = { as, service: 's3' as const }
  return [
    not(
      `${names.join(', ')} below ${about}: versions of the lake would point to nothing`,
      {
        does: 'Remove the rule; `loglake vacuum` removes what no version needs.',
        ours: true,
        calls: [
          kept.length === 0
            ? { ...call, action: 'DeleteBucketLifecycle', input: { Bucket: bucket } }
            : {
                ...call,
                action: 'PutBucketLifecycleConfiguration',
                input: { Bucket: bucket, LifecycleConfiguration: { Rules: kept } },
              },
        ],
      },
      about,
    ),
  ]
}

async function lockLines(
  s3: S3,
  { bucket, objectLock, identity: as }: Location,
  about: string,
): Promise<Line[]> {
  if (!objectLock) return []
  const answer = await ifThere(s3.getObjectLockConfiguration({ Bucket: bucket }))
  if (answer?.ObjectLockConfiguration?.ObjectLockEnabled === 'Enabled')
    return [ok(`object lock is enabled: ${objectLock.mode}, ${objectLock.days} days`, about)]
  const call = { as, service: 's3' as const }
  return [
    not(
      'loglake.yaml asks for object lock, and the bucket has it not enabled: every write is refused',
      {
        does: 'Enable it, for which the bucket must keep versions; it cannot be disabled again.',
        calls: [
          {
            ...call,
            action: 'PutBucketVersioning',
            input: { Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } },
          },
          {
            ...call,
            action: 'PutObjectLockConfiguration',
            input: { Bucket: bucket, ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' } },
          },
        ],
      },
      about,
    ),
  ]
}

async function keyLines(
  premises: Premises,
  { kmsKey, identity, bucket }: Location,
  about: string,
): Promise<Line[]> {
  if (kmsKey === undefined) return []
  return await guarded(`kms:DescribeKey on ${kmsKey}`, { about, as: identity }, async () => {
    const region = await (await s3Of(premises, identity, bucket)).config.region()
    const kms = await kmsOf(premises.aws(identity), region)
    const answer = await ifThere(kms.describeKey({ KeyId: kmsKey }))
    if (!answer)
      return not(
        `there is no KMS key ${kmsKey} in ${region}`,
        {
          does: 'Correct storage.kms_key in loglake.yaml.',
          commands: [sh`aws kms list-aliases --region ${region}`],
        },
        about,
      )
    const state = answer.KeyMetadata?.KeyState ?? 'Enabled'
    return state === 'Enabled'
      ? ok(`the key ${kmsKey} is enabled`, about)
      : disabled(answer.KeyMetadata?.Arn ?? kmsKey, state, identity, region, about)
  })
}

/**
 * A commit creates a file only if it does not exist: a store that accepts a second one would lose one of two
 * commits.
 */
async function conditionalLine(s3: S3, { bucket, prefix }: Location, about: string): Promise<Line> {
  const Key = `${prefix}control/doctor/${randomUUID()}`
  const put = { Bucket: bucket, Key, Body: 'a marker of loglake doctor\n', IfNoneMatch: '*' }
  await s3.putObject(put)
  try {
    await s3.putObject(put)
    return not(
      'the store takes a conditional write twice: two writers would lose a commit',
      {
        does: 'Use a store that refuses `If-None-Match: *` where the key is there (S3 does; many stores of others do since 2025).',
      },
      about,
    )
  } catch (thrown) {
    if (troubleOf(thrown) === 'exists') return ok('a conditional write is refused the second time', about)
    return unknown(
      `a conditional write failed the second time, and not for that: ${troubleOf(thrown)}`,
      about,
    )
  } finally {
    await s3.deleteObject({ Bucket: bucket, Key })
  }
}

import type { AwsClients } from '../aws/clients.ts'
import { awsError, troubleOf } from '../aws/errors.ts'
import { guarddutyOf } from '../aws/guardduty.ts'
import { UserError } from '../lib/errors.ts'
import type { Place } from './contract.ts'

/**
 * Existing resources of an account that matter to the plan. Missing permissions are listed, and are not a
 * failure.
 */
export interface Found {
  trails: readonly { name: string; bucket: string; multiRegion: boolean; ofOrganization: boolean }[]
  detector: string | undefined
  /** What could not be read, with the missing permission. */
  unknown: readonly string[]
}

/** The caller, the account and the Region. */
export async function placeOf(clients: AwsClients): Promise<Place> {
  const sts = await clients.sts()
  const region = await sts.config.region().catch(() => undefined)
  if (!region) throw new UserError('no AWS Region is set\n  way out: set AWS_REGION, or give --region')
  const who = await sts.getCallerIdentity({}).catch((thrown) => {
    throw awsError('ask who we are', 'sts:GetCallerIdentity', thrown)
  })
  const caller = who.Arn ?? ''
  return { clients, region, caller, account: who.Account ?? '', partition: caller.split(':')[1] || 'aws' }
}

export async function lookAround({ clients }: Place): Promise<Found> {
  const unknown: string[] = []
  const cannotTell = (what: string) => (thrown: unknown) => {
    unknown.push(`${what} (${troubleOf(thrown)})`)
    return undefined
  }
  const trails = await clients
    .cloudTrail()
    .then((cloudTrail) => cloudTrail.describeTrails({ includeShadowTrails: true }))
    .catch(cannotTell('whether there is a trail: cloudtrail:DescribeTrails'))
  const detectors = await guarddutyOf(clients)
    .then((guardDuty) => guardDuty.listDetectors({}))
    .catch(cannotTell('whether GuardDuty is on: guardduty:ListDetectors'))
  return {
    trails: (trails?.trailList ?? []).map((trail) => ({
      name: trail.Name ?? '?',
      bucket: trail.S3BucketName ?? '?',
      multiRegion: trail.IsMultiRegionTrail === true,
      ofOrganization: trail.IsOrganizationTrail === true,
    })),
    detector: detectors?.DetectorIds?.[0],
    unknown,
  }
}

/** Whether one of our buckets exists: an earlier stack may have left it. */
export async function bucketIsThere({ clients, account }: Place, Bucket: string): Promise<boolean> {
  const s3 = await clients.s3()
  return await s3.headBucket({ Bucket, ExpectedBucketOwner: account }).then(
    () => true,
    () => false,
  )
}

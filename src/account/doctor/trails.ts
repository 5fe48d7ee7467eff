import type { CloudTrail } from '../../aws/clients.ts'
import type { Premises } from './contract.ts'
import { bucketsOf, type Place } from './facts.ts'

/** A trail, as CloudTrail describes it. */
export interface Trail {
  name: string
  arn: string
  home: string
  bucket: string
  isMultiRegion: boolean
  isValidated: boolean
  isOfOrganisation: boolean
  /** Whether this account may change it. */
  isOurs: boolean
  /** Whether a source reads its bucket. */
  isRead: boolean
  cloudTrail: CloudTrail
}

/**
 * An account's trails that are visible in a Region; those with a bucket that we read come first. Throws the
 * SDK's errors.
 */
export async function trailsOf(premises: Premises, { identity, region, account }: Place): Promise<Trail[]> {
  return await premises.once(`trails ${account} ${region}`, async () => {
    const clients = premises.aws(identity)
    const { trailList = [] } = await (await clients.cloudTrail(region)).describeTrails({
      includeShadowTrails: true,
    })
    const buckets = new Set((await bucketsOf(premises)).map(({ bucket }) => bucket))
    const trails = await Promise.all(
      trailList.map(async (one): Promise<Trail> => {
        const arn = one.TrailARN ?? one.Name ?? ''
        const home = one.HomeRegion ?? region
        return {
          ...{ arn, home, name: one.Name ?? '', bucket: one.S3BucketName ?? '' },
          isMultiRegion: one.IsMultiRegionTrail === true,
          isValidated: one.LogFileValidationEnabled === true,
          isOfOrganisation: one.IsOrganizationTrail === true,
          isOurs: arn.split(':')[4] === account,
          isRead: buckets.has(one.S3BucketName ?? ''),
          cloudTrail: await clients.cloudTrail(home),
        }
      }),
    )
    return trails.toSorted((a, b) => Number(b.isRead) - Number(a.isRead))
  })
}

/** The relevant trails: those with a bucket that we read; all when no bucket is known. */
export async function trailsThatMatter(premises: Premises, place: Place): Promise<Trail[]> {
  const all = await trailsOf(premises, place)
  const read = all.filter(({ isRead }) => isRead)
  return read.length > 0 ? read : all
}

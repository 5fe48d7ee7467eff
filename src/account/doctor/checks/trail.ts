import { sh } from '../command.ts'
import { type Check, type Fix, type Line, none, not, ok, type Premises } from '../contract.ts'
import { bucketsOf, type Place, placesOf } from '../facts.ts'
import { type Trail, trailsOf, trailsThatMatter } from '../trails.ts'
import { guarded } from '../trouble.ts'
import { age } from '../words.ts'

/** CloudTrail delivers about every five minutes when there is any activity. */
const QUIET_MS = 24 * 3_600_000

export const trail: Check = {
  name: 'trail',
  group: 'Logs are recorded',
  title: 'A trail records every Region, and delivers',
  doc: 'The trails whose bucket a source reads: whether they log, in all Regions, with digests; when they delivered last, and the error where they could not.',
  permissions: ['cloudtrail:DescribeTrails', 'cloudtrail:GetTrailStatus'],
  mends: '`aws cloudtrail start-logging`, `update-trail`, or the policy of the bucket.',
  aws: true,
  async run(premises) {
    const places = await placesOf(premises)
    const all = await Promise.all(
      places.map((place) =>
        guarded(
          `cloudtrail:DescribeTrails in ${place.region}`,
          { about: `${place.account} ${place.region}`, as: place.identity },
          () => linesOf(premises, place),
        ),
      ),
    )
    return all.length > 0 ? all.flat() : [none('there is no account to look at')]
  },
}

async function linesOf(premises: Premises, place: Place): Promise<Line[]> {
  const { account, region, identity: as } = place
  const about = `${account} ${region}`
  const trails = await trailsThatMatter(premises, place)
  const buckets = await bucketsOf(premises)
  if (trails.length === 0) {
    const bucket = buckets[0]?.bucket
    return [
      not(
        'there is no trail: what happens in this account is kept for 90 days in the event history, and nowhere else',
        {
          does: 'Make one; the first copy of management events is free of charge.',
          costs: 'management events $0 for the first trail of a Region; S3 for what is stored',
          ...(bucket === undefined
            ? { commands: ['loglake aws plan'] }
            : {
                calls: [
                  {
                    as,
                    service: 'cloudtrail' as const,
                    action: 'CreateTrail',
                    region,
                    input: {
                      Name: 'loglake',
                      S3BucketName: bucket,
                      IsMultiRegionTrail: true,
                      EnableLogFileValidation: true,
                    },
                  },
                  {
                    as,
                    service: 'cloudtrail' as const,
                    action: 'StartLogging',
                    region,
                    input: { Name: 'loglake' },
                  },
                ],
              }),
        },
        about,
      ),
    ]
  }
  const lines = await Promise.all(trails.map((one) => trailLines(premises, place, one)))
  const read = (await trailsOf(premises, place)).some(({ isRead }) => isRead)
  if (read || buckets.length === 0) return lines.flat()
  const [first] = trails
  return [
    ...lines.flat(),
    not(
      `no source reads s3://${first?.bucket}, which ${first?.name} writes to`,
      {
        does: 'Add a source for it to loglake.yaml; what is there already, backfill brings in.',
        commands: [sh`loglake backfill s3://${first?.bucket}/AWSLogs/`],
      },
      first?.arn,
    ),
  ]
}

async function trailLines(premises: Premises, { identity: as }: Place, trail: Trail): Promise<Line[]> {
  const { arn: about, home: region } = trail
  const call = (action: string, input: object): Fix['calls'] => [
    { as, service: 'cloudtrail', action, region, input: { Name: trail.arn, ...input } },
  ]
  const fixed = (does: string, action: string, input: object): Fix =>
    trail.isOurs
      ? { does, calls: call(action, input) ?? [] }
      : {
          does: `${does} It is the trail of the organisation: ask the administrator of account ${trail.arn.split(':')[4]}.`,
        }
  const lines: Line[] = []
  if (!trail.isMultiRegion)
    lines.push(
      not(
        `it records ${region} alone`,
        fixed('Record every Region.', 'UpdateTrail', { IsMultiRegionTrail: true }),
        about,
      ),
    )
  if (!trail.isValidated)
    lines.push(
      not(
        'it writes no digests: a changed or removed log would not be noticed',
        fixed('Write digests.', 'UpdateTrail', { EnableLogFileValidation: true }),
        about,
      ),
    )
  lines.push(
    ...(await guarded(`cloudtrail:GetTrailStatus on ${trail.arn}`, { about, as }, async () => {
      const status = await trail.cloudTrail.getTrailStatus({ Name: trail.arn })
      const found: Line[] = []
      if (!status.IsLogging) found.push(not('it does not log', fixed('Start it.', 'StartLogging', {}), about))
      const error = status.LatestDeliveryError
      if (error)
        found.push(
          not(
            `it cannot deliver to s3://${trail.bucket}: ${error}`,
            {
              does: `${DELIVERY[error] ?? 'See the policy of the bucket.'} https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html`,
              commands: [sh`aws s3api get-bucket-policy --bucket ${trail.bucket}`],
            },
            about,
          ),
        )
      const last = status.LatestDeliveryTime?.getTime()
      if (status.IsLogging && !error && last !== undefined && premises.now() - last > QUIET_MS)
        found.push(
          not(
            `it logs, and has delivered nothing for ${age(premises.now() - last)}`,
            {
              does: 'See what it says of its deliveries.',
              commands: [sh`aws cloudtrail get-trail-status --name ${trail.arn} --region ${region}`],
            },
            about,
          ),
        )
      return found
    })),
  )
  return lines.length > 0 ? lines : [ok(`it logs every Region to s3://${trail.bucket}`, about)]
}

/** Explanations of the S3 errors that CloudTrail reports. */
const DELIVERY: Record<string, string> = {
  AccessDenied: 'The policy of the bucket, or of its KMS key, must let cloudtrail.amazonaws.com write.',
  NoSuchBucket: 'The bucket is gone: make it anew, or let the trail write to another.',
  'KMS.DisabledException': 'The KMS key of the trail is disabled.',
}

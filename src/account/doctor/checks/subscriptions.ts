import { ssmOf } from '../../../aws/ssm.ts'
import { wildcard } from '../../../lib/patterns.ts'
import { sh } from '../command.ts'
import { type Check, type Line, none, not, ok, type Premises } from '../contract.ts'
import { bucketsOf, type Place, placesOf } from '../facts.ts'
import { guarded, isMissing } from '../trouble.ts'
import { notRead } from './data-capture.ts'
import { preferencesOf } from './session-logs.ts'

export const subscriptions: Check = {
  name: 'subscriptions',
  group: 'Logs are recorded',
  title: 'Log groups are sent on, and Firehose delivers',
  doc: 'The log group of Session Manager and those of `doctor.log_groups`: a subscription filter sends all of it to a Firehose stream, the stream is active, and its bucket is one that a source reads. Log groups that a source of type cloudwatch-logs asks need none.',
  permissions: ['logs:DescribeSubscriptionFilters', 'firehose:DescribeDeliveryStream', 'ssm:GetDocument'],
  mends: '`aws logs put-subscription-filter`; a source of type cloudwatch-logs in its place.',
  aws: true,
  async run(premises) {
    const all = await Promise.all((await placesOf(premises)).map((place) => placeLines(premises, place)))
    return all.flat()
  },
}

async function placeLines(premises: Premises, place: Place): Promise<Line[]> {
  const { identity, region } = place
  const sessions = await ssmOf(premises.aws(identity), region)
    .then(preferencesOf)
    .catch(() => undefined)
  const named = sessions?.inputs?.cloudWatchLogGroupName
  const groups = new Set([...(named ? [String(named)] : []), ...premises.setup.settings.log_groups])
  if (groups.size === 0) return [none('no log group is to be sent on', `${place.account} ${region}`)]
  return (await Promise.all([...groups].map((group) => groupLines(premises, place, group)))).flat()
}

async function groupLines(premises: Premises, place: Place, group: string): Promise<Line[]> {
  const { identity: as, region } = place
  const about = `${group}, ${region}`
  const asked = premises.setup.sources.find(({ groups = [] }) => groups.some((one) => wildcard(one)(group)))
  if (asked) return [ok(`the source ${asked.name} asks it`, about)]
  return await guarded(`logs:DescribeSubscriptionFilters on ${group}`, { about, as }, async () => {
    const logs = await premises.aws(as).cloudWatchLogs(region)
    const { subscriptionFilters = [] } = await logs.describeSubscriptionFilters({ logGroupName: group })
    const found = subscriptionFilters.find(({ destinationArn }) => destinationArn?.includes(':firehose:'))
    if (!found)
      return not(
        subscriptionFilters.length > 0
          ? `it is sent to ${subscriptionFilters[0]?.destinationArn}, and to no Firehose stream`
          : 'no subscription sends it on',
        {
          does: 'Subscribe a Firehose stream, or add a source of type cloudwatch-logs to loglake.yaml, which needs none.',
          commands: [
            sh`aws logs put-subscription-filter --log-group-name ${group} --filter-name loglake --filter-pattern '' --destination-arn FIREHOSE-ARN --role-arn ROLE-ARN --region ${region}`,
          ],
        },
        about,
      )
    const pattern = found.filterPattern ?? ''
    const whole: Line[] =
      pattern.trim() === ''
        ? []
        : [
            not(
              `only what matches ${pattern} is sent on`,
              {
                does: 'Send all of it.',
                calls: [
                  {
                    as,
                    service: 'logs',
                    action: 'PutSubscriptionFilter',
                    region,
                    input: {
                      logGroupName: group,
                      filterName: found.filterName,
                      filterPattern: '',
                      destinationArn: found.destinationArn,
                      ...(found.roleArn === undefined ? {} : { roleArn: found.roleArn }),
                    },
                  },
                ],
              },
              about,
            ),
          ]
    return [...whole, ...(await streamLines(premises, place, found.destinationArn ?? ''))]
  })
}

async function streamLines(
  premises: Premises,
  { identity: as, region }: Place,
  arn: string,
): Promise<Line[]> {
  const DeliveryStreamName = arn.split('/').at(-1) ?? ''
  const about = `${DeliveryStreamName}, ${region}`
  return await guarded(`firehose:DescribeDeliveryStream on ${arn}`, { about, as }, async () => {
    const firehose = await premises.aws(as).firehose(region)
    const found = await firehose.describeDeliveryStream({ DeliveryStreamName }).catch((thrown) => {
      if (isMissing(thrown)) return undefined
      throw thrown
    })
    const stream = found?.DeliveryStreamDescription
    if (!stream)
      return not(
        'the Firehose stream of the subscription is not there',
        {
          does: 'Make it, or subscribe another.',
          commands: [sh`aws firehose list-delivery-streams --region ${region}`],
        },
        about,
      )
    if (stream.DeliveryStreamStatus !== 'ACTIVE')
      return not(
        `the stream is ${stream.DeliveryStreamStatus}${stream.FailureDescription?.Details ? `: ${stream.FailureDescription.Details}` : ''}`,
        {
          does: 'See what it says, and make it anew where it failed.',
          commands: [
            sh`aws firehose describe-delivery-stream --delivery-stream-name ${DeliveryStreamName} --region ${region}`,
          ],
        },
        about,
      )
    const [destination] = stream.Destinations ?? []
    const bucket = /:::(.+)$/.exec(
      destination?.ExtendedS3DestinationDescription?.BucketARN ??
        destination?.S3DestinationDescription?.BucketARN ??
        '',
    )?.[1]
    const buckets = await bucketsOf(premises)
    if (bucket !== undefined && buckets.length > 0 && !buckets.some((one) => one.bucket === bucket))
      return notRead(bucket, about)
    return ok(`active, to s3://${bucket}`, about)
  })
}

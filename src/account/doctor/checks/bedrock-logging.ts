import { bedrockOf } from '../../../aws/bedrock.ts'
import { type Check, type Line, not, ok, type Premises } from '../contract.ts'
import { bucketsOf, type Place, placesOf } from '../facts.ts'
import { guarded } from '../trouble.ts'
import { notRead } from './data-capture.ts'

export const bedrockLogging: Check = {
  name: 'bedrock-logging',
  group: 'Logs are recorded',
  title: 'Bedrock logs invocations with their text, in each Region',
  doc: 'Model invocation logging is a setting of each Region: whether it is on, delivers text, images and embeddings, to a bucket that a source reads; bodies above 100 kB need a bucket even where logs go to CloudWatch.',
  permissions: ['bedrock:GetModelInvocationLoggingConfiguration'],
  mends: '`aws bedrock put-model-invocation-logging-configuration`.',
  aws: true,
  async run(premises) {
    const all = await Promise.all(
      (await placesOf(premises)).map((place) => {
        const about = `${place.account} ${place.region}`
        return guarded(
          `bedrock:GetModelInvocationLoggingConfiguration in ${place.region}`,
          { about, as: place.identity },
          () => linesOf(premises, place, about),
        )
      }),
    )
    return all.flat()
  },
}

async function linesOf(premises: Premises, place: Place, about: string): Promise<Line[]> {
  const { identity: as, region } = place
  const bedrock = await bedrockOf(premises.aws(as), region)
  const { loggingConfig: found } = await bedrock.getModelInvocationLoggingConfiguration({})
  const buckets = await bucketsOf(premises)
  const bucketName = found?.s3Config?.bucketName ?? buckets[0]?.bucket
  const fix = (more: object = {}) => ({
    does: 'Log invocations with what they hold. The policy of the bucket must let bedrock.amazonaws.com write.',
    costs:
      'S3 (PUT $0.005 for 1,000, storage), or CloudWatch Logs ($0.50 for 1 GB, us-east-1, 2026); no charge of Bedrock',
    ...(bucketName === undefined
      ? { commands: ['loglake aws plan'] }
      : {
          calls: [
            {
              as,
              service: 'bedrock' as const,
              action: 'PutModelInvocationLoggingConfiguration',
              region,
              input: {
                loggingConfig: {
                  s3Config: { bucketName, keyPrefix: found?.s3Config?.keyPrefix ?? '' },
                  ...(found ?? {}),
                  textDataDeliveryEnabled: true,
                  imageDataDeliveryEnabled: true,
                  embeddingDataDeliveryEnabled: true,
                  ...more,
                },
              },
            },
          ],
        }),
  })
  if (!found?.s3Config && !found?.cloudWatchConfig) return [not('no invocation is logged', fix(), about)]
  const lines: Line[] = []
  const off = (['text', 'image', 'embedding'] as const).filter(
    (what) => found[`${what}DataDeliveryEnabled`] === false,
  )
  if (off.length > 0) lines.push(not(`invocations are logged without their ${off.join(', ')}`, fix(), about))
  if (!found.s3Config && !found.cloudWatchConfig?.largeDataDeliveryS3Config?.bucketName)
    lines.push(
      not(
        'logs go to CloudWatch alone: bodies above 100 kB are dropped',
        fix({
          cloudWatchConfig: {
            ...found.cloudWatchConfig,
            ...(bucketName === undefined ? {} : { largeDataDeliveryS3Config: { bucketName } }),
          },
        }),
        about,
      ),
    )
  const to = found.s3Config?.bucketName
  if (to !== undefined && buckets.length > 0 && !buckets.some(({ bucket }) => bucket === to))
    lines.push(notRead(to, about))
  return lines.length > 0
    ? lines
    : [ok(`logged to ${to === undefined ? found.cloudWatchConfig?.logGroupName : `s3://${to}`}`, about)]
}

import { troubleOf } from '../../../aws/errors.ts'
import { sh } from '../command.ts'
import { type Check, type Line, none, not, ok, type Premises, unknown } from '../contract.ts'
import { bucketsOf, type LogBucket, queueSources, s3Of } from '../facts.ts'
import { guarded, troubleLine } from '../trouble.ts'

export const logBucket: Check = {
  name: 'log-bucket',
  group: 'Logs arrive',
  title: 'The log buckets are there, and can be listed',
  doc: 'Every bucket that a source reads: whether there is one of that name, its Region, and whether its listing is allowed.',
  permissions: ['s3:ListBucket', 's3:GetBucketLocation'],
  mends: 'The name in loglake.yaml, or a statement.',
  aws: true,
  async run(premises) {
    const buckets = await bucketsOf(premises)
    if (buckets.length > 0)
      return (await Promise.all(buckets.map((one) => bucketLines(premises, one)))).flat()
    return queueSources(premises).length === 0
      ? [none('no source reads a bucket')]
      : [
          unknown('it is not known which buckets send to the queue', undefined, {
            does: 'Name them under `doctor.buckets` in loglake.yaml.',
            commands: ['loglake config'],
          }),
        ]
  },
}

async function bucketLines(premises: Premises, of: LogBucket): Promise<Line[]> {
  const { bucket, prefix, identity, source } = of
  const about = `s3://${bucket}/${prefix}`
  return await guarded(`s3:ListBucket on ${bucket}`, { about, as: identity }, async () => {
    const s3 = await s3Of(premises, identity, bucket)
    try {
      const { Contents = [] } = await s3.listObjectsV2({ Bucket: bucket, Prefix: prefix, MaxKeys: 1 })
      const where = await regionOf(s3, bucket)
      if (Contents.length > 0) return ok(`there, ${where}`, about)
      return not(
        `there, ${where}, and nothing is in it${prefix === '' ? '' : ' below that prefix'}`,
        {
          does: 'See that something writes there, and that the prefix is right.',
          commands: [sh`aws s3 ls s3://${bucket}/`],
        },
        about,
      )
    } catch (thrown) {
      if (troubleOf(thrown) === 'no bucket' || troubleOf(thrown) === 'missing')
        return not(
          'there is no bucket of that name',
          {
            does: 'Correct the name in loglake.yaml, or make the bucket.',
            commands: [sh`aws s3 mb s3://${bucket}`],
          },
          about,
        )
      // With a queue that names objects, no listing is needed.
      return troubleLine(thrown, {
        about,
        doing: `s3:ListBucket on ${bucket}`,
        as: identity,
        state: source.queue === undefined ? 'not' : 'unknown',
      })
    }
  })
}

async function regionOf(s3: Awaited<ReturnType<typeof s3Of>>, bucket: string): Promise<string> {
  try {
    const { LocationConstraint } = await s3.getBucketLocation({ Bucket: bucket })
    return `in ${(LocationConstraint as string) === 'EU' ? 'eu-west-1' : LocationConstraint || 'us-east-1'}`
  } catch {
    return 'in a Region that we may not ask for'
  }
}

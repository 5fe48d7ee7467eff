import { denialOf } from '../../../aws/denial.ts'
import { troubleOf } from '../../../aws/errors.ts'
import { kmsOf } from '../../../aws/kms.ts'
import { sh } from '../command.ts'
import { type Check, type Line, none, not, ok, type Premises, unknown } from '../contract.ts'
import { anObjectOf, bucketsOf, encryptionOf, type LogBucket, s3Of } from '../facts.ts'
import { guarded, troubleLine } from '../trouble.ts'
import { disabled } from './queue-key.ts'

export const bucketKey: Check = {
  name: 'bucket-key',
  group: 'Logs arrive',
  title: 'What the log buckets hold can be read and decrypted',
  doc: 'Reads one byte of an object of every log bucket. Where the bucket is encrypted with a KMS key, the key must be enabled, and both its policy and ours must allow kms:Decrypt.',
  permissions: ['s3:GetObject', 'kms:Decrypt', 's3:GetEncryptionConfiguration', 'kms:DescribeKey'],
  mends: 'kms:Decrypt or s3:GetObject in a policy of ours; the key enabled.',
  aws: true,
  async run(premises) {
    const buckets = await bucketsOf(premises)
    if (buckets.length === 0) return [none('no source reads a bucket that is known')]
    return (await Promise.all(buckets.map((one) => lines(premises, one)))).flat()
  },
}

async function lines(premises: Premises, of: LogBucket): Promise<Line[]> {
  const { bucket, identity } = of
  const about = `s3://${bucket}`
  const key = await keyLine(premises, of, about)
  if (key) return [key]
  return await guarded(`s3:ListBucket on ${bucket}`, { about, as: identity }, async () => {
    const object = await anObjectOf(premises, of)
    if (!object) return unknown('there is no object in it to be read', about)
    const s3 = await s3Of(premises, identity, bucket)
    try {
      await s3.getObject({ Bucket: bucket, Key: object.key, Range: 'bytes=0-0' })
      return ok(`${object.key} can be read`, about)
    } catch (thrown) {
      const trouble = troubleOf(thrown)
      if (trouble === 'archived')
        return not(
          `${object.key} is archived: a lifecycle rule moves objects away before they are read`,
          {
            does: 'Restore it, and let the rule wait longer.',
            commands: [
              sh`aws s3api restore-object --bucket ${bucket} --key ${object.key} --restore-request Days=7`,
            ],
          },
          about,
        )
      if (trouble === 'missing') return unknown(`${object.key} is not there any more`, about)
      const doing = trouble === 'KMS denied' ? 'kms:Decrypt' : `s3:GetObject on ${bucket}/${object.key}`
      return troubleLine(thrown, { about, doing, as: identity, state: denialOf(thrown) ? 'not' : 'unknown' })
    }
  })
}

/** The fault of the key itself; undefined when it is usable, or cannot be examined. */
async function keyLine(premises: Premises, of: LogBucket, about: string): Promise<Line | undefined> {
  try {
    const encryption = await encryptionOf(premises, of)
    if (!encryption?.algorithm.startsWith('aws:kms') || encryption.key === undefined) return undefined
    const s3 = await s3Of(premises, of.identity, of.bucket)
    const region = await s3.config.region()
    const kms = await kmsOf(premises.aws(of.identity), region)
    const { KeyMetadata } = await kms.describeKey({ KeyId: encryption.key })
    const state = KeyMetadata?.KeyState ?? 'Enabled'
    if (state === 'Enabled') return undefined
    return disabled(KeyMetadata?.Arn ?? encryption.key, state, of.identity, region, about)
  } catch {
    return undefined
  }
}

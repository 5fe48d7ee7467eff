import { z } from 'zod'
import { type Identity, identitySection } from '../aws/identity.ts'
import { oneOf, section, text, textLike, whole } from '../lib/settings.ts'

/** `analyze.batch` in loglake.yaml: settings of Bedrock's batch jobs. */
export function batchSection() {
  return section(
    {
      model: text(
        "The id of the model or of an inference profile, as Bedrock's batch inference knows it; by default model.id.",
      ).optional(),
      role: textLike(
        /^arn:aws[\w-]*:iam::\d{12}:role\/\S+$/,
        'the ARN of a role is wanted',
        'The service role with which Bedrock reads the records and writes the answers.',
      ),
      place: textLike(
        /^s3:\/\/\S+$/,
        's3://bucket/prefix is wanted',
        'Where records and answers lie: `s3://bucket/prefix`.',
      ),
      body: oneOf(
        ['Converse', 'InvokeModel'],
        "In whose words a record asks: those of Converse, or the model's own.",
      ).default('Converse'),
      timeout_hours: z
        .int('a whole number of hours is wanted')
        .min(24, 'at least 24 hours')
        .max(168, 'at most 168 hours')
        .describe('A job that is not done by then is expired; what it has answered is used.')
        .default(24),
      least_records: whole(
        1,
        "The minimum number of records in a job, in place of Service Quotas' value for the model.",
      ).optional(),
      discount: z
        .number('a part of 1 is wanted, as in 0.5')
        .min(0)
        .max(1)
        .describe('What a batch costs, as a part of the price on demand.')
        .default(0.5),
      poll_seconds: whole(
        1,
        'Interval between two looks at a job, unless an event reports it earlier.',
      ).default(60),
      kms_key: text('A KMS key that records and answers are encrypted with.').optional(),
      identity: identitySection(
        'Who we are to Bedrock and the bucket; what is not set here is as in model.identity.',
      ).prefault({}),
    },
    'Batch inference on Bedrock, at half the price. Without it, the model is called on demand.',
  )
}

export interface BatchSection {
  model?: string | undefined
  role: string
  place: string
  body: 'Converse' | 'InvokeModel'
  timeout_hours: number
  least_records?: number | undefined
  discount: number
  poll_seconds: number
  kms_key?: string | undefined
  identity: Identity
}

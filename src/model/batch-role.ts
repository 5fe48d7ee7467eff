import { saidBy } from '../aws/errors.ts'
import { UserError } from '../lib/errors.ts'

/** The service role of batch jobs, and what Bedrock reads and writes with it. */
export interface BatchRole {
  role: string
  bucket: string
  objects: string
  kmsKey?: string | undefined
}

/** No text of Bedrock about the role is documented, so these are words that such a text must have. */
const ABOUT_ROLE =
  /\brole\b|\bassume|\btrust\b|\b(?:access|permission|not authori[sz]ed|unauthori[sz]ed|den(?:y|ied))/i
const ABOUT_PLACE = /\bs3\b|\bbucket\b|\bkms\b|\brole\b/i
const ABOUT_TRUST = /\bassume|\btrust\b/i
/** Refused for the account or the model, which no right of the role changes. */
const ABOUT_OTHERS = /\byour account\b|\bbedrock:\w|\biam:PassRole\b|\bmodel (?:access|identifier)\b/i

/**
 * The way out of a refusal or a failure that is about the rights of the batch role. Bedrock tells of them in
 * a ValidationException, or as the message of a job that failed: no denial of ours, since Bedrock uses it.
 */
export function wayOutOfRole(said: string, { role, bucket, objects, kmsKey }: BatchRole): string | undefined {
  if (ABOUT_OTHERS.test(said) || !ABOUT_ROLE.test(said) || !ABOUT_PLACE.test(said)) return undefined
  const account = role.split(':')[4] ?? ''
  if (ABOUT_TRUST.test(said)) {
    const trust = {
      Effect: 'Allow',
      Principal: { Service: 'bedrock.amazonaws.com' },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'aws:SourceAccount': account } },
    }
    return `the trust policy of the batch role ${role} must have: ${JSON.stringify(trust)}`
  }
  const all = [
    { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: objects },
    { Effect: 'Allow', Action: ['s3:ListBucket'], Resource: bucket },
    ...(kmsKey === undefined
      ? []
      : [{ Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: kmsKey }]),
  ]
  // A bucket with a key of its own may need more than we know: all is named where no permission is.
  const named = all.filter(({ Action }) => Action.some((one) => new RegExp(`${one}\\b`, 'i').test(said)))
  const wanted = (named.length > 0 ? named : all).map((one) => JSON.stringify(one)).join(' and ')
  return `the policy of the batch role ${role} must have: ${wanted}; and the policy of the bucket must not deny it`
}

/** A refusal to start a job because of the batch role, with its way out; undefined for any other. */
export function roleError(thrown: unknown, place: string, role: BatchRole): Error | undefined {
  if ((thrown as { name?: string }).name !== 'ValidationException') return undefined
  const said = saidBy(thrown)
  const wayOut = wayOutOfRole((thrown as Error).message, role)
  if (wayOut === undefined) return undefined
  return new UserError(
    `cannot start a batch job: Bedrock cannot use the batch role (${said})\n  place: ${place}\n  way out: ${wayOut}`,
    { cause: new Error(said) },
  )
}
